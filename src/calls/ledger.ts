import type { CallId, Failure } from '../../machines/strong-auth/index.js';
import type { Grants } from '../authentication/grants.js';
import type { Throttle } from '../authentication/throttle.js';
import type { Vault } from '../authentication/vault.js';
import type { HostClock } from '../host/clock.js';
import type { Policy } from '../host/policy.js';
import { onAbort, reasonOf } from '../host/signals.js';
import type { AfterTurn } from '../host/turn.js';
import type { Classifier } from '../messages/classify.js';
import { type ApiMessage, type ApiRequest, OTP_API } from '../messages/message.js';
import { captureParameters, copyRequest } from '../messages/parameters.js';
import type { Tell } from '../messages/telemetry.js';
import type { Transport } from '../messages/transport.js';
import { AgeLimits } from './age-limits.js';
import { CallBook } from './book.js';
import { Call, type CallPhase, challengedOf } from './call.js';
import type { CallOptions, EnsureOptions } from './call-options.js';
import { EmptyWave } from './empty-wave.js';
import { MachineLine } from './machine-line.js';
import { OnTheirWay } from './on-their-way.js';
import { rejectionOf } from './rejection.js';
import { type PrepareReplay, Replaying } from './replaying.js';
import { Settling } from './settling.js';
import { Subscriptions } from './subscriptions.js';
import { Transmitting } from './transmitting.js';

/** What the ledger needs. */
export interface LedgerParts {
  readonly transport: Transport;
  readonly policy: Policy;
  readonly clock: HostClock;
  readonly classifier: Classifier | undefined;
  readonly prepareReplay: PrepareReplay | undefined;
  readonly vault: Vault;
  readonly grants: Grants;
  readonly throttle: Throttle;
  readonly tell: Tell;
  readonly afterTurn: AfterTurn;
  /** The prompt that is being asked. */
  readonly prompt: () => object | undefined;
  /** The prompt whose `enterPin` makes a call that listens to `signal`. */
  readonly makerOf: (signal: unknown) => object | undefined;
  /** Called when something has changed that the machine is not told. */
  readonly onChange: () => void;
}

/**
 * Remembers each call and does with it what the machine says. It decides about time and the caller's own options, and about
 * nothing else.
 *
 * A call walks from here (entering) to `Transmitting` (sending, and what the answer means) to `Settling`; after a grant through
 * `Replaying` to `Transmitting` again.
 */
export class Ledger {
  readonly line = new MachineLine();
  readonly book: CallBook;
  readonly ages: AgeLimits;
  private readonly emptyWave: EmptyWave;
  private readonly subscriptions: Subscriptions;
  private readonly settling: Settling;
  private readonly transmitting: Transmitting;
  private readonly replaying: Replaying;
  private lastId: CallId = 0;
  private resetReason: string | undefined;
  /** Waves that have ended. The machine tells it, since a call may be sent while it is in the middle of a transition. */
  private wave = 0;

  constructor(private readonly parts: LedgerParts) {
    const { policy, clock, afterTurn } = parts;
    const { line } = this;
    const onTheirWay = new OnTheirWay(clock, policy.callTimeoutMs, (call) => this.settling.expire(call));
    this.book = new CallBook(onTheirWay);
    this.ages = new AgeLimits(clock, policy, onTheirWay);
    this.emptyWave = new EmptyWave(afterTurn, () => line.send({ type: 'waiters.gone', wave: this.wave }));
    this.subscriptions = new Subscriptions({ ...parts, line });
    const shared = { ...parts, line, book: this.book, ages: this.ages, subscriptions: this.subscriptions };
    this.settling = new Settling({
      ...shared,
      emptyWave: this.emptyWave,
      onChallengedSettled: (call) => this.replaying.onSettled(call),
    });
    this.transmitting = new Transmitting({
      ...shared,
      settling: this.settling,
      maxRounds: policy.maxRounds,
      wave: () => this.wave,
    });
    this.replaying = new Replaying({
      ...shared,
      replays: policy.replays,
      settling: this.settling,
      transmitting: this.transmitting,
    });
  }

  // ---- What callers ask for.

  /**
   * Sends `request`.
   *
   * @returns What the call settles with.
   * @throws TypeError for parameters that are nested too deeply, or throw when they are read.
   */
  call(request: ApiRequest, options: CallOptions | undefined, wantsMessage: boolean): Promise<unknown> {
    const kept = keep(request);
    return new Promise((resolve) => {
      if (kept.request.verb === 'unsubscribe') this.subscriptions.endAllOf(kept.request.api);
      this.open(this.enter(kept, options, wantsMessage, resolve, resolve), kept.toSend);
    });
  }

  /**
   * Registers for events. `onMessage` gets the acknowledgement, then each RESULT.
   *
   * @returns Resolves at the acknowledgement with how to end it, which answers whether there was anything left to end.
   * @throws As `call`.
   */
  subscribe(
    request: ApiRequest,
    options: CallOptions | undefined,
    onMessage: (message: ApiMessage) => void,
  ): Promise<() => boolean> {
    const kept = keep(request);
    return new Promise((resolve) => {
      const succeed = () => resolve(() => this.subscriptions.end(call));
      const call = this.enter(kept, options, true, succeed, resolve);
      call.subscription = { onMessage, registration: undefined };
      this.open(call, kept.toSend);
    });
  }

  /** Waits for strong authentication, without a call. */
  ensure(options: EnsureOptions | undefined): Promise<void> {
    return new Promise((resolve) => {
      const call = this.enter(undefined, options, true, () => resolve(), resolve);
      if (!this.heed(call) || !this.mayBegin(call)) return;
      const { line, book, parts } = this;
      const waiting = book.seats;
      const ofPrompt = call.madeBy !== undefined;
      book.challenge(call);
      line.tell(call, () => ({
        type: 'ensure.requested',
        ...{ id: call.id, waiting, ofPrompt, retryDue: parts.throttle.isDue() },
      }));
    });
  }

  /** `reset` is about to be told to the machine: nothing that was made so far is sent any more. */
  announceEnd(reason: string | undefined): void {
    this.line.announceEnd(this.lastId);
    this.resetReason = reason;
    this.forgetGrant(); // whoever calls before the machine has heard is somebody else
  }

  /** `dispose` is: nothing is sent any more, neither what was made so far nor what is being made. */
  announceClose(): void {
    this.line.announceEnd(Number.POSITIVE_INFINITY);
    this.forgetGrant();
  }

  // ---- What the machine says.

  hold({ id, pins }: { id: CallId; pins: number }): void {
    const call = this.book.heldBack.get(id);
    if (call) {
      this.emptyWave.end();
      challengedOf(call).pins = pins;
      this.book.hold(call);
      this.settling.land(call);
    } else if (this.book.waitingCount === 0 && !this.emptyWave.isOpen) {
      this.emptyWave.begin(false); // it ended while the machine was busy
    }
  }

  refuse({ id, failure }: { id: CallId; failure: Failure }): void {
    const call = this.book.heldBack.get(id);
    if (call) this.settling.refuse(call, failure);
  }

  replayStraggler({ id }: { id: CallId }): void {
    const call = this.book.heldBack.get(id);
    if (call) this.replaying.replayStraggler(call);
  }

  replayWaiting({ wave, pins }: { wave: number; pins: number }): void {
    const { line, book } = this;
    this.wave = wave;
    this.emptyWave.end();
    this.replaying.replayAll(book.takeWaiting(), pins);
    if (book.onTheirWay.size === 0) {
      this.parts.vault.forgetOtp();
      this.settling.tellTraffic();
    } else if (book.replays === 0) {
      line.send({ type: 'replays.landed' });
    }
  }

  rejectWaiting({ wave, failure }: { wave: number; failure: Failure }): void {
    this.wave = wave;
    this.emptyWave.end();
    const calls = this.book.takeWaiting();
    this.parts.tell?.({ type: 'waveDenied', code: failure.code, rejected: calls.length });
    for (const call of calls) this.settling.refuse(call, failure);
  }

  rejectEverything({ code }: { code: 'SIGNED_OUT' | 'DISPOSED' }): void {
    const { line, book } = this;
    const lastOver = line.onEnd(this.lastId);
    this.forgetGrant();
    this.wave = 0;
    this.emptyWave.end();
    this.replaying.clear();
    // Out of every list first: what ends now is no news for the machine that ordered it.
    const { over, later } = book.clear(lastOver);
    // Calls of whoever came next, made before the machine heard of the end.
    for (const call of later) call.wave = 0;
    if (book.onTheirWay.size > 0) this.settling.tellTraffic();
    for (const call of over) this.endWith(code, call);
    this.subscriptions.abandonAll();
    line.flush();
  }

  private forgetGrant(): void {
    this.parts.vault.forgetOtp();
    this.parts.grants.forget();
  }

  private endWith(code: 'SIGNED_OUT' | 'DISPOSED', call: Call): void {
    const reason = this.resetReason;
    if (code === 'DISPOSED') this.settling.fail(call, code, {});
    else this.settling.fail(call, code, reason === undefined ? {} : { reason });
  }

  // ---- Entering.

  private enter(
    kept: KeptRequest | undefined,
    options: CallOptions | undefined,
    wantsMessage: boolean,
    resolve: (value: unknown) => void,
    rejectWith: (rejection: Promise<never>) => void,
  ): Call {
    const { clock, makerOf } = this.parts;
    this.lastId += 1;
    return new Call(
      this.lastId,
      kept?.request,
      kept?.isReadOnce ?? false,
      options,
      clock.moment(),
      makerOf(options?.signal),
      wantsMessage,
      resolve,
      rejectWith,
    );
  }

  private open(call: Call, request: ApiRequest): void {
    if (call.subscription) this.subscriptions.expect(call);
    if (!this.heed(call)) return;
    this.parts.tell?.({ type: 'callStarted', id: call.id, verb: request.verb, api: request.api });
    if (!this.mayBegin(call)) return;
    // From here on it is where whoever ends something finds it, before any more of the host's code is called.
    const { onTheirWay } = this.book;
    this.emptyWave.onMade(call);
    onTheirWay.append(call);
    if (onTheirWay.size === 1) this.settling.tellTraffic(call);
    onTheirWay.watch();
    this.transmitting.send(call, request);
  }

  /** The host's code that was called meanwhile (its clock, the call's signal) may have ended it, or everything. */
  private mayBegin(call: Call): boolean {
    if (call.phase === 'settled') return false;
    if (!this.line.isOver(call)) return true;
    this.endWith(this.line.isClosed ? 'DISPOSED' : 'SIGNED_OUT', call);
    return false;
  }

  /** Heeds the call's own signal and deadline. @returns Whether it may begin. */
  private heed(call: Call): boolean {
    const { signal, timeoutMs = Number.POSITIVE_INFINITY } = call.options ?? {};
    if (signal) {
      try {
        call.unwatch = onAbort(signal, () => {
          if (call.phase !== 'settled') this.settling.abort(call, signal);
          else if (call.subscription) this.subscriptions.abort(call);
        });
        // Read when it is listened to: it may abort while it is.
        if (signal.aborted) return this.turnAway(call, reasonOf(signal));
      } catch (cause) {
        const error = new TypeError('options.signal cannot be listened to');
        return this.turnAway(call, Object.assign(error, { cause }));
      }
    }
    if (timeoutMs !== Number.POSITIVE_INFINITY && call.phase !== 'settled') {
      const { clock } = this.parts;
      const timer = clock.setTimeout(() => this.settling.expire(call), timeoutMs);
      if ((call.phase as CallPhase) === 'settled') clock.clearTimeout(timer);
      else call.timer = timer;
    }
    return call.phase !== 'settled'; // it may have aborted while it was listened to
  }

  /** It never begins. */
  private turnAway(call: Call, error: unknown): false {
    if (call.phase === 'settled') return false;
    call.phase = 'settled';
    call.unwatch?.();
    if (call.subscription) this.subscriptions.settled(call);
    call.rejectWith(rejectionOf(error));
    return false;
  }
}

/** A request as it was when the call was made. */
interface KeptRequest {
  /** For replays. An app's own OTP request is never sent again, and its PIN not kept. */
  readonly request: ApiRequest;
  /** For the first sending, so that a transport that changes it changes no replay. */
  readonly toSend: ApiRequest;
  readonly isReadOnce: boolean;
}

function keep({ verb, api, parameters }: ApiRequest): KeptRequest {
  if (parameters === undefined) return { request: { verb, api }, toSend: { verb, api }, isReadOnce: false };
  try {
    const captured = captureParameters(parameters);
    const request = { verb, api, parameters: captured.parameters };
    if (api === OTP_API) return { request: { verb, api }, toSend: request, isReadOnce: false };
    return { request, toSend: copyRequest(request), isReadOnce: captured.isReadOnce };
  } catch (cause) {
    if (cause instanceof TypeError && cause.message.startsWith('the parameters')) throw cause;
    throw Object.assign(new TypeError('the parameters cannot be read'), { cause });
  }
}
