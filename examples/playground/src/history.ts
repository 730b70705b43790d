import type { Moment } from './view/follow.js';

/** What both machines were like at one time. */
export interface PastMoment {
  /** Epoch ms. */
  readonly at: number;
  /** How many calls were made by then: where time stands still, it does not tell what came first. */
  readonly calls: number;
  readonly client: Moment;
  readonly recovery: Moment;
}

/** What can be gone back to: one moment for each step of a machine. */
export interface History {
  readonly moments: readonly PastMoment[];
  /** Adds the present one, if a machine has taken a step since the last. */
  record(moment: PastMoment): void;
  clear(): void;
}

/** How many moments are kept. */
const KEPT = 500;

export function createHistory(): History {
  let moments: PastMoment[] = [];
  return {
    get moments() {
      return moments;
    },
    record(moment) {
      if (moment.client.active.length === 0) return; // it has not begun
      const last = moments.at(-1);
      const isStep = (one: Moment, other: Moment | undefined) =>
        one.active !== other?.active || one.taken !== other.taken;
      if (!isStep(moment.client, last?.client) && !isStep(moment.recovery, last?.recovery)) return;
      moments.push(moment);
      if (moments.length > 2 * KEPT) moments = moments.slice(-KEPT);
    },
    clear() {
      moments = [];
    },
  };
}
