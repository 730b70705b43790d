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
import { Call, challengedOf } from './call.js';
import type { CallOptions, EnsureOptions } from './call-options.js';
import { EmptyWave } from './empty-wave.js';
import { MachineLine } from './machine-line.js';
import { OnTheirWay } from './on-their-way.js';
import { rejectionOf } from './rejection.js';
import { type PrepareReplay, Replaying } from './replaying.js';
import { Settling } from './settling.js';
import { Subscriptions } from './subscriptions.js';
import { Transmitting } from './transmitting.js';

const STARTED = { type: 'calls.started' } as const;

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
  /** The prompt whose `enterPin` is running this very moment. */
  readonly runningPrompt: () => object | undefined;
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
    this.subscriptions = new Subscriptions(parts);
    const shared = { ...parts, line, book: this.book, ages: this.ages, subscriptions: this.subscriptions };
    this.settling = new Settling({
      ...shared,
      emptyWave: this.emptyWave,
      onReplayOver: (call) => this.replaying.onReplayOver(call),
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
      if (!this.heed(call)) return;
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

  /** `reset` or `dispose` is about to be told to the machine: nothing that was made so far is sent any more. */
  announceEnd(reason?: string): void {
    this.line.announceEnd(this.lastId);
    this.resetReason = reason;
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
      line.send({ type: 'calls.landed' });
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
    const { line, book, settling } = this;
    const lastOver = line.onEnd(this.lastId);
    this.wave = 0;
    this.emptyWave.end();
    this.replaying.clear();
    // Out of every list first: what ends now is no news for the machine that ordered it.
    const { over, later } = book.clear(lastOver);
    // Calls of whoever came next, made before the machine heard of the end.
    for (const call of later) call.wave = 0;
    if (book.onTheirWay.size > 0) line.send({ type: 'calls.started' });
    this.parts.vault.forgetOtp();
    this.parts.grants.forget();
    const reason = this.resetReason;
    for (const call of over) {
      if (code === 'DISPOSED') settling.fail(call, code, {});
      else settling.fail(call, code, reason === undefined ? {} : { reason });
    }
    this.subscriptions.abandonAll();
    line.flush();
  }

  // ---- Entering.

  private enter(
    kept: KeptRequest | undefined,
    options: CallOptions | undefined,
    wantsMessage: boolean,
    resolve: (value: unknown) => void,
    rejectWith: (rejection: Promise<never>) => void,
  ): Call {
    const { clock, runningPrompt } = this.parts;
    this.lastId += 1;
    return new Call(
      this.lastId,
      kept?.request,
      kept?.isReadOnce ?? false,
      options,
      clock.moment(),
      runningPrompt(),
      wantsMessage,
      resolve,
      rejectWith,
    );
  }

  private open(call: Call, request: ApiRequest): void {
    if (!this.heed(call)) return;
    const { onTheirWay } = this.book;
    onTheirWay.append(call);
    if (call.subscription) this.subscriptions.expect(call);
    this.emptyWave.onMade(call);
    this.parts.tell?.({ type: 'callStarted', id: call.id, verb: request.verb, api: request.api });
    if (onTheirWay.size === 1) this.line.tell(call, STARTED);
    this.transmitting.send(call, request);
  }

  /** Heeds the call's own signal and deadline. @returns Whether it may begin. */
  private heed(call: Call): boolean {
    const { signal, timeoutMs = Number.POSITIVE_INFINITY } = call.options ?? {};
    if (signal) {
      try {
        if (signal.aborted) {
          call.rejectWith(rejectionOf(reasonOf(signal)));
          return false;
        }
        call.unwatch = onAbort(signal, () => {
          if (call.phase === 'settled') this.subscriptions.abort(call);
          else this.settling.abort(call, signal);
        });
      } catch (cause) {
        const error = new TypeError('options.signal cannot be listened to');
        call.rejectWith(rejectionOf(Object.assign(error, { cause })));
        return false;
      }
      if (call.phase === 'settled') return false; // it has aborted while it was listened to
    }
    if (timeoutMs !== Number.POSITIVE_INFINITY) {
      call.timer = this.parts.clock.setTimeout(() => this.settling.expire(call), timeoutMs);
    }
    return true;
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
  let captured: ReturnType<typeof captureParameters>;
  try {
    captured = captureParameters(parameters);
  } catch (cause) {
    if (cause instanceof TypeError && cause.message.startsWith('the parameters')) throw cause;
    throw Object.assign(new TypeError('the parameters cannot be read'), { cause });
  }
  const request = { verb, api, parameters: captured.parameters };
  if (api === OTP_API) return { request: { verb, api }, toSend: request, isReadOnce: false };
  return { request, toSend: copyRequest(request), isReadOnce: captured.isReadOnce };
}
