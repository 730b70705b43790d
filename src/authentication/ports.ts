import { type CallbackActorLogic, fromCallback } from 'xstate';
import type { EnterPinInput, RequestOtpInput, StrongAuthEvent } from '../../machines/strong-auth/index.js';
import { type Abortable, abort, Sending } from '../calls/call.js';
import { type Classifier, judgeOtp, type OtpVerdict } from '../messages/classify.js';
import type { Clock } from '../host/clock.js';
import { OTP_API, type WaitingCall } from '../calls/ledger.js';
import type { BudgetCounter } from './otp-budget.js';
import type { OtpLine } from './otp-line.js';
import { type ApiMessage, parseMessage, parseThrown } from '../messages/message.js';
import type { Tell } from '../host/telemetry.js';
import type { Transport } from '../host/transport.js';
import type { Vault } from './vault.js';

/** What the user is asked, and for what. */
export interface PinPrompt {
  /** Which PIN of this wave it is, from 1. A malformed one does not count. */
  readonly attempt: number;
  /** Attempts left, this one included. */
  readonly attemptsLeft: number;
  /** Why it is asked: for the first time, after a wrong PIN, or after one that could not have been right. */
  readonly reason: EnterPinInput['reason'];
  /** The calls that wait. Live: it grows and shrinks while the prompt is open. */
  readonly calls: readonly WaitingCall[];
  /** Aborted when the answer is not wanted any more: close the prompt. */
  readonly signal: AbortSignal;
}

/**
 * How the user gives the PIN. Resolves with it; with `''`, `null` or `undefined`, or rejects with an AbortError, if the user
 * declined. Any other rejection fails the wave with `PIN_ENTRY_FAILED`.
 */
export type EnterPin = (prompt: PinPrompt) => Promise<string | null | undefined>;

interface PortParts {
  readonly transport: Transport;
  readonly enterPin: EnterPin;
  readonly pinPattern: RegExp;
  readonly classifier: Classifier | undefined;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly line: OtpLine;
  readonly budget: BudgetCounter;
  readonly keepsOtp: boolean;
  readonly waiting: () => readonly WaitingCall[];
  readonly tell: Tell;
  /** Told until when the running port may take, epoch ms; `undefined` when it has ended. */
  readonly onDeadline: (at: number | undefined) => void;
  readonly timeouts: { readonly pinEntryTimeoutMs: number; readonly otpTimeoutMs: number };
}

/** Asks the user. The PIN goes from the promise into the vault; the machine only hears that there is one. */
export const createEnterPinPort = (parts: PortParts): CallbackActorLogic<StrongAuthEvent, EnterPinInput> =>
  fromCallback(({ sendBack, input }) => {
    const { vault, budget, clock, tell } = parts;
    const controller = new AbortController();
    let isOpen = true;
    vault.forgetPin(); // of the attempt before
    parts.onDeadline(clock.now() + parts.timeouts.pinEntryTimeoutMs);

    const ask = (retryAt: number | undefined): void => {
      if (!isOpen) return;
      if (retryAt !== undefined) return close({ type: 'pin.unaffordable', retryAt });
      tell?.({ type: 'pinRequested', ...pick(input), waiting: parts.waiting().length });
      const askedAt = clock.now();
      const answer = (outcome: PinOutcome) => {
        if (!isOpen) return;
        tell?.({ type: 'pinAnswered', outcome, durationMs: clock.now() - askedAt });
        close({ type: `pin.${outcome}` });
      };
      const prompt: PinPrompt = {
        ...pick(input),
        get calls() {
          return parts.waiting();
        },
        signal: controller.signal,
      };
      promptUser(parts.enterPin, prompt).then(
        (entered) => isOpen && answer(receive(entered, parts)),
        (error) => answer(isAbortError(error) ? 'declined' : 'failed'),
      );
    };
    const close = (event: StrongAuthEvent) => {
      isOpen = false;
      sendBack(event);
    };

    const refusal = budget.refusal();
    if (refusal instanceof Promise) refusal.then(ask);
    else ask(refusal);

    return () => {
      parts.onDeadline(undefined);
      if (isOpen) controller.abort();
      isOpen = false;
    };
  });

/** Waits until the SDK has answered an OTP request whose wave is over. */
export const createOtpLinePort = ({
  line,
  clock,
  onDeadline,
}: PortParts): CallbackActorLogic<StrongAuthEvent> =>
  fromCallback(({ sendBack }) => {
    const free = () => sendBack({ type: 'otp.lineFree' });
    const left = line.busyFor();
    if (left > 0) {
      onDeadline(clock.now() + left);
      line.onAnswer(free);
      return () => {
        onDeadline(undefined);
        line.onAnswer(undefined);
      };
    }
    free();
    return undefined;
  });

/** Sends the PIN from the vault, and tells what the answer means. */
export const createRequestOtpPort = (
  parts: PortParts,
): CallbackActorLogic<StrongAuthEvent, RequestOtpInput> =>
  fromCallback(({ sendBack, input: { resetStep } }) => {
    const { vault, clock, tell } = parts;
    const sending: Abortable = { controller: undefined };
    let isOpen = true;
    const sentAt = clock.now();
    parts.onDeadline(sentAt + parts.timeouts.otpTimeoutMs);

    const conclude = (message: ApiMessage | undefined): void => {
      if (!isOpen) return; // late: it changes nothing
      isOpen = false;
      const verdict: OtpVerdict = message
        ? judgeOtp(message, parts.classifier)
        : { denied: 'OUTCOME_UNKNOWN' };
      const otpCode = codeOf(message, vault);
      const durationMs = clock.now() - sentAt;
      // The PIN is kept over this answer only for the one `resetStep` request.
      if (verdict !== 'resetNeeded' || resetStep) vault.forgetPin();
      if (verdict === 'granted') {
        if (parts.keepsOtp) keepOtp(message, vault);
        tell?.({ type: 'otpGranted', durationMs });
        return sendBack({ type: 'otp.granted', at: clock.now() });
      }
      const code = typeof verdict === 'object' ? verdict.denied : undefined;
      const facts = otpCode === undefined ? {} : { otpCode };
      tell?.({ type: 'otpDenied', verdict: code ?? (verdict as 'pinRejected'), durationMs, ...facts });
      sendBack(
        code ? { type: 'otp.denied', code, ...facts } : { type: `otp.${verdict as 'pinRejected'}`, ...facts },
      );
    };

    const answer = sendOtpRequest(parts, resetStep, sending);
    if (answer) answer.then(conclude);
    // Without a PIN, as after a restored snapshot, nothing is sent.
    else sendBack({ type: 'otp.denied', code: 'PIN_ENTRY_FAILED' });

    return () => {
      parts.onDeadline(undefined);
      if (isOpen) abort(sending);
      isOpen = false;
    };
  });

type PinOutcome = 'given' | 'malformed' | 'declined' | 'failed';

/** Takes what was entered. In a function of its own, so that no closure that lives on shares a scope with the PIN. */
function receive(entered: unknown, { pinPattern, vault }: PortParts): PinOutcome {
  if (entered === undefined || entered === null || entered === '') return 'declined';
  if (typeof entered !== 'string') return 'failed';
  const matches = pinPattern.test(entered);
  // The engine remembers the last text that any pattern matched, in RegExp.input and its kin: let it be another.
  /^/.test('');
  if (!matches) return 'malformed';
  vault.deposit(entered);
  return 'given';
}

/**
 * Sends the request with the PIN from the vault; the PIN is in no variable that outlives the sending.
 *
 * @returns Resolves with the answer, `undefined` if it was none; nothing if there is no PIN to send.
 */
function sendOtpRequest(
  { transport, vault, line, budget, tell }: PortParts,
  resetStep: boolean,
  sending: Abortable,
): Promise<ApiMessage | undefined> | undefined {
  return vault.spend((pinCode) => {
    tell?.({ type: 'otpRequested', resetStep });
    budget.spend();
    return settle(
      send(
        transport,
        { action: 'withPIN', pinCode, ...(resetStep && { resetStep: true }) },
        new Sending(sending),
      ),
      line.occupy(),
    );
  });
}

function send(transport: Transport, parameters: Record<string, unknown>, sending: Sending): Promise<unknown> {
  try {
    return Promise.resolve(transport.send({ verb: 'get', api: OTP_API, parameters }, sending));
  } catch (error) {
    return Promise.reject(error);
  }
}

function settle(answer: Promise<unknown>, answered: () => void): Promise<ApiMessage | undefined> {
  return answer.then(
    (raw) => {
      answered();
      return parseMessage(raw);
    },
    (error) => {
      answered();
      return parseThrown(error);
    },
  );
}

function promptUser(enterPin: EnterPin, prompt: PinPrompt): Promise<unknown> {
  try {
    return Promise.resolve(enterPin(prompt));
  } catch (error) {
    return Promise.reject(error);
  }
}

/** The SDK's code, unless it would give the PIN away. */
function codeOf(message: ApiMessage | undefined, vault: Vault): number | undefined {
  if (message?.status !== 'FAILED') return undefined;
  const { code } = message.error;
  return typeof code === 'number' && !vault.isEchoedBy(code) ? code : undefined;
}

function keepOtp(message: ApiMessage | undefined, vault: Vault): void {
  const otp =
    message?.status === 'SUCCEEDED' ? (message.result as { otp?: unknown } | undefined)?.otp : undefined;
  if (typeof otp === 'string') vault.keepOtp(otp);
}

const pick = ({ attempt, attemptsLeft, reason }: EnterPinInput): EnterPinInput => ({
  attempt,
  attemptsLeft,
  reason,
});

function isAbortError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && (error as { name?: unknown }).name === 'AbortError';
}
