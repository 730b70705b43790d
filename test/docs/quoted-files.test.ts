import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { read, root } from '../../scripts/docs/markdown.js';

/** The pages that show every file of a folder of the examples. */
const pages = [
  { page: 'docs/guides/other-back-ends.md', folder: 'examples/back-ends' },
  { page: 'docs/guides/recipes.md', folder: 'examples/recipes' },
];

describe.each(pages)('$page', ({ page, folder }) => {
  /** The code under a comment that names the file it is taken from. */
  const quoted = [...read(page).matchAll(/<!-- (\S+\.tsx?) -->\n```tsx?\n([\s\S]*?)```/g)].map(
    ([, path = '', code = '']) => ({ path, code }),
  );

  test.each(quoted)('shows $path as it is', ({ path, code }) => {
    expect(code).toBe(read(path));
  });

  test('shows each of them', () => {
    const files = readdirSync(join(root, folder)).filter((name) => /^[\w-]+\.tsx?$/.test(name));
    expect(quoted.map(({ path }) => path).sort()).toEqual(files.map((name) => `${folder}/${name}`).sort());
  });
});
