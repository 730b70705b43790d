import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const SEED = 73_915_400;

/** @returns Which secrets are in the heap of a process that has played a story, and what the story reports. */
function secretsInHeapAfter(
  child: 'heap-child' | 'recovery-heap-child',
  story: string,
  secrets: readonly string[],
): { found: string[]; report: object } {
  const folder = mkdtempSync(join(tmpdir(), 'strong-auth-heap-'));
  try {
    const file = join(folder, 'heap.heapsnapshot');
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['--expose-gc', fileURLToPath(new URL(`${child}.mjs`, import.meta.url)), story, file, String(SEED)],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(stderr);
    const heap = readFileSync(file, 'utf8');
    return { found: secrets.filter((secret) => heap.includes(`"${secret}"`)), report: JSON.parse(stdout) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('once a wave is over and collected, its secrets are not in the heap', { timeout: 600_000 }, () => {
  const secrets = [1, 2].flatMap((n) => [String(SEED + n), `otp_${SEED * 7 + n}`]);

  test.each([
    ['granted', { pins: 1, otps: 1, status: 'done' }],
    ['wrongPin', { pins: 2, otps: 2, status: 'done' }],
    ['resetStep', { pins: 1, otps: 2, status: 'done' }],
    ['prepareReplay', { pins: 1, otps: 1, status: 'done' }],
    ['requestOtp', { pins: 1, otps: 1, status: 'done' }],
    ['unanswered', { pins: 1, otps: 1, status: 'cancelled' }],
  ])('%s', (story, report) => {
    expect(secretsInHeapAfter('heap-child', story, secrets)).toEqual({ found: [], report });
  });

  test('without prepareReplay an OTP is dropped on receipt, while the calls that it was for are still on their way', () => {
    const report = { pins: 1, otps: 1, status: 'replaying' };
    expect(secretsInHeapAfter('heap-child', 'replaying', secrets)).toEqual({ found: [], report });
  });

  test('a host that keeps the PIN is found out', () => {
    expect(secretsInHeapAfter('heap-child', 'leaking', secrets).found).not.toEqual([]);
  });
});

describe('once a flow of a recovery is over and collected, no PIN, code or number is in the heap', () => {
  const secrets = [1, 2, 3, 4, 5].flatMap((n) => [String(SEED + n), `+33${SEED + n}`]);

  test.each([
    ['enrolled', { answers: 3, outcome: 'done', status: 'done' }],
    ['wrongOnce', { answers: 4, outcome: 'done', status: 'done' }],
    ['rejected', { answers: 3, outcome: 'PIN_REJECTED', status: 'failed' }],
    ['reset', { answers: 3, outcome: 'done', status: 'done' }],
    ['changed', { answers: 3, outcome: 'done', status: 'done' }],
    ['cancelled', { answers: 1, outcome: 'CANCELLED', status: 'cancelled' }],
    ['unanswered', { answers: 1, outcome: 'CANCELLED', status: 'cancelled' }],
    ['disposed', { answers: 1, outcome: 'DISPOSED', status: 'closed' }],
  ])('%s', (story, report) => {
    expect(secretsInHeapAfter('recovery-heap-child', story, secrets)).toEqual({ found: [], report });
  });

  test('a host that keeps the PIN is found out', () => {
    expect(secretsInHeapAfter('recovery-heap-child', 'leaking', secrets).found).not.toEqual([]);
  });
});
