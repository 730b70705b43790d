import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { measureSizes } from '../../bench/sizes.js';
import { entries } from '../../tsup.config.js';

/* Each state layer as it is built, alone; `npm test` builds first. */

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = join(root, 'dist/');
const { peerDependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  readonly peerDependencies: Readonly<Record<string, string>>;
};
const layers = Object.entries(entries).flatMap(([name, path]) =>
  path.startsWith('src/adapters/') ? [name] : [],
);

/** What an entry may import. `./svelte` imports nothing: a store is a contract. */
const frameworks: Readonly<Record<string, readonly string[]>> = {
  react: ['react'],
  redux: ['@reduxjs/toolkit'],
  zustand: ['zustand'],
  vue: ['vue'],
  svelte: [],
  xstate: ['xstate'],
};

const bundle = (entry: string, isThere: (file: string) => boolean) =>
  build({
    entryPoints: [`${dist}${entry}.js`],
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: 'esm',
    external: Object.keys(peerDependencies).flatMap((peer) => [peer, `${peer}/*`]),
    plugins: [
      {
        name: 'core',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^\./ }, ({ path, resolveDir }) =>
            isThere(join(resolveDir, path)) ? { path: 'core', external: true } : undefined,
          ),
      },
    ],
    write: false,
    logLevel: 'silent',
    metafile: true,
  });

/** Bundles a layer for an app that has its framework and the core. */
async function bundleAlone(layer: string) {
  const { metafile: core } = await bundle('index', () => false);
  const ofCore = new Set(Object.keys(core.inputs).map((file) => join(root, file)));
  const { outputFiles, metafile } = await bundle(layer, (file) => ofCore.has(file));
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  return {
    text: outputFiles[0]?.text ?? '',
    bundled: Object.keys(metafile.inputs),
    imported: new Set(imports.map(({ path }) => path)),
  };
}

/** As `npm run size` measures them. */
const sizes = measureSizes();

test('every layer is measured', () => {
  expect([...layers].sort()).toEqual(Object.keys(frameworks).sort());
});

describe.each(layers)('the built entry %s', (layer) => {
  test('adds at most 1.2 kB, minified and compressed, to an app that has its framework and the core', async () => {
    const { text } = await bundleAlone(layer);
    expect(text).not.toBe('');
    const size = (await sizes).find(({ name }) => name === `./${layer}`);
    expect(size?.gzippedBesideCore).toBeLessThanOrEqual(1200);
  });

  test('has no framework inside, and asks for its own alone', async () => {
    const { bundled, imported } = await bundleAlone(layer);
    expect(bundled.filter((file) => !file.startsWith('dist/'))).toEqual([]);
    const own = frameworks[layer] ?? [];
    const foreign = [...imported].filter(
      (path) => path !== 'core' && !own.some((name) => path === name || path.startsWith(`${name}/`)),
    );
    expect(foreign).toEqual([]);
  });
});
