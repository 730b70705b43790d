import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { build, createServer } from 'vitepress';
import { readApi } from './api.js';
import { destinationOf, isFolder, PROJECT_PAGES } from './links.js';
import { linksOf, markdownFiles, read, root } from './markdown.js';

/*
 * `npm run docs` builds the site into docs/.vitepress/dist; `npm run docs:dev` serves it while it is written.
 *
 * Its pages are the Markdown files of docs/. Beside them it is given, in folders that Git ignores:
 *
 *   docs/api       the reference, from the docstrings
 *   docs/project   the README and its like, from the root
 *   docs/source    the files of the repository that pages link to, so that the site needs no network
 *   docs/public    pictures and data to take
 */

const docs = join(root, 'docs');

async function writeApi(): Promise<void> {
  const { app, project } = await readApi(join(docs, 'api'));
  await app.generateOutputs(project);
}

function put(path: string, text: string): void {
  mkdirSync(dirname(join(docs, path)), { recursive: true });
  writeFileSync(join(docs, path), text);
}

function writeProjectPages(): void {
  for (const [path, page] of Object.entries(PROJECT_PAGES))
    if (existsSync(join(root, path))) put(page, read(path));
}

function writeLinked(): void {
  const linked = markdownFiles().flatMap((page) =>
    linksOf(read(page)).flatMap(({ target }) => destinationOf(page, target) ?? []),
  );
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

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string' }, port: { type: 'string', default: '5180' } },
});
for (const folder of ['api', 'project', 'source', 'public'])
  rmSync(join(docs, folder), { recursive: true, force: true });
await writeApi();
writeProjectPages();
writeLinked();
if (positionals[0] === 'dev') {
  const server = await createServer(docs, { host: '127.0.0.1', port: Number(values.port) });
  await server.listen();
  server.printUrls();
} else {
  await build(docs, values.out === undefined ? {} : { outDir: values.out });
}
