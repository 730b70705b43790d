/**
 * The only source of time: XState's clock plus `now()`.
 *
 * Give a manual one to `createStrongAuth` and to the simulator to run hours in a test without waiting.
 */
export interface Clock {
  /** Calls `callback` once, `delayMs` milliseconds from now. */
  setTimeout(callback: () => void, delayMs: number): unknown;
  /** Forgets a timer; any value that is no pending timer is ignored. */
  clearTimeout(id: unknown): void;
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

/** The host's own timers and wall clock. */
export const systemClock: Clock = {
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (id) => clearTimeout(id as ReturnType<typeof setTimeout>),
  now: () => Date.now(),
};
