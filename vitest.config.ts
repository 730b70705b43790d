import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    // Tests import the package by its published names; they resolve to the source, except in test/package.
    alias: [
      { find: /^strong-auth-machine$/, replacement: source('./src/index.ts') },
      { find: /^strong-auth-machine\/machine$/, replacement: source('./src/machine.ts') },
      { find: /^strong-auth-machine\/testing$/, replacement: source('./src/testing/index.ts') },
      { find: /^strong-auth-machine\/simulator$/, replacement: source('./src/simulator/index.ts') },
    ],
  },
  test: { include: ['test/**/*.test.ts', 'examples/**/*.test.ts'], unstubGlobals: true, restoreMocks: true },
});
