import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join, posix } from 'node:path';
import { parseAst } from 'vite';

/*
 * VitePress wants to know below which path a site will be served. Ours does not know: it is built for `PLACEHOLDER`, and that is
 * replaced afterwards. In markup and styles by a relative path; in scripts by `siteBase`, which each page finds out from its own
 * address before any script runs.
 */

/** The path that the site is built for. */
export const PLACEHOLDER = '/__site__/';

/** How far below the root of the site a file is, as a relative path: `./`, `../`, … */
const upFrom = (path: string): string => '../'.repeat(path.split('/').length - 1) || './';

/** A node of a syntax tree, as far as it is read here. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly value?: unknown;
}

/** @returns A script whose texts name the root of the site when it runs. @throws SyntaxError if it is no module. */
export function relocateScript(code: string): string {
  if (!code.includes(PLACEHOLDER)) return code;
  const places: Node[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== 'object' || value === null) return;
    const node = value as Node;
    const isText =
      node.type === 'TemplateElement' || (node.type === 'Literal' && typeof node.value === 'string');
    if (isText) places.push(node);
    else Object.values(value).forEach(visit);
  };
  visit(parseAst(code).body);
  let [relocated, from] = ['', 0];
  for (const { type, start, end } of places.sort((one, other) => one.start - other.start)) {
    const text = code.slice(start, end);
    if (!text.includes(PLACEHOLDER)) continue;
    const quote = text[0] as string;
    const inPlace =
      type === 'TemplateElement'
        ? text.replaceAll(PLACEHOLDER, `$\{globalThis.siteBase}`)
        : `(${text.replaceAll(PLACEHOLDER, `${quote}+globalThis.siteBase+${quote}`)})`;
    relocated += code.slice(from, start) + inPlace;
    from = end;
  }
  return relocated + code.slice(from);
}

/** @returns A style sheet that names files relatively to itself. @param path Where it is on the site. */
export const relocateStyles = (css: string, path: string): string =>
  css.replaceAll(PLACEHOLDER, upFrom(path));

/**
 * @returns A page that works wherever it is served from, also without scripts. @param path Where it is on the site.
 *
 * Its links become absolute before the app starts: the bar at the top stays when another page is shown in its place.
 */
export function relocatePage(html: string, path: string): string {
  const up = upFrom(path);
  const findBase = `<script>globalThis.siteBase=decodeURI(new URL(${JSON.stringify(up)},location.href).pathname)</script>`;
  const settleLinks = `<script>for(const a of document.links)if(!a.getAttribute("href").startsWith("#"))a.href=a.href</script>`;
  return html
    .split(/(<script\b[^>]*>[\s\S]*?<\/script>)/)
    .map((part) => {
      const [, open = '', code = '', close = ''] =
        /^(<script\b[^>]*>)([\s\S]*)(<\/script>)$/.exec(part) ?? [];
      return open === ''
        ? part.replaceAll(PLACEHOLDER, up)
        : open.replaceAll(PLACEHOLDER, up) + relocateScript(code) + close;
    })
    .join('')
    .replace(/<head>/, `$&${findBase}`)
    .replace(/<\/body>/, `${settleLinks}$&`);
}

/** A page for addresses that lead nowhere. It is shown at any depth, so it loads nothing. */
const NOT_FOUND = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Not found</title>
<style>body { margin: 20vh auto; max-width: 36ch; font: 16px/1.5 system-ui, sans-serif }</style>
<h1>Not found</h1>
<p>This site has no such page. <a href="./">One level up</a>, <a href="../">two levels up</a>.</p>
`;

/** @returns Every file of a folder, by its path from there. */
export const filesOf = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.relative(directory, posix.join(entry.parentPath, entry.name)))
    .sort();

/** Makes a site that was built for {@link PLACEHOLDER} work from every path. */
export function makeRelocatable(directory: string): void {
  for (const path of filesOf(directory)) {
    const relocate = { '.html': relocatePage, '.css': relocateStyles, '.js': relocateScript }[extname(path)];
    if (!relocate) continue;
    const text = readFileSync(join(directory, path), 'utf8');
    if (text.includes(PLACEHOLDER)) writeFileSync(join(directory, path), relocate(text, path));
  }
  writeFileSync(join(directory, '404.html'), NOT_FOUND);
}
