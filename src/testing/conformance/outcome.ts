import { type ApiMessage, readMessage, readThrown } from '../../messages/message.js';
import { show } from './values.js';

/** The current state of a promise. */
export interface Outcome {
  readonly state: 'pending' | 'resolved' | 'rejected';
  /** What the promise was resolved or rejected with. */
  readonly value: unknown;
}

/**
 * Starts something and observes its promise. A synchronous throw counts as a rejection, as in the package.
 */
export function observe(start: () => unknown): Outcome {
  const outcome: { -readonly [Part in keyof Outcome]: Outcome[Part] } = {
    state: 'pending',
    value: undefined,
  };
  const settle = (state: Outcome['state']) => (value: unknown) => {
    outcome.state = state;
    outcome.value = value;
  };
  try {
    Promise.resolve(start()).then(settle('resolved'), settle('rejected'));
  } catch (error) {
    settle('rejected')(error);
  }
  return outcome;
}

/** @returns The message that the package reads in the outcome; `undefined` if it reads none. */
export function messageOf({ state, value }: Outcome): ApiMessage | undefined {
  if (state === 'resolved') return readMessage(value);
  return state === 'rejected' ? readThrown(value) : undefined;
}

/** @returns The outcome in a few words. */
export const tell = ({ state, value }: Outcome): string =>
  state === 'pending' ? 'no answer came' : `it ${state} with ${show(value)}`;

/** @returns The outcome of a transport's answer in a few words, and whether the package can read it. */
export function tellAnswer(outcome: Outcome): string {
  const isUnreadable = outcome.state !== 'pending' && messageOf(outcome) === undefined;
  return `${tell(outcome)}${isUnreadable ? ', in which there is no message to read' : ''}`;
}

/** @returns How to pass on a FAILED message, for a bridge with this outcome. */
export function howToFail({ state, value }: Outcome): string {
  const { code } = (state === 'rejected' && typeof value === 'object' ? (value ?? {}) : {}) as {
    code?: unknown;
  };
  if (code !== undefined) {
    return 'Put the code where it is read: reject with { error: { code, label } }, or resolve with the whole message. A bare code on the error is not read, since a DOMException and most system errors have one too.';
  }
  if (state === 'rejected') {
    return 'Reject with { error: { code, label } }, or resolve with the whole message: words alone say nothing about strong authentication.';
  }
  if (state === 'pending') return 'Settle the promise for FAILED messages too, not only for SUCCEEDED ones.';
  return 'Resolve with the whole message as the SDK sent it: { transactionId, status, error }.';
}
