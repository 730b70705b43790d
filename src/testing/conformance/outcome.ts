import { type ApiMessage, readMessage, readThrown } from '../../messages/message.js';
import { show } from './values.js';

/** What has become of a promise so far. */
export interface Outcome {
  readonly state: 'pending' | 'resolved' | 'rejected';
  /** What it was resolved or rejected with. */
  readonly value: unknown;
}

/** Starts something and watches it; a synchronous throw counts as a rejection, as in the package. */
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

/** @returns The message that the package reads in it; `undefined` if it reads none. */
export function messageOf({ state, value }: Outcome): ApiMessage | undefined {
  if (state === 'resolved') return readMessage(value);
  return state === 'rejected' ? readThrown(value) : undefined;
}

/** @returns What has become of it, in a few words. */
export const tell = ({ state, value }: Outcome): string =>
  state === 'pending' ? 'no answer came' : `it ${state} with ${show(value)}`;

/** @returns The same of an answer of the transport, and whether it can be read. */
export function tellAnswer(outcome: Outcome): string {
  const isUnreadable = outcome.state !== 'pending' && messageOf(outcome) === undefined;
  return `${tell(outcome)}${isUnreadable ? ', in which there is no message to read' : ''}`;
}

/** @returns How to let a FAILED message through, after what was done instead. */
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
