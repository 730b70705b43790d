import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { anchorsOf, linksOf, markdownFiles, read, root } from '../../scripts/docs/markdown.js';

/** @returns What is wrong with the relative links of a page, as `path:line: message`. */
function brokenLinks(path: string, text: string): string[] {
  return linksOf(text).flatMap(({ line, target }) => {
    if (/^[a-z][a-z+.-]*:|^\/\//i.test(target)) return []; // elsewhere: nothing here asks the network
    const [file = '', anchor] = decodeURI(target).split('#');
    const to = file === '' ? path : posix.join(posix.dirname(path), file);
    if (file !== '' && !existsSync(join(root, to))) return [`${path}:${line}: there is no ${to}`];
    if (anchor === undefined || !to.endsWith('.md')) return [];
    const anchors = anchorsOf(to === path ? text : read(to));
    return anchors.has(anchor) ? [] : [`${path}:${line}: ${to} has no #${anchor}`];
  });
}

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
