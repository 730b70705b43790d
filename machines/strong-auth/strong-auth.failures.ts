/** Every way a call can end without its own answer, and what the user can do about it. */

/**
 * What the app can offer the user.
 *
 * - `retry`: try the same again.
 * - `checkState`: the call may have been executed; look before you repeat it.
 * - `authenticate`: a background call needs strong authentication; ask for it from a screen.
 * - `unblockAccount`, `enrollDevice`, `signIn`: what the user has to do first.
 * - `wait`: until `retryAt`.
 * - `none`: the user can do nothing.
 */
export type Remedy =
  | 'retry'
  | 'checkState'
  | 'authenticate'
  | 'unblockAccount'
  | 'enrollDevice'
  | 'signIn'
  | 'wait'
  | 'none';

const remedies = {
  CANCELLED: 'retry',
  PIN_REJECTED: 'retry',
  PIN_ENTRY_FAILED: 'retry',
  PIN_ENTRY_TIMED_OUT: 'retry',
  AUTHENTICATION_FAILED: 'retry',
  AUTHENTICATION_TIMED_OUT: 'retry',
  ACCOUNT_BLOCKED: 'unblockAccount',
  DEVICE_UNKNOWN: 'enrollDevice',
  FORBIDDEN: 'enrollDevice',
  OTP_REFUSED: 'retry',
  SIGN_IN_REQUIRED: 'signIn',
  OFFLINE: 'retry',
  OUTCOME_UNKNOWN: 'retry',
  OTP_BUDGET_SPENT: 'wait',
  THROTTLED: 'wait',
  STILL_CHALLENGED: 'retry',
  STALE: 'retry',
  REPLAY_DECLINED: 'retry',
  INTERACTION_REQUIRED: 'authenticate',
  QUEUE_FULL: 'retry',
  TIMED_OUT: 'retry',
  TRANSPORT_FAILED: 'retry',
  PROTOCOL: 'retry',
  SIGNED_OUT: 'signIn',
  DISPOSED: 'none',
} as const satisfies Record<string, Remedy>;

/** The stable codes of `StrongAuthError`. */
export type StrongAuthErrorCode = keyof typeof remedies;

/**
 * Remedies for an OTP that was refused with a code without a `StrongAuthErrorCode` of
 * its own (SDK: error catalogue).
 */
const remediesOfRefusal: Readonly<Record<number, Remedy>> = {
  2001: 'none', // the SDK was not initialised, or not for this component: a bug in the app
  2006: 'none',
  2101: 'none', // a parameter other than the PIN
  2102: 'none',
  2309: 'none', // version error: only an update of the app or its SDK helps
  2311: 'enrollDevice', // the enrolment on this device is in a wrong state
  2313: 'enrollDevice', // another authenticator has to be activated first
  2314: 'none', // the account has no service to authenticate for
  2344: 'none',
};

/** Codes that may end a call which was sent and not answered. */
const mayBeExecuted: ReadonlySet<StrongAuthErrorCode> = new Set([
  'TIMED_OUT',
  'TRANSPORT_FAILED',
  'PROTOCOL',
]);

/** The facts on which a remedy depends, beside the code. */
export interface RemedyFacts {
  /** The SDK's code on the OTP request. */
  readonly otpCode?: number | undefined;
  /** Whether the call was sent, so that it may have been executed. */
  readonly sent?: boolean | undefined;
}

/**
 * @returns The remedy for `code`. `OTP_REFUSED` depends on the SDK's code. A call that may have
 *   been executed gets `checkState`.
 */
export function remedyOf(code: StrongAuthErrorCode, { otpCode, sent }: RemedyFacts = {}): Remedy {
  if (sent && mayBeExecuted.has(code)) return 'checkState';
  if (code === 'OTP_REFUSED' && otpCode !== undefined) return remediesOfRefusal[otpCode] ?? remedies[code];
  return remedies[code];
}

/** @returns Whether `value` is one of the codes, for values from outside the type system. */
export function isStrongAuthErrorCode(value: unknown): value is StrongAuthErrorCode {
  return typeof value === 'string' && Object.keys(remedies).includes(value);
}

/**
 * Why a PIN entry failed: `enterPin` threw or rejected, returned a value that is no string, or
 * returned a malformed PIN too often.
 */
export type PinEntryFault = 'threw' | 'notAString' | 'malformed';

/** Why a wave was denied, or a single call refused. Safe to show, log and persist. */
export interface Failure {
  /** The reason, as a stable code. */
  readonly code: StrongAuthErrorCode;
  /** What the app can offer the user. */
  readonly remedy: Remedy;
  /** The SDK's own code on the OTP request, if it sent one. */
  readonly otpCode?: number;
  /** Epoch ms from which an attempt can succeed again; only with `OTP_BUDGET_SPENT` and `THROTTLED`. */
  readonly retryAt?: number;
  /** How the PIN entry failed; only with `PIN_ENTRY_FAILED`. */
  readonly why?: PinEntryFault;
}

/** The facts of a failure beside its code and remedy. */
export type FailureFacts = {
  readonly [Fact in Exclude<keyof Failure, 'code' | 'remedy'>]?: Failure[Fact] | undefined;
};

/** @returns The failure for `code`, with its remedy. */
export function failureOf(code: StrongAuthErrorCode, { otpCode, retryAt, why }: FailureFacts = {}): Failure {
  return {
    code,
    remedy: remedyOf(code, { otpCode }),
    ...(otpCode !== undefined && { otpCode }),
    ...(retryAt !== undefined && { retryAt }),
    ...(why !== undefined && { why }),
  };
}
