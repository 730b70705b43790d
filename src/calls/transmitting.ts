import type { Grants } from '../authentication/grants.js';
import type { Throttle } from '../authentication/throttle.js';
import { ask, isObject, read } from '../host/ask.js';
import { type Challenge, type Classifier, challengeOf } from '../messages/classify.js';
import { ApiError } from '../messages/errors.js';
import {
  type ApiRequest,
  type FailedMessage,
  OTP_API,
  readHostRequest,
  readMessage,
  readThrown,
  type SucceededMessage,
} from '../messages/message.js';
import { Sending } from '../messages/sending.js';
import type { Tell } from '../messages/telemetry.js';
import type { Transport } from '../messages/transport.js';
import type { AgeLimits } from './age-limits.js';
import type { CallBook } from './book.js';
import { type Call, challengedOf, type Registration, type Subscriber } from './call.js';
import type { MachineLine } from './machine-line.js';
import type { Settling } from './settling.js';
import type { Subscriptions } from './subscriptions.js';

/** What `Transmitting` needs. */
export interface TransmittingParts {
  readonly transport: Transport;
  readonly classifier: Classifier | undefined;
  readonly grants: Pick<Grants, 'applier'>;
  readonly throttle: Pick<Throttle, 'isDue'>;
  readonly tell: Tell;
  /** How many replays a call gets. A challenge after the last one is final. */
  readonly maxRounds: number;
  readonly book: CallBook;
  readonly line: MachineLine;
  readonly settling: Settling;
  readonly subscriptions: Subscriptions;
  readonly ages: AgeLimits;
  /** @returns How many waves have ended. */
  readonly wave: () => number;
  /** @returns The prompt that is open. */
  readonly prompt: () => object | undefined;
}

/** Sends a call through the transport, receives its answer and interprets it. */
export class Transmitting {
  constructor(private readonly parts: TransmittingParts) {}

  /**
   * Sends `request` with the token of the current grant.
   *
   * @param request An object that nobody else holds.
   * @param holdsSecret Whether `prepareReplay` may have put the OTP into the request.
   * @param mayGo Called after the token was added, which may be asynchronous. Returns false if
   *   the call has ended meanwhile.
   */
  send(call: Call, request: ApiRequest, holdsSecret = false, mayGo = () => true): void {
    const { grants, settling } = this.parts;
    const apply = request.api === OTP_API ? undefined : grants.applier();
    if (!apply) return this.transmit(call, request, holdsSecret);
    // No `cause`: what the host throws here may hold the secret it was given.
    const giveUp = () => settling.fail(call, 'TRANSPORT_FAILED', { sent: false });
    ask(
      () => apply(request),
      (made) => {
        const applied = readHostRequest(made);
        if (!applied) giveUp();
        else if (mayGo()) this.transmit(call, applied, true);
      },
      giveUp,
    );
  }

  private transmit(call: Call, request: ApiRequest, holdsSecret: boolean): void {
    const { transport, wave, settling } = this.parts;
    settling.heedSignal(call);
    if (this.hasEnded(call)) return;
    const sending = new Sending(holdsSecret);
    call.wave = wave();
    call.phase = 'inFlight';
    call.sending = sending;
    if (call.subscription) return this.register(call, call.subscription, request, sending);
    let answer: unknown;
    try {
      answer = transport.send(request, sending);
    } catch (error) {
      return queueMicrotask(() => this.hearFailure(call, sending, error, false));
    }
    try {
      Promise.resolve(answer).then(
        (raw) => this.hear(call, sending, raw),
        (error) => this.hearFailure(call, sending, error, true),
      );
    } catch (error) {
      this.hearFailure(call, sending, error, true); // a promise whose own `then` throws
    }
  }

  /** Registers for events. The first SUCCEEDED or FAILED is the acknowledgement. */
  private register(call: Call, subscriber: Subscriber, request: ApiRequest, sending: Sending): void {
    const { transport, settling } = this.parts;
    if (!transport.subscribe) {
      const cause = new TypeError('the transport has no subscribe');
      return settling.fail(call, 'TRANSPORT_FAILED', { sent: false }, { cause });
    }
    const registration: Registration = { isAcknowledged: false, early: [], seen: new WeakSet(), sending };
    subscriber.registration = registration;
    const onMessage = (raw: unknown) => this.hearRegistration(call, subscriber, registration, raw);
    let isSent = false;
    ask(
      () => {
        const made = transport.subscribe?.(request, onMessage, sending);
        isSent = true;
        return made;
      },
      () => {},
      (error) => queueMicrotask(() => this.hearFailure(call, sending, error, isSent)),
    );
  }

  private hearRegistration(
    call: Call,
    subscriber: Subscriber,
    registration: Registration,
    raw: unknown,
  ): void {
    const { subscriptions, line } = this.parts;
    const message = readMessage(raw);
    if (subscriber.registration !== registration || line.isOver(call)) {
      // The registration is no longer wanted. If the SDK acknowledges it nevertheless, it is unsubscribed.
      if (registration.isAcknowledged || message?.status !== 'SUCCEEDED') return;
      registration.isAcknowledged = true;
      subscriptions.takeBack((call.request as ApiRequest).api);
      return;
    }
    if (isObject(raw)) {
      if (registration.seen.has(raw)) return;
      registration.seen.add(raw);
    }
    if (message?.status === 'RESULT') return subscriptions.take(call, registration, message);
    if (registration.isAcknowledged) {
      if (!message) subscriptions.drop(call);
      return;
    }
    if (!message && read(raw, 'status') === 'RESULT') return subscriptions.drop(call);
    registration.isAcknowledged = true;
    this.hear(call, registration.sending, raw, message);
  }

  private hear(call: Call, sending: Sending, raw: unknown, message = readMessage(raw)): void {
    if (!this.isHeard(call, sending)) return;
    if (message && message.status !== 'RESULT') this.judge(call, message);
    else this.parts.settling.fail(call, 'PROTOCOL', { sent: true });
  }

  private hearFailure(call: Call, sending: Sending, error: unknown, sent: boolean): void {
    if (!this.isHeard(call, sending)) return;
    const message = readThrown(error);
    if (message) return this.judge(call, message);
    // A transport's error often holds the request.
    const options = sending.holdsSecret ? {} : { cause: error };
    this.parts.settling.fail(call, 'TRANSPORT_FAILED', { sent }, options);
  }

  /** Only the first answer of the current sending counts; late, second and forged answers are ignored. */
  private isHeard(call: Call, sending: Sending): boolean {
    return call.sending === sending && !this.parts.line.isOver(call);
  }

  /**
   * Whether the call has ended, by itself or by a `reset` or `dispose` that the machine may not know of yet.
   */
  private hasEnded(call: Call): boolean {
    return call.phase === 'settled' || this.parts.line.isOver(call);
  }

  private judge(call: Call, message: SucceededMessage | FailedMessage): void {
    const { settling, subscriptions, classifier } = this.parts;
    const request = call.request as ApiRequest;
    call.sending = undefined; // a second answer of the transport, or of its classifier, is ignored
    const challenge = request.api === OTP_API ? undefined : challengeOf(message, request, classifier);
    if (this.hasEnded(call)) return; // the classifier is host code and may end the call
    if (challenge) return this.challenge(call, request, challenge);
    if (message.status === 'FAILED') return settling.reject(call, new ApiError(request, message));
    if (!call.subscription) return settling.succeed(call, call.wantsMessage ? message : message.result);
    // The subscription can be ended before anybody is told that it runs: whoever is told first may end it.
    subscriptions.start(call);
    settling.succeed(call, message);
    subscriptions.open(call, message);
  }

  private challenge(call: Call, request: ApiRequest, { data }: Challenge): void {
    const { book, line, settling, ages, throttle, tell, prompt } = this.parts;
    if (call.subscription) call.subscription.registration = undefined;
    const { id, wave, rounds, options } = call;
    tell?.({ type: 'challenged', id, verb: request.verb, api: request.api, rounds });
    const isStale = rounds < this.parts.maxRounds && ages.isStale(call);
    if (this.hasEnded(call)) return; // the clock is host code and may end the call
    if (isStale) return settling.fail(call, 'STALE', {});
    challengedOf(call).data = data;
    const waiting = book.seats;
    const interactive = options?.interactive !== false;
    const ofPrompt = call.madeBy !== undefined && call.madeBy === prompt();
    book.challenge(call);
    line.tell(call, () => ({
      type: 'call.challenged',
      ...{ id, wave, rounds, interactive, waiting, ofPrompt },
      retryDue: throttle.isDue(),
    }));
  }
}
