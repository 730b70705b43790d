import type { RequestOtpInput, StrongAuthEvent } from '../../machines/strong-auth/index.js';
import type { Port } from '../../machines/strong-auth/strong-auth.setup.js';
import { ask, isObject, read } from '../host/ask.js';
import type { HostClock } from '../host/clock.js';
import { type Classifier, judgeOtp, type OtpJudgement } from '../messages/classify.js';
import { type ApiMessage, OTP_API, readMessage, readThrown } from '../messages/message.js';
import { Sending } from '../messages/sending.js';
import type { Tell } from '../messages/telemetry.js';
import type { Transport } from '../messages/transport.js';
import { type Grants, textOf } from './grants.js';
import type { BudgetCounter } from './otp-budget.js';
import type { OtpLine } from './otp-line.js';
import type { Prompts, WaitingCall } from './prompts.js';
import type { Throttle } from './throttle.js';
import type { Vault } from './vault.js';

/** What `requestOtp` receives with the PIN. */
export interface OtpRequest {
  /** Whether the request repeats one that was answered `resetNeeded`. */
  readonly resetStep: boolean;
  /** The waiting calls, with the data of their challenges. Live. */
  readonly calls: readonly WaitingCall[];
  /**
   * Aborted when the answer is no longer wanted. Also pass it to calls that `requestOtp` itself makes and awaits.
   * If such a call is challenged, it rejects `INTERACTION_REQUIRED`, because the wave waits for that call.
   */
  readonly signal: AbortSignal;
}

/**
 * Replaces the SDK's `pims.authentication.otp`, for a back end with another second factor. Resolves or
 * rejects with an envelope, which `classify.otp` interprets.
 */
export type RequestOtp = (pin: string, request: OtpRequest) => Promise<unknown>;

/** What requesting an OTP needs. */
export interface OtpParts {
  readonly transport: Transport;
  readonly requestOtp: RequestOtp | undefined;
  readonly classifier: Classifier | undefined;
  readonly otpTimeoutMs: number;
  readonly clock: HostClock;
  readonly vault: Vault;
  readonly line: OtpLine;
  readonly budget: BudgetCounter;
  readonly grants: Grants;
  readonly throttle: Throttle;
  readonly prompts: Prompts;
  /** Whether `prepareReplay` needs the OTP. */
  readonly keepsOtp: boolean;
  readonly waiting: () => readonly WaitingCall[];
  /** Calls `send` at once if a call waits for the wave or was made anew for one that was aborted; otherwise once one does. */
  readonly whenWanted: (send: () => void) => void;
  readonly tell: Tell;
  /**
   * Called with the time, in epoch ms, at which the running port times out; with
   * `undefined` when the port has ended.
   */
  readonly onDeadline: (at: number | undefined) => void;
}

/** Waits until the SDK has answered an OTP request whose wave is over. */
export const createOtpLinePort =
  ({ line, clock, onDeadline }: OtpParts): Port =>
  ({ sendBack }) => {
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
  };

/** Sends the PIN from the vault, and tells the machine what the answer means. */
export const createRequestOtpPort =
  (parts: OtpParts): Port<RequestOtpInput> =>
  ({ sendBack, input: { resetStep } }) => {
    const { clock, tell, vault } = parts;
    const sending = new Sending();
    let isOpen = true;
    let isAnswered = false;
    let sent = clock.moment();
    parts.onDeadline(sent.wall + parts.otpTimeoutMs);

    const conclude = (message: ApiMessage | undefined): void => {
      if (!isOpen || isAnswered) return; // a late answer changes nothing
      isAnswered = true;
      const { judgement, keep } = judge(message, parts);
      const otpCode = codeOf(message, vault);
      const event = toEvent(judgement, otpCode, parts); // before the PIN is dropped
      if (!isOpen) return; // the host's code that interpreted the answer has ended the wave
      keep();
      // After this answer, the PIN is kept only for the one `resetStep` request.
      if (judgement.verdict !== 'resetNeeded' || resetStep) vault.forgetPin();
      const facts = {
        durationMs: clock.ageOf(sent),
        ...(otpCode !== undefined && { otpCode }),
      };
      if (judgement.verdict === 'granted') tell?.({ type: 'otpGranted', durationMs: facts.durationMs });
      else {
        const verdict = judgement.verdict === 'denied' ? judgement.code : judgement.verdict;
        tell?.({ type: 'otpDenied', verdict, ...facts });
      }
      sendBack(event);
    };

    const send = (): void => {
      if (!isOpen) return;
      sent = clock.moment();
      const isSent = sendOtpRequest(parts, resetStep, sending, () => isOpen, conclude);
      // Without a PIN, for example after a snapshot was restored, nothing is sent.
      if (!isSent) sendBack({ type: 'otp.denied', code: 'PIN_ENTRY_FAILED' });
    };

    // In a microtask: a listener to the transition that leads here may still cancel, or abort the last
    // waiting call, and then nothing is sent.
    queueMicrotask(() => parts.whenWanted(send));

    return () => {
      parts.onDeadline(undefined);
      parts.prompts.end(sending);
      if (!isAnswered) Sending.abandon(sending);
      isOpen = false;
    };
  };

/** Interprets the answer, and returns what to keep of it. A grant without what the replays need is denied. */
function judge(
  message: ApiMessage | undefined,
  parts: OtpParts,
): { readonly judgement: OtpJudgement; readonly keep: () => void } {
  const nothing = () => {};
  if (!message) return { judgement: { verdict: 'denied', code: 'OUTCOME_UNKNOWN' }, keep: nothing };
  const { classifier, clock, grants, throttle, keepsOtp, vault } = parts;
  const judgement = judgeOtp(message, classifier, () => clock.now());
  if (judgement.verdict === 'denied') {
    const { retryAt } = judgement;
    return { judgement, keep: () => retryAt !== undefined && throttle.note(retryAt) };
  }
  if (judgement.verdict !== 'granted') return { judgement, keep: nothing };
  const keepGrant = grants.read(message);
  const otp = keepsOtp ? otpOf(message) : undefined;
  if (!keepGrant || (keepsOtp && otp === undefined))
    return { judgement: { verdict: 'denied', code: 'PROTOCOL' }, keep: nothing };
  const keep = () => {
    keepGrant();
    if (otp !== undefined) vault.keepOtp(otp);
  };
  return { judgement, keep };
}

function toEvent(
  judgement: OtpJudgement,
  otpCode: number | undefined,
  { clock, vault }: OtpParts,
): StrongAuthEvent {
  const facts = otpCode === undefined ? {} : { otpCode };
  switch (judgement.verdict) {
    case 'granted':
      return { type: 'otp.granted', at: clock.now() };
    case 'pinMalformed':
      return { type: 'otp.pinMalformed' };
    case 'resetNeeded':
      return { type: 'otp.resetNeeded', ...facts };
    case 'pinRejected': {
      const { attemptsLeft } = judgement;
      const isTold = attemptsLeft !== undefined && !vault.isEchoedBy(attemptsLeft);
      return { type: 'otp.pinRejected', ...facts, ...(isTold && { attemptsLeft }) };
    }
    case 'denied': {
      const { code, retryAt } = judgement;
      return { type: 'otp.denied', code, ...facts, ...(retryAt !== undefined && { retryAt }) };
    }
    default:
      return judgement satisfies never;
  }
}

/**
 * Sends the request with the PIN from the vault. No variable that outlives the sending holds the PIN.
 *
 * @returns Whether there was a PIN to send.
 */
function sendOtpRequest(
  parts: OtpParts,
  resetStep: boolean,
  sending: Sending,
  isWanted: () => boolean,
  conclude: (message: ApiMessage | undefined) => void,
): boolean {
  const { vault, line, budget, tell } = parts;
  const isSent = vault.spend((pin) => {
    tell?.({ type: 'otpRequested', resetStep });
    budget.spend();
    const answered = line.occupy();
    if (!isWanted()) {
      answered(); // the store or the clock has called back and ended the wave
      return true;
    }
    ask<unknown>(
      () => requestWith(pin, parts, resetStep, sending),
      (raw) => {
        answered();
        conclude(readMessage(raw));
      },
      (error) => {
        answered();
        conclude(readThrown(error));
      },
    );
    return true;
  });
  return isSent === true;
}

function requestWith(
  pin: string,
  { transport, requestOtp, prompts, waiting }: OtpParts,
  resetStep: boolean,
  sending: Sending,
): Promise<unknown> {
  if (requestOtp) {
    const { signal } = sending;
    const request = describeRequest(waiting, resetStep, signal);
    return prompts.run(sending, signal, () => requestOtp(pin, request));
  }
  const parameters = { action: 'withPIN', pinCode: pin, ...(resetStep && { resetStep: true }) };
  return transport.send({ verb: 'get', api: OTP_API, parameters }, sending);
}

/** In a function of its own: the host may keep the request, whose getter must not share a scope with the PIN. */
const describeRequest = (
  waiting: OtpParts['waiting'],
  resetStep: boolean,
  signal: AbortSignal,
): OtpRequest => ({
  resetStep,
  get calls() {
    return waiting();
  },
  signal,
});

/** @returns The SDK's error code, unless it equals the PIN. */
function codeOf(message: ApiMessage | undefined, vault: Vault): number | undefined {
  if (message?.status !== 'FAILED') return undefined;
  const { code } = message.error;
  return typeof code === 'number' && !vault.isEchoedBy(code) ? code : undefined;
}

/** @returns The OTP, for `prepareReplay`. */
function otpOf(message: ApiMessage): string | undefined {
  const result = message.status === 'SUCCEEDED' && isObject(message.result) ? message.result : {};
  return textOf(read(result, 'otp'));
}
