import { systemClock } from '../../host/clock.js';

/** How long the suite waits, in milliseconds of real time. */
export interface Patience {
  /** How long something that must come may take. */
  readonly patienceMs: number;
  /** How long to watch that nothing comes. */
  readonly settleMs: number;
}

/**
 * How many tasks to wait beside the time: messages of a bridge hop from task to task, and a
 * busy computer delays them all.
 */
const TURNS = 4;

/** Waits for one task of the host's queue, or for longer. */
const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** @returns Resolves with whether `condition` has become true in time. */
export async function until(condition: () => boolean, { patienceMs }: Patience): Promise<boolean> {
  const end = systemClock.now() + patienceMs;
  while (!condition()) {
    if (systemClock.now() >= end) return false;
    await sleep(0);
  }
  return true;
}

/** Waits as long as a message may need to cross the bridge. */
export async function pause({ settleMs }: Patience): Promise<void> {
  await sleep(settleMs);
  for (let turn = 0; turn < TURNS; turn += 1) await sleep(0);
}
