import type { EnterPinInput } from '../../machines/strong-auth/index.js';
import type { CallName } from '../messages/errors.js';

/** What a prompt may show of a waiting call. */
export interface WaitingCall extends CallName {
  /** The app's own description of the call: the option `label`. */
  readonly label?: string;
  /** The data of the server's challenge, as `classify` returned it: plain and frozen. */
  readonly challenge?: unknown;
}

/** What the user is asked, and for which calls. */
export interface PinPrompt {
  /** The number of this PIN in the wave, from 1. A malformed PIN does not count. */
  readonly attempt: number;
  /** Attempts left, this one included: by the policy, or by the back end where that is lower. */
  readonly attemptsLeft: number;
  /** Why the PIN is asked for: for the first time, after a wrong PIN, or after a malformed one. */
  readonly reason: EnterPinInput['reason'];
  /** The waiting calls. Live: the list changes while the prompt is open. */
  readonly calls: readonly WaitingCall[];
  /**
   * Aborted when the answer is no longer wanted: close the prompt. Also pass it to calls that `enterPin`
   * itself makes and awaits. If such a call is challenged, it rejects `INTERACTION_REQUIRED`, because the
   * PIN entry waits for that call.
   */
  readonly signal: AbortSignal;
  /**
   * Resolves once the answer was judged: the wave asks again, is granted, or has ended. Until then a dialog
   * may stay open and show that the PIN is checked. Never rejects.
   */
  readonly judged: Promise<void>;
}

/**
 * How the user gives the PIN. Resolves with the PIN. The user declined if it resolves with `''`, `null` or
 * `undefined`, or rejects with an AbortError or a NotAllowedError. Any other rejection, and any other value
 * that is no string, ends the wave with `PIN_ENTRY_FAILED`.
 */
export type EnterPin = (prompt: PinPrompt) => Promise<string | null | undefined>;

/**
 * Keeps track of the open prompt, of the prompt whose `enterPin` runs right now,
 * and of the judgement of answers.
 */
export class Prompts {
  /** The prompt, cure or OTP request of the host that waits for its answer. */
  asking: object | undefined;
  /** The prompt whose `enterPin` runs right now: it makes the calls that are made now. */
  private running: object | undefined;
  /** The signal that the open prompt has given to its `enterPin`. */
  private signal: AbortSignal | undefined;
  private onJudged: (() => void) | undefined;

  /** Opens a prompt. @returns A promise that resolves when its answer was judged. */
  begin(prompt: object): Promise<void> {
    this.judge();
    this.asking = prompt;
    return new Promise((resolve) => {
      this.onJudged = resolve;
    });
  }

  /**
   * @param signal The `signal` option of a call.
   * @returns The prompt whose `enterPin` makes that call: the function runs right now, or it gave the
   *   call the prompt's own signal.
   */
  makerOf(signal: unknown): object | undefined {
    return signal !== undefined && signal === this.signal ? this.asking : this.running;
  }

  /** Runs the host's function, which was given `signal`, and for whose answer the wave waits from now on. */
  run<T>(prompt: object, signal: AbortSignal, hostFunction: () => T): T {
    const outer = this.running;
    this.running = this.asking = prompt;
    this.signal = signal;
    try {
      return hostFunction();
    } finally {
      this.running = outer;
    }
  }

  /** The prompt was answered, or is no longer wanted. */
  end(prompt: object): void {
    if (this.asking === prompt) this.asking = this.signal = undefined;
  }

  /** The last answer was judged. */
  judge(): void {
    this.onJudged?.();
    this.onJudged = undefined;
  }
}
