import { defineConfig } from 'vitest/config';
import base from './vitest.config.js';

/** The tests that each mutant meets: those that decide about behaviour and take a second at most. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: [
      'test/lifecycle/**/*.test.ts',
      'test/scenarios/**/*.test.ts',
      'test/mutation/**/*.test.ts',
      'test/machines/**/*.test.ts',
    ],
  },
});
