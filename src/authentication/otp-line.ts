import type { HostClock } from '../host/clock.js';

/**
 * Whether the SDK still works on an OTP request. The SDK cannot abort a request, and what two
 * concurrent ones do is unknown. So a new request waits until the last one was answered or timed out,
 * even if the wave of the last one is over.
 */
export interface OtpLine {
  /** A request is about to be sent. @returns A function to call when it was answered. */
  occupy(): () => void;
  /** @returns Milliseconds until the unanswered request times out; 0 if there is none. */
  busyFor(): number;
  /** Sets the one listener that is called when the unanswered request is answered; `undefined` removes it. */
  onAnswer(listener: (() => void) | undefined): void;
}

/**
 * Uses the steady clock only: a wall clock that leaps forward would let a second request go beside the first.
 */
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
