import { INSTRUMENTER_CONSTANTS, type InstrumenterContext } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  type CompleteDryRunResult,
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { bundleTests, type Evaluation } from './bundle.js';
import { type Ran, runTests } from './run.js';
import { testFiles } from './tests.js';

/**
 * Runs the tests for Stryker, which makes the mutants, chooses the tests of each and watches for endless loops.
 * Stryker's own runner for vitest starts a thread and loads some hundred modules for each mutant, which takes
 * seconds. This one evaluates a bundle of them, and begins with the files that noticed most mutants so far.
 */
export class BundledTestRunner implements TestRunner {
  private evaluate: () => Evaluation = () => {
    throw new Error('init() comes first');
  };
  private readonly files = testFiles();
  private readonly noticedBy = new Map<string, number>();

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init(): Promise<void> {
    this.evaluate = await bundleTests(this.files);
  }

  async dryRun(): Promise<DryRunResult> {
    const ran = await runTests(this.evaluate, {
      files: this.files,
      bail: false,
      onPhase: () => {},
      onTest: (id) => this.tell({ currentTestId: id }),
    });
    const { mutantCoverage } = this.stryker;
    return { ...resultOf(ran), ...(mutantCoverage && { mutantCoverage }) };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, mutantActivation, hitLimit, testFilter, disableBail } = options;
    this.tell({ hitCount: hitLimit === undefined ? undefined : 0, hitLimit });
    const ran = await runTests(this.evaluate, {
      files: this.filesOf(testFilter),
      only: testFilter && new Set(testFilter),
      bail: !disableBail,
      onPhase: (phase) => {
        const isActive = phase === 'running' || mutantActivation === 'static';
        this.tell({ activeMutant: isActive ? activeMutant.id : undefined });
      },
      onTest: () => {},
    });
    this.tell({ activeMutant: undefined });
    for (const { file, failure } of ran) {
      if (failure !== undefined) this.noticedBy.set(file, (this.noticedBy.get(file) ?? 0) + 1);
    }
    const loops = determineHitLimitReached(this.stryker.hitCount, hitLimit);
    return toMutantRunResult(loops ?? resultOf(ran));
  }

  /** @returns The files of these tests, those first that noticed most mutants. */
  private filesOf(ids: readonly string[] | undefined): string[] {
    const noticed = (file: string) => this.noticedBy.get(file) ?? 0;
    return this.files
      .filter((file) => !ids || ids.some((id) => id.startsWith(`${file} `)))
      .sort((one, other) => noticed(other) - noticed(one));
  }

  /** What Stryker and the sources that it has instrumented tell each other. */
  private get stryker(): InstrumenterContext {
    const scope = globalThis as unknown as Record<string, InstrumenterContext>;
    scope[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {};
    return scope[INSTRUMENTER_CONSTANTS.NAMESPACE] as InstrumenterContext;
  }

  private tell(facts: { [Fact in keyof InstrumenterContext]: InstrumenterContext[Fact] | undefined }): void {
    Object.assign(this.stryker, facts);
  }
}

function resultOf(ran: readonly Ran[]): CompleteDryRunResult {
  return {
    status: DryRunStatus.Complete,
    tests: ran.map(({ id, file, durationMs, failure }) => ({
      id,
      name: id,
      fileName: file,
      timeSpentMs: durationMs,
      ...(failure === undefined
        ? { status: TestStatus.Success }
        : { status: TestStatus.Failed, failureMessage: failure }),
    })),
  };
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'bundled', BundledTestRunner)];
