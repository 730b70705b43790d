/** Every way a recovery can end without an enrolled device, and what the user can do about it. */

/**
 * What helps, as a thing to offer the user.
 *
 * - `retry`: the same flow once more.
 * - `checkState`: the last request may have been carried out; `enrollDevice` finds out and goes on from there.
 * - `enrollDevice`, `unblockAccount`, `resetPin`: the flow that helps.
 * - `signIn`: what has to be done first.
 * - `wait`: until `retryAt`, or for some hours where the back end did not say.
 * - `contactSupport`: nothing that an app can do helps.
 * - `none`: nothing on the user's side helps; a defect of the app, or a brand without these APIs.
 */
export type RecoveryRemedy =
  | 'retry'
  | 'checkState'
  | 'enrollDevice'
  | 'unblockAccount'
  | 'resetPin'
  | 'signIn'
  | 'wait'
  | 'contactSupport'
  | 'none';

const remedies = {
  CANCELLED: 'retry',
  ASK_FAILED: 'retry',
  ASK_TIMED_OUT: 'retry',
  PIN_REJECTED: 'resetPin',
  PIN_UNKNOWN: 'contactSupport',
  PIN_REUSED: 'retry',
  SMS_REJECTED: 'retry',
  SMS_BUDGET_SPENT: 'wait',
  SMS_REFUSED: 'wait',
  PHONE_TAKEN: 'retry',
  ACCOUNT_BLOCKED: 'unblockAccount',
  STILL_BLOCKED: 'contactSupport',
  NOT_ENROLLED: 'enrollDevice',
  NOT_SUPPORTED: 'none',
  REFUSED: 'retry',
  SIGN_IN_REQUIRED: 'signIn',
  OFFLINE: 'retry',
  OUTCOME_UNKNOWN: 'checkState',
  BUSY: 'wait',
  SIGNED_OUT: 'signIn',
  DISPOSED: 'none',
} as const satisfies Record<string, RecoveryRemedy>;

/** The stable codes of `RecoveryError`. */
export type RecoveryErrorCode = keyof typeof remedies;

/** What helps when a request was refused with a code that has no meaning of its own here (SDK: error catalogue). */
const remediesOfRefusal: Readonly<Record<number, RecoveryRemedy>> = {
  2001: 'none', // the SDK was not initialised, or not for this component: a defect of the app
  2006: 'none',
  2101: 'none', // a parameter that is not the user's
  2102: 'none',
  2309: 'none', // version error: only an update of the app or its SDK helps
  2312: 'contactSupport', // unknown also after everything was read anew
  2313: 'contactSupport', // another authenticator has to be activated first
  2314: 'contactSupport', // the account has no service to authenticate for
  2344: 'none',
  2348: 'contactSupport', // a quota of the account
};

/** @returns What helps against `code`; for `REFUSED` by the code the SDK gave. */
export function recoveryRemedyOf(code: RecoveryErrorCode, apiCode?: number): RecoveryRemedy {
  if (code === 'REFUSED' && apiCode !== undefined) return remediesOfRefusal[apiCode] ?? remedies[code];
  return remedies[code];
}

/** @returns Whether `value` is one of the codes; for values that come from outside the type system. */
export const isRecoveryErrorCode = (value: unknown): value is RecoveryErrorCode =>
  (Object.keys(remedies) as unknown[]).includes(value);

/** Why asking the user failed: `ask` threw or rejected, gave something that is no answer to the question, or too often what cannot be right. */
export type AskFault = 'threw' | 'notAnAnswer' | 'malformed';

/** Why a flow ended without an enrolled device. Safe to show, log and persist. */
export interface RecoveryFailure {
  /** Why, as a stable code. */
  readonly code: RecoveryErrorCode;
  /** What helps. */
  readonly remedy: RecoveryRemedy;
  /** The SDK's own code, if it gave one. */
  readonly apiCode?: number;
  /** Epoch ms from which an SMS can be sent again; only with `SMS_BUDGET_SPENT`. */
  readonly retryAt?: number;
  /** How asking failed; only with `ASK_FAILED`. */
  readonly why?: AskFault;
}

/** The facts of a failure that are not its code. */
export type RecoveryFailureFacts = {
  readonly [Fact in Exclude<keyof RecoveryFailure, 'code' | 'remedy'>]?: RecoveryFailure[Fact] | undefined;
};

/** @returns The failure for `code`, with its remedy. */
export function recoveryFailureOf(
  code: RecoveryErrorCode,
  { apiCode, retryAt, why }: RecoveryFailureFacts = {},
): RecoveryFailure {
  return {
    code,
    remedy: recoveryRemedyOf(code, apiCode),
    ...(apiCode !== undefined && { apiCode }),
    ...(retryAt !== undefined && { retryAt }),
    ...(why !== undefined && { why }),
  };
}
