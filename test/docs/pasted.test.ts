import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeBlocks, nameOf, root } from '../../scripts/docs/markdown.js';

/*
 * The guides that begin with an empty folder: each block is pasted into the file that its first line names, in the order of the
 * page. All test files of a page are run together: no block changes a file of an earlier one, and none needs a file of a later
 * one. A test file passes, unless a block that says `<!-- fails with -->` follows.
 *
 * The packages are those of this repository; ours is what the build has made, as a reader gets it.
 */
const pages = ['docs/guides/model-based-testing.md', 'docs/guides/your-own-machine.md'];
const installed = ['vitest', 'xstate', '@xstate/test'];

const folder = mkdtempSync(join(tmpdir(), 'pasted-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What Vitest's JSON reporter says of a file. */
interface TestResult {
  readonly name: string;
  readonly status: 'passed' | 'failed';
  readonly assertionResults: readonly unknown[];
}

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

  /** What the tests of the page print, and the results by the name of their file. */
  let printed = '';
  let results: ReadonlyMap<string, TestResult> = new Map();
  /** What a reader who works through the page would miss at a block. */
  const missing: string[] = [];

  beforeAll(() => {
    for (const { name, code } of cases) {
      if (existsSync(join(place, name))) missing.push(`${name} is there already`);
      for (const [, needed] of code.matchAll(/from '\.\/([\w-]+)\.js'/g))
        if (!existsSync(join(place, `${needed}.ts`))) missing.push(`${name} needs ${needed}.ts`);
      writeFileSync(join(place, name), code);
    }
    const vitest = join(place, 'node_modules/vitest/vitest.mjs');
    const reporters = ['--reporter=default', '--reporter=json', '--outputFile.json=results.json'];
    const { stdout, stderr } = spawnSync(process.execPath, [vitest, 'run', ...reporters], {
      cwd: place,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', CI: '1', VITEST: undefined, NODE_ENV: undefined },
    });
    printed = `${stdout}${stderr}`;
    const { testResults } = JSON.parse(readFileSync(join(place, 'results.json'), 'utf8')) as {
      testResults: TestResult[];
    };
    results = new Map(testResults.map((result) => [basename(result.name), result]));
  });

  test('can be pasted block by block', () => {
    expect(missing).toEqual([]);
  });

  test.each(cases)('$name', ({ name, message }) => {
    if (!name.endsWith('.test.ts')) return;
    const result = results.get(name);
    if (message !== undefined) expect(printed).toContain(message);
    expect(result, printed).toMatchObject({ status: message === undefined ? 'passed' : 'failed' });
    expect(result?.assertionResults.length).toBeGreaterThan(0);
  });
});
