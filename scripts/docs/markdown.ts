import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the tests and the site read of the Markdown files. */

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
  const blocks: CodeBlock[] = [];
  let notes: string[] = [];
  let open: { fence: string; indent: number; language: string; line: number; code: string[] } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const [, indent = '', fence = '', info = ''] = /^(\s*)(`{3,}|~{3,})\s*(.*)$/.exec(line) ?? [];
    if (open) {
      if (fence.startsWith(open.fence) && info === '') {
        blocks.push({ path, line: open.line, language: open.language, code: open.code.join('\n'), notes });
        open = undefined;
        notes = [];
      } else open.code.push(line.startsWith(' '.repeat(open.indent)) ? line.slice(open.indent) : line);
    } else if (fence) {
      open = {
        fence,
        indent: indent.length,
        language: info.split(/[\s{]/)[0] ?? '',
        line: index + 2,
        code: [],
      };
    } else {
      const note = /^\s*<!--\s*(.*?)\s*-->\s*$/.exec(line)?.[1];
      if (note !== undefined) notes.push(note);
      else if (line.trim() !== '') notes = [];
    }
  }
  if (open) throw new Error(`${path}:${open.line - 1}: the code block never ends`);
  return blocks;
}

/** A link, or a picture. */
export interface MarkdownLink {
  /** The line it is in, from 1. */
  readonly line: number;
  readonly target: string;
}

/** @returns What a file links to, code left out. */
export function linksOf(text: string): MarkdownLink[] {
  const links: MarkdownLink[] = [];
  for (const [index, line] of withoutCode(text).split('\n').entries()) {
    const prose = line.replace(/(`+).*?\1/g, '');
    for (const [, target] of prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g))
      links.push({ line: index + 1, target: target as string });
    for (const [, target] of prose.matchAll(/<(?:img|a|source)\b[^>]*?\b(?:src|href|srcset)="([^"]+)"/g))
      links.push({ line: index + 1, target: target as string });
    const [, reference] = /^\s{0,3}\[[^\]]+\]:\s+(\S+)/.exec(prose) ?? [];
    if (reference) links.push({ line: index + 1, target: reference });
  }
  return links;
}

/** The same number of lines, with nothing in those of code blocks and comments. */
function withoutCode(text: string): string {
  const blank = (part: string) => part.replace(/[^\n]/g, '');
  return text
    .replace(/^(\s*)(`{3,}|~{3,})[^\n]*\n[\s\S]*?^\s*\2\s*$/gm, blank)
    .replace(/<!--[\s\S]*?-->/g, blank);
}

/** @returns Where a heading can be linked to, as GitHub does it; the site does the same. */
export const slugify = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Mark}\p{Number}\p{Connector_Punctuation} -]/gu, '')
    .replace(/ /g, '-');

/** @returns Every anchor of a file. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const line of withoutCode(text).split('\n')) {
    const [, heading] = /^\s{0,3}#{1,6}\s+(.*?)\s*#*$/.exec(line) ?? [];
    if (heading !== undefined) {
      const slug = slugify(plain(heading));
      let unique = slug;
      for (let count = 1; anchors.has(unique); count += 1) unique = `${slug}-${count}`;
      anchors.add(unique);
    }
    for (const [, id] of line.matchAll(/\b(?:id|name)="([^"]+)"/g)) anchors.add(id as string);
  }
  return anchors;
}

/** @returns The first heading of a file, as plain text; its name if it has none. */
export function titleOf(path: string, text = read(path)): string {
  const [, heading] = /^#\s+(.*?)\s*$/m.exec(withoutCode(text)) ?? [];
  return heading === undefined ? basename(path, '.md') : plain(heading);
}

/** Links and marks taken away. */
const plain = (heading: string): string =>
  heading
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*_]{1,2}([^`*_]+)[`*_]{1,2}/g, '$1')
    .replace(/<[^>]+>/g, '');
