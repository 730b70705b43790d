import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const child = fileURLToPath(new URL('heap-child.mjs', import.meta.url));
const SEED = 73_915_400;

/** @returns Which secrets of the story are in the heap of a process that has played it. */
function secretsInHeapAfter(story: string): {
  found: string[];
  report: { pins: number; otps: number; status: string };
} {
  const folder = mkdtempSync(join(tmpdir(), 'strong-auth-heap-'));
  try {
    const file = join(folder, 'heap.heapsnapshot');
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['--expose-gc', child, story, file, String(SEED)],
      {
        encoding: 'utf8',
      },
    );
    if (status !== 0) throw new Error(stderr);
    const heap = readFileSync(file, 'utf8');
    const secrets = [1, 2].flatMap((n) => [String(SEED + n), `otp_${SEED * 7 + n}`]);
    return { found: secrets.filter((secret) => heap.includes(`"${secret}"`)), report: JSON.parse(stdout) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('once a wave is over and collected, its secrets are not in the heap', { timeout: 600_000 }, () => {
  test.each([
    ['granted', { pins: 1, otps: 1, status: 'done' }],
    ['wrongPin', { pins: 2, otps: 2, status: 'done' }],
    ['resetStep', { pins: 1, otps: 2, status: 'done' }],
    ['prepareReplay', { pins: 1, otps: 1, status: 'done' }],
    ['unanswered', { pins: 1, otps: 1, status: 'cancelled' }],
  ])('%s', (story, report) => {
    expect(secretsInHeapAfter(story)).toEqual({ found: [], report });
  });

  test('without prepareReplay an OTP is dropped on receipt, while the calls that it was for are still on their way', () => {
    const report = { pins: 1, otps: 1, status: 'replaying' };
    expect(secretsInHeapAfter('replaying')).toEqual({ found: [], report });
  });

  test('a host that keeps the PIN is found out', () => {
    expect(secretsInHeapAfter('leaking').found).not.toEqual([]);
  });
});
