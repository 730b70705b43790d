import { existsSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { playgroundUrl } from '../../docs/.vitepress/story-url.js';
import { isNamedPath, root } from './markdown.js';

/** Files of the repository's root that are pages of the site too, by their name there. */
export const PROJECT_PAGES: Readonly<Record<string, string>> = {
  'README.md': 'project/readme.md',
  'CHANGELOG.md': 'project/changelog.md',
  'CONTRIBUTING.md': 'project/contributing.md',
  'SECURITY.md': 'project/security.md',
};

/** The page that lists the stories. In the repository a link to one of them leads there, on the site to the playground. */
const STORIES = 'docs/guides/playground.md';

/** @returns Where a page of the site comes from in the repository. */
export const originOf = (page: string): string =>
  Object.keys(PROJECT_PAGES).find((path) => PROJECT_PAGES[path] === page) ?? posix.join('docs', page);

/** What a link of a page leads to. */
export interface Destination {
  /** The file or folder, from the root of the repository. */
  readonly path: string;
  /** What is shown of it: a page, a file to take, its source, or a story that is played. */
  readonly shownAs: 'page' | 'file' | 'source' | 'story';
  /** Where it is on the site. */
  readonly url: string;
}

/**
 * @param origin The page's file in the repository.
 * @returns Where a relative link leads on the site; `undefined` if it leads elsewhere, or stays on its page.
 */
export function destinationOf(origin: string, target: string): Destination | undefined {
  const [file = '', anchor] = target.split('#');
  if (file === '' || /^[a-z][a-z+.-]*:|^\//i.test(file)) return undefined;
  const path = posix.join(posix.dirname(origin), decodeURI(file)).replace(/\/$/, '');
  if (!existsSync(join(root, path))) return undefined;
  const [, story] = (path === STORIES && /^story-(.+)$/.exec(anchor ?? '')) || [];
  if (story !== undefined) return { path, shownAs: 'story', url: playgroundUrl(story) };
  const fragment = anchor === undefined ? '' : `#${anchor}`;
  const page = PROJECT_PAGES[path] ?? (/^docs\/.+\.md$/.test(path) ? path.slice('docs/'.length) : undefined);
  if (page) return { path, shownAs: 'page', url: `/${page}${fragment}` };
  if (/^docs\/[^/]+\.\w+$/.test(path))
    return { path, shownAs: 'file', url: `/${path.slice('docs/'.length)}` };
  return { path, shownAs: 'source', url: `/source/${path}.md` };
}

/** @returns Where code that names a file or folder of the repository leads on the site; `undefined` if it names none. */
export const destinationOfName = (code: string): Destination | undefined =>
  isNamedPath(code) ? destinationOf('README.md', code) : undefined;

/** @returns Whether a path of the repository is a folder. */
export const isFolder = (path: string): boolean => statSync(join(root, path)).isDirectory();
