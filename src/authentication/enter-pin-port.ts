import type { EnterPinInput, StrongAuthEvent } from '../../machines/strong-auth/index.js';
import type { Port } from '../../machines/strong-auth/strong-auth.setup.js';
import { ask, read } from '../host/ask.js';
import type { HostClock } from '../host/clock.js';
import { abort } from '../host/signals.js';
import { surface } from '../host/surface.js';
import type { Tell } from '../messages/telemetry.js';
import type { BudgetCounter } from './otp-budget.js';
import type { EnterPin, PinPrompt, Prompts, WaitingCall } from './prompts.js';
import type { Vault } from './vault.js';

/** What asking the user needs. */
export interface EnterPinParts {
  readonly enterPin: EnterPin;
  readonly pinPattern: RegExp;
  readonly pinEntryTimeoutMs: number;
  readonly clock: HostClock;
  readonly vault: Pick<Vault, 'deposit' | 'forgetPin'>;
  readonly budget: BudgetCounter;
  readonly prompts: Prompts;
  readonly waiting: () => readonly WaitingCall[];
  readonly tell: Tell;
  /**
   * Called with the time, in epoch ms, at which the running port times out; with
   * `undefined` when the port has ended.
   */
  readonly onDeadline: (at: number | undefined) => void;
}

type PinEvent = Extract<StrongAuthEvent, { readonly type: `pin.${string}` }>;

/**
 * Asks the user. The PIN goes from the promise straight into the vault; the machine
 * is told only that there is one.
 */
export const createEnterPinPort =
  (parts: EnterPinParts): Port<EnterPinInput> =>
  ({ sendBack, input }) => {
    const { vault, budget, clock, prompts, tell } = parts;
    const { attempt, attemptsLeft, reason } = input;
    const port = {};
    let controller: AbortController | undefined;
    let isOpen = true;
    const judged = prompts.begin(port);
    vault.forgetPin(); // the PIN of the attempt before
    parts.onDeadline(clock.now() + parts.pinEntryTimeoutMs);

    const close = (event: PinEvent) => {
      isOpen = false;
      prompts.end(port);
      sendBack(event);
    };
    const fail = (error: unknown) => {
      if (isOpen) close({ type: 'pin.failed', why: 'threw' });
      surface(error);
    };

    const open = (): void => {
      controller = new AbortController();
      const { signal } = controller;
      tell?.({ type: 'pinRequested', attempt, attemptsLeft, reason, waiting: parts.waiting().length });
      const asked = clock.moment();
      const answer = (event: PinEvent) => {
        if (!isOpen) return;
        const outcome = event.type.slice('pin.'.length) as 'given';
        tell?.({ type: 'pinAnswered', outcome, durationMs: clock.ageOf(asked) });
        close(event);
      };
      const prompt: PinPrompt = {
        attempt,
        attemptsLeft,
        reason,
        get calls() {
          return parts.waiting();
        },
        signal,
        judged,
      };
      ask<unknown>(
        () => prompts.run(port, signal, () => parts.enterPin(prompt)),
        (entered) => isOpen && answer(receive(entered, parts)),
        (error) => {
          if (isDeclined(error)) return answer({ type: 'pin.declined' });
          // The error also surfaces when it comes late: it shows a bug in the host's code.
          answer({ type: 'pin.failed', why: 'threw' });
          surface(error);
        },
      );
    };

    const stopChecking = budget.check((retryAt) => {
      if (!isOpen) return;
      if (retryAt !== undefined) return close({ type: 'pin.unaffordable', retryAt });
      try {
        open();
      } catch (error) {
        fail(error); // a host without AbortController
      }
    });

    return () => {
      parts.onDeadline(undefined);
      stopChecking();
      prompts.end(port);
      const wasOpen = isOpen;
      isOpen = false;
      if (wasOpen && controller) abort(controller);
    };
  };

/**
 * Takes what the user entered. A function of its own, so that no closure that lives
 * on shares a scope with the PIN.
 */
function receive(entered: unknown, { pinPattern, vault }: EnterPinParts): PinEvent {
  if (entered === undefined || entered === null || entered === '') return { type: 'pin.declined' };
  if (typeof entered !== 'string') return { type: 'pin.failed', why: 'notAString' };
  const matches = pinPattern.test(entered);
  // The engine keeps the last text that any pattern matched, in `RegExp.input` and its
  // aliases. This replaces the PIN there.
  /^/.test('');
  if (!matches) return { type: 'pin.malformed' };
  vault.deposit(entered);
  return { type: 'pin.given' };
}

/**
 * @returns Whether the error's name is one by which a dialog, a passkey or a biometric prompt
 *   reports that the user declined.
 */
export function isDeclined(error: unknown): boolean {
  const name = read(error, 'name');
  return name === 'AbortError' || name === 'NotAllowedError';
}
