import { type CallbackActorLogic, fromCallback } from 'xstate';
import type { Failure, RecoverInput, StrongAuthEvent } from '../../machines/strong-auth/index.js';
import { RECOVER_TIMEOUT_MS } from '../../machines/strong-auth/strong-auth.setup.js';
import { ask, read } from '../host/ask.js';
import type { HostClock } from '../host/clock.js';
import { abort } from '../host/signals.js';
import { surface } from '../host/surface.js';
import type { Tell } from '../messages/telemetry.js';
import { isDeclined } from './enter-pin-port.js';
import type { Prompts, WaitingCall } from './prompts.js';

/**
 * Cures the account or the device while the calls wait. Resolves with `true` if the PIN is to be asked for again; with anything
 * else, or if it throws or rejects, the wave is denied as it would have been. An error other than those of this package is also
 * given to the host as an uncaught one.
 *
 * @param failure Why the wave would be denied: its `remedy` is `enrollDevice` or `unblockAccount`.
 */
export type Recover = (
  failure: Pick<Failure, 'code' | 'remedy' | 'otpCode'>,
  options: {
    /** Aborted when nobody waits for the cure any more. */
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
  /** Told until when the running port may take, epoch ms; `undefined` when it has ended. */
  readonly onDeadline: (at: number | undefined) => void;
}

/** Lets the host cure. A call that it makes meanwhile cannot wait for the cure that waits for it, as in `enterPin`. */
export const createRecoverPort = ({
  recover,
  clock,
  prompts,
  waiting,
  tell,
  onDeadline,
}: RecoverParts): CallbackActorLogic<StrongAuthEvent, RecoverInput> =>
  fromCallback(({ sendBack, input: { failure } }) => {
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
  });

/** Errors that say how a flow of `./recovery`, or a call, has ended: nothing is wrong in the host's code. */
const OURS: readonly unknown[] = ['RecoveryError', 'StrongAuthError', 'ApiError'];
const isOurs = (error: unknown): boolean => OURS.includes(read(error, 'name'));
