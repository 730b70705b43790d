import type { StrongAuthErrorCode } from '../../machines/strong-auth/index.js';
import { surface } from '../host/surface.js';
import type { Verb } from './message.js';

/** Facts about one call, without parameters and results. */
interface CallFacts {
  /** Number of the call, from 1 in each client. */
  readonly id: number;
  /** The verb of the call. */
  readonly verb: Verb;
  /** The API that was called. */
  readonly api: string;
}

/**
 * A telemetry event without private data, suitable for logs and for OpenTelemetry (a call is a span from
 * `callStarted` to `settled`). `at` is in epoch ms, durations are in ms.
 */
export type StrongAuthFact = {
  /** When it happened, in epoch ms. */
  readonly at: number;
} & (
  | ({
      /** The app made a call, which is now sent. */
      readonly type: 'callStarted';
    } & CallFacts)
  | ({
      /** The SDK answered a call with 2302, or `classify` called the answer a challenge. */
      readonly type: 'challenged';
      /** Replays so far. */
      readonly rounds: number;
    } & CallFacts)
  | ({
      /** A call was sent again after a grant. */
      readonly type: 'replayed';
      /** Replays so far, this one included. */
      readonly rounds: number;
    } & CallFacts)
  | ({
      /** A call has settled. Every `callStarted` is followed by exactly one `settled`. */
      readonly type: 'settled';
      /**
       * `succeeded`: answered with a success. `failed`: rejected with an error of the SDK or of
       * ours. `aborted`: by its own signal.
       */
      readonly outcome: 'succeeded' | 'failed' | 'aborted';
      /** The code of the error, the SDK's or ours. */
      readonly code?: number | string;
      /** Milliseconds since the app made the call, waiting included. */
      readonly durationMs: number;
      /** How often the call was replayed. */
      readonly rounds: number;
    } & CallFacts)
  | {
      /** The user is asked for the PIN. */
      readonly type: 'pinRequested';
      /** The number of this PIN in the wave, from 1. */
      readonly attempt: number;
      /** Attempts left, this one included. */
      readonly attemptsLeft: number;
      /** Why the PIN is asked for. */
      readonly reason: 'strongAuthNeeded' | 'pinRejected' | 'pinMalformed';
      /** How many calls wait. */
      readonly waiting: number;
    }
  | {
      /** The PIN entry has ended. */
      readonly type: 'pinAnswered';
      /** `given`: a PIN. `malformed`: a malformed PIN. `declined`: no PIN. `failed`: the entry failed. */
      readonly outcome: 'given' | 'malformed' | 'declined' | 'failed';
      /** How long the user took, in ms. */
      readonly durationMs: number;
    }
  | {
      /** The OTP was requested. */
      readonly type: 'otpRequested';
      /** Whether the request repeats one that was answered 2312 or 2317. */
      readonly resetStep: boolean;
    }
  | {
      /** Strong authentication was granted. */
      readonly type: 'otpGranted';
      /** How long the OTP request took, in ms. */
      readonly durationMs: number;
    }
  | {
      /** The OTP was not granted. The wave may continue with another PIN, or with the reset step. */
      readonly type: 'otpDenied';
      /** What the answer means. */
      readonly verdict: 'pinRejected' | 'pinMalformed' | 'resetNeeded' | StrongAuthErrorCode;
      /** The SDK's code, if it sent one and it does not equal the PIN. */
      readonly otpCode?: number;
      /** How long the OTP request took, in ms. */
      readonly durationMs: number;
    }
  | {
      /** The app is asked to cure the account or the device. */
      readonly type: 'recoveryStarted';
      /** Why the wave would be denied. */
      readonly code: StrongAuthErrorCode;
      /** How many calls wait. */
      readonly waiting: number;
    }
  | {
      /** The app has answered. Missing if the wave of the `recoveryStarted` ended before. */
      readonly type: 'recoveryEnded';
      /** Whether the PIN is asked for again. */
      readonly isCured: boolean;
      /** How long the cure took, in ms. */
      readonly durationMs: number;
    }
  | {
      /** A wave has ended without a grant. */
      readonly type: 'waveDenied';
      /** The code with which the wave was denied. */
      readonly code: StrongAuthErrorCode;
      /** How many calls were rejected. */
      readonly rejected: number;
    }
  | {
      /** A subscription has ended. */
      readonly type: 'subscriptionEnded';
      /** The API of the subscription. */
      readonly api: string;
    }
  | {
      /** A running subscription received something that is no message of the SDK, and dropped it. */
      readonly type: 'eventDropped';
      /** The API of the subscription. */
      readonly api: string;
    }
  | {
      /** The store of `policy.otpBudget` could not be read or written; the count continues in memory. */
      readonly type: 'budgetStoreFailed';
    }
);

type WithoutTime<Fact> = Fact extends unknown ? Omit<Fact, 'at'> : never;
/** Tells the host one fact, and adds the time. */
export type Tell<Fact = StrongAuthFact> = ((fact: WithoutTime<Fact>) => void) | undefined;

/**
 * Passes facts to the host in order, in a microtask of their own: a listener that calls back into the client
 * never finds it in the middle of a transition.
 */
export function createTelling<Fact = StrongAuthFact>(
  onEvent: ((fact: Fact) => void) | undefined,
  now: () => number,
): Tell<Fact> {
  if (!onEvent) return undefined;
  let pending: Fact[] = [];
  const flush = () => {
    const facts = pending;
    pending = [];
    for (const fact of facts) {
      try {
        onEvent(fact);
      } catch (error) {
        surface(error);
      }
    }
  };
  return (fact) => {
    if (pending.length === 0) queueMicrotask(flush);
    pending.push({ at: now(), ...fact } as Fact);
  };
}
