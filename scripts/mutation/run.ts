import type { Suite, Test, VitestRunner } from '@vitest/runner';
import type { Evaluation } from './bundle.js';
import { isSlow } from './tests.js';

/** A call that a mutant loses keeps its test waiting. Most tests take milliseconds. */
const TIMEOUT_MS = 5000;
const SLOW_TIMEOUT_MS = 120_000;

/** One test that ran. */
export interface Ran {
  readonly id: string;
  readonly file: string;
  readonly durationMs: number;
  /** Why it failed. `undefined` if it passed. */
  readonly failure: string | undefined;
}

export interface RunOptions {
  /** Test files, in the order in which they run. */
  readonly files: readonly string[];
  /** The ids of the tests to run. Default: all. */
  readonly only?: ReadonlySet<string> | undefined;
  /** Whether a test that fails ends the run. */
  readonly bail: boolean;
  /** Called before a file is loaded, and again before its tests run. */
  readonly onPhase: (phase: 'loading' | 'running') => void;
  /** Called before a test, and with `undefined` after it. */
  readonly onTest: (id: string | undefined) => void;
}

/** Runs tests with the runner of vitest. @returns The tests that ran, and what failed beside them. */
export async function runTests(evaluate: () => Evaluation, options: RunOptions): Promise<Ran[]> {
  const ran: Ran[] = [];
  const ids = new Map<Test, string>();
  const hasFailed = () => ran.some(({ failure }) => failure !== undefined);
  const fail = (file: string, failure: string) => ran.push({ id: file, file, durationMs: 0, failure });

  const strayErrors: unknown[] = [];
  const onStray = (error: unknown) => strayErrors.push(error);
  process.on('unhandledRejection', onStray);
  process.on('uncaughtException', onStray);
  try {
    options.onPhase('loading');
    const { startTests, restore, files: modules } = evaluate();
    const runner: VitestRunner = {
      config: configuration(),
      importFile(file) {
        runner.config.testTimeout = isSlow(file) ? SLOW_TIMEOUT_MS : TIMEOUT_MS;
        modules[file]?.();
      },
      onCollected([file]) {
        if (!file) return;
        testsOf(file).forEach((test, index) => {
          const id = `${file.filepath} ${index}`;
          ids.set(test, id);
          if (options.only && !options.only.has(id)) test.mode = 'skip';
        });
        if (file.result?.state === 'fail') fail(file.filepath, messageOf(file));
        options.onPhase('running');
      },
      onBeforeRunTask(test) {
        if (options.bail && hasFailed()) test.mode = 'skip';
        options.onTest(ids.get(test));
      },
      onAfterRunTask(test) {
        options.onTest(undefined);
        restore();
        const { state, duration = 0 } = test.result ?? {};
        if (state !== 'pass' && state !== 'fail') return;
        ran.push({
          id: ids.get(test) ?? test.name,
          file: test.file.filepath,
          durationMs: duration,
          failure: state === 'fail' ? `${test.name}: ${messageOf(test)}` : undefined,
        });
      },
      trace: ((_name: string, ...rest: unknown[]) => (rest.at(-1) as () => unknown)()) as never,
    };
    // One file after another: to load one may take a second, in which most mutants are noticed.
    for (const filepath of options.files) {
      if (options.bail && hasFailed()) break;
      options.onPhase('loading');
      await startTests([{ filepath, testLocations: undefined }], runner);
    }
    await new Promise((resolve) => setTimeout(resolve, 0)); // errors that nobody handles are told a turn later
  } catch (error) {
    fail('', String(error));
  } finally {
    process.off('unhandledRejection', onStray);
    process.off('uncaughtException', onStray);
  }
  if (strayErrors.length > 0 && !hasFailed()) fail('', `nobody handled ${String(strayErrors[0])}`);
  return ran;
}

function configuration(): VitestRunner['config'] {
  return {
    root: process.cwd(),
    setupFiles: [],
    passWithNoTests: false,
    allowOnly: false,
    sequence: { shuffle: false, concurrent: false, seed: 0, hooks: 'stack', setupFiles: 'list' },
    chaiConfig: undefined,
    maxConcurrency: 1,
    testTimeout: TIMEOUT_MS,
    hookTimeout: SLOW_TIMEOUT_MS,
    retry: 0,
    includeTaskLocation: false,
    tags: [],
    strictTags: false,
  } as unknown as VitestRunner['config'];
}

function testsOf(suite: Suite): Test[] {
  return suite.tasks.flatMap((task) => (task.type === 'suite' ? testsOf(task) : [task]));
}

const messageOf = ({ result }: Suite | Test): string => result?.errors?.[0]?.message ?? 'failed';
