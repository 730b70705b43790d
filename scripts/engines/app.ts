import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { codeBlocks, root } from '../docs/markdown.js';
import { unpack } from '../pack.js';

/* The app that every engine runs: the packed package, installed in a folder of its own, bundled with the story and the checks. */

/** What the app imports beside the package: what React Native brings along, and what its Babel preset puts in. */
const PACKAGES = ['xstate', 'abort-controller', '@babel/runtime'];

const blocks = codeBlocks('README.md');
const place = blocks.findIndex(({ notes }) => notes.includes('engines'));
const [program, output] = blocks.slice(place, place + 2).map(({ code }) => code);

/** What the README says that its program prints. */
export const storyOutput = (output ?? '').split('\n');

/** Installs the package and the app in an empty folder. @returns The folder. */
export function createEngineApp(tarball: string, place: string): string {
  const app = join(place, 'engines');
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true }));
  unpack(tarball, app);
  for (const name of PACKAGES)
    cpSync(join(root, 'node_modules', name), join(app, 'node_modules', name), { recursive: true });
  cpSync(fileURLToPath(new URL('app', import.meta.url)), app, { recursive: true });
  writeFileSync(join(app, 'story.ts'), asFunction(program ?? ''));
  return app;
}

/** Neither Metro nor a classic script knows `await` outside of functions. */
function asFunction(module: string): string {
  const isImport = (line: string) => line.startsWith('import ');
  const lines = module.split('\n');
  return [
    ...lines.filter(isImport),
    'export async function story() {',
    ...lines.filter((line) => !isImport(line)),
    '}',
  ].join('\n');
}

/** @returns The app as a classic script, made by Metro with React Native's preset. */
export function bundleByMetro(app: string, subpaths: 'exports' | 'folders'): string {
  const out = join(app, `metro-${subpaths}.js`);
  execFileSync(
    process.execPath,
    [fileURLToPath(new URL('metro.mjs', import.meta.url)), app, 'main.ts', out, subpaths],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  return out;
}

/** @returns The app as a classic script: the published ES2020, as it is. */
export async function bundleAsPublished(app: string): Promise<string> {
  const outfile = join(app, 'published.js');
  await build({
    entryPoints: [join(app, 'main.ts')],
    bundle: true,
    format: 'iife',
    target: 'es2020',
    define: { 'process.env.NODE_ENV': '"production"' },
    outfile,
    logLevel: 'error',
  });
  return outfile;
}

/** @returns The version of one of this repository's packages. */
export const versionOf = (name: string): string =>
  JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
