import type { PinPrompt } from '../index.js';

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
  /** Whether the PIN before was not taken. */
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

/** @returns What the input of a prompt is given: one object for the same attributes, so that nothing seems to have changed. */
export const pinInputAttributes = (prompt: PinPrompt | undefined): PinInputAttributes =>
  prompt && prompt.reason !== 'strongAuthNeeded' ? again : first;
