import { expect, test } from 'vitest';
import { playLifecycles } from '../properties/host-behaviour.js';

/** Lifecycles in one test, so that a failure comes long before the end. */
const BLOCK = 5000;

const runs = Number(process.env.RUNS ?? 100_000);
/** Others each time, unless FIRST_SEED says where to begin. The test command plays those from 1 on. */
const first = Number(process.env.FIRST_SEED ?? 1_000_000 + Math.floor(Math.random() * 1_000_000_000));
const blocks = Array.from({ length: Math.ceil(runs / BLOCK) }, (_, block) => ({
  from: first + block * BLOCK,
  count: Math.min(BLOCK, runs - block * BLOCK),
}));

test.each(blocks)(
  '$count lifecycles with hosts that misbehave, from SEED=$from',
  {
    timeout: 3_600_000,
  },
  async ({ from, count }) => {
    const { failures } = await playLifecycles(from, count);
    // SEED=… npx vitest run test/properties/host-behaviour.test.ts plays one of them alone.
    expect(failures).toEqual([]);
  },
);
