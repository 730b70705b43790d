import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { codeBlocks, nameOf, root } from '../../scripts/docs/markdown.js';

/*
 * The guides that begin with an empty folder: each block is pasted into the file that its first line names, in the order of the
 * page. Each test file is run as soon as it is there; it passes, unless a block that says `<!-- fails with -->` follows.
 *
 * The packages are those of this repository; ours is what the build has made, as a reader gets it.
 */
const pages = ['docs/guides/model-based-testing.md', 'docs/guides/your-own-machine.md'];
const installed = ['vitest', 'xstate', '@xstate/test'];

const folder = mkdtempSync(join(tmpdir(), 'pasted-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function install(name: string, from: string, into: string): void {
  const path = join(into, 'node_modules', name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(from, path, 'dir');
}

describe.each(pages)('%s, pasted into an empty folder', (page) => {
  const blocks = codeBlocks(page);
  const place = join(folder, page.replace(/\W/g, '-'));
  mkdirSync(place);
  writeFileSync(join(place, 'package.json'), '{ "type": "module" }');
  install('strong-auth-machine', root, place);
  for (const name of installed) install(name, join(root, 'node_modules', name), place);

  test('names a file for every block', () => {
    const nameless = blocks.filter((block) => block.language === 'ts' && nameOf(block) === undefined);
    expect(nameless.map(({ line }) => `${page}:${line}`)).toEqual([]);
  });

  const cases = blocks.flatMap((block, index) => {
    const name = nameOf(block);
    const next = blocks[index + 1];
    const message = next?.notes.includes('fails with') ? next.code : undefined;
    return name === undefined ? [] : [{ name, code: block.code, message }];
  });
  test.each(cases)('$name', ({ name, code, message }) => {
    writeFileSync(join(place, name), code);
    if (!name.endsWith('.test.ts')) return;
    const vitest = join(place, 'node_modules/vitest/vitest.mjs');
    const { status, stdout, stderr } = spawnSync(process.execPath, [vitest, 'run', name], {
      cwd: place,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', CI: '1', VITEST: undefined, NODE_ENV: undefined },
    });
    if (message === undefined) expect(`${stdout}${stderr}`).toMatch(/Tests +[1-9]\d* passed/);
    else expect(`${stdout}${stderr}`).toContain(message);
    expect(status).toBe(message === undefined ? 0 : 1);
  });
});
