import type { HostClock, Moment } from '../host/clock.js';

/** The time before which the back end does not accept another OTP request. */
export interface Throttle {
  /** The back end said when to come back, in epoch ms. */
  note(retryAt: number): void;
  /**
   * @returns Whether that time has come: by the wall clock, or by the length of
   *   the wait when it was announced.
   */
  isDue(): boolean;
}

export function createThrottle(clock: HostClock): Throttle {
  let announced: { readonly waitMs: number; readonly since: Moment } | undefined;
  return {
    note(retryAt) {
      const since = clock.moment();
      announced = { waitMs: retryAt - since.wall, since };
    },
    isDue: () => !announced || clock.ageOf(announced.since) >= announced.waitMs,
  };
}
