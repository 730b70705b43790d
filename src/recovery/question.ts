import type { AskInput } from '../../machines/recovery/index.js';

/** What the user is asked. */
export interface RecoveryQuestion extends AskInput {
  /** Aborted when the answer is not wanted any more: close the question. */
  readonly signal: AbortSignal;
  /**
   * Has another SMS sent, while the question stays. Only with `smsCode`, and only if the limits leave room for one.
   *
   * @returns Whether it is sent: not before `policy.resendAfterMs` are over, and not while one is on its way.
   */
  resend?(): boolean;
  /** Epoch ms from which `resend` sends one, live; undefined when the limits leave room for none any more. */
  readonly resendAt?: number | undefined;
}

/**
 * How the user answers. Resolves with what was entered; to `confirmRemoval` with `true`. With `''`, `false`, `null` or `undefined`,
 * or if it rejects with an AbortError or a NotAllowedError, the user declined. Any other rejection, and what is no answer to the
 * question, ends the flow with `ASK_FAILED`.
 */
export type Ask = (
  question: RecoveryQuestion,
) => Promise<string | boolean | null | undefined> | string | boolean | null | undefined;
