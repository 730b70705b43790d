import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { defineConfig } from 'tsup';
import { buildInspectorApp } from './scripts/inspector-app.js';

/** What can be imported, by its name in the package. */
export const entries = {
  index: 'src/index.ts',
  machine: 'src/machine.ts',
  pims: 'src/pims/index.ts',
  inspect: 'src/inspect/index.ts',
  fetch: 'src/fetch/index.ts',
  testing: 'src/testing/index.ts',
  simulator: 'src/simulator/index.ts',
  recovery: 'src/recovery/index.ts',
  react: 'src/adapters/react.ts',
  redux: 'src/adapters/redux.ts',
  zustand: 'src/adapters/zustand.ts',
  vue: 'src/adapters/vue.ts',
  svelte: 'src/adapters/svelte.ts',
  xstate: 'src/adapters/xstate.ts',
};

/** Their declarations, which `tsconfig.types.json` writes: bundling those takes 3 s, compiling the sources again 44. */
const declarations = Object.fromEntries(
  Object.entries(entries).map(([name, source]) => [name, `types/${source.replace(/\.ts$/, '.d.ts')}`]),
);

/** The second step that splits CommonJS names itself in its maps, by the path on this machine and without a text. */
async function nameSourcesRelatively(): Promise<void> {
  for (const name of readdirSync('dist').filter((file) => file.endsWith('.cjs.map'))) {
    const map = JSON.parse(readFileSync(`dist/${name}`, 'utf8'));
    map.file = name.replace(/\.map$/, '');
    map.sources = map.sources.map((source: string) => (isAbsolute(source) ? map.file : source));
    map.sourcesContent = map.sources.map((_: string, index: number) => map.sourcesContent?.[index] ?? '');
    writeFileSync(`dist/${name}`, JSON.stringify(map));
  }
}

export default defineConfig({
  entry: entries,
  format: ['esm', 'cjs'],
  // Hermes, the engine of React Native, reads ES2020.
  target: 'es2020',
  platform: 'neutral',
  // `using` needs the type of Symbol.dispose, which the older `lib`s of consumers do not have.
  dts: { entry: declarations, banner: '/// <reference lib="esnext.disposable" />' },
  sourcemap: true,
  clean: true,
  splitting: true,
  async onSuccess() {
    await nameSourcesRelatively();
    await buildInspectorApp('dist/inspector');
  },
});
