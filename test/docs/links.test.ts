import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { brokenLinks, markdownFiles, pathsNamedIn, read, root } from '../../scripts/docs/markdown.js';

test('every file or folder of the repository that a page names is there', () => {
  // The report of mutation testing names the files as they were when it was made.
  const pages = markdownFiles().filter((path) => path !== 'docs/mutation.md');
  const missing = pages.flatMap((path) =>
    pathsNamedIn(read(path))
      .filter(({ target }) => !existsSync(join(root, target)))
      .map(({ line, target }) => `${path}:${line}: there is no ${target}`),
  );
  expect(missing).toEqual([]);
});

test('every relative link in the documentation leads somewhere, anchors too', () => {
  expect(markdownFiles().flatMap((path) => brokenLinks(path, read(path)))).toEqual([]);
});

test.each([
  ['a file that does not exist', '\n[x](nowhere.md)', 'README.md:2: there is no nowhere.md'],
  ['an anchor that does not exist', '[x](SECURITY.md#nothing)', 'README.md:1: SECURITY.md has no #nothing'],
  ['an anchor on the same page', '# One\n[x](#two)', 'README.md:2: README.md has no #two'],
  ['a picture', '<img src="docs/no.png">', 'README.md:1: there is no docs/no.png'],
])('the check notices %s', (_, text, problem) => {
  expect(brokenLinks('README.md', text)).toEqual([problem]);
});

test.each([
  ['code', '`[x](nowhere.md)`\n```ts\n[x](nowhere.md)\n```'],
  ['the web', '[x](https://stately.ai/docs)'],
  ['headings with punctuation', '# What is `sent`, and when?\n[x](#what-is-sent-and-when)'],
  ['an anchor that is written out', '<a id="pin"></a>\n[x](#pin)'],
])('the check lets %s pass', (_, text) => {
  expect(brokenLinks('README.md', text)).toEqual([]);
});
