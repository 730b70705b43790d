import type { Failure, RecoverInput } from '../../machines/strong-auth/index.js';
import { type Port, RECOVER_TIMEOUT_MS } from '../../machines/strong-auth/strong-auth.setup.js';
import { ask, read } from '../host/ask.js';
import type { HostClock } from '../host/clock.js';
import { abort } from '../host/signals.js';
import { surface } from '../host/surface.js';
import type { Tell } from '../messages/telemetry.js';
import { isDeclined } from './enter-pin-port.js';
import type { Prompts, WaitingCall } from './prompts.js';

/**
 * Cures the account or the device while the calls wait. Resolves with `true` if the PIN is to be asked for
 * again. With any other value, or if it throws or rejects, the wave is denied with `failure`. An error that
 * is not of this package also surfaces as an uncaught error of the host.
 *
 * @param failure The failure that would deny the wave. Its `remedy` is `enrollDevice` or `unblockAccount`.
 */
export type Recover = (
  failure: Pick<Failure, 'code' | 'remedy' | 'otpCode'>,
  options: {
    /** Aborted when no call waits for the cure any more. */
    readonly signal: AbortSignal;
  },
) => Promise<boolean> | boolean;

/** What curing needs. */
export interface RecoverParts {
  readonly recover: Recover | undefined;
  readonly clock: HostClock;
  readonly prompts: Prompts;
  readonly waiting: () => readonly WaitingCall[];
  readonly tell: Tell;
  /**
   * Called with the time, in epoch ms, at which the running port times out; with
   * `undefined` when the port has ended.
   */
  readonly onDeadline: (at: number | undefined) => void;
}

/**
 * Runs the host's `recover`. As in `enterPin`, a call that the host makes meanwhile cannot wait for the cure,
 * because the cure waits for that call.
 */
export const createRecoverPort =
  ({ recover, clock, prompts, waiting, tell, onDeadline }: RecoverParts): Port<RecoverInput> =>
  ({ sendBack, input: { failure } }) => {
    const port = {};
    const controller = new AbortController();
    const { signal } = controller;
    const asked = clock.moment();
    let isOpen = true;
    prompts.begin(port); // the PIN before has been judged
    onDeadline(asked.wall + RECOVER_TIMEOUT_MS);
    tell?.({ type: 'recoveryStarted', code: failure.code, waiting: waiting().length });

    const end = (isCured: boolean) => {
      if (!isOpen) return;
      isOpen = false;
      tell?.({ type: 'recoveryEnded', isCured, durationMs: clock.ageOf(asked) });
      sendBack({ type: isCured ? 'recovery.succeeded' : 'recovery.failed' });
    };
    ask<unknown>(
      () => prompts.run(port, signal, () => recover?.({ ...failure }, { signal })),
      (answer) => end(answer === true),
      (error) => {
        end(false);
        if (!isDeclined(error) && !isOurs(error)) surface(error);
      },
    );

    return () => {
      onDeadline(undefined);
      prompts.end(port);
      const wasOpen = isOpen;
      isOpen = false;
      if (wasOpen) abort(controller);
    };
  };

/**
 * Errors that report how a flow of `./recovery`, or a call, has ended. They show no bug in the host's code.
 */
const OURS: readonly unknown[] = ['RecoveryError', 'StrongAuthError', 'ApiError'];
const isOurs = (error: unknown): boolean => OURS.includes(read(error, 'name'));
