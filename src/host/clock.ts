import { surface } from './surface.js';

/**
 * The only source of time: XState's clock, `now()` and, where the host has one, `monotonic()`.
 *
 * Pass a manual clock to `createStrongAuth` and to the simulator, so that a test runs hours without waiting.
 */
export interface Clock {
  /** Calls `callback` once, `delayMs` milliseconds from now. */
  setTimeout(callback: () => void, delayMs: number): unknown;
  /** Cancels a timer. A value that is no pending timer is ignored. */
  clearTimeout(id: unknown): void;
  /** Milliseconds since the Unix epoch, by the wall clock, which users and networks set back and forward. */
  now(): number;
  /**
   * Milliseconds from any start, by a clock that is never set. It may stand still while the
   * device sleeps. Without this method, ages are measured with `performance.now()`, where the
   * host has it, and with the wall clock.
   */
  monotonic?(): number;
}

/** The host's own timers, wall clock and, where it has one, `performance.now()`. */
export const systemClock: Clock = {
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (id) => clearTimeout(id as ReturnType<typeof setTimeout>),
  now: () => Date.now(),
  ...(typeof performance === 'object' && { monotonic: () => performance.now() }),
};

/** One moment on both clocks. */
export interface Moment {
  /** Epoch ms. */
  readonly wall: number;
  /** Milliseconds from any start; never goes back. */
  readonly steady: number;
}

/** The host's clock, guarded against a clock that throws, or that fires a timer twice or at once. */
export interface HostClock extends Clock {
  /** Milliseconds from any start; never goes back. */
  steady(): number;
  /** @returns The current moment. */
  moment(): Moment;
  /**
   * @returns Milliseconds since `moment`: the longer of two readings, by the wall clock, which goes on while
   *   the device sleeps, and by the steady clock, which nobody sets.
   */
  ageOf(moment: Moment): number;
  /**
   * @returns Whether `ageOf` is reliable. It is not if there is only a wall clock and it was
   *   set back to before `moment`.
   */
  canTellAgeOf(moment: Moment): boolean;
}

interface Timer {
  callback: (() => void) | undefined;
  /** The clock that was set, and what it calls the timer. */
  clock: Clock;
  id: unknown;
}

/** @returns A guard around `clock`. */
export function guardClock(clock: Clock): HostClock {
  let lastNow = 0;
  let lastSteady = 0;
  const tellsSteadily = typeof clock.monotonic === 'function';
  const now = (): number => {
    try {
      const told = clock.now();
      if (Number.isFinite(told)) lastNow = told;
    } catch (error) {
      surface(error);
    }
    return lastNow;
  };
  const readSteady = tellsSteadily
    ? () => (clock as Required<Clock>).monotonic()
    : (systemClock.monotonic ?? now);
  const steady = (): number => {
    try {
      const told = readSteady();
      if (Number.isFinite(told)) lastSteady = Math.max(lastSteady, told);
    } catch (error) {
      surface(error);
    }
    return lastSteady;
  };

  return {
    now,
    steady,
    moment: () => ({ wall: now(), steady: steady() }),
    ageOf: (moment) => Math.max(now() - moment.wall, steady() - moment.steady),
    canTellAgeOf: ({ wall }) => tellsSteadily || now() >= wall,
    setTimeout(callback, delayMs) {
      const timer: Timer = { callback, clock, id: undefined };
      let isSet = false;
      const fire = () => {
        // Never in the middle of the code that sets the timer, even if the clock calls back at once.
        if (!isSet) return queueMicrotask(fire);
        const due = timer.callback;
        timer.callback = undefined; // a clock may fire twice, or after `clearTimeout`
        due?.();
      };
      try {
        timer.id = clock.setTimeout(fire, delayMs);
      } catch (error) {
        // Without the timer, something would wait forever.
        surface(error);
        timer.clock = systemClock;
        timer.id = systemClock.setTimeout(fire, delayMs);
      }
      isSet = true;
      return timer;
    },
    clearTimeout(id) {
      const timer = id as Timer | undefined;
      if (!timer?.callback) return;
      timer.callback = undefined;
      try {
        timer.clock.clearTimeout(timer.id);
      } catch (error) {
        surface(error);
      }
    },
  };
}
