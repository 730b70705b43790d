import { expect, test } from 'vitest';
import { codeBlocks, markdownFiles, nameOf } from '../../scripts/docs/markdown.js';

/* What the code of the guides has to be like beside the files and tools of a reader, which our own compiler does not notice. */

const blocks = markdownFiles()
  .filter((path) => path.startsWith('docs/guides/'))
  .flatMap((path) => codeBlocks(path));
const where = ({ path, line }: (typeof blocks)[number]) => `${path}:${line}`;

/** What `npm create vite` puts into `src`, and the guides replace. */
const TEMPLATE_FILES = ['App.tsx', 'App.vue', 'App.svelte', 'main.ts', 'main.tsx'];

test('a file that takes the place of one of the template of Vite is called exactly like it', () => {
  const replacing = blocks.flatMap((block) => {
    const name = nameOf(block);
    const original = TEMPLATE_FILES.find((file) => file.toLowerCase() === name?.toLowerCase());
    return original ? [{ where: where(block), name, original }] : [];
  });
  expect(replacing.length).toBeGreaterThan(5);
  // Two that differ only in case stop the build of the app, on every system.
  expect(replacing.filter(({ name, original }) => name !== original)).toEqual([]);
});

test('code for React Native imports the files beside it without .js, which Metro does not find', () => {
  const native = blocks.filter(({ code }) => code.includes("from 'react-native'"));
  expect(native.length).toBeGreaterThan(1);
  expect(native.filter(({ code }) => /from '\.{1,2}\/.*\.js'/.test(code)).map(where)).toEqual([]);
});
