import type { Clock } from '../host/clock.js';

/** A clock that stands still until it is told to go. */
export interface ManualClock extends Clock {
  /** Lets `ms` pass, and runs the timers that fall due in the order of their times; also those that others set meanwhile. */
  advance(ms: number): void;
  /** How many timers are set. */
  readonly pending: number;
  /**
   * Sets the wall clock, as a user or a network does: `now()` tells the new time and goes on from there. No time passes: timers
   * fall due when they would have, and `monotonic()` notices nothing.
   *
   * @param epochMs What the wall clock shows from now on.
   */
  setWallClock(epochMs: number): void;
  /**
   * The device sleeps for `ms`: the wall clock goes on, `monotonic()` and all timers stand still. They go on with the next
   * `advance`.
   */
  sleep(ms: number): void;
  /** Milliseconds since the clock was made, by a clock that is never set and stands still while the device sleeps. */
  monotonic(): number;
}

/** Makes a clock that stands still until it is moved. @param startAt Epoch ms at which it begins. */
export function createManualClock(startAt = 0): ManualClock {
  const timers = new Map<number, { readonly at: number; readonly callback: () => void }>();
  let elapsed = 0; // awake: what timers go by
  let offset = startAt; // from there to the wall clock
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
