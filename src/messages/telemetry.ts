import type { StrongAuthErrorCode } from '../../machines/strong-auth/index.js';
import { surface } from '../host/surface.js';
import type { Verb } from './message.js';

/** Facts about one call. Neither parameters nor results are among them. */
interface CallFacts {
  /** Number of the call, from 1 in each client. */
  readonly id: number;
  /** What was asked. */
  readonly verb: Verb;
  /** The API that was called. */
  readonly api: string;
}

/**
 * What happened, without private data: fit for logs and for OpenTelemetry (a call is a span from `callStarted` to `settled`).
 * `at` is epoch ms, durations are in ms.
 */
export type StrongAuthFact = {
  /** When it happened, epoch ms. */
  readonly at: number;
} & (
  | ({
      /** The app made a call, which is sent now. */
      readonly type: 'callStarted';
    } & CallFacts)
  | ({
      /** The SDK answered a call with 2302, or what `classify` takes for it. */
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
      /** A call has ended. Every `callStarted` is followed by exactly one. */
      readonly type: 'settled';
      /** Answered well; with an error, the SDK's or ours; or given up by its own signal. */
      readonly outcome: 'succeeded' | 'failed' | 'aborted';
      /** The code of the error: the SDK's, or ours. */
      readonly code?: number | string;
      /** Since the app made it, waiting included. */
      readonly durationMs: number;
      /** How often it was sent again. */
      readonly rounds: number;
    } & CallFacts)
  | {
      /** The user is asked for the PIN. */
      readonly type: 'pinRequested';
      /** Which PIN of this wave it is, from 1. */
      readonly attempt: number;
      /** This one included. */
      readonly attemptsLeft: number;
      /** Why it is asked for. */
      readonly reason: 'strongAuthNeeded' | 'pinRejected' | 'pinMalformed';
      /** How many calls wait. */
      readonly waiting: number;
    }
  | {
      /** The PIN entry has ended. */
      readonly type: 'pinAnswered';
      /** A PIN; one that could not be right; none; or the entry broke. */
      readonly outcome: 'given' | 'malformed' | 'declined' | 'failed';
      /** How long the user took. */
      readonly durationMs: number;
    }
  | {
      /** The OTP was requested. */
      readonly type: 'otpRequested';
      /** Whether it is the repetition after 2312 or 2317. */
      readonly resetStep: boolean;
    }
  | {
      /** Strong authentication was granted. */
      readonly type: 'otpGranted';
      /** How long the OTP request took. */
      readonly durationMs: number;
    }
  | {
      /** The OTP was not granted. The wave may go on: with another PIN, or with the reset step. */
      readonly type: 'otpDenied';
      /** What the answer means. */
      readonly verdict: 'pinRejected' | 'pinMalformed' | 'resetNeeded' | StrongAuthErrorCode;
      /** The SDK's code, if it gave one and it is not the PIN itself. */
      readonly otpCode?: number;
      /** How long the OTP request took. */
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
      /** It has answered. A `recoveryStarted` whose wave has ended meanwhile has none. */
      readonly type: 'recoveryEnded';
      /** Whether the PIN is asked for again. */
      readonly isCured: boolean;
      /** How long it took. */
      readonly durationMs: number;
    }
  | {
      /** A wave has ended without a grant. */
      readonly type: 'waveDenied';
      /** Why. */
      readonly code: StrongAuthErrorCode;
      /** How many calls it rejected. */
      readonly rejected: number;
    }
  | {
      /** A subscription has ended. */
      readonly type: 'subscriptionEnded';
      /** The API it was for. */
      readonly api: string;
    }
  | {
      /** What came for a running subscription was no message of the SDK, and was dropped. */
      readonly type: 'eventDropped';
      /** The API it was for. */
      readonly api: string;
    }
  | {
      /** The store of `policy.otpBudget` could not be read or written; the count goes on in memory. */
      readonly type: 'budgetStoreFailed';
    }
);

type WithoutTime<Fact> = Fact extends unknown ? Omit<Fact, 'at'> : never;
/** Tells the host one fact; the time is added. */
export type Tell<Fact = StrongAuthFact> = ((fact: WithoutTime<Fact>) => void) | undefined;

/**
 * Facts reach the host in order and in a microtask of their own: a listener that calls back into the client never finds
 * it in the middle of a transition.
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
