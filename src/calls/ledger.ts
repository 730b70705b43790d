import type { CallId, Failure, StrongAuthEvent } from '../../machines/strong-auth/index.js';
import { abort, type Call, CallList, newCall, Sending } from './call.js';
import { type CallOptions, captureParameters, type EnsureOptions } from './call-options.js';
import { type Classifier, isChallenge } from '../messages/classify.js';
import type { Clock } from '../host/clock.js';
import { ApiError, StrongAuthError, toError } from '../messages/errors.js';
import type { Policy } from '../host/policy.js';
import {
  type ApiMessage,
  type ApiRequest,
  type FailedMessage,
  parseMessage,
  parseThrown,
  type SucceededMessage,
} from '../messages/message.js';
import type { Secret } from '../authentication/secret.js';
import { Subscriptions } from './subscriptions.js';
import type { Tell } from '../host/telemetry.js';
import type { Transport } from '../host/transport.js';
import type { Vault } from '../authentication/vault.js';

/** Changes a request before it is sent again, for a back end that wants to see the OTP. */
export type PrepareReplay = (request: ApiRequest, otp: Secret) => ApiRequest | Promise<ApiRequest>;

/** What a prompt may say of a call that waits. */
export interface WaitingCall {
  /** What was asked. */
  readonly verb: ApiRequest['verb'];
  /** The API that was called. */
  readonly api: string;
  /** `parameters.action`, if it has one. */
  readonly action?: string;
}

interface LedgerParts {
  readonly transport: Transport;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly classifier: Classifier | undefined;
  readonly prepareReplay: PrepareReplay | undefined;
  readonly vault: Vault;
  readonly tell: Tell;
}

/** The API that strong authentication itself goes through. An app's own calls of it are never challenged. */
export const OTP_API = 'pims.authentication.otp';

/**
 * Remembers each call and does with it what the machine says. It decides about time and the caller's own options, and about
 * nothing else. Whatever ends a call passes through `end`, which lets only the first end count.
 */
export class Ledger {
  /** Tells the machine. Set once, when the machine that needs this ledger exists. */
  send: (event: StrongAuthEvent) => void = () => {};

  private lastId = 0;
  /** The last call that a `reset` or `dispose` ends. From that line of the app on it is over, even if the machine, busy, hears later. */
  private lastOver = 0;
  private endsAnnounced = 0;
  private resetReason: string | undefined;
  /** Waves that have ended. The machine tells it, since a call may be sent while it is in the middle of a transition. */
  private wave = 0;
  private readonly onTheirWay = new CallList();
  /** Challenged or waiting, by id. */
  private readonly heldBack = new Map<CallId, Call>();
  private waitingCalls: readonly WaitingCall[] | undefined;
  /** Grows whenever a call begins or ceases to wait. */
  waitingChanges = 0;
  private readonly subscriptions: Subscriptions;
  private timer: unknown;

  constructor(private readonly parts: LedgerParts) {
    this.subscriptions = new Subscriptions(parts, {
      hear: (call, raw) => this.hear(call, raw),
      hearFailure: (call, error) => this.hearFailure(call, error),
      fail: (call, error) => this.fail(call, error),
      isSubscribing: (api) =>
        [...this.onTheirWay].some(({ subscription, request }) => subscription && request?.api === api),
    });
  }

  // ---- What callers ask for.

  /** Sends `request`. @returns What the call settles with. */
  call(request: ApiRequest, options: CallOptions | undefined, wantsMessage: boolean): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (request.verb === 'unsubscribe') this.subscriptions.endAllOf(request.api);
      this.open(this.enter(request, options, wantsMessage, resolve, reject), request);
    });
  }

  /**
   * Registers for events. `onMessage` gets the acknowledgement, then each RESULT.
   *
   * @returns Resolves at the acknowledgement with how to end it, which answers whether there was anything left to end.
   */
  subscribe(
    request: ApiRequest,
    options: CallOptions | undefined,
    onMessage: (message: ApiMessage) => void,
  ): Promise<() => boolean> {
    return new Promise((resolve, reject) => {
      const call = this.enter(
        request,
        options,
        true,
        () => resolve(() => this.subscriptions.end(call)),
        reject,
      );
      call.subscription = { onMessage, registration: undefined };
      this.open(call, request);
    });
  }

  /** Waits for strong authentication, without a call. */
  ensure(options: EnsureOptions | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const call = this.enter(undefined, options, true, () => resolve(), reject);
      if (!this.heed(call)) return;
      call.phase = 'challenged';
      this.heldBack.set(call.id, call);
      this.send({ type: 'ensure.requested', id: call.id });
    });
  }

  /** `reset` or `dispose` is about to be told to the machine: nothing that was made so far is sent any more. */
  announceEnd(reason?: string): void {
    this.endsAnnounced += 1;
    this.lastOver = this.lastId;
    this.resetReason = reason;
  }

  /** Those that wait, in the order they came; the same list until one comes or goes. */
  waiting(): readonly WaitingCall[] {
    this.waitingCalls ??= Object.freeze(
      [...this.heldBack.values()].flatMap(({ request }) => (request ? [describe(request)] : [])),
    );
    return this.waitingCalls;
  }

  /** Everything that has not settled, in the order it was made. */
  outstanding(): Call[] {
    return [...new Set([...this.heldBack.values(), ...this.onTheirWay])].sort((a, b) => a.id - b.id);
  }

  /** When the call will be given up, epoch ms. */
  deadlineOf({ listed, madeAt, since, options }: Call): number {
    const { timeoutMs = Number.POSITIVE_INFINITY } = options ?? {};
    const ofSending = listed ? since + this.parts.policy.callTimeoutMs : Number.POSITIVE_INFINITY;
    return Math.min(madeAt + timeoutMs, ofSending);
  }

  private changeWaiting(): void {
    this.waitingCalls = undefined;
    this.waitingChanges += 1;
  }

  // ---- What the machine says.

  hold({ id }: { id: CallId }): void {
    const call = this.heldBack.get(id);
    if (!call) return this.send({ type: 'waiter.left' }); // it ended while the machine was busy
    call.phase = 'waiting';
    this.changeWaiting();
    if (call.listed) this.land(call);
  }

  refuse({ id, failure }: { id: CallId; failure: Failure }): void {
    const call = this.heldBack.get(id);
    if (call) this.fail(call, toError(failure));
  }

  replayStraggler({ id }: { id: CallId }): void {
    const call = this.heldBack.get(id);
    if (!call) return;
    this.heldBack.delete(id);
    this.release(call);
  }

  replayWaiting({ wave }: { wave: number }): void {
    this.wave = wave;
    // In the order the app made them, which is not the order in which they were challenged.
    const calls = this.takeWaiting().sort((a, b) => a.id - b.id);
    for (const call of calls) if (call.request) this.restamp(call);
    for (const call of calls) this.release(call);
    if (this.onTheirWay.size === 0) this.noteLanding();
  }

  rejectWaiting({ wave, failure }: { wave: number; failure: Failure }): void {
    this.wave = wave;
    const calls = this.takeWaiting();
    this.parts.tell?.({ type: 'waveDenied', code: failure.code, rejected: calls.length });
    for (const call of calls) this.fail(call, toError(failure));
  }

  rejectEverything({ code }: { code: 'SIGNED_OUT' | 'DISPOSED' }): void {
    this.wave = 0;
    if (this.endsAnnounced > 0) this.endsAnnounced -= 1;
    else this.lastOver = this.lastId; // the host told the machine itself
    const [calls, later] = partition(this.outstanding(), ({ id }) => id <= this.lastOver);
    // Out of every list first: what ends now is no news for the machine that ordered it.
    for (const call of calls) {
      if (call.phase === 'waiting') call.phase = 'deciding';
      this.heldBack.delete(call.id);
      if (call.listed) this.onTheirWay.remove(call);
    }
    this.changeWaiting();
    this.stopWatching();
    // Calls of whoever came next, made before the machine heard of the end.
    for (const call of later) call.wave = 0;
    if (this.onTheirWay.size > 0) {
      this.watch();
      this.send({ type: 'calls.started' });
    }
    this.parts.vault.forgetOtp();
    const reason = this.resetReason;
    for (const call of calls) {
      this.fail(
        call,
        code === 'DISPOSED'
          ? new StrongAuthError('DISPOSED', {})
          : new StrongAuthError('SIGNED_OUT', reason === undefined ? {} : { reason }),
      );
    }
    this.subscriptions.abandonAll();
  }

  // ---- Sending.

  private enter(
    request: ApiRequest | undefined,
    options: CallOptions | undefined,
    wantsMessage: boolean,
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
  ): Call {
    this.lastId += 1;
    return newCall({
      id: this.lastId,
      request: request && capture(request),
      options: options && { ...options },
      madeAt: this.parts.clock.now(),
      wantsMessage,
      resolve,
      reject,
    });
  }

  /** The first sending takes the app's own object, as the SDK itself would; the copy is for the replay. */
  private open(call: Call, request: ApiRequest): void {
    if (!this.heed(call)) return;
    this.onTheirWay.append(call);
    this.parts.tell?.({ type: 'callStarted', id: call.id, verb: request.verb, api: request.api });
    if (this.onTheirWay.size === 1) this.send({ type: 'calls.started' });
    this.transmit(call, request);
  }

  /** Heeds the call's own signal and deadline. @returns Whether it may begin. */
  private heed(call: Call): boolean {
    const { signal, timeoutMs } = call.options ?? {};
    if (signal?.aborted) {
      call.reject(reasonOf(signal));
      return false;
    }
    if (signal) {
      call.onAbort = () => this.end(call, 'aborted', reasonOf(signal));
      signal.addEventListener('abort', call.onAbort);
    }
    if (timeoutMs !== undefined && timeoutMs !== Number.POSITIVE_INFINITY) {
      call.timer = this.parts.clock.setTimeout(() => this.expire(call), timeoutMs);
    }
    return true;
  }

  private transmit(call: Call, request: ApiRequest): void {
    if (this.isOver(call)) return;
    call.wave = this.wave;
    call.phase = 'inFlight';
    call.controller = undefined;
    this.watch();
    if (call.subscription) return this.subscriptions.register(call, call.subscription, request);
    let answer: Promise<unknown>;
    try {
      answer = Promise.resolve(this.parts.transport.send(request, new Sending(call)));
    } catch (error) {
      answer = Promise.reject(error);
    }
    answer.then(
      (raw) => this.hear(call, raw),
      (error) => this.hearFailure(call, error),
    );
  }

  private hear(call: Call, raw: unknown): void {
    const message = parseMessage(raw);
    if (message && message.status !== 'RESULT') this.take(call, message);
    else this.failProtocol(call);
  }

  private hearFailure(call: Call, error: unknown): void {
    const message = parseThrown(error);
    if (message) this.take(call, message);
    else {
      // A transport's error often holds the request, and what `prepareReplay` made of it may hold the OTP.
      const holdsOtp = this.parts.prepareReplay && call.rounds > 0;
      const cause = holdsOtp ? undefined : { cause: error };
      this.fail(call, new StrongAuthError('TRANSPORT_FAILED', { sent: true }, cause));
    }
  }

  /** The answer to the sending that is in flight. One whose fields throw when they are read is no message. */
  private take(call: Call, message: SucceededMessage | FailedMessage): void {
    try {
      this.judge(call, message);
    } catch {
      this.failProtocol(call);
    }
  }

  private judge(call: Call, message: SucceededMessage | FailedMessage): void {
    const request = call.request as ApiRequest;
    const challenged = request.api !== OTP_API && isChallenge(message, request, this.parts.classifier);
    if (call.phase === 'ended') return; // late; or ended by the classifier, which is the host's code
    if (challenged) {
      this.subscriptions.discard(call);
      call.controller = undefined;
      call.phase = 'challenged';
      this.heldBack.set(call.id, call);
      this.parts.tell?.({
        type: 'challenged',
        id: call.id,
        verb: request.verb,
        api: request.api,
        rounds: call.rounds,
      });
      const interactive = call.options?.interactive !== false;
      this.send({ type: 'call.challenged', id: call.id, wave: call.wave, rounds: call.rounds, interactive });
    } else if (message.status === 'FAILED') {
      call.controller = undefined;
      this.fail(call, new ApiError(request, message));
    } else if (call.subscription) {
      this.end(call, 'succeeded', message);
      this.subscriptions.acknowledge(call, call.subscription, message);
    } else {
      this.end(call, 'succeeded', call.wantsMessage ? message : message.result);
    }
  }

  private failProtocol(call: Call): void {
    this.fail(call, new StrongAuthError('PROTOCOL', { sent: true }));
  }

  // ---- Replaying.

  /** The grant is there, or was already: the call goes again if it is young enough and its caller still wants it to. */
  private release(call: Call): void {
    if (this.isOver(call)) return; // ended by a caller who was heard before it
    if (!call.request) return this.end(call, 'succeeded', undefined);
    call.phase = 'deciding';
    this.restamp(call);
    this.watch();
    const { replay = 'auto' } = call.options ?? {};
    if (replay === 'auto' || this.tooLate(call)) return this.prepare(call);
    if (replay === 'never') return this.decline(call);
    this.whenDecided(
      call,
      () => replay(capture(call.request as ApiRequest)),
      (answer) => (answer === true ? this.prepare(call) : this.decline(call)),
      (cause) => this.decline(call, { cause }),
    );
  }

  private prepare(call: Call): void {
    const request = capture(call.request as ApiRequest);
    const { prepareReplay, vault } = this.parts;
    const { otp } = vault;
    if (!prepareReplay || !otp || this.tooLate(call)) return this.resend(call, request);
    // Without a cause: whatever the host throws here may hold the OTP it was given.
    const giveUp = () => this.fail(call, new StrongAuthError('TRANSPORT_FAILED', { sent: false }));
    this.whenDecided(
      call,
      () => prepareReplay(request, otp),
      (prepared) => (isRequest(prepared) ? this.resend(call, prepared) : giveUp()),
      giveUp,
    );
  }

  private resend(call: Call, request: ApiRequest): void {
    const tooLate = this.tooLate(call);
    if (tooLate) return this.fail(call, tooLate);
    call.rounds += 1;
    this.parts.tell?.({
      type: 'replayed',
      id: call.id,
      verb: request.verb,
      api: request.api,
      rounds: call.rounds,
    });
    this.restamp(call);
    this.transmit(call, request);
  }

  private decline(call: Call, options?: { cause: unknown }): void {
    this.fail(call, new StrongAuthError('REPLAY_DECLINED', {}, options));
  }

  /** Asks the host's code, which may answer at once, later or never; by then the call may be over. */
  private whenDecided<T>(
    call: Call,
    ask: () => T | Promise<T>,
    onAnswer: (answer: T) => void,
    onError: (error: unknown) => void,
  ): void {
    const stillDeciding =
      <A>(next: (argument: A) => void) =>
      (argument: A) => {
        if (!this.isOver(call)) next(argument);
      };
    let answer: T | Promise<T>;
    try {
      answer = ask();
    } catch (error) {
      return stillDeciding(onError)(error);
    }
    if (isThenable(answer)) Promise.resolve(answer).then(stillDeciding(onAnswer), stillDeciding(onError));
    else stillDeciding(onAnswer)(answer);
  }

  /** Looks at the clock itself: the timers of an app that was suspended are late. @returns Why it must not be sent again. */
  private tooLate({ options, madeAt }: Call): StrongAuthError | undefined {
    const { timeoutMs = Number.POSITIVE_INFINITY, maxAgeMs = this.parts.policy.maxAgeMs } = options ?? {};
    const age = this.parts.clock.now() - madeAt;
    if (age >= timeoutMs) return new StrongAuthError('TIMED_OUT', { sent: false });
    return age > maxAgeMs ? new StrongAuthError('STALE', {}) : undefined;
  }

  private isOver({ phase, id }: Call): boolean {
    return phase === 'ended' || id <= this.lastOver;
  }

  // ---- Ending.

  private fail(call: Call, error: ApiError | StrongAuthError): void {
    this.end(call, 'failed', error);
  }

  private expire(call: Call): void {
    this.fail(call, new StrongAuthError('TIMED_OUT', { sent: call.phase === 'inFlight' }));
  }

  /** The one way out. The machine hears of it before the caller does, so that the status is true when they ask. */
  private end(call: Call, outcome: 'succeeded' | 'failed' | 'aborted', value: unknown): void {
    const { phase, options } = call;
    if (phase === 'ended') return;
    call.phase = 'ended';
    if (call.timer !== undefined) this.parts.clock.clearTimeout(call.timer);
    options?.signal?.removeEventListener('abort', call.onAbort as () => void);
    this.heldBack.delete(call.id);
    if (outcome !== 'succeeded') {
      this.subscriptions.discard(call);
      abort(call);
    }
    if (phase === 'waiting') {
      this.changeWaiting();
      this.send({ type: 'waiter.left' });
    }
    if (call.listed) this.land(call);
    this.tellSettled(call, outcome, value);
    if (outcome === 'succeeded') call.resolve(value);
    else call.reject(value);
  }

  private tellSettled(call: Call, outcome: 'succeeded' | 'failed' | 'aborted', value: unknown): void {
    const { tell, clock } = this.parts;
    if (!tell || !call.request) return;
    const { id, rounds, request } = call;
    const code = outcome === 'failed' ? (value as ApiError | StrongAuthError).code : undefined;
    tell({
      type: 'settled',
      id,
      verb: request.verb,
      api: request.api,
      outcome,
      ...(code !== undefined && { code }),
      durationMs: clock.now() - call.madeAt,
      rounds,
    });
  }

  private land(call: Call): void {
    this.onTheirWay.remove(call);
    if (this.onTheirWay.size === 0) this.noteLanding();
  }

  private noteLanding(): void {
    this.stopWatching();
    this.parts.vault.forgetOtp();
    this.send({ type: 'calls.landed' });
  }

  private takeWaiting(): Call[] {
    const taken: Call[] = [];
    for (const call of this.heldBack.values()) {
      if (call.phase !== 'waiting') continue;
      call.phase = 'deciding';
      taken.push(call);
    }
    for (const { id } of taken) this.heldBack.delete(id);
    this.changeWaiting();
    return taken;
  }

  // ---- Time. All sendings may take equally long, so one timer for the oldest is enough.

  /** Puts the call behind all others: its time begins now. */
  private restamp(call: Call): void {
    if (call.listed) this.onTheirWay.remove(call);
    call.since = this.parts.clock.now();
    this.onTheirWay.append(call);
  }

  private watch(): void {
    const { clock, policy } = this.parts;
    const { first } = this.onTheirWay;
    if (this.timer !== undefined || !first || policy.callTimeoutMs === Number.POSITIVE_INFINITY) return;
    const left = first.since + policy.callTimeoutMs - clock.now();
    this.timer = clock.setTimeout(() => this.sweep(), Math.min(Math.max(left, 0), policy.callTimeoutMs));
  }

  private stopWatching(): void {
    if (this.timer !== undefined) this.parts.clock.clearTimeout(this.timer);
    this.timer = undefined;
  }

  private sweep(): void {
    this.timer = undefined;
    const deadline = this.parts.clock.now() - this.parts.policy.callTimeoutMs;
    for (let call = this.onTheirWay.first; call && call.since <= deadline; call = this.onTheirWay.first)
      this.expire(call);
    this.watch();
  }
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  const parts: [T[], T[]] = [[], []];
  for (const item of items) parts[isFirst(item) ? 0 : 1].push(item);
  return parts;
}

const describe = ({ verb, api, parameters }: ApiRequest): WaitingCall =>
  Object.freeze({ verb, api, ...(typeof parameters?.action === 'string' && { action: parameters.action }) });

/** A request of its own, so that neither the app nor a transport can change the one that is kept. */
function capture({ verb, api, parameters }: ApiRequest): ApiRequest {
  // An app's own OTP request is never sent again, and its PIN not kept.
  if (parameters === undefined || api === OTP_API) return { verb, api };
  return { verb, api, parameters: captureParameters(parameters) };
}

function isRequest(value: unknown): value is ApiRequest {
  if (typeof value !== 'object' || value === null) return false;
  const { verb, api } = value as Partial<ApiRequest>;
  return typeof verb === 'string' && typeof api === 'string';
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}

/** A signal's reason; older hosts give none. */
function reasonOf(signal: AbortSignal): unknown {
  if (signal.reason !== undefined) return signal.reason;
  const error = new Error('The call was aborted');
  error.name = 'AbortError';
  return error;
}
