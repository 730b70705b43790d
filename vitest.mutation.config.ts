import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import base from './vitest.config.js';

/** Most mutants die of a test of milliseconds: paths and worlds, which take seconds, come after all others. */
class PathsLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isPaths = ({ moduleId }: TestSpecification) => Number(/\/test\/(mutation|model)\//.test(moduleId));
    return files.sort((a, b) => isPaths(a) - isPaths(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

const { projects: _, ...shared } = base.test ?? {};

/** The tests that each mutant meets: those that decide about behaviour and take a second at most. */
export default defineConfig({
  ...base,
  test: {
    ...shared,
    // The modules are loaded once for all files; each mutant gets a process of its own to load them in.
    isolate: false,
    testTimeout: 60_000,
    sequence: { sequencer: PathsLast },
    include: [
      'test/lifecycle/**/*.test.ts',
      'test/scenarios/**/*.test.ts',
      'test/mutation/**/*.test.ts',
      'test/machines/**/*.test.ts',
      'test/field/**/*.test.ts',
      'test/model/remembered.test.ts',
    ],
  },
});
