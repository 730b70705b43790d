import type { RecoveryPad, RecoveryPadView } from '../recovery/index.js';

/** What a recovery pad shows, told apart by `phase`, and what answers it. */
export type RecoveryPadControl = RecoveryPadView & {
  /**
   * Answers the question that is shown here; to `confirmRemoval` with `true`. Ignored if another is asked by then, or it is empty.
   * Read what was typed from the element when it is submitted: a state would keep it.
   */
  submit(this: void, answer: string | true): void;
  /** Declines the question that is shown here. Ignored if another is asked by then. */
  cancel(this: void): void;
  /** Has another SMS sent, when `resendInSeconds` is 0. @returns Whether it is sent. */
  resend(this: void): boolean;
};

/** @returns The view, with answers to its question and to no other. */
export function controlOf(pad: RecoveryPad, view: RecoveryPadView): RecoveryPadControl {
  const { question } = view;
  return {
    ...view,
    submit: (answer) => question && pad.submit(answer, question),
    cancel: () => question && pad.cancel(question),
    resend: pad.resend,
  };
}
