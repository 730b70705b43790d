/** Every way a call can end without its own answer, and what the user can do about it. */

/**
 * What helps, as a thing to offer the user.
 *
 * - `retry`: the same once more.
 * - `checkState`: the call may have been executed; look before you repeat it.
 * - `authenticate`: a background call needs strong authentication; ask for it from a screen.
 * - `unblockAccount`, `enrollDevice`, `signIn`: what has to be done first.
 * - `wait`: until `retryAt`.
 * - `none`: nothing on the user's side helps.
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

/** What helps when the OTP was refused with a code that has no meaning of its own here (SDK: error catalogue). */
const remediesOfRefusal: Readonly<Record<number, Remedy>> = {
  2001: 'none', // the SDK was not initialised, or not for this component: a defect of the app
  2006: 'none',
  2101: 'none', // a parameter other than the PIN
  2102: 'none',
  2309: 'none', // version error: only an update of the app or its SDK helps
  2311: 'enrollDevice', // the enrolment on this device is in a wrong state
  2313: 'enrollDevice', // another authenticator has to be activated first
  2314: 'none', // the account has no service to authenticate for
  2344: 'none',
};

/** Codes that may leave a call sent and unanswered. */
const mayBeExecuted: ReadonlySet<StrongAuthErrorCode> = new Set([
  'TIMED_OUT',
  'TRANSPORT_FAILED',
  'PROTOCOL',
]);

/** What the remedy of a code depends on, beside the code. */
export interface RemedyFacts {
  /** The SDK's code on the OTP request. */
  readonly otpCode?: number | undefined;
  /** Whether the call had left, so that it may have been executed. */
  readonly sent?: boolean | undefined;
}

/** @returns What helps against `code`; for `OTP_REFUSED` by the code the SDK gave, for a call that had left `checkState`. */
export function remedyOf(code: StrongAuthErrorCode, { otpCode, sent }: RemedyFacts = {}): Remedy {
  if (sent && mayBeExecuted.has(code)) return 'checkState';
  if (code === 'OTP_REFUSED' && otpCode !== undefined) return remediesOfRefusal[otpCode] ?? remedies[code];
  return remedies[code];
}

/** @returns Whether `value` is one of the codes; for values that come from outside the type system. */
export function isStrongAuthErrorCode(value: unknown): value is StrongAuthErrorCode {
  return typeof value === 'string' && Object.keys(remedies).includes(value);
}

/** Why a PIN entry failed: its function threw or rejected, gave something that is no string, or too often what is no PIN. */
export type PinEntryFault = 'threw' | 'notAString' | 'malformed';

/** Why a wave was denied, or a single call refused. Safe to show, log and persist. */
export interface Failure {
  /** Why, as a stable code. */
  readonly code: StrongAuthErrorCode;
  /** What helps. */
  readonly remedy: Remedy;
  /** The SDK's own code on the OTP request, if it gave one. */
  readonly otpCode?: number;
  /** Epoch ms from which an attempt can succeed again; only with `OTP_BUDGET_SPENT` and `THROTTLED`. */
  readonly retryAt?: number;
  /** How the PIN entry failed; only with `PIN_ENTRY_FAILED`. */
  readonly why?: PinEntryFault;
}

/** The facts of a failure that are not its code. */
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
