import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { entries } from './tsup.config.js';

export default defineConfig({
  resolve: {
    // Tests import the package by its published names; they resolve to the source, except in test/package.
    alias: Object.entries(entries).map(([name, path]) => ({
      find: new RegExp(`^strong-auth-machine${name === 'index' ? '' : `/${name}`}$`),
      replacement: fileURLToPath(new URL(path, import.meta.url)),
    })),
  },
  test: { include: ['test/**/*.test.ts', 'examples/**/*.test.ts'], unstubGlobals: true, restoreMocks: true },
});
