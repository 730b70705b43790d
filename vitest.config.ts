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
  // XState's development build, which warns: tests see what it prints, and that it prints nothing private.
  ssr: { resolve: { conditions: ['development', 'module', 'node'] } },
  test: {
    include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
    server: { deps: { inline: [/xstate/, /@statelyai/] } },
    unstubGlobals: true,
    restoreMocks: true,
  },
});
