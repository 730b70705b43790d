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

/** Other tests in Node without a build, a browser or a mocked module: what each of them needs is loaded already. */
const shared = [
  'test/{docs/{diagrams,facts,links,quoted-files,reader,rooms,bridges},mutation/paths,scripts/release}.test.ts',
  'test/{laws/{livelocks,liveness},model/{defects,kit,simple-paths},secrets/{secrets,stately-inspector}}.test.ts',
  'test/{conformance/conformance,fetch/{mcp,oauth},inspect/inspect,package/{bench,entries}}.test.ts',
  'test/inspector-app/{arguments,layout}.test.ts',
  'test/recovery/*.test.ts',
  'examples/{model-based/vitest,bridges/bridges}.test.ts',
];

/** The files that take longest. They start first: one that starts last leaves every core but one idle. */
const longest = [
  'test/model/paths.test.ts',
  'test/playground/page.test.ts',
  'test/inspector-app/page.test.ts',
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

/** Starts the longest files first, and those that share their modules, which are the shortest, last. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isolated = sorted.filter(({ project }) => project.config.isolate);
    const rest = sorted.filter(({ project }) => !project.config.isolate);
    const rank = ({ moduleId }: TestSpecification) => {
      const index = longest.findIndex((path) => moduleId.endsWith(`/${path}`));
      return index < 0 ? longest.length : index;
    };
    return [...isolated.sort((a, b) => rank(a) - rank(b)), ...rest];
  }
}

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
    sequence: { sequencer: LongestFirst },
    projects: [
      // Loaded once for all files, which share nothing but modules.
      { extends: true, test: { name: 'core', include: core, isolate: false } },
      { extends: true, test: { name: 'shared', include: shared, isolate: false } },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/**/*.test.{ts,tsx}', 'examples/**/*.test.ts'],
          exclude: [...core, ...shared, ...packed, ...playground, 'test/soak/**'],
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
