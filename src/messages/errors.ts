import {
  type Failure,
  type Remedy,
  remedyOf,
  type StrongAuthErrorCode,
} from '../../machines/strong-auth/index.js';
import type { ApiRequest, FailedMessage } from './message.js';

export type { Failure, Remedy, StrongAuthErrorCode };

// `instanceof` fails when an app bundles two copies; a registered symbol is shared by all of them.
const API_ERROR = Symbol.for('strong-auth-machine.ApiError');
const STRONG_AUTH_ERROR = Symbol.for('strong-auth-machine.StrongAuthError');

/** The envelope an `ApiError` was made of, for those who must pass it on as it came. */
const envelopes = new WeakMap<ApiError, FailedMessage>();

/** Groups of codes, after the SDK's error catalogue. */
export type ApiErrorCategory = 'generic' | 'input' | 'output' | 'pims' | 'gigya' | 'unknown';

/** The SDK answered a call with FAILED; or a subscription with a RESULT that carries an error. */
export class ApiError extends Error {
  /** Always `ApiError`. */
  override readonly name = 'ApiError';
  /** The SDK's code: a number unless it sent something that is none. */
  readonly code: number | string;
  /** The SDK's text, empty if it sent none. For developers; not translated. */
  readonly label: string;
  /** The group of `code` in the SDK's error catalogue. */
  readonly category: ApiErrorCategory;
  /** What was asked: `get`, `set`, `subscribe` or `unsubscribe`. */
  readonly verb: ApiRequest['verb'];
  /** The API that was called. */
  readonly api: string;
  /** The SDK's id of the call, if it sent one. */
  readonly transactionId: string | undefined;

  constructor(request: Pick<ApiRequest, 'verb' | 'api'>, message: FailedMessage) {
    const { code } = message.error;
    const label = typeof message.error.label === 'string' ? message.error.label : '';
    super(`${request.verb} ${request.api} failed with ${code}${label && `: ${label.trim()}`}`);
    this.code = code;
    this.label = label;
    this.category = categoryOf(code);
    this.verb = request.verb;
    this.api = request.api;
    this.transactionId = message.transactionId;
    Object.defineProperty(this, API_ERROR, { value: true });
    envelopes.set(this, message);
  }
}

/** The facts that come with a code; codes that are not listed have none. */
export interface StrongAuthErrorFacts {
  /** A deadline of the call has passed. */
  TIMED_OUT: {
    /** Whether the call was on its way when time ran out: if so, nobody knows whether it was executed. */
    readonly sent: boolean;
  };
  /** The transport threw or rejected. */
  TRANSPORT_FAILED: {
    /** Whether the call may have reached the SDK: if so, nobody knows whether it was executed. */
    readonly sent: boolean;
  };
  /** What came is no message of the SDK. */
  PROTOCOL: {
    /** Whether the call was sent: if so, nobody knows whether it was executed. */
    readonly sent: boolean;
  };
  /** The app's own limit on OTPs is reached. */
  OTP_BUDGET_SPENT: {
    /** Epoch ms from which the app's limit leaves room again. */
    readonly retryAt: number;
    /** Always true: the limit is the app's own (`policy.otpBudget`), not the SDK's. */
    readonly local: true;
  };
  /** `reset()` was called. */
  SIGNED_OUT: {
    /** What the app gave to `reset`. */
    readonly reason?: string;
  };
}

/** Facts by code. `otpCode` is the SDK's code on the OTP request, where that is what failed. */
export type StrongAuthErrorDetails<Code extends StrongAuthErrorCode = StrongAuthErrorCode> = {
  /** The SDK's code on the OTP request, where that is what failed. */
  readonly otpCode?: number;
} & (Code extends keyof StrongAuthErrorFacts ? StrongAuthErrorFacts[Code] : unknown);

/** A call ended without an answer of its own. Switch on `code`; offer the user `remedy`; `message` may change in any release. */
export class StrongAuthError<Code extends StrongAuthErrorCode = StrongAuthErrorCode> extends Error {
  /** Always `StrongAuthError`. */
  override readonly name = 'StrongAuthError';
  /** Why the call ended. Stable: switch on it. */
  readonly code: Code;
  /** What helps. */
  readonly remedy: Remedy;
  /** The facts that come with `code`. */
  readonly details: StrongAuthErrorDetails<Code>;

  constructor(code: Code, details: StrongAuthErrorDetails<Code>, options?: { cause?: unknown }) {
    super(`${messages[code]} (${code})`);
    this.code = code;
    this.details = details;
    this.remedy = remedyOf(code, details.otpCode);
    if (options && 'cause' in options) {
      Object.defineProperty(this, 'cause', { value: options.cause, configurable: true, writable: true });
    }
    Object.defineProperty(this, STRONG_AUTH_ERROR, { value: true });
  }
}

/** Every `StrongAuthError` as a union, so that `switch (error.code)` narrows `details`. */
export type AnyStrongAuthError = {
  [Code in StrongAuthErrorCode]: StrongAuthError<Code>;
}[StrongAuthErrorCode];

/** @returns Whether `value` is an `ApiError`, of this copy of the package or of another. */
export function isApiError(value: unknown): value is ApiError {
  return isBranded(value, API_ERROR);
}

/** @returns Whether `value` is a `StrongAuthError`, of this copy of the package or of another. */
export function isStrongAuthError(value: unknown): value is AnyStrongAuthError {
  return isBranded(value, STRONG_AUTH_ERROR);
}

/** @returns The error of a failure that the machine decided. */
export function toError({ code, otpCode, retryAt }: Failure): StrongAuthError {
  const details = {
    ...(otpCode !== undefined && { otpCode }),
    ...(retryAt !== undefined && { retryAt, local: true }),
  };
  return new StrongAuthError(code, details as StrongAuthErrorDetails);
}

/** @returns The envelope that `error` was made of. */
export const envelopeOf = (error: ApiError): FailedMessage | undefined => envelopes.get(error);

/** The codes of the accounts of former FCA brands lie among the others (SDK 2.3). */
const gigyaCodes: ReadonlySet<number> = new Set([2210, 2383, 2384, 2387, 2388, 2389]);

/** The category an SDK code belongs to, by its catalogue. */
function categoryOf(code: number | string): ApiErrorCategory {
  if (typeof code !== 'number') return 'unknown';
  if (gigyaCodes.has(code)) return 'gigya';
  if (code >= 2000 && code < 2100) return 'generic';
  if (code >= 2100 && code < 2200) return 'input';
  if (code >= 2200 && code < 2300) return 'output';
  if (code >= 2300 && code < 2400) return 'pims';
  return 'unknown';
}

function isBranded(value: unknown, brand: symbol): boolean {
  return typeof value === 'object' && value !== null && brand in value;
}

const messages: Readonly<Record<StrongAuthErrorCode, string>> = {
  CANCELLED: 'Strong authentication was declined',
  PIN_REJECTED: 'The PIN was rejected as often as the policy allows',
  PIN_ENTRY_FAILED: 'No usable PIN was entered',
  PIN_ENTRY_TIMED_OUT: 'The PIN entry took too long',
  ACCOUNT_BLOCKED: 'The account is blocked',
  DEVICE_UNKNOWN: 'The device is not known, also after the reset step',
  FORBIDDEN: 'The device may not do this in its state, also after the reset step',
  OTP_REFUSED: 'The OTP was refused',
  SIGN_IN_REQUIRED: 'The user has to sign in again',
  OFFLINE: 'There is no internet connection',
  OUTCOME_UNKNOWN: 'Nobody knows whether the OTP was granted',
  OTP_BUDGET_SPENT: "The app's own limit on OTPs is reached",
  STILL_CHALLENGED: 'The call was challenged again after its last replay',
  STALE: 'The call was too old to be sent again',
  REPLAY_DECLINED: 'The call was not to be sent again',
  INTERACTION_REQUIRED: 'A background call met strong authentication',
  QUEUE_FULL: 'Too many calls wait for strong authentication',
  TIMED_OUT: 'The call ran out of time',
  TRANSPORT_FAILED: 'The transport failed',
  PROTOCOL: 'The answer is no message of the SDK',
  SIGNED_OUT: 'The user signed out, or the account was switched',
  DISPOSED: 'This client was disposed of',
};
