import type { EnterPinInput } from '../../machines/strong-auth/index.js';
import type { CallName } from '../messages/errors.js';

/** What a prompt may say of a call that waits. */
export interface WaitingCall extends CallName {
  /** The app's own words for it: the option `label`. */
  readonly label?: string;
  /** What the server said with its challenge, as `classify` gave it: plain and frozen. */
  readonly challenge?: unknown;
}

/** What the user is asked, and for what. */
export interface PinPrompt {
  /** Which PIN of this wave it is, from 1. A malformed one does not count. */
  readonly attempt: number;
  /** Attempts left, this one included: the policy's, or the back end's where that is lower. */
  readonly attemptsLeft: number;
  /** Why it is asked: for the first time, after a wrong PIN, or after one that could not have been right. */
  readonly reason: EnterPinInput['reason'];
  /** The calls that wait. Live: it grows and shrinks while the prompt is open. */
  readonly calls: readonly WaitingCall[];
  /**
   * Aborted when the answer is not wanted any more: close the prompt. Give it to calls that `enterPin` itself makes and waits
   * for: challenged, they reject `INTERACTION_REQUIRED` instead of waiting for the PIN that waits for them.
   */
  readonly signal: AbortSignal;
  /**
   * Resolves once the answer was judged: the wave asks again, is granted, or has ended. Until then a dialog may stay open and
   * say that it is checking. Never rejects.
   */
  readonly judged: Promise<void>;
}

/**
 * How the user gives the PIN. Resolves with it; with `''`, `null` or `undefined`, or rejects with an AbortError or a
 * NotAllowedError, if the user declined. Any other rejection, and anything that is no string, ends the wave with
 * `PIN_ENTRY_FAILED`.
 */
export type EnterPin = (prompt: PinPrompt) => Promise<string | null | undefined>;

/** Which prompt is asked, which runs host code this very moment, and when the last one was judged. */
export class Prompts {
  /** The prompt that waits for its answer. */
  asking: object | undefined;
  /** The prompt whose `enterPin` is running this very moment: calls made now are made by it. */
  private running: object | undefined;
  /** By which the prompt that is asked tells its `enterPin` that it is over. */
  private signal: AbortSignal | undefined;
  private onJudged: (() => void) | undefined;

  /** @returns A promise for the judgement of the prompt that is asked now. */
  begin(prompt: object): Promise<void> {
    this.judge();
    this.asking = prompt;
    return new Promise((resolve) => {
      this.onJudged = resolve;
    });
  }

  /**
   * @param signal What a call is given to listen to.
   * @returns The prompt whose `enterPin` makes that call: it is running, or it has given the call its own signal.
   */
  makerOf(signal: unknown): object | undefined {
    return signal !== undefined && signal === this.signal ? this.asking : this.running;
  }

  /** Runs the host's function, which was given `signal`. */
  run<T>(prompt: object, signal: AbortSignal, enterPin: () => T): T {
    const outer = this.running;
    this.running = prompt;
    this.signal = signal;
    try {
      return enterPin();
    } finally {
      this.running = outer;
    }
  }

  /** It has been answered, or is not wanted any more. */
  end(prompt: object): void {
    if (this.asking === prompt) this.asking = this.signal = undefined;
  }

  /** The last answer was judged. */
  judge(): void {
    this.onJudged?.();
    this.onJudged = undefined;
  }
}
