import { defineConfig } from 'tsup';

/** What can be imported, by its name in the package. */
export const entries = {
  index: 'src/index.ts',
  machine: 'src/machine.ts',
  pims: 'src/pims/index.ts',
  inspect: 'src/inspect/index.ts',
  testing: 'src/testing/index.ts',
  simulator: 'src/simulator/index.ts',
};

export default defineConfig({
  entry: entries,
  format: ['esm', 'cjs'],
  // Hermes, the engine of React Native, reads ES2020.
  target: 'es2020',
  platform: 'neutral',
  // `using` needs the type of Symbol.dispose, which the older `lib`s of consumers do not have.
  dts: { banner: '/// <reference lib="esnext.disposable" />' },
  sourcemap: true,
  clean: true,
  splitting: true,
});
