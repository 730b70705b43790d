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
    include: ['test/**/*.test.{ts,tsx}', 'examples/**/*.test.ts'],
    exclude: ['test/soak/**'],
    server: { deps: { inline: [/node_modules\/@?xstate/, /node_modules\/@statelyai/, /reduxjs-toolkit-1/] } },
    // A slow machine is no failure.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    unstubGlobals: true,
    restoreMocks: true,
  },
});
