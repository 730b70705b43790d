import { expect, test } from 'vitest';
import { everyManner } from './host-behaviour/manners.js';
import { playLifecycles } from './host-behaviour.js';

/** `npm run soak` plays more (test/soak). A failure prints its seed; SEED plays that lifecycle alone. */
const seed = process.env.SEED === undefined ? undefined : Number(process.env.SEED);
const runs = seed === undefined ? 5000 : 1;

test(`${runs} lifecycles with hosts that misbehave in every manner keep every promise`, {
  timeout: 3_600_000,
}, async () => {
  const { failures, counts, met } = await playLifecycles(seed ?? 1, runs);
  console.info(`${runs} lifecycles: ${JSON.stringify(counts)}`);
  expect(failures).toEqual([]);
  if (seed !== undefined) return;
  // What was never met was not tested.
  expect(everyManner.filter((manner) => !met.has(manner))).toEqual([]);
  expect(Math.min(counts.executions, counts.prompts, counts.otps)).toBeGreaterThan(runs / 4);
});
