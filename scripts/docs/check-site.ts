import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { stories } from '../../examples/playground/src/stories.js';
import { filesOf, PLACEHOLDER } from './relocatable.js';

/** Where the site is served from while it is checked: what it loads from elsewhere is noticed. */
const SITE = 'http://site.example/some/path/';

/** What pages refer to: the attribute of the tag, or a picture in a style sheet. */
const REFERENCES = /<(\w+)\b[^>]*?\s(?:href|src)="([^"]*)"/g;

const unescaped = (text: string): string =>
  text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<');

/** @returns The ids in a page. */
const idsIn = (html: string): Set<string> =>
  new Set([...html.matchAll(/\s(?:id|name)="([^"]+)"/g)].map(([, id]) => unescaped(id as string)));

/**
 * Follows every link of a built site, anchors and stories too, as if it were served below some path.
 *
 * @returns What is wrong with it, as `file: message`.
 */
export function checkSite(directory: string): string[] {
  const files = filesOf(directory);
  const pages = new Map(
    files
      .filter((path) => path.endsWith('.html'))
      .map((path) => [path, readFileSync(join(directory, path), 'utf8')]),
  );
  const ids = new Map([...pages].map(([path, html]) => [path, idsIn(html)]));
  const known = new Set(files);

  const problemOf = (path: string, tag: string, target: string): string | undefined => {
    const url = new URL(unescaped(target), SITE + path);
    if (!/^https?:$/.test(url.protocol)) return undefined; // data, mail
    if (!url.href.startsWith(SITE))
      return tag === 'a' && !url.href.startsWith(new URL('/', SITE).href)
        ? undefined // elsewhere: nothing here asks the network
        : `${tag} leaves the site: ${target}`;
    const to = decodeURI(url.pathname).slice(new URL(SITE).pathname.length);
    const file = to === '' || to.endsWith('/') ? posix.join(to, 'index.html') : to;
    if (!known.has(file)) return `there is no ${file}`;
    const story = url.searchParams.get('story');
    if (story !== null && !Object.hasOwn(stories, story)) return `there is no story ${story}`;
    const anchor = decodeURIComponent(url.hash.slice(1));
    return anchor === '' || (ids.get(file)?.has(anchor) ?? true) ? undefined : `${file} has no #${anchor}`;
  };

  const broken = [...pages].flatMap(([path, html]) => {
    if (path === '404.html') return []; // it is shown at any depth
    const markup = html.replace(/(<script\b[^>]*>)[\s\S]*?<\/script>/g, '$1');
    const problems = new Set<string>();
    for (const [, tag = '', target = ''] of markup.matchAll(REFERENCES)) {
      const problem = problemOf(path, tag, target);
      if (problem !== undefined) problems.add(`${path}: ${problem}`);
    }
    return [...problems];
  });
  const bound = files
    .filter((path) => /\.(html|css|js)$/.test(path))
    .filter((path) => readFileSync(join(directory, path), 'utf8').includes(PLACEHOLDER))
    .map((path) => `${path}: works at one path only`);
  return [...broken, ...bound];
}
