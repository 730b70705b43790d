import {
  completePolicy,
  count,
  isBudget,
  isPattern,
  type OtpBudget,
  type PolicyChecks,
  timeout,
} from '../host/policy.js';

/** A host's own limit on SMS, as `policy.otpBudget` is on OTPs. The account has about 20 in its life. */
export type SmsBudget = OtpBudget;

/** The limits of a recovery. Durations in milliseconds. */
export interface RecoveryPolicy {
  /** Times that the known PIN may be tried in one flow. */
  readonly maxPinAttempts: number;
  /** Codes of SMS that may be tried in one flow. */
  readonly maxSmsAttempts: number;
  /** How long one answer of the user may take; an SMS may be late. */
  readonly answerTimeoutMs: number;
  /** How long one request may take. */
  readonly requestTimeoutMs: number;
  /** How long after an SMS another one can be asked for. */
  readonly resendAfterMs: number;
  /** What a PIN looks like. One that does not match is never sent. */
  readonly pinPattern: RegExp;
  /** What the code of an SMS looks like. */
  readonly smsCodePattern: RegExp;
  /** What a phone number looks like. */
  readonly phonePattern: RegExp;
  /** SMS in a sliding window, and at most as many in one flow. Without it: two a flow. */
  readonly smsBudget: SmsBudget | undefined;
}

/** What can be given to `createRecovery`; what is left out takes its default. */
export type RecoveryPolicyOptions = {
  readonly [Name in keyof RecoveryPolicy]?: RecoveryPolicy[Name] | undefined;
};

/** What holds where the host says nothing. */
export const defaultRecoveryPolicy: RecoveryPolicy = {
  maxPinAttempts: 2,
  maxSmsAttempts: 3,
  answerTimeoutMs: 600_000,
  requestTimeoutMs: 30_000,
  resendAfterMs: 30_000,
  pinPattern: /^\d{4,8}$/,
  smsCodePattern: /^[0-9A-Za-z]{4,9}$/,
  phonePattern: /^\+?[\d(][\d ().-]{4,18}\d$/,
  smsBudget: undefined,
};

/** SMS of one flow, where the host sets no budget. */
export const SMS_OF_A_FLOW = 2;

const pattern = (value: unknown): string | undefined =>
  isPattern(value) ? undefined : 'a regular expression';

const checks: PolicyChecks<RecoveryPolicy> = {
  maxPinAttempts: count,
  maxSmsAttempts: count,
  answerTimeoutMs: timeout,
  requestTimeoutMs: timeout,
  resendAfterMs: (value) =>
    typeof value === 'number' && value >= 0 ? undefined : 'a number of milliseconds, 0 or more',
  pinPattern: pattern,
  smsCodePattern: pattern,
  phonePattern: pattern,
  smsBudget: (value) =>
    value === undefined || isBudget(value) ? undefined : '{ max, perMs, store? }, max and perMs above 0',
};

/** @returns The whole policy. @throws TypeError for a value that makes no sense, or a name that is none. */
export const resolveRecoveryPolicy = (options: RecoveryPolicyOptions = {}): RecoveryPolicy =>
  completePolicy(options, defaultRecoveryPolicy, checks);
