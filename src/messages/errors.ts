import {
  type Failure,
  isStrongAuthErrorCode,
  type PinEntryFault,
  type Remedy,
  remedyOf,
  type StrongAuthErrorCode,
} from '../../machines/strong-auth/index.js';
import { isObject, read } from '../host/ask.js';
import type { ApiRequest, FailedMessage, Verb } from './message.js';
import { toPlain } from './plain.js';

export type { Failure, PinEntryFault, Remedy, StrongAuthErrorCode };

// `instanceof` fails when an app bundles two copies of this package; a registered
// symbol is shared by all copies.
const API_ERROR = Symbol.for('strong-auth-machine.ApiError');
const STRONG_AUTH_ERROR = Symbol.for('strong-auth-machine.StrongAuthError');

/** The envelope an `ApiError` was made of, for code that must pass it on unchanged. */
const envelopes = new WeakMap<ApiError, FailedMessage>();

/** Groups of codes, after the SDK's error catalogue. */
export type ApiErrorCategory = 'generic' | 'input' | 'output' | 'pims' | 'gigya' | 'unknown';

/** The SDK answered a call with FAILED, or sent a subscription a RESULT with an error. */
export class ApiError extends Error {
  /** Always `ApiError`. */
  override readonly name = 'ApiError';
  /** The SDK's code: a number, or a text if the SDK sent no number. */
  readonly code: number | string;
  /** The SDK's text; empty if it sent none. For developers; not translated. */
  readonly label: string;
  /** The group of `code` in the SDK's error catalogue. */
  readonly category: ApiErrorCategory;
  /** The verb of the call: `get`, `set`, `subscribe` or `unsubscribe`. */
  readonly verb: Verb;
  /** The API that was called. */
  readonly api: string;
  /** The SDK's id of the call, if it sent one. */
  readonly transactionId: string | undefined;
  /** The other fields of the SDK's error, as plain data: a sub-code, a time to wait, tries that are left. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(request: Pick<ApiRequest, 'verb' | 'api'>, message: FailedMessage) {
    const { code, label = '', ...details } = message.error;
    super(`${request.verb} ${request.api} failed with ${code}${label && `: ${label.trim()}`}`);
    this.code = code;
    this.label = label;
    this.category = categoryOf(code);
    this.verb = request.verb;
    this.api = request.api;
    this.transactionId = message.transactionId;
    this.details = Object.freeze(details);
    Object.defineProperty(this, API_ERROR, { value: true });
    envelopes.set(this, message);
  }

  /** @returns Everything but the stack, as plain data that {@link reviveError} turns back into an error. */
  toJSON(): ApiErrorData {
    const { name, message, code, label, category, verb, api, transactionId, details } = this;
    return {
      ...{ name, message, code, label, category, verb, api, details },
      ...(transactionId !== undefined && { transactionId }),
    };
  }
}

/** An `ApiError` as JSON. */
export interface ApiErrorData
  extends Pick<ApiError, 'name' | 'message' | 'code' | 'label' | 'category' | 'verb' | 'api' | 'details'> {
  /** The SDK's id of the call, if it sent one. */
  readonly transactionId?: string;
}

/** The facts of each code. A code that is not listed has none. */
export interface StrongAuthErrorFacts {
  /** A deadline of the call has passed. */
  TIMED_OUT: {
    /** Whether the call was in flight when it timed out. If so, whether it was executed is unknown. */
    readonly sent: boolean;
  };
  /** The transport threw or rejected. */
  TRANSPORT_FAILED: {
    /** Whether the call may have reached the SDK. If so, whether it was executed is unknown. */
    readonly sent: boolean;
  };
  /** The answer is no message of the SDK, or the OTP's answer lacks what the replay needs. */
  PROTOCOL: {
    /** Whether the call was sent. If so, whether it was executed is unknown. */
    readonly sent: boolean;
  };
  /** The PIN entry itself failed. */
  PIN_ENTRY_FAILED: {
    /**
     * `enterPin` threw or rejected, returned a value that is no string, or
     * returned a malformed PIN too often.
     */
    readonly why?: PinEntryFault;
  };
  /** The app's own limit on OTP requests is reached. */
  OTP_BUDGET_SPENT: {
    /** Epoch ms from which the app's limit allows another request. */
    readonly retryAt: number;
    /** Always true: the limit is the app's own (`policy.otpBudget`), not the SDK's. */
    readonly local: true;
  };
  /** The back end said when to come back. */
  THROTTLED: {
    /** Epoch ms from which the back end answers again, if it said so. */
    readonly retryAt?: number;
  };
  /** `reset()` was called. */
  SIGNED_OUT: {
    /** What the app passed to `reset`. */
    readonly reason?: string;
  };
}

/** The facts of a code. `otpCode` is the SDK's code on the OTP request, if that request failed. */
export type StrongAuthErrorDetails<Code extends StrongAuthErrorCode = StrongAuthErrorCode> = {
  /** The SDK's code on the OTP request, if that request failed. */
  readonly otpCode?: number;
} & (Code extends keyof StrongAuthErrorFacts ? StrongAuthErrorFacts[Code] : unknown);

/** Names the call that an error ended, without anything private. */
export interface CallName {
  /** The verb of the call. */
  readonly verb: Verb;
  /** The API that was called. */
  readonly api: string;
  /** `parameters.action`, if the call has one. */
  readonly action?: string;
}

/**
 * A call ended without an answer of the SDK. Switch on `code`, and offer the user the `remedy`;
 * `message` may change in any release.
 */
export class StrongAuthError<Code extends StrongAuthErrorCode = StrongAuthErrorCode> extends Error {
  /** Always `StrongAuthError`. */
  override readonly name = 'StrongAuthError';
  /** Why the call ended. Stable: switch on it. */
  readonly code: Code;
  /** What the user or the app can do next. Stable: switch on it. */
  readonly remedy: Remedy;
  /** The facts of `code`. */
  readonly details: StrongAuthErrorDetails<Code>;
  /** The verb of the call; missing for an `ensure`. */
  readonly verb?: Verb;
  /** The API that was called; missing for an `ensure`. */
  readonly api?: string;
  /** `parameters.action` of the call, if it had one. */
  readonly action?: string;

  constructor(
    code: Code,
    details: StrongAuthErrorDetails<Code>,
    {
      call,
      ...options
    }: {
      /** The underlying error. */
      cause?: unknown;
      /** The call that the error ended. */
      call?: CallName | undefined;
    } = {},
  ) {
    super(`${call ? `${inWords(call)}: ` : ''}${messages[code]} (${code})`);
    this.code = code;
    this.details = details;
    this.remedy = remedyOf(code, details as { sent?: boolean });
    if (call) {
      this.verb = call.verb;
      this.api = call.api;
      if (call.action !== undefined) this.action = call.action;
    }
    if ('cause' in options) {
      Object.defineProperty(this, 'cause', { value: options.cause, configurable: true, writable: true });
    }
    Object.defineProperty(this, STRONG_AUTH_ERROR, { value: true });
  }

  /**
   * @returns Everything but the stack and the cause, as plain data that {@link
   *   reviveError} turns back into an error.
   */
  toJSON(): StrongAuthErrorData {
    const { name, message, code, remedy, details, verb, api, action } = this;
    return {
      ...{ name, message, code, remedy, details },
      ...(verb !== undefined && { verb }),
      ...(api !== undefined && { api }),
      ...(action !== undefined && { action }),
    };
  }
}

/** A `StrongAuthError` as JSON. */
export type StrongAuthErrorData = Pick<
  StrongAuthError,
  'name' | 'message' | 'code' | 'remedy' | 'details' | 'verb' | 'api' | 'action'
>;

/** Every `StrongAuthError` as a union, so that `switch (error.code)` narrows `details`. */
export type AnyStrongAuthError = {
  [Code in StrongAuthErrorCode]: StrongAuthError<Code>;
}[StrongAuthErrorCode];

/** @returns Whether `value` is an `ApiError`, of this copy of the package or of another. */
export function isApiError(value: unknown): value is ApiError {
  return read(value, API_ERROR) === true;
}

/** @returns Whether `value` is a `StrongAuthError`, of this copy of the package or of another. */
export function isStrongAuthError(value: unknown): value is AnyStrongAuthError {
  return read(value, STRONG_AUTH_ERROR) === true;
}

/**
 * Turns data back into an error: what `JSON.parse` or `postMessage` made of a `toJSON()`, of this copy of the
 * package or of another. `cause` and the original stack are lost.
 *
 * @returns The error; `undefined` if `data` is no error of this package. An error is returned unchanged.
 */
export function reviveError(data: unknown): ApiError | AnyStrongAuthError | undefined {
  if (isApiError(data) || isStrongAuthError(data)) return data;
  const plain = toPlain(data);
  if (!isObject(plain)) return undefined;
  const { name, code, label, transactionId } = plain;
  const given = toPlain(read(data, 'details')); // read separately, so that it keeps its full depth
  const details = isObject(given) ? given : {};
  const call = nameOf(plain);
  if (name === 'ApiError' && call && (typeof code === 'number' || typeof code === 'string')) {
    return new ApiError(call, {
      status: 'FAILED',
      error: { ...details, code, ...(typeof label === 'string' && { label }) },
      ...(typeof transactionId === 'string' && { transactionId }),
    });
  }
  if (name !== 'StrongAuthError' || !isStrongAuthErrorCode(code)) return undefined;
  return new StrongAuthError(code, details as StrongAuthErrorDetails, { call }) as AnyStrongAuthError;
}

function nameOf({ verb, api, action }: Record<string, unknown>): CallName | undefined {
  return typeof verb === 'string' && typeof api === 'string'
    ? nameWith(verb as Verb, api, action)
    : undefined;
}

/** @returns The name of the request, without anything private. */
export function callName({ verb, api, parameters }: ApiRequest): CallName {
  return nameWith(verb, api, read(parameters, 'action')); // a class instance of the host may throw
}

const nameWith = (verb: Verb, api: string, action: unknown): CallName => ({
  verb,
  api,
  ...(typeof action === 'string' && { action }),
});

/** @returns The error details for a failure that the machine decided. */
export function detailsOf({ code, remedy: _, ...facts }: Failure): StrongAuthErrorDetails {
  return {
    ...facts,
    ...(code === 'OTP_BUDGET_SPENT' && { local: true }),
    // A denied wave ends calls that were challenged, and so were not executed.
    ...(code === 'PROTOCOL' && { sent: false }),
  };
}

/**
 * @returns The envelope that `error` was made of; `undefined` if another copy of the package made the error.
 */
export const envelopeOf = (error: ApiError): FailedMessage | undefined => envelopes.get(error);

/** Codes for accounts of former FCA brands, which lie among the other codes (SDK 2.3). */
const gigyaCodes: ReadonlySet<number | string> = new Set([2210, 2383, 2384, 2387, 2388, 2389]);

/** The other categories, by the hundreds of their codes. */
const categories: Readonly<Record<number, ApiErrorCategory>> = {
  20: 'generic',
  21: 'input',
  22: 'output',
  23: 'pims',
};

/** @returns The category of a code in the SDK's error catalogue. */
function categoryOf(code: number | string): ApiErrorCategory {
  if (gigyaCodes.has(code)) return 'gigya';
  if (code === 2010) return 'input'; // a parameter that was not set
  return categories[Math.floor(Number(code) / 100)] ?? 'unknown';
}

const inWords = ({ verb, api, action }: CallName): string =>
  `${verb} ${api}${action === undefined ? '' : ` (${action})`}`;

const messages: Readonly<Record<StrongAuthErrorCode, string>> = {
  CANCELLED: 'Strong authentication was declined',
  PIN_REJECTED: 'The PIN was rejected as often as the policy allows',
  PIN_ENTRY_FAILED: 'No usable PIN was entered',
  PIN_ENTRY_TIMED_OUT: 'The PIN entry took too long',
  AUTHENTICATION_FAILED: 'The app could not authenticate the user',
  AUTHENTICATION_TIMED_OUT: 'The authentication took too long',
  ACCOUNT_BLOCKED: 'The account is blocked',
  DEVICE_UNKNOWN: 'The device is not known, also after the reset step',
  FORBIDDEN: 'The device may not do this in its state, also after the reset step',
  OTP_REFUSED: 'The OTP was refused',
  SIGN_IN_REQUIRED: 'The user has to sign in again',
  OFFLINE: 'There is no internet connection',
  OUTCOME_UNKNOWN: 'Nobody knows whether the OTP was granted',
  OTP_BUDGET_SPENT: "The app's own limit on OTPs is reached",
  THROTTLED: 'The back end asked to wait before the next attempt',
  STILL_CHALLENGED: 'The call was challenged again after its last replay',
  STALE: 'The call was too old to be sent again',
  REPLAY_DECLINED: 'The call was not to be sent again',
  INTERACTION_REQUIRED: 'A call that must not open a prompt needs strong authentication',
  QUEUE_FULL: 'Too many calls wait for strong authentication',
  TIMED_OUT: 'The call ran out of time',
  TRANSPORT_FAILED: 'The transport failed',
  PROTOCOL: 'The answer is no message of the SDK',
  SIGNED_OUT: 'The user signed out, or the account was switched',
  DISPOSED: 'This client was disposed of',
};
