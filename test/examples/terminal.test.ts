import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stories } from '../../examples/terminal/stories.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const main = 'examples/terminal/main.ts';
const folder = mkdtempSync(join(tmpdir(), 'terminal-'));
const bundled = join(folder, 'main.cjs');

// Compiled once: tsx compiles the package for each run, which takes longer than the story.
beforeAll(() =>
  build({
    entryPoints: [join(root, main)],
    outfile: bundled,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    tsconfig: join(root, 'tsconfig.json'),
    logLevel: 'error',
  }),
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]) => node(bundled, ...args);
const node = (...args: string[]) =>
  new Promise<{ status: unknown; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      args,
      { cwd: root, env: { ...process.env, NO_COLOR: '1' } },
      (error, stdout, stderr) => resolve({ status: error ? error.code : 0, stdout, stderr }),
    );
    child.stdin?.end();
  });

// A story mostly waits for its transport: they run side by side.
describe.concurrent('npm start', { timeout: 600_000 }, () => {
  test.each(Object.keys(stories))('--%s tells its story, and ends well', async (story) => {
    const { status, stdout, stderr } = await run(`--${story}`);
    expect(stdout).not.toContain('✗');
    expect(stdout).toMatch(/→ (done|failed|cancelled)/);
    // A duration may well have the digits of the PIN.
    expect(stdout.replace(/\d+ ms\b/g, '')).not.toContain('1234');
    expect([status, stderr]).toEqual([0, '']);
  });

  test('ends with 1 when what should have happened did not', async () => {
    const { status, stdout } = await run('--pin', '9999');
    expect(stdout).toContain('✗ the doors are locked');
    expect(status).toBe(1);
  });

  test('--help lists every story, run from its sources as npm start does', async () => {
    const { status, stdout } = await node('--import', 'tsx', main, '--help');
    for (const story of Object.keys(stories)) expect(stdout).toContain(`--${story}`);
    expect(status).toBe(0);
  });

  test.each([
    ['--nope', /Unknown option '--nope'/],
    ['--pin=12', /--pin takes 4 to 8 digits/],
    ['--lock --blocked', /One story at a time/],
    ['doors', /Unexpected argument/],
  ])('%s ends with 2 and says why', async (args, message) => {
    const { status, stderr } = await run(...args.split(' '));
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });
});
