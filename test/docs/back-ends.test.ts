import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { read, root } from '../../scripts/docs/markdown.js';

/** The code under a comment that names the file it is taken from. */
const quoted = [
  ...read('docs/guides/other-back-ends.md').matchAll(/<!-- (\S+\.ts) -->\n```ts\n([\s\S]*?)```/g),
].map(([, path = '', code = '']) => ({ path, code }));

test.each(quoted)('the guide shows $path', ({ path, code }) => {
  expect(code).toBe(read(path));
});

test('it shows each of the four back ends, and what they share', () => {
  const files = readdirSync(join(root, 'examples/back-ends')).filter((name) => /^[\w-]+\.ts$/.test(name));
  expect(quoted.map(({ path }) => path).sort()).toEqual(
    files.map((name) => `examples/back-ends/${name}`).sort(),
  );
});
