import { type HostClock, systemClock } from './clock.js';

/** Calls `callback` after one turn of the event loop. @returns A function that cancels it. */
export type AfterTurn = (callback: () => void) => () => void;

/**
 * A turn is over when the event loop has gone on to another task, or when the timers of the given
 * clock have advanced: a manual clock may stand still while the loop turns, and a test may
 * advance the clock within one turn.
 */
export function createAfterTurn(clock: HostClock): AfterTurn {
  return (callback) => {
    const end = () => {
      stop();
      callback();
    };
    const timers = [clock, systemClock].map((each) => [each, each.setTimeout(end, 0)] as const); // none fires at once
    const stop = () => {
      for (const [each, id] of timers) each.clearTimeout(id);
    };
    return stop;
  };
}
