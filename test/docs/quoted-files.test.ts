import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { quotedFiles, read, root } from '../../scripts/docs/markdown.js';

/** The pages that show every file of a folder of the examples, and what they show beside those. */
const pages = [
  { page: 'docs/guides/other-back-ends.md', folder: 'examples/back-ends', more: [] },
  { page: 'docs/guides/recipes.md', folder: 'examples/recipes', more: [] },
  {
    page: 'docs/guides/bridges.md',
    folder: 'examples/bridges',
    more: ['examples/bridges/react-native.test.ts'],
  },
];

describe.each(pages)('$page', ({ page, folder, more }) => {
  const quoted = quotedFiles(page);

  test.each(quoted)('shows $path as it is', ({ path, code }) => {
    expect(`${code}\n`).toBe(read(path));
  });

  test('shows each of them', () => {
    const files = readdirSync(join(root, folder)).filter((name) => /^[\w-]+\.tsx?$/.test(name));
    const paths = [...files.map((name) => `${folder}/${name}`), ...more];
    expect(quoted.map(({ path }) => path).sort()).toEqual(paths.sort());
  });
});
