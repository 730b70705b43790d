import { type Clock, type HostClock, systemClock } from './clock.js';

/** Calls `callback` when the event loop has turned once. @returns How to keep it from being called. */
export type AfterTurn = (callback: () => void) => () => void;

/**
 * A turn is over when the loop has gone on to another task, or when the given clock has: a manual clock may stand still while the
 * loop turns, and a test may move the clock within one turn.
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
