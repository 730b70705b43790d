import { isStrongAuthError, StrongAuthError, type StrongAuthErrorCode } from '../index.js';
import type { StepUpChallenge } from './challenges.js';
import type { RequestName } from './names.js';

/** Why a request ended without a response. */
export type StepUpErrorCode =
  /** `authenticate` declined, the app called `cancel()`, or nobody was left waiting. */
  | 'CANCELLED'
  /** `authenticate` rejected; its error is the `cause`. */
  | 'AUTHENTICATION_FAILED'
  /** `authenticate` took longer than `authenticateTimeoutMs`. */
  | 'AUTHENTICATION_TIMED_OUT'
  /** The server said when to come back: `details.retryAt`. Until then nobody is asked. */
  | 'THROTTLED'
  /** Challenged again after it was sent again. */
  | 'STILL_CHALLENGED'
  /** Older than `maxAgeMs` when it was challenged, or when the app had authenticated: not sent again. */
  | 'STALE'
  /** Its body can be sent once only, or its `replay` said no. */
  | 'REPLAY_DECLINED'
  /** A request with `interactive: false` was challenged, or one that `authenticate` itself made. */
  | 'INTERACTION_REQUIRED'
  /** More than `maxWaiting` would wait. */
  | 'QUEUE_FULL'
  /** A deadline of the request has passed. */
  | 'TIMED_OUT'
  /** `reset()` was called. */
  | 'SIGNED_OUT'
  /** `dispose()` was called. */
  | 'DISPOSED';

/**
 * A request ended without a response. It is a `StrongAuthError` of the package, as the users of this entry see it;
 * `isStrongAuthError` knows it too.
 */
export interface StepUpError extends Error {
  /** Always `StrongAuthError`. */
  readonly name: 'StrongAuthError';
  /** Why the request ended. Stable: switch on it. */
  readonly code: StepUpErrorCode;
  /** What helps. */
  readonly remedy: 'retry' | 'checkState' | 'authenticate' | 'signIn' | 'wait' | 'none';
  /** The facts that come with `code`. */
  readonly details: {
    /** With `THROTTLED`: epoch ms from which the server answers again. */
    readonly retryAt?: number;
    /** With `TIMED_OUT`: whether the request was on its way, so that nobody knows whether it was executed. */
    readonly sent?: boolean;
    /** With `SIGNED_OUT`: what the app gave to `reset`. */
    readonly reason?: string;
  };
  /** The method of the request; missing for an `ensure`. */
  readonly method?: string;
  /** Its URL without credentials, query and fragment; missing for an `ensure`. */
  readonly url?: string;
  /** What the server asked for last, if it was challenged. */
  readonly challenge?: StepUpChallenge | undefined;
}

/** @returns Whether `value` is an error of this entry, of this copy of the package or of another. */
export const isStepUpError = isStrongAuthError as (value: unknown) => boolean as (
  value: unknown,
) => value is StepUpError;

/** @returns The code as this entry names it. */
export const ownCode = (code: StrongAuthErrorCode): StepUpErrorCode =>
  code
    .replace('PIN_ENTRY', 'AUTHENTICATION')
    .replace('OUTCOME_UNKNOWN', 'AUTHENTICATION_TIMED_OUT') as StepUpErrorCode;

/** What an error says of the request that it ended. */
export interface EndedRequest extends RequestName {
  readonly challenge?: StepUpChallenge | undefined;
  /** Whether the header of the last challenge could not be read. */
  readonly isHidden: boolean | undefined;
}

/** @returns An error with the names of this entry. */
export function stepUpError(
  code: StepUpErrorCode,
  details: StepUpError['details'],
  request?: EndedRequest,
  cause?: unknown,
): StepUpError {
  const { isHidden, ...named } = request ?? ({} as Partial<EndedRequest>);
  const call = request && { verb: request.method as never, api: request.url };
  const error = new StrongAuthError(code, details as object, { call, ...(cause !== undefined && { cause }) });
  if (isHidden && code === 'STILL_CHALLENGED') error.message += `; ${HIDDEN_HEADER}`;
  return Object.assign(error, named) as StepUpError;
}

/** What to do when a page of another origin cannot read what the server asks for. */
export const HIDDEN_HEADER = 'its WWW-Authenticate is hidden: it has to send Access-Control-Expose-Headers';
