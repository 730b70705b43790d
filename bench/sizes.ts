import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { entries } from '../tsup.config.js';
import { tableOf } from './report.js';

/** Bytes of one entry of the package, minified and gzipped. */
export interface Size {
  /** The entry, as it is imported. */
  readonly name: string;
  readonly minified: number;
  readonly gzipped: number;
  readonly gzippedWithXstate: number;
  /** What it adds to an app that has `.` already. */
  readonly gzippedBesideCore: number;
}

const core = './dist/index.js';
/** Frameworks are the app's own, and in it already. */
const peers: string[] = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).peerDependencies);
const frameworks = peers.filter((name) => name !== 'xstate');

/** Bundles everything that `contents` exports, as an app would. */
async function bundle(contents: string, external: readonly string[]): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: '.' },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2020',
    external: external.flatMap((name) => [name, `${name}/*`]),
    write: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

const gzipped = (code: Uint8Array): number => gzipSync(code, { level: 9 }).length;
const everythingOf = (...files: string[]) =>
  files
    .map((file, index) => (index === 0 ? `export * from '${file}';` : `export * as added from '${file}';`))
    .join('\n');

/** @returns The size of every entry of the built package, each bundled alone. */
export async function measureSizes(): Promise<Size[]> {
  const coreAlone = gzipped(await bundle(everythingOf(core), peers));
  return Promise.all(
    Object.keys(entries).map(async (entry) => {
      const file = `./dist/${entry}.js`;
      const alone = await bundle(everythingOf(file), peers);
      return {
        name: entry === 'index' ? '.' : `./${entry}`,
        minified: alone.length,
        gzipped: gzipped(alone),
        gzippedWithXstate: gzipped(await bundle(everythingOf(file), frameworks)),
        gzippedBesideCore:
          entry === 'index' ? 0 : gzipped(await bundle(everythingOf(core, file), peers)) - coreAlone,
      };
    }),
  );
}

const kB = (bytes: number) => `${(bytes / 1000).toFixed(2)} kB`;

/** @returns A table in Markdown. */
export function tableOfSizes(sizes: readonly Size[]): string {
  const rows = sizes.map(({ name, minified, ...size }) => [
    `\`${name}\``,
    kB(minified),
    kB(size.gzipped),
    kB(size.gzippedWithXstate),
    name === '.' ? '–' : kB(size.gzippedBesideCore),
  ]);
  return tableOf(['entry', 'min', 'min+gzip', 'min+gzip with xstate', 'added to an app that has `.`'], rows);
}

/** @returns What `.` is made of, the largest first: minified bytes of each module. */
export async function modulesOfCore(): Promise<{ readonly module: string; readonly minified: number }[]> {
  const { metafile } = await build({
    entryPoints: [entries.index],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2020',
    external: peers,
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  return Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .map(([module, { bytesInOutput }]) => ({ module, minified: bytesInOutput }))
    .sort((a, b) => b.minified - a.minified);
}

/** @returns min+gzip of what the package uses of XState. */
export async function sizeOfXstate(): Promise<number> {
  return gzipped(await bundle("export { assign, createActor, fromCallback, setup } from 'xstate';", []));
}
