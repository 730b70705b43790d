import type { HostClock } from '../host/clock.js';

/**
 * Whether the SDK still works on an OTP request. It cannot abort one, and nobody knows what two at a time do, so a new one
 * waits until the last was answered or timed out, whatever became of the wave it was sent for.
 */
export interface OtpLine {
  /** A request is about to be sent. @returns What to call when it was answered. */
  occupy(): () => void;
  /** @returns Milliseconds until the unanswered request has timed out; 0 if there is none. */
  busyFor(): number;
  /** Calls `listener`, and no earlier one, when the unanswered request is answered; nobody, if there is none given. */
  onAnswer(listener: (() => void) | undefined): void;
}

/** By the steady clock alone: a wall clock that leaps forward would let a second request go beside the first. */
export function createOtpLine(clock: Pick<HostClock, 'steady'>, otpTimeoutMs: number): OtpLine {
  let since = 0;
  let request: object | undefined;
  let waiting: (() => void) | undefined;

  return {
    occupy() {
      const current = {};
      request = current;
      since = clock.steady();
      return () => {
        if (request !== current) return;
        request = undefined;
        waiting?.();
      };
    },
    busyFor: () => (request ? Math.max(0, otpTimeoutMs - (clock.steady() - since)) : 0),
    onAnswer(listener) {
      waiting = listener;
    },
  };
}
