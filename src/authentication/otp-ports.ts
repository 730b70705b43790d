import { type CallbackActorLogic, fromCallback } from 'xstate';
import type { RequestOtpInput, StrongAuthEvent } from '../../machines/strong-auth/index.js';
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
import type { WaitingCall } from './prompts.js';
import type { Throttle } from './throttle.js';
import type { Vault } from './vault.js';

/** What a back end of its own kind is given with the PIN. */
export interface OtpRequest {
  /** Whether it is the repetition after `resetNeeded`. */
  readonly resetStep: boolean;
  /** The calls that wait, with what the server said with their challenges. Live. */
  readonly calls: readonly WaitingCall[];
  /** Aborted when the answer is not wanted any more. */
  readonly signal: AbortSignal;
}

/**
 * Replaces the SDK's `pims.authentication.otp`, for a back end with another second factor. Resolves with an envelope, or rejects
 * with one; `classify.otp` says what it means.
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
  /** Whether `prepareReplay` wants the OTP. */
  readonly keepsOtp: boolean;
  readonly waiting: () => readonly WaitingCall[];
  readonly tell: Tell;
  /** Told until when the running port may take, epoch ms; `undefined` when it has ended. */
  readonly onDeadline: (at: number | undefined) => void;
}

/** Waits until the SDK has answered an OTP request whose wave is over. */
export const createOtpLinePort = ({
  line,
  clock,
  onDeadline,
}: OtpParts): CallbackActorLogic<StrongAuthEvent> =>
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
export const createRequestOtpPort = (parts: OtpParts): CallbackActorLogic<StrongAuthEvent, RequestOtpInput> =>
  fromCallback(({ sendBack, input: { resetStep } }) => {
    const { clock, tell, vault } = parts;
    const sending = new Sending();
    let isOpen = true;
    let isAnswered = false;
    let sent = clock.moment();
    parts.onDeadline(sent.wall + parts.otpTimeoutMs);

    const conclude = (message: ApiMessage | undefined): void => {
      if (!isOpen || isAnswered) return; // late: it changes nothing
      isAnswered = true;
      const { judgement, keep } = judge(message, parts);
      const otpCode = codeOf(message, vault);
      const event = toEvent(judgement, otpCode, parts); // while it is known what would give the PIN away
      if (!isOpen) return; // the host's code, which was asked what the answer means, has ended the wave
      keep();
      // The PIN is kept over this answer only for the one `resetStep` request.
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

    // In a turn of its own: whoever listens to the very transition that leads here may still cancel, and then nothing leaves.
    queueMicrotask(() => {
      if (!isOpen) return;
      sent = clock.moment();
      const isSent = sendOtpRequest(parts, resetStep, sending, () => isOpen, conclude);
      // Without a PIN, as after a restored snapshot, nothing is sent.
      if (!isSent) sendBack({ type: 'otp.denied', code: 'PIN_ENTRY_FAILED' });
    });

    return () => {
      parts.onDeadline(undefined);
      if (!isAnswered) Sending.abandon(sending);
      isOpen = false;
    };
  });

/** What the answer means, and what is to be remembered of it; a grant without what the replays need is none. */
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
 * Sends the request with the PIN from the vault; the PIN is in no variable that outlives the sending.
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
      answered(); // the store, or the clock, has called back and ended it
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
  { transport, requestOtp, waiting }: OtpParts,
  resetStep: boolean,
  sending: Sending,
): Promise<unknown> {
  if (requestOtp) {
    return requestOtp(pin, {
      resetStep,
      get calls() {
        return waiting();
      },
      get signal() {
        return sending.signal;
      },
    });
  }
  const parameters = { action: 'withPIN', pinCode: pin, ...(resetStep && { resetStep: true }) };
  return transport.send({ verb: 'get', api: OTP_API, parameters }, sending);
}

/** The SDK's code, unless it would give the PIN away. */
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
