import type { PinPadView, PinPrompt } from '../index.js';

/** The attributes of an input for a PIN, by their names in HTML. Its label is yours. A type, since what an interface says can be added to, and so is no `Record` to Vue. */
export type PinInputAttributes = {
  /** Hides what is typed. */
  readonly type: 'password';
  /** The keys for digits, on a screen. */
  readonly inputmode: 'numeric';
  /** A PIN is typed each time; no browser is to remember it. */
  readonly autocomplete: 'off';
  /** An empty PIN is none. */
  readonly required: true;
  /** There while the PIN is being checked: nothing can be typed, and the field keeps its focus, which it would lose if disabled. */
  readonly readonly?: true;
  /** Whether the PIN before was rejected or malformed. Not while the next one is being checked. */
  readonly 'aria-invalid': 'true' | 'false';
};

const first: PinInputAttributes = Object.freeze({
  type: 'password',
  inputmode: 'numeric',
  autocomplete: 'off',
  required: true,
  'aria-invalid': 'false',
});
const again: PinInputAttributes = Object.freeze({ ...first, 'aria-invalid': 'true' });
const checking: PinInputAttributes = Object.freeze({ ...first, readonly: true });

/** @returns What the input of a pad is given: one object for the same attributes, so that nothing seems to have changed. */
export function pinInputAttributes({ phase, prompt }: PinPadView): PinInputAttributes {
  if (phase === 'checking') return checking;
  return prompt && prompt.reason !== 'strongAuthNeeded' ? again : first;
}

/**
 * @returns The prompt that an answer is for: the given one, else the one that is shown. As the listener of an event, an answer is
 *   given that event, or whatever a library tells with it.
 */
export const promptOf = (given: unknown, shown: PinPrompt | undefined): PinPrompt | undefined =>
  typeof given === 'object' && given !== null && 'attempt' in given ? (given as PinPrompt) : shown;

/** What is asked. */
interface Asked {
  /** What is asked, or was answered and is being checked. Its `calls` are live. */
  readonly prompt: PinPrompt;
  /** Which PIN it is, from 1. */
  readonly attempt: number;
  /** Attempts left, this one included. */
  readonly attemptsLeft: number;
  /** Why it is asked. */
  readonly reason: PinPrompt['reason'];
}

/** What a PIN pad shows, told apart by `phase`. Show the dialog until it is `closed`: it stays from `asking` over `checking` to `asking`. */
export type PinPadShown =
  | (Asked & {
      /** A PIN is asked for. */
      readonly phase: 'asking';
      /** Whether a PIN is asked for. */
      readonly isOpen: true;
    })
  | (Asked & {
      /** The PIN that was given is being checked. */
      readonly phase: 'checking';
      /** Whether a PIN is asked for. */
      readonly isOpen: false;
    })
  | ({
      /** Nobody is asked. */
      readonly phase: 'closed';
      /** Whether a PIN is asked for. */
      readonly isOpen: false;
    } & {
      /** Missing: nobody is asked. */
      readonly [Fact in keyof Asked]: undefined;
    });

/** @returns What a pad shows, with the facts of its prompt beside `phase`. */
export const shownOf = ({ phase, isOpen, prompt }: PinPadView): PinPadShown =>
  ({
    ...{ phase, isOpen, prompt },
    attempt: prompt?.attempt,
    attemptsLeft: prompt?.attemptsLeft,
    reason: prompt?.reason,
  }) as PinPadShown;
