import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { packageAliases } from './scripts/aliases.js';

/** Tests of the lifecycle itself: no browser, no build, no compiler. A file takes milliseconds; most of its time is loading. */
const core = [
  'test/{field,lifecycle,scenarios,machines,simulator,pims}/**/*.test.ts',
  'test/laws/laws.test.ts',
  'test/model/{oracle,remembered,projection}.test.ts',
  'test/fetch/{challenges,fetch-semantics,step-up,view-and-facts,www-authenticate}.test.ts',
  'test/inspect/{own-machines,names}.test.ts',
];

/** Tests of the packed package, which is packed once for all of them. */
const packed = ['test/engines/**/*.test.ts', 'test/package/{documentation,published}.test.ts'];

/** Tests of the playground in a browser: it is built, and the browser started, once for all of them. */
const playground = ['test/playground/{page,paths}.test.ts', 'test/inspect/browser.test.ts'];

export default defineConfig({
  resolve: {
    // Tests import the package by its published names; they resolve to the source, except in test/package.
    alias: packageAliases,
  },
  // XState's development build, which warns: tests see what it prints, and that it prints nothing private.
  ssr: { resolve: { conditions: ['development', 'module', 'node'] } },
  test: {
    server: { deps: { inline: [/node_modules\/@?xstate/, /node_modules\/@statelyai/, /reduxjs-toolkit-1/] } },
    // A slow machine is no failure.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 300_000 } },
    unstubGlobals: true,
    restoreMocks: true,
    // All cores: unless told, vitest leaves one to itself, which on two is half.
    maxWorkers: availableParallelism(),
    projects: [
      // Loaded once for all files, which share nothing but modules.
      { extends: true, test: { name: 'core', include: core, isolate: false } },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/**/*.test.{ts,tsx}', 'examples/**/*.test.ts'],
          exclude: [...core, ...packed, ...playground, 'test/soak/**'],
        },
      },
      {
        extends: true,
        test: { name: 'playground', include: playground, globalSetup: 'test/support/playground.ts' },
      },
      { extends: true, test: { name: 'packed', include: packed, globalSetup: 'test/support/pack.ts' } },
    ],
  },
});
