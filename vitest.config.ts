import { defineConfig } from 'vitest/config';
import { packageAliases } from './scripts/aliases.js';

export default defineConfig({
  resolve: {
    // Tests import the package by its published names; they resolve to the source, except in test/package.
    alias: packageAliases,
  },
  // XState's development build, which warns: tests see what it prints, and that it prints nothing private.
  ssr: { resolve: { conditions: ['development', 'module', 'node'] } },
  test: {
    include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
    server: { deps: { inline: [/xstate/, /@statelyai/, /reduxjs-toolkit-1/] } },
    unstubGlobals: true,
    restoreMocks: true,
  },
});
