import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { codeBlocks, markdownFiles, root } from '../../scripts/docs/markdown.js';
import { compile, readPage, type Snippet } from './compile-blocks.js';

const pages = markdownFiles().map((path) => ({ path, ...readPage(path) }));
const snippets = pages.flatMap((page) => page.snippets);

/** Finds what a block imports from another of its page. */
const ofSamePage = ({ fileName, block }: Snippet): Plugin => ({
  name: 'page',
  setup({ onResolve, onLoad }) {
    const find = (path: string) => snippets.find((other) => other.fileName === path);
    onResolve({ filter: /^\.\// }, ({ path, importer, namespace }) => {
      if (namespace !== 'page' && !importer.endsWith(`${block.path}:${block.line}`)) return undefined;
      const other = join(dirname(fileName), path).replace(/\.js$/, '.ts');
      return find(other) && { path: other, namespace: 'page' };
    });
    onLoad({ filter: /.*/, namespace: 'page' }, ({ path }) => ({
      contents: find(path)?.code ?? '',
      loader: 'ts',
      resolveDir: root,
    }));
  },
});

/** @returns What a program prints. Throws if it does not end well. */
async function run(snippet: Snippet): Promise<string> {
  const { code, block } = snippet;
  const { outputFiles } = await build({
    stdin: {
      contents: code,
      resolveDir: root,
      sourcefile: `${block.path}:${block.line}`,
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    tsconfig: `${root}tsconfig.json`,
    logLevel: 'silent',
    plugins: [ofSamePage(snippet)],
  });
  return execFileSync(process.execPath, ['--input-type=module'], {
    input: outputFiles[0]?.text ?? '',
    encoding: 'utf8',
    timeout: 20_000,
  }).trim();
}

/** @returns What a page says that the program prints: the block after it, if that one says so. */
function promised({ path, line }: Snippet['block']): string | undefined {
  const blocks = codeBlocks(path);
  const next = blocks[blocks.findIndex((block) => block.line === line) + 1];
  return next?.notes.includes('output') ? next.code.trim() : undefined;
}

describe('the code in the documentation', () => {
  test('compiles, every block of it', { timeout: 600_000 }, () => {
    expect(snippets.length).toBeGreaterThan(20);
    expect([...pages.flatMap(({ problems }) => problems), ...compile(snippets)]).toEqual([]);
  });

  test.each(
    snippets
      .filter(({ block }) => block.notes.includes('run'))
      .map((snippet) => ({ where: `${snippet.block.path}:${snippet.block.line}`, snippet })),
  )('$where runs, and prints what it says', { timeout: 60_000 }, async ({ snippet }) => {
    const printed = await run(snippet);
    const promise = promised(snippet.block);
    if (promise !== undefined) expect(printed).toBe(promise);
  });

  test('promises no output that no program gives', () => {
    const orphans = pages.flatMap(({ path }) => {
      const blocks = codeBlocks(path);
      return blocks
        .filter((block, index) => block.notes.includes('output') && !blocks[index - 1]?.notes.includes('run'))
        .map(({ line }) => `${path}:${line}`);
    });
    expect(orphans).toEqual([]);
  });
});

describe('the check itself', () => {
  const page = (text: string) => readPage('docs/made-up.md', text);
  const problemsOf = (text: string) => {
    const { snippets, problems } = page(text);
    return [...problems, ...compile(snippets)];
  };
  const fenced = (language: string, ...lines: string[]) => [`\`\`\`${language}`, ...lines, '```'].join('\n');

  test('names the file and the line of a mistake', { timeout: 600_000 }, () => {
    const text = `# A page\n\n${fenced('ts', "import { createPinPad } from 'strong-auth-machine';", 'createPinPad().open();')}`;
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/^docs\/made-up\.md:5: Property 'open' does not exist/),
    ]);
  });

  test('lets a block import what is not installed here', { timeout: 600_000 }, () => {
    expect(
      problemsOf(fenced('ts', "import { NativeModules } from 'react-native';", 'NativeModules.Pims;')),
    ).toEqual([]);
    expect(problemsOf(fenced('ts', "import { x } from 'no-such-package';", 'x;'))).toEqual([
      expect.stringMatching(/:2: Cannot find module 'no-such-package'/),
    ]);
  });

  test('lets one block import another by its name', { timeout: 600_000 }, () => {
    const text = [
      fenced('ts', '// pin.ts', "export const pin = '1234';"),
      fenced('ts', "import { pin } from './pin.js';", 'pin.toFixed();'),
    ].join('\n\n');
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(
        /:8: Property 'toFixed' does not exist on type 'string'|:8: Property 'toFixed' does not exist on type '"1234"'/,
      ),
    ]);
  });

  test('lets a block that shows a file of the repository import what is beside it', {
    timeout: 600_000,
  }, () => {
    const text = [
      fenced(
        'ts',
        '// examples/bridges/react-native.test.ts',
        "import { createReactNativeTransport } from './react-native.js';",
        'createReactNativeTransport.toFixed();',
      ),
    ].join('\n');
    expect(problemsOf(text)).toEqual([expect.stringMatching(/:4: Property 'toFixed' does not exist/)]);
  });

  test.each([
    ['a language nobody compiles', fenced('typescrpt', 'x'), /in 'typescrpt'/],
    [
      'code that is hidden in a comment',
      `<!-- context: pims -->\n${fenced('ts', '')}`,
      /:3: nobody reads the comment 'context: pims'/,
    ],
    ['no language at all', fenced('', 'x'), /in ''/],
    [
      'a script that does not exist',
      fenced('sh', 'npm ci && npm run nothing'),
      /:2: there is no script 'nothing'/,
    ],
    ['a file that does not exist', fenced('sh', '', 'node nowhere.js'), /:3: there is no file nowhere\.js/],
    ['JSON that is none', fenced('json', '{'), /:2: /],
    ['a Svelte component that does not compile', fenced('svelte', '<p>', '{#if}'), /:3: /],
    [
      'a Vue template that does not compile',
      fenced('vue', '<script setup lang="ts">', '</script>', '<template><p v-if></p></template>'),
      /v-if/,
    ],
  ])('notices %s', (_, text, message) => {
    expect(page(text).problems).toEqual([expect.stringMatching(message)]);
  });

  test('notices a program that fails', { timeout: 600_000 }, async () => {
    const [snippet] = page(fenced('ts', "throw new Error('no');")).snippets;
    await expect(run(snippet as Snippet)).rejects.toThrow('no');
  });
});
