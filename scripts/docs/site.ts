import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build as buildPages } from 'vite';
import { writeApi } from './api.js';
import { checkAccessibility } from './check-accessibility.js';
import { checkSite } from './check-site.js';
import { buildInspectorDemo } from './inspector-demo.js';
import { destinationOf, destinationOfName, isFolder, PROJECT_PAGES } from './links.js';
import { linksOf, markdownFiles, pathsNamedIn, read, root } from './markdown.js';
import { makeRelocatable, PLACEHOLDER } from './relocatable.js';

/*
 * `npm run docs` builds the site into docs/.vitepress/dist, for any path of any server that serves files, and checks it;
 * `npm run docs:dev` serves it while it is written.
 *
 * Its pages are the Markdown files of docs/. Beside them it is given, in folders that Git ignores:
 *
 *   docs/api       the reference, from the docstrings
 *   docs/project   the README and its like, from the root
 *   docs/source    the files of the repository that pages link to, so that the site needs no network
 *   docs/public    pictures and data to take, the playground, and the inspector with a recorded session
 */

const docs = join(root, 'docs');

function put(path: string, text: string): void {
  mkdirSync(dirname(join(docs, path)), { recursive: true });
  writeFileSync(join(docs, path), text);
}

function writeProjectPages(): void {
  for (const [path, page] of Object.entries(PROJECT_PAGES))
    if (existsSync(join(root, path))) put(page, read(path));
}

function writeLinked(): void {
  const linked = markdownFiles().flatMap((page) => {
    const text = read(page);
    return [
      ...linksOf(text).flatMap(({ target }) => destinationOf(page, target) ?? []),
      ...pathsNamedIn(text).flatMap(({ target }) => destinationOfName(target) ?? []),
    ];
  });
  for (const { path, shownAs, url } of linked) {
    if (shownAs === 'source') put(url, sourcePage(path));
    if (shownAs === 'file') {
      mkdirSync(join(docs, 'public'), { recursive: true });
      copyFileSync(join(root, path), join(docs, 'public', url));
    }
  }
}

function sourcePage(path: string): string {
  const language = /\.(\w+)$/.exec(path)?.[1] ?? 'text';
  const listing = () => readdirSync(join(root, path)).join('\n');
  const [text, as] = isFolder(path) ? [listing(), 'text'] : [read(path), language];
  return `---\nsearch: false\naside: false\n---\n\n# ${path}\n\n\`\`\`\`${as}\n${text.trimEnd()}\n\`\`\`\`\n`;
}

async function writeApps(): Promise<void> {
  const outDir = join(docs, 'public/playground');
  const configFile = join(root, 'examples/playground/vite.config.ts');
  await buildPages({ configFile, logLevel: 'error', build: { outDir, emptyOutDir: true } });
  await buildInspectorDemo(join(docs, 'public/inspector'));
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string' }, port: { type: 'string', default: '5180' } },
});
for (const folder of ['api', 'project', 'source', 'public'])
  rmSync(join(docs, folder), { recursive: true, force: true });
await writeApi(join(docs, 'api'));
writeProjectPages();
writeLinked();
await writeApps();
const isDev = positionals[0] === 'dev';
process.env.SITE_BASE = isDev ? '/' : PLACEHOLDER; // read by the configuration, which VitePress loads
const { build, createServer } = await import('vitepress');
if (isDev) {
  const server = await createServer(docs, { host: '127.0.0.1', port: Number(values.port) });
  await server.listen();
  server.printUrls();
} else {
  const out = resolve(values.out ?? join(docs, '.vitepress/dist'));
  await build(docs, { outDir: out });
  makeRelocatable(out);
  const wrong = [...checkSite(out), ...(await checkAccessibility(out))];
  if (wrong.length > 0) throw new Error(`the site is not as it should be:\n${wrong.join('\n')}`);
}
