import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyRun, play } from './interleavings.js';

/** `npm run soak` asks for more; a failure prints its seed, which SEED repeats. */
const numRuns = Number(process.env.RUNS ?? 10_000);
const seed = process.env.SEED === undefined ? undefined : Number(process.env.SEED);

test(`${numRuns} random interleavings keep every promise`, { timeout: 24 * 3_600_000 }, async () => {
  const sums = { calls: 0, executions: 0, prompts: 0, otps: 0, faults: 0 };
  const met: Record<string, number> = {};
  await fc.assert(
    fc.asyncProperty(anyRun, fc.scheduler(), async (run, scheduler) => {
      const result = await play(run, scheduler);
      for (const name of ['calls', 'executions', 'prompts', 'otps'] as const) sums[name] += result[name];
      for (const times of Object.values(result.faults)) sums.faults += times;
      for (const [name, times] of Object.entries(result.met)) met[name] = (met[name] ?? 0) + times;
      expect(result.breaches).toEqual([]);
    }),
    { numRuns, ...(seed !== undefined && { seed }) },
  );
  console.info(`${numRuns} interleavings: ${JSON.stringify({ ...sums, met })}`);
  // A property that never met what it is about has shown nothing.
  for (const sum of Object.values(sums)) expect(sum).toBeGreaterThan(numRuns / 10);
  for (const times of Object.values(met)) expect(times).toBeGreaterThan(numRuns / 2000);
});
