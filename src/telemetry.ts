import type { StrongAuthErrorCode } from '../machines/strong-auth/index.js';
import type { Verb } from './protocol.js';

/** Facts about one call. Neither parameters nor results are among them. */
interface CallFacts {
  /** Number of the call, from 1 in each client. */
  readonly id: number;
  readonly verb: Verb;
  readonly api: string;
}

/**
 * What happened, without private data: fit for logs and for OpenTelemetry (a call is a span from `callStarted` to `settled`).
 * `at` is epoch ms, durations are in ms.
 */
export type StrongAuthFact = { readonly at: number } & (
  | ({ readonly type: 'callStarted' } & CallFacts)
  | ({ readonly type: 'challenged' /** Replays so far. */; readonly rounds: number } & CallFacts)
  | ({
      readonly type: 'replayed' /** Replays so far, this one included. */;
      readonly rounds: number;
    } & CallFacts)
  | ({
      readonly type: 'settled';
      readonly outcome: 'succeeded' | 'failed' | 'aborted';
      /** The code of the error: the SDK's, or ours. */
      readonly code?: number | string;
      readonly durationMs: number;
      readonly rounds: number;
    } & CallFacts)
  | {
      readonly type: 'pinRequested';
      readonly attempt: number;
      /** This one included. */
      readonly attemptsLeft: number;
      readonly reason: 'strongAuthNeeded' | 'pinRejected' | 'pinMalformed';
      readonly waiting: number;
    }
  | {
      readonly type: 'pinAnswered';
      readonly outcome: 'given' | 'malformed' | 'declined' | 'failed';
      readonly durationMs: number;
    }
  | { readonly type: 'otpRequested'; readonly resetStep: boolean }
  | { readonly type: 'otpGranted'; readonly durationMs: number }
  | {
      readonly type: 'otpDenied';
      readonly verdict: 'pinRejected' | 'pinMalformed' | 'resetNeeded' | StrongAuthErrorCode;
      readonly otpCode?: number;
      readonly durationMs: number;
    }
  | { readonly type: 'waveDenied'; readonly code: StrongAuthErrorCode; readonly rejected: number }
  | { readonly type: 'subscriptionEnded'; readonly api: string }
  | { readonly type: 'eventDropped'; readonly api: string }
  | { readonly type: 'budgetStoreFailed' }
);

type WithoutTime<Fact> = Fact extends unknown ? Omit<Fact, 'at'> : never;
/** Tells the host one fact; the time is added. */
export type Tell = ((fact: WithoutTime<StrongAuthFact>) => void) | undefined;

/** Lets an error of the host's own callback surface where the host sees it, without disturbing whoever called it. */
export function surface(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

/**
 * Facts reach the host in order and in a microtask of their own: a listener that calls back into the client never finds
 * it in the middle of a transition.
 */
export function createTelling(
  onEvent: ((fact: StrongAuthFact) => void) | undefined,
  now: () => number,
): Tell {
  if (!onEvent) return undefined;
  let pending: StrongAuthFact[] = [];
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
    pending.push({ at: now(), ...fact } as StrongAuthFact);
  };
}
