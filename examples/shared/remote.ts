import { type ApiRequest, isStrongAuthError, type PinPad, type StrongAuth } from 'strong-auth-machine';

/** What every example app is given: the client and the pad that asks for its PIN. */
export interface Remote {
  readonly strongAuth: StrongAuth;
  readonly pinPad: PinPad;
}

/** Puts the app on the page. @returns How to take it off again. */
export type Mount = (root: HTMLElement, remote: Remote) => () => void;

/** What a button of the remote sends. */
export interface Command {
  readonly id: 'lock' | 'horn';
  readonly label: string;
  readonly request: ApiRequest;
}

/** Two, since two calls can meet strong authentication at the same time. */
export const commands: readonly Command[] = [
  {
    id: 'lock',
    label: 'Lock the doors',
    request: {
      verb: 'set',
      api: 'pims.vehicle.command',
      parameters: { action: 'doors', doorState: 'lock' },
    },
  },
  {
    id: 'horn',
    label: 'Sound the horn',
    request: { verb: 'set', api: 'pims.vehicle.command', parameters: { action: 'horn' } },
  },
];

/** What became of a press: not made, on its way, done, given up, refused by the SDK (`failed`), or a code of `StrongAuthError`. */
export type Outcome = string;

/** @returns What the remote shows of an error. */
export function outcomeOf(error: unknown, signal: AbortSignal): Outcome {
  if (signal.aborted) return 'aborted';
  return isStrongAuthError(error) ? error.code : 'failed';
}
