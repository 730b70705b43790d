import {
  type ApiRequest,
  type CallState,
  isStrongAuthError,
  type PinPad,
  type Remedy,
  type StrongAuth,
} from 'strong-auth-machine';

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

/** @returns What the remote shows of a call with a state of its own. */
export function outcomeOfCall(status: CallState<unknown>['status'], error: unknown): Outcome {
  if (status === 'idle') return 'unmade';
  if (status !== 'failed') return status;
  return isStrongAuthError(error) ? error.code : 'failed';
}

/** What the user can do, by remedy: a call that may have been executed is looked after before it is made again. */
export const advice: Readonly<Record<Remedy, string>> = {
  retry: 'Please try again.',
  checkState: 'It may have worked. Look at the car before you try again.',
  authenticate: 'Open the app and confirm with your PIN.',
  unblockAccount: 'Your account is blocked. Unblock it in your profile.',
  enrollDevice: 'This device is not known any more. Register it again.',
  signIn: 'Please sign in again.',
  wait: 'Please try again later.',
  none: '',
};

/** @returns What the user can do about an error. The user who has declined knows. */
export function adviceFor(error: unknown): string {
  if (!isStrongAuthError(error)) return error ? 'The car did not do it.' : '';
  return error.code === 'CANCELLED' ? '' : advice[error.remedy];
}

/** @returns What the remote shows of an error. */
export function outcomeOf(error: unknown, signal: AbortSignal): Outcome {
  if (signal.aborted) return 'aborted';
  return isStrongAuthError(error) ? error.code : 'failed';
}
