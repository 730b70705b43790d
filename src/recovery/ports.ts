import type {
  AskInput,
  QuestionKind,
  RecoveryEvent,
  RequestInput,
  SmsInput,
} from '../../machines/recovery/index.js';
import type { Port } from '../../machines/recovery/recovery.setup.js';
import { isDeclined } from '../authentication/enter-pin-port.js';
import type { BudgetCounter } from '../authentication/otp-budget.js';
import type { OtpLine } from '../authentication/otp-line.js';
import { ask } from '../host/ask.js';
import type { HostClock, Moment } from '../host/clock.js';
import { abort } from '../host/signals.js';
import { surface } from '../host/surface.js';
import { type ApiMessage, type ApiRequest, readMessage, readThrown } from '../messages/message.js';
import { Sending } from '../messages/sending.js';
import type { Tell } from '../messages/telemetry.js';
import type { Transport } from '../messages/transport.js';
import type { Ask, RecoveryQuestion } from './question.js';
import { judge, judgeSms, toRequest, toSmsRequest } from './requests.js';
import type { RecoveryFact } from './telemetry.js';
import type { RecoveryVault } from './vault.js';

/** When the last SMS was asked for, also by a flow that is over; long ago, if none was. */
export interface LastSms {
  moment: Moment;
}

/** What the ports stand on. */
export interface PortParts {
  readonly transport: Transport;
  readonly ask: Ask;
  readonly patterns: { readonly [Kind in Exclude<QuestionKind, 'confirmRemoval'>]: RegExp };
  readonly requestTimeoutMs: number;
  readonly answerTimeoutMs: number;
  readonly clock: HostClock;
  readonly vault: RecoveryVault;
  /** One request at a time, those of flows that are over included: the SDK cannot abort. */
  readonly line: OtpLine;
  readonly budget: BudgetCounter;
  readonly lastSms: LastSms;
  /** Whether another SMS can be asked for now, when it can, and how many are left. */
  readonly resends: () => { readonly isDue: boolean; readonly dueAt: number; readonly left: number };
  readonly tell: Tell<RecoveryFact>;
  /** Told until when the running port may take, epoch ms; `undefined` when it has ended. */
  readonly onDeadline: (at: number | undefined) => void;
}

/** Asks the user. What is answered goes from the promise into the vault; the machine only hears that there is something. */
export const createAskPort =
  (parts: PortParts): Port<AskInput> =>
  ({ sendBack, input }) => {
    const { kind } = input;
    const { clock, tell } = parts;
    const controller = new AbortController();
    const asked = clock.moment();
    let isOpen = true;
    if (kind !== 'confirmRemoval') parts.vault.forget(kind); // of the attempt before
    parts.onDeadline(asked.wall + parts.answerTimeoutMs);
    tell?.({ type: 'asked', ...input });

    const answer = (event: RecoveryEvent) => {
      if (!isOpen) return;
      isOpen = false;
      const outcome = event.type.slice('answer.'.length) as 'given';
      tell?.({ type: 'answered', kind, outcome, durationMs: clock.ageOf(asked) });
      sendBack(event);
    };
    const resend = () => {
      const { isDue, left } = parts.resends();
      if (!isOpen || !isDue || left === 0) return false;
      sendBack({ type: 'resend.requested' });
      return true;
    };
    const { signal } = controller;
    const question: RecoveryQuestion =
      kind === 'smsCode' && parts.resends().left > 0
        ? {
            ...input,
            signal,
            resend,
            get resendAt() {
              const { dueAt, left } = parts.resends();
              return left > 0 ? dueAt : undefined;
            },
          }
        : { ...input, signal };
    ask<unknown>(
      () => parts.ask(question),
      (given) => isOpen && answer(receive(kind, given, parts)),
      (error) => {
        if (isDeclined(error)) return answer({ type: 'answer.declined' });
        // Late too: what is wrong in the host's code is the host's to see.
        answer({ type: 'answer.failed', why: 'threw' });
        surface(error);
      },
    );

    return () => {
      parts.onDeadline(undefined);
      const wasOpen = isOpen;
      isOpen = false;
      if (wasOpen) abort(controller);
    };
  };

/** Takes what was answered. In a function of its own, so that no closure that lives on shares a scope with it. */
function receive(kind: QuestionKind, given: unknown, { patterns, vault }: PortParts): RecoveryEvent {
  if (given === undefined || given === null || given === '' || given === false)
    return { type: 'answer.declined' };
  if (kind === 'confirmRemoval') {
    // Nothing but a yes is one: a text may say anything.
    return given === true ? { type: 'answer.given' } : { type: 'answer.failed', why: 'notAnAnswer' };
  }
  if (typeof given !== 'string') return { type: 'answer.failed', why: 'notAnAnswer' };
  const entered = given.trim();
  const matches = patterns[kind].test(entered);
  // The engine remembers the last text that any pattern matched, in RegExp.input and its kin: let it be another.
  /^/.test('');
  if (!matches) return { type: 'answer.malformed' };
  vault.deposit(kind, entered);
  return { type: 'answer.given' };
}

/** Sends a request with the secrets of the vault, and tells what the answer means. */
export const createRequestPort =
  (parts: PortParts): Port<RequestInput> =>
  ({ sendBack, input }) => {
    const { request } = input;
    return inLine(parts, (exchange) => {
      parts.tell?.({ type: 'requested', request });
      exchange(
        () => toRequest(input, parts.vault),
        (message) => sendBack(report(parts, request, message, exchange.sentAt, judge(request, message))),
      );
    });
  };

/** Has an SMS sent, if the host's own limit leaves room for one. It is counted before it leaves. */
export const createSmsPort =
  (parts: PortParts): Port<SmsInput> =>
  ({ sendBack, input: { purpose } }) => {
    const { budget, clock, lastSms, tell, vault } = parts;
    let leave = () => {};
    const stopChecking = budget.check((retryAt) => {
      if (retryAt !== undefined) return sendBack({ type: 'sms.unaffordable', retryAt });
      leave = inLine(parts, (exchange) => {
        budget.spend();
        lastSms.moment = clock.moment();
        tell?.({ type: 'smsRequested', purpose });
        exchange(
          () => toSmsRequest(purpose, vault),
          (message) => sendBack(report(parts, 'sendSms', message, exchange.sentAt, judgeSms(message))),
        );
      });
    });
    return () => {
      stopChecking();
      leave();
    };
  };

interface Exchange {
  (toSend: () => ApiRequest, conclude: (message: ApiMessage | undefined) => void): void;
  readonly sentAt: Moment;
}

/**
 * Begins an exchange with the SDK when no earlier request is unanswered any more, and in a turn of its own: whoever listens to the
 * very transition that leads here may still cancel, and then nothing leaves.
 *
 * @returns How to leave: what has not been sent is not, and an answer is not heard any more.
 */
function inLine(parts: PortParts, begin: (exchange: Exchange) => void): () => void {
  const { line, clock, requestTimeoutMs } = parts;
  const sending = new Sending(true);
  let isOpen = true;
  let isAnswered = false;
  let timer: unknown;
  const left = line.busyFor();
  parts.onDeadline(clock.now() + requestTimeoutMs + left);

  const exchange = ((toSend, conclude) => {
    const answered = line.occupy();
    const hear = (message: ApiMessage | undefined) => {
      answered();
      if (!isOpen || isAnswered) return; // late: it changes nothing
      isAnswered = true;
      conclude(message);
    };
    // A store, or a listener, that was called meanwhile may have ended the flow.
    if (!isOpen) return answered();
    ask<unknown>(
      () => parts.transport.send(toSend(), sending),
      (raw) => hear(readMessage(raw)),
      (error) => hear(readThrown(error)),
    );
  }) as Exchange & { sentAt: Moment };

  const go = () => {
    clock.clearTimeout(timer);
    line.onAnswer(undefined);
    if (!isOpen) return;
    exchange.sentAt = clock.moment();
    begin(exchange);
  };
  if (left > 0) {
    line.onAnswer(go);
    timer = clock.setTimeout(go, left);
  } else queueMicrotask(go);

  return () => {
    parts.onDeadline(undefined);
    clock.clearTimeout(timer);
    if (left > 0) line.onAnswer(undefined);
    if (!isAnswered) Sending.abandon(sending);
    isOpen = false;
  };
}

/** @returns The event, with the SDK's code unless that would give a secret away. */
function report(
  { clock, tell, vault }: PortParts,
  request: RequestInput['request'] | 'sendSms',
  message: ApiMessage | undefined,
  sentAt: Moment,
  event: RecoveryEvent,
): RecoveryEvent {
  const code = message?.status === 'FAILED' ? message.error.code : undefined;
  const facts = typeof code === 'number' && !vault.isEchoedBy(code) ? { apiCode: code } : {};
  tell?.({ type: 'responded', request, outcome: event.type, durationMs: clock.ageOf(sentAt), ...facts });
  return carriesCode(event) ? { ...event, ...facts } : event;
}

const carriesCode = ({ type }: RecoveryEvent): boolean =>
  !/\.(read|sent|done|accepted|malformed)$/.test(type);
