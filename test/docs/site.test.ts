import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkSite } from '../../scripts/docs/check-site.js';
import { destinationOf } from '../../scripts/docs/links.js';
import {
  makeRelocatable,
  PLACEHOLDER,
  relocatePage,
  relocateScript,
  relocateStyles,
} from '../../scripts/docs/relocatable.js';

/* `npm run docs` builds the whole site and checks it this way; here the parts, in milliseconds. */

describe('what was built for one path works from every other', () => {
  const resultOf = (code: string, siteBase = '/a/b/') =>
    runInNewContext(relocateScript(`result = ${code}`), { siteBase, result: undefined });

  test.each([
    ['a text', `"${PLACEHOLDER}guides/x.html"`, '/a/b/guides/x.html'],
    ['single quotes, twice in one text', `'${PLACEHOLDER}1 ${PLACEHOLDER}2'`, '/a/b/1 /a/b/2'],
    ['a template', `\`\${1 + 1}${PLACEHOLDER}x\``, '2/a/b/x'],
    ['a text of JSON', `JSON.parse("{\\"base\\":\\"${PLACEHOLDER}\\"}").base`, '/a/b/'],
    ['an operand', `"${PLACEHOLDER}".length + 1`, 6],
    ['a script without it', '"/elsewhere/"', '/elsewhere/'],
  ])('%s', (_, code, value) => {
    expect(resultOf(code)).toBe(value);
  });

  test('a page finds out where it is, and names its files relatively', () => {
    const page = `<html><head><link href="${PLACEHOLDER}a.css"></head><body><a href="${PLACEHOLDER}">home</a><script>base="${PLACEHOLDER}"</script></body></html>`;
    const relocated = relocatePage(page, 'guides/react.html');
    expect(relocated).toContain('<link href="../a.css">');
    expect(relocated).toContain('<a href="../">home</a>');
    const [findBase, own] = [...relocated.matchAll(/<script>(.*?)<\/script>/g)].map(([, code]) => code);
    const context = {
      URL,
      decodeURI,
      location: { href: 'http://x.example/docs%20of/it/guides/react.html#a' },
      base: '',
    };
    runInNewContext(`${findBase};${own}`, context);
    expect(context.base).toBe('/docs of/it/');
  });

  test('a style sheet names files relatively to itself', () => {
    expect(relocateStyles(`url(${PLACEHOLDER}assets/f.woff2)`, 'assets/style.css')).toBe(
      'url(../assets/f.woff2)',
    );
  });
});

describe('the check of the site', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'site-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const problems = async (body: string) => {
    await writeFile(join(directory, 'other.html'), '<h2 id="one">One</h2>');
    await writeFile(join(directory, 'index.html'), `<html><head></head><body>${body}</body></html>`);
    makeRelocatable(directory);
    return checkSite(directory);
  };

  test.each([
    ['a page', '<a href="other.html#one">x</a>'],
    ['the page itself', '<a href="#here">x</a><h2 id="here">'],
    ['a page by its place on the site', `<a href="${PLACEHOLDER}other.html">x</a>`],
    ['a story', '<a href="./other.html?story=straggler">x</a>'],
    ['the web', '<a href="https://stately.ai/docs">x</a>'],
  ])('lets a link to %s pass', async (_, body) => {
    expect(await problems(body)).toEqual([]);
  });

  test.each([
    ['a file that is not there', '<img src="no.png">', 'there is no no.png'],
    ['an anchor that is not there', '<a href="other.html#two">x</a>', 'other.html has no #two'],
    ['a story that nobody wrote', '<a href="other.html?story=nothing">x</a>', 'there is no story nothing'],
    ['a link from the root of the server', '<a href="/other.html">x</a>', 'a leaves the site: /other.html'],
    [
      'a script from elsewhere',
      '<script src="https://cdn.example/x.js"></script>',
      'script leaves the site: https://cdn.example/x.js',
    ],
  ])('notices %s', async (_, body, problem) => {
    expect(await problems(body)).toEqual([`index.html: ${problem}`]);
  });
});

test('a link to a story leads to its row in the repository, and to the playground on the site', () => {
  expect(destinationOf('docs/lifecycle.md', 'guides/playground.md#story-straggler')).toMatchObject({
    shownAs: 'story',
    url: '/playground/index.html?story=straggler',
  });
  expect(destinationOf('docs/lifecycle.md', 'guides/playground.md#every-story')).toMatchObject({
    shownAs: 'page',
  });
});
