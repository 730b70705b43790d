import { defineConfig } from 'vitest/config';
import base from './vitest.config.js';

/** `npm run soak`: RUNS random interleavings (SEED repeats a failure) and a world of three calls. */
process.env.RUNS ??= '100000';

const { projects: _, ...shared } = base.test ?? {};

export default defineConfig({
  ...base,
  test: {
    ...shared,
    include: ['test/soak/**/*.test.ts', 'test/properties/**/*.test.ts'],
    exclude: [],
  },
});
