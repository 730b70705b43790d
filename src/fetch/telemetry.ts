import type { StrongAuthFact } from '../index.js';
import { ownCode, type StepUpErrorCode } from './errors.js';
import { nameIn } from './names.js';

/** Facts about one request: neither headers, bodies nor queries. */
interface RequestFacts {
  /** Number of the request, from 1 in each client. */
  readonly id: number;
  /** Its method, in upper case. */
  readonly method: string;
  /** Its URL without credentials, query and fragment. */
  readonly url: string;
}

/**
 * What happened, fit for logs and for OpenTelemetry: a request is a span from `requestStarted` to `settled`. `at` is epoch ms,
 * durations are in ms.
 */
export type StepUpFact = {
  /** When it happened, epoch ms. */
  readonly at: number;
} & (
  | ({
      /** The app made a request, which is sent now. */
      readonly type: 'requestStarted';
    } & RequestFacts)
  | ({
      /** The server asks for more than the request had. */
      readonly type: 'challenged';
      /** How often it was sent again so far. */
      readonly rounds: number;
    } & RequestFacts)
  | ({
      /** A 401 or 403 came whose `WWW-Authenticate` a page of this origin may not read. */
      readonly type: 'headerHidden';
    } & Omit<RequestFacts, 'id'>)
  | ({
      /** A request was sent again. */
      readonly type: 'replayed';
      /** How often, this one included. */
      readonly rounds: number;
    } & RequestFacts)
  | ({
      /** A request has ended. Every `requestStarted` is followed by exactly one. */
      readonly type: 'settled';
      /** With a response, whatever its status; with an error; or given up by its own signal. */
      readonly outcome: 'succeeded' | 'failed' | 'aborted';
      /** The code of the error; `TRANSPORT_FAILED` if `fetch` rejected. */
      readonly code?: string;
      /** Since the app made it, waiting included. */
      readonly durationMs: number;
      /** How often it was sent again. */
      readonly rounds: number;
    } & RequestFacts)
  | {
      /** The app is asked to authenticate. */
      readonly type: 'authenticationRequested';
      /** How many requests wait. */
      readonly waiting: number;
    }
  | {
      /** The app has authenticated. */
      readonly type: 'authenticated';
      /** Since it had read what is needed. */
      readonly durationMs: number;
    }
  | {
      /** The authentication has ended without success, or nobody waits for it any more. */
      readonly type: 'denied';
      /** Why. */
      readonly code: StepUpErrorCode;
      /** How many requests it rejected. */
      readonly rejected: number;
    }
);

/** What the client calls differently. */
const TYPES: { readonly [Type in StrongAuthFact['type']]?: StepUpFact['type'] } = {
  callStarted: 'requestStarted',
  pinRequested: 'authenticationRequested',
  otpGranted: 'authenticated',
  waveDenied: 'denied',
};

/** @returns A listener that tells `onEvent` in the words of this entry what has some. */
export const inOwnFacts =
  (onEvent: (fact: StepUpFact) => void) =>
  (fact: StrongAuthFact): void => {
    const type = TYPES[fact.type] ?? ('id' in fact && fact.type);
    const { verb, api, code, attempt, attemptsLeft, reason, ...facts } = fact as SomeFact;
    const own = { ...facts, ...(api && nameIn(api)), ...(code && { code: ownCode(code) }), type };
    if (type) onEvent(own as StepUpFact);
  };

/** What facts may have. */
type SomeFact = Omit<StrongAuthFact, 'type'> & {
  readonly [Name in 'verb' | 'attempt' | 'attemptsLeft' | 'reason']?: unknown;
} & { readonly api?: string; readonly code?: Parameters<typeof ownCode>[0] };
