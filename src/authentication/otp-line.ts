import type { Clock } from '../host/clock.js';

/**
 * Whether the SDK still works on an OTP request. It cannot abort one, and nobody knows what two at a time do, so a new one
 * waits until the last was answered or timed out, whatever became of the wave it was sent for.
 */
export interface OtpLine {
  /** A request was sent. @returns What to call when it was answered. */
  occupy(): () => void;
  /** @returns Milliseconds until the unanswered request has timed out; 0 if there is none. */
  busyFor(): number;
  /** Calls `listener`, and no earlier one, when the unanswered request is answered; nobody, if there is none given. */
  onAnswer(listener: (() => void) | undefined): void;
}

export function createOtpLine(clock: Clock, otpTimeoutMs: number): OtpLine {
  let busyUntil = 0;
  let request: object | undefined;
  let waiting: (() => void) | undefined;

  return {
    occupy() {
      const current = {};
      request = current;
      busyUntil = clock.now() + otpTimeoutMs;
      return () => {
        if (request !== current) return;
        request = undefined;
        waiting?.();
      };
    },
    busyFor: () => (request ? Math.min(otpTimeoutMs, Math.max(0, busyUntil - clock.now())) : 0),
    onAnswer(listener) {
      waiting = listener;
    },
  };
}
