import { type Clock, type HostClock, systemClock } from './clock.js';

/** Calls `callback` after one turn of the event loop. @returns A function that cancels it. */
export type AfterTurn = (callback: () => void) => () => void;

/**
 * A turn is over when the event loop has gone on to another task, or when the timers of the given
 * clock have advanced: a manual clock may stand still while the loop turns, and a test may
 * advance the clock within one turn.
 */
export function createAfterTurn(clock: HostClock, given: Clock): AfterTurn {
  const clocks = given === systemClock ? [clock] : [clock, systemClock];
  return (callback) => {
    let timers: { readonly clock: Clock; readonly id: unknown }[] = [];
    const stop = () => {
      for (const timer of timers) timer.clock.clearTimeout(timer.id);
      timers = [];
    };
    timers = clocks.map((each) => ({
      clock: each,
      id: each.setTimeout(() => {
        stop();
        callback();
      }, 0),
    }));
    return stop;
  };
}
