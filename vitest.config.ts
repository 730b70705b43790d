import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { packageAliases } from './scripts/aliases.js';

/** Tests of the lifecycle itself: no browser, no build, no compiler. A file takes milliseconds; most of its time is loading. */
const core = [
  'test/{field,lifecycle,scenarios,machines,simulator,pims}/**/*.test.ts',
  'test/laws/laws.test.ts',
  'test/model/{oracle,remembered,projection}.test.ts',
  'test/fetch/{challenges,fetch-semantics,step-up,view-and-facts,www-authenticate}.test.ts',
  'test/inspect/{own-machines,names}.test.ts',
];

/** Tests that need a process of their own: they replace modules or globals, or look at the heap or the environment of the process. */
const alone = [
  'test/adapters/{xstate-5.30,redux-1,rxjs}.test.ts',
  'test/adapters/{calls,react-native}.test.tsx',
  'test/recovery/react.test.tsx',
  'test/secrets/heap.test.ts',
  'test/{docs/pasted,examples/terminal,inspector-app/command,playground/serving,scripts/spin}.test.ts',
  'examples/recipes/*.test.ts',
];

/** The files that take longest. They start first: one that starts last leaves every core but one idle. */
const longest = [
  'test/model/paths.test.ts',
  'test/playground/accessibility.test.ts',
  'test/playground/stories.test.ts',
  'test/inspector-app/page.test.ts',
  'test/inspector-app/hostile-senders.test.ts',
  'test/adapters/redux.test.ts',
  'test/playground/paths.test.ts',
  'test/docs/pasted.test.ts',
  'test/properties/call-outs.test.ts',
  'test/adapters/react.test.ts',
  'test/properties/host-behaviour.test.ts',
  'test/docs/code-blocks.test.ts',
  'test/adapters/vue.test.ts',
  'test/adapters/svelte.test.ts',
  'test/properties/interleavings.test.ts',
];

/** Starts the longest files first; and one project after another, because only then is a process used again. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const place = ({ moduleId, project }: TestSpecification) => {
      const index = longest.findIndex((path) => moduleId.endsWith(`/${path}`));
      return order.indexOf(project.name) * 1000 + (index < 0 ? longest.length : index);
    };
    return sorted.sort((a, b) => place(a) - place(b));
  }
}

/** The projects below, in the order in which they run. */
const order = ['playground', 'shared', 'packed', 'alone', 'core'];

/** Tests of the packed package, which is packed once for all of them. */
const packed = ['test/engines/**/*.test.ts', 'test/package/{documentation,published}.test.ts'];

/** Tests of the playground in a browser: it is built, and the browser started, once for all of them. */
const playground = [
  'test/playground/{accessibility,page,paths,stories}.test.ts',
  'test/inspect/browser.test.ts',
];

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
    // One more than there are cores: a quarter of the time a test file waits, for a browser or a child process.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    projects: [
      // A process for many files, which share nothing but modules: to load those takes most of the time of a short file.
      { extends: true, test: { name: 'core', include: core, isolate: false } },
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['test/**/*.test.{ts,tsx}', 'examples/**/*.test.ts'],
          exclude: [...core, ...alone, ...packed, ...playground, 'test/soak/**'],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'alone', include: alone } },
      {
        extends: true,
        test: {
          name: 'playground',
          include: playground,
          isolate: false,
          globalSetup: 'test/support/playground.ts',
        },
      },
      {
        extends: true,
        test: { name: 'packed', include: packed, isolate: false, globalSetup: 'test/support/pack.ts' },
      },
    ],
  },
});
