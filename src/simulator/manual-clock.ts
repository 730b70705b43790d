import type { Clock } from '../host/clock.js';

/** A clock that stands still until it is told to go. */
export interface ManualClock extends Clock {
  /** Lets `ms` pass, and runs the timers that fall due in the order of their times; also those that others set meanwhile. */
  advance(ms: number): void;
  /** How many timers are set. */
  readonly pending: number;
}

/** Makes a clock that stands still until it is moved. @param startAt Epoch ms at which it begins. */
export function createManualClock(startAt = 0): ManualClock {
  const timers = new Map<number, { readonly at: number; readonly callback: () => void }>();
  let now = startAt;
  let lastId = 0;

  const nextUntil = (end: number): number | undefined => {
    let next: number | undefined;
    let earliest = end;
    for (const [id, { at }] of timers) {
      if (at > earliest || (next !== undefined && at === earliest)) continue;
      next = id;
      earliest = at;
    }
    return next;
  };

  return {
    now: () => now,
    setTimeout(callback, delayMs) {
      lastId += 1;
      timers.set(lastId, { at: now + Math.max(0, delayMs), callback });
      return lastId;
    },
    clearTimeout(id) {
      timers.delete(id as number);
    },
    advance(ms) {
      const end = now + ms;
      for (let id = nextUntil(end); id !== undefined; id = nextUntil(end)) {
        const timer = timers.get(id);
        timers.delete(id);
        if (!timer) continue;
        now = Math.max(now, timer.at);
        timer.callback();
      }
      now = end;
    },
    get pending() {
      return timers.size;
    },
  };
}
