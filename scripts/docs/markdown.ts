import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import GithubSlugger, { slug } from 'github-slugger';
import MarkdownIt, { type Token } from 'markdown-it';

/** What the tests and the site read of the Markdown files. */

const markdown = new MarkdownIt({ html: true });

/** The repository. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** What is installed or built, and what the site is given by `scripts/docs/site.ts`. */
const NOT_WRITTEN = /(^|\/)(node_modules|dist|coverage|reports|\.[^/]+)$|^docs\/(api|project|source|public)$/;

/** @returns The path, from the root, of every Markdown file that people wrote. */
export function markdownFiles(folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      if (NOT_WRITTEN.test(path)) return [];
      if (entry.isDirectory()) return markdownFiles(path);
      return entry.name.endsWith('.md') ? [path] : [];
    })
    .sort();
}

/** @returns The text of a file, by its path from the root. */
export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** A fenced block of code. */
export interface CodeBlock {
  /** The file it is in, from the root. */
  readonly path: string;
  /** The line of its first line of code, from 1. */
  readonly line: number;
  /** What stands behind the fence, up to the first space: `ts`, `sh`, … */
  readonly language: string;
  readonly code: string;
  /** What the comments directly above it say: see CONTRIBUTING.md, "Code in the documentation". */
  readonly notes: readonly string[];
}

/** @returns The code blocks of a file, in order. */
export function codeBlocks(path: string, text = read(path)): CodeBlock[] {
  const tokens = markdown.parse(text, {});
  return tokens.flatMap((token, index) => {
    if (token.type !== 'fence' || !token.map) return [];
    const [language = ''] = token.info.trim().split(/[\s{]/);
    const code = token.content.replace(/\n$/, '');
    return [{ path, line: token.map[0] + 2, language, code, notes: notesAbove(tokens, index) }];
  });
}

/** @returns The file that a block is, by its first line: `store.ts` for `// store.ts`. */
export const nameOf = ({ code }: CodeBlock): string | undefined =>
  /^(?:\/\/|<!--|#)\s*([\w./-]+\.(?:[cm]?[jt]sx?|vue|svelte))\b/.exec(code.split('\n')[0] ?? '')?.[1];

/** A block that shows a file of the repository. */
export interface QuotedFile {
  /** The path of the file, from the root. */
  readonly path: string;
  /** What the page prints below the line with the path. */
  readonly code: string;
}

/** @returns The blocks of a page whose first line names a file of the examples, in order. */
export function quotedFiles(page: string): QuotedFile[] {
  return codeBlocks(page).flatMap((block) => {
    const path = nameOf(block);
    return path?.startsWith('examples/') ? [{ path, code: block.code.replace(/^.*\n/, '') }] : [];
  });
}

/** @returns The comments between a token and whatever else stands before it. */
function notesAbove(tokens: readonly Token[], index: number): string[] {
  const notes: string[] = [];
  for (let above = index - 1; tokens[above]?.type === 'html_block'; above -= 1) {
    const html = tokens[above]?.content ?? '';
    notes.unshift(...[...html.matchAll(/<!--\s*(.*?)\s*-->/g)].map(([, note = '']) => note));
  }
  return notes;
}

/** A link, or a picture. */
export interface MarkdownLink {
  /** The line its paragraph begins in, from 1. */
  readonly line: number;
  readonly target: string;
}

/** @returns What a file links to, code and comments left out. */
export function linksOf(text: string): MarkdownLink[] {
  return markdown.parse(text, {}).flatMap((token) => {
    const line = (token.map?.[0] ?? 0) + 1;
    return [token, ...(token.children ?? [])].flatMap(targetsOf).map((target) => ({ line, target }));
  });
}

function targetsOf(token: Token): string[] {
  if (isHtml(token))
    return attributesIn(token.content, /<(?:img|a|source)\b[^>]*?\b(?:src|href|srcset)="([^"]+)"/g);
  const target = token.attrGet(token.type === 'image' ? 'src' : 'href');
  return target === null ? [] : [target];
}

const isHtml = ({ type }: Token) => type === 'html_block' || type === 'html_inline';

const attributesIn = (html: string, pattern: RegExp): string[] =>
  [...html.matchAll(pattern)].map(([, value = '']) => value);

/** @returns What is wrong with the relative links of a page of the repository, or of another folder, as `path:line: message`. */
export function brokenLinks(path: string, text: string, folder = root): string[] {
  return linksOf(text).flatMap(({ line, target }) => {
    if (/^[a-z][a-z+.-]*:|^\/\//i.test(target)) return []; // elsewhere: nothing here asks the network
    const [file = '', anchor] = decodeURI(target).split('#');
    const to = file === '' ? path : posix.join(posix.dirname(path), file);
    if (file !== '' && !existsSync(join(folder, to))) return [`${path}:${line}: there is no ${to}`];
    if (anchor === undefined || !to.endsWith('.md')) return [];
    const anchors = anchorsOf(to === path ? text : readFileSync(join(folder, to), 'utf8'));
    return anchors.has(anchor) ? [] : [`${path}:${line}: ${to} has no #${anchor}`];
  });
}

/** What of the repository pages name without a link: it is not in the package. */
const NAMED_PATH = /^(?:src|machines|test|bench|scripts|inspector)\/[\w./-]*\w$/;

/** @returns Whether code in a page names a file or folder of the repository. */
export const isNamedPath = (code: string): boolean => NAMED_PATH.test(code);

/** @returns The files and folders of the repository that a page names in its prose. */
export function pathsNamedIn(text: string): MarkdownLink[] {
  return markdown.parse(text, {}).flatMap((token) => {
    const line = (token.map?.[0] ?? 0) + 1;
    const names = (token.children ?? []).filter(
      ({ type, content }) => type === 'code_inline' && isNamedPath(content),
    );
    return names.map(({ content }) => ({ line, target: content }));
  });
}

/** @returns Where a heading can be linked to, as GitHub does it; the site does the same. */
export const slugify = (heading: string): string => slug(heading.trim());

const known = new Map<string, ReadonlySet<string>>();

/** @returns Every anchor of a page. Many links lead to the same page, so it is read once. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = known.get(text) ?? readAnchors(text);
  known.set(text, anchors);
  return anchors;
}

function readAnchors(text: string): ReadonlySet<string> {
  const slugger = new GithubSlugger();
  const headings = headingsOf(text).map(({ title }) => slugger.slug(title));
  const html = markdown.parse(text, {}).flatMap((token) => [token, ...(token.children ?? [])].filter(isHtml));
  const ids = html.flatMap(({ content }) => attributesIn(content, /\b(?:id|name)="([^"]+)"/g));
  return new Set([...headings, ...ids]);
}

/** @returns The first heading of a file, as plain text; its name if it has none. */
export const titleOf = (path: string, text = read(path)): string =>
  headingsOf(text).find(({ level }) => level === 1)?.title ?? basename(path, '.md');

function headingsOf(text: string): { readonly level: number; readonly title: string }[] {
  return markdown.parse(text, {}).flatMap(({ type, tag }, index, tokens) => {
    if (type !== 'heading_open') return [];
    return [{ level: Number(tag.slice(1)), title: plain(tokens[index + 1]?.children ?? []) }];
  });
}

/** @returns The text of a heading, without its marks and links. */
const plain = (tokens: readonly Token[]): string =>
  tokens
    .map(({ type, content }) => (type === 'text' || type === 'code_inline' ? content : ''))
    .join('')
    .trim();
