import type { Clock } from '../host/clock.js';

/** A clock that a test advances. */
export interface ManualClock extends Clock {
  /**
   * Advances by `ms`, and runs the timers that fall due in order of their times, including
   * timers that others set meanwhile.
   */
  advance(ms: number): void;
  /** How many timers are set. */
  readonly pending: number;
  /**
   * Sets the wall clock, as a user or a network does: `now()` continues from the new time. No time passes:
   * timers fall due as before, and `monotonic()` does not change.
   *
   * @param epochMs The new time of the wall clock.
   */
  setWallClock(epochMs: number): void;
  /**
   * Simulates that the device sleeps for `ms`: the wall clock continues, while `monotonic()` and all timers
   * stand still. They continue with the next `advance`.
   */
  sleep(ms: number): void;
  /** Milliseconds since the clock was made. Never set, and stands still while the device sleeps. */
  monotonic(): number;
}

/** Makes a clock that stands still until a test advances it. @param startAt The initial time in epoch ms. */
export function createManualClock(startAt = 0): ManualClock {
  const timers = new Map<number, { readonly at: number; readonly callback: () => void }>();
  let elapsed = 0; // time awake, by which timers fall due
  let offset = startAt; // the wall clock minus `elapsed`
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
    now: () => offset + elapsed,
    monotonic: () => elapsed,
    setTimeout(callback, delayMs) {
      lastId += 1;
      timers.set(lastId, { at: elapsed + Math.max(0, delayMs), callback });
      return lastId;
    },
    clearTimeout(id) {
      timers.delete(id as number);
    },
    advance(ms) {
      const end = elapsed + ms;
      for (let id = nextUntil(end); id !== undefined; id = nextUntil(end)) {
        const timer = timers.get(id);
        timers.delete(id);
        if (!timer) continue;
        elapsed = Math.max(elapsed, timer.at);
        timer.callback();
      }
      elapsed = end;
    },
    setWallClock(epochMs) {
      offset = epochMs - elapsed;
    },
    sleep(ms) {
      offset += ms;
    },
    get pending() {
      return timers.size;
    },
  };
}
