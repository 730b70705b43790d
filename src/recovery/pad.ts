import type { AskInput, QuestionKind } from '../../machines/recovery/index.js';
import { checkClock } from '../client/options.js';
import { readDigits } from '../client/pin-digits.js';
import { createStore, Listeners, type ObservableStore } from '../client/store.js';
import { isObject } from '../host/ask.js';
import { type Clock, guardClock, systemClock } from '../host/clock.js';
import { refuseUnknownNames } from '../host/names.js';
import type { RecoveryQuestion } from './question.js';

/** What a field for the answer is given, by its names in React; in HTML they are written small. */
export interface AnswerField {
  /** Hides what is typed, where it is a PIN. */
  readonly type: 'password' | 'text' | 'tel';
  /** The keys, on a screen. */
  readonly inputMode: 'numeric' | 'tel';
  /** What a browser may fill in: the code of an SMS, a phone number, never a PIN. */
  readonly autoComplete: 'off' | 'one-time-code' | 'tel';
}

/** UI state of the pad, told apart by `phase`. */
export type RecoveryPadView =
  | {
      /** Nobody is asked. */
      readonly phase: 'closed';
      /** Missing: nobody is asked. */
      readonly question?: undefined;
      /** Missing: there is nothing to type. */
      readonly field?: undefined;
      /** Missing: no code is asked for. */
      readonly resendInSeconds?: undefined;
    }
  | {
      /** The user is asked. */
      readonly phase: 'asking';
      /** What is asked. Give it back to `submit` and `cancel`. */
      readonly question: RecoveryQuestion;
      /** For the field; missing for `confirmRemoval`, which takes a yes or a no. */
      readonly field?: AnswerField;
      /** Seconds until another SMS can be had, counting down to 0; missing where none can. */
      readonly resendInSeconds?: number;
    };

/** What a pad may be made with. */
export interface RecoveryPadOptions {
  /**
   * Counts the seconds down.
   *
   * @default the host's own
   */
  readonly clock?: Clock | undefined;
}

/** Asks the questions of a recovery without looks: give `ask` to `createRecovery`, and the rest to the UI. */
export interface RecoveryPad {
  /** For `createRecovery`: opens the pad, and resolves when the user has answered. */
  readonly ask: (question: RecoveryQuestion) => Promise<string | boolean | null>;
  /** UI state of the pad. */
  readonly view: ObservableStore<RecoveryPadView>;
  /**
   * Answers. Ignored when nothing is asked, when it is empty, and when it is the answer to another question.
   *
   * @param answer What was typed; to `confirmRemoval` `true`.
   * @param question The question that was on screen. Default: the one that is asked now.
   */
  submit(answer: string | true, question?: AskInput): void;
  /** Declines. Ignored when nothing is asked, or something else than `question`. */
  cancel(question?: AskInput): void;
  /** Has another SMS sent. @returns Whether it is sent. */
  resend(): boolean;
}

const FIELDS: { readonly [Kind in QuestionKind]?: AnswerField } = {
  pin: { type: 'password', inputMode: 'numeric', autoComplete: 'off' },
  newPin: { type: 'password', inputMode: 'numeric', autoComplete: 'off' },
  smsCode: { type: 'text', inputMode: 'numeric', autoComplete: 'one-time-code' },
  phoneNumber: { type: 'tel', inputMode: 'tel', autoComplete: 'tel' },
};

const CLOSED: RecoveryPadView = Object.freeze({ phase: 'closed' });

/**
 * @returns A pad for one recovery, which asks one question at a time.
 * @throws TypeError for an unknown option name, and for what is no clock.
 */
export function createRecoveryPad(options: RecoveryPadOptions = {}): RecoveryPad {
  const { clock: given = systemClock } = options;
  refuseUnknownNames(options, { clock: true }, (name) => `${name} is no option of createRecoveryPad`);
  checkClock(given);
  const clock = guardClock(given);
  const listeners = new Listeners<RecoveryPadView>();
  let view = CLOSED;
  let answer: ((given: string | boolean | null) => void) | undefined;
  let timer: unknown;

  const show = (question: RecoveryQuestion | undefined) => {
    clock.clearTimeout(timer);
    if (question) {
      const field = FIELDS[question.kind];
      const { resendAt } = question;
      const resendInSeconds =
        resendAt === undefined ? undefined : Math.max(0, Math.ceil((resendAt - clock.now()) / 1000));
      view = Object.freeze({
        phase: 'asking',
        question,
        ...(field && { field }),
        ...(resendInSeconds !== undefined && { resendInSeconds }),
      });
      if (resendInSeconds) timer = clock.setTimeout(() => show(question), 1000);
    } else view = CLOSED;
    listeners.notify(view);
  };
  const settle = (answered: string | boolean | null) => {
    const last = answer;
    answer = undefined;
    last?.(answered);
    show(undefined);
  };
  /** As the listener of a button it is given an event, which is no question. */
  const isAsked = (given: AskInput | undefined) =>
    view.question !== undefined &&
    (!isObject(given) || !('attempt' in given) || isCopyOf(view.question, given));

  return {
    ask: (question) =>
      new Promise((resolve) => {
        if (question.signal.aborted) return resolve(null);
        if (answer) settle(null); // of a recovery that has forgotten it
        const close = () => settle(null);
        question.signal.addEventListener('abort', close, { once: true });
        answer = (answered) => {
          question.signal.removeEventListener('abort', close);
          resolve(answered);
        };
        show(question);
      }),
    view: createStore({ getSnapshot: () => view, subscribe: (listener) => listeners.add(listener) }),
    submit(typed, question) {
      if (isAsked(question) && typed) settle(typeof typed === 'string' ? readDigits(typed) : typed);
    },
    cancel(question) {
      if (isAsked(question)) settle(null);
    },
    resend() {
      const { question } = view;
      const isSent = question?.resend?.() ?? false;
      if (isSent) show(question);
      return isSent;
    },
  };
}

/**
 * Whether `given` is the question: itself, or a copy that a reactive library or a spread made, which has the same signal. The view of a
 * recovery has the facts of its question alone.
 */
function isCopyOf(question: RecoveryQuestion, given: Partial<RecoveryQuestion>): boolean {
  if (given.signal) return given.signal === question.signal;
  return (['kind', 'attempt', 'reason'] as const).every((fact) => given[fact] === question[fact]);
}
