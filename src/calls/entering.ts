import type { CallId } from '../../machines/strong-auth/index.js';
import type { Throttle } from '../authentication/throttle.js';
import type { HostClock } from '../host/clock.js';
import { onAbort, reasonOf } from '../host/signals.js';
import { type ApiMessage, type ApiRequest, OTP_API } from '../messages/message.js';
import { captureParameters, copyRequest } from '../messages/parameters.js';
import type { Tell } from '../messages/telemetry.js';
import type { CallBook } from './book.js';
import { Call } from './call.js';
import type { CallOptions, EnsureOptions } from './call-options.js';
import type { EmptyWave } from './empty-wave.js';
import type { MachineLine } from './machine-line.js';
import { rejectionOf } from './rejection.js';
import type { Settling } from './settling.js';
import type { Subscriptions } from './subscriptions.js';
import type { Transmitting } from './transmitting.js';

/** What `Entering` needs. */
export interface EnteringParts {
  readonly clock: HostClock;
  readonly throttle: Throttle;
  readonly tell: Tell;
  /** @returns The prompt whose `enterPin` makes a call with this `signal`. */
  readonly makerOf: (signal: unknown) => object | undefined;
  readonly line: MachineLine;
  readonly book: CallBook;
  readonly emptyWave: EmptyWave;
  readonly settling: Settling;
  readonly subscriptions: Subscriptions;
  readonly transmitting: Transmitting;
  /** Ends a call if the client was reset or disposed of while the call was made. */
  readonly endWith: (code: 'SIGNED_OUT' | 'DISPOSED', call: Call) => void;
}

/** The entry of every call: copies its request, observes its signal and deadline, and sends it. */
export class Entering {
  /** The id of the last call that was made. */
  lastId: CallId = 0;

  constructor(private readonly parts: EnteringParts) {}

  /**
   * Sends `request`.
   *
   * @returns Resolves with the call's result; rejects with its error.
   * @throws TypeError if the parameters are nested too deeply or throw when they are read.
   */
  call(request: ApiRequest, options: CallOptions | undefined, wantsMessage: boolean): Promise<unknown> {
    const kept = keep(request);
    return new Promise((resolve) => {
      if (kept.request.verb === 'unsubscribe') this.parts.subscriptions.endAllOf(kept.request.api);
      this.open(this.enter(kept, options, wantsMessage, resolve, resolve), kept.toSend);
    });
  }

  /**
   * Registers for events. `onMessage` receives the acknowledgement, then each RESULT.
   *
   * @returns Resolves at the acknowledgement with a function that ends the subscription. That function
   *   returns whether the subscription was still running.
   * @throws The same as `call`.
   */
  subscribe(
    request: ApiRequest,
    options: CallOptions | undefined,
    onMessage: (message: ApiMessage) => void,
  ): Promise<() => boolean> {
    const kept = keep(request);
    return new Promise((resolve) => {
      const succeed = () => resolve(() => this.parts.subscriptions.end(call));
      const call = this.enter(kept, options, true, succeed, resolve);
      call.subscription = { onMessage, registration: undefined };
      this.open(call, kept.toSend);
    });
  }

  /** Requests strong authentication without a call. */
  ensure(options: EnsureOptions | undefined): Promise<void> {
    return new Promise((resolve) => {
      const call = this.enter(undefined, options, true, () => resolve(), resolve);
      this.heed(call);
      if (!this.mayBegin(call)) return;
      const { line, book, throttle } = this.parts;
      const waiting = book.seats;
      const ofPrompt = call.madeBy !== undefined;
      book.challenge(call);
      line.tell(call, () => ({
        type: 'ensure.requested',
        ...{ id: call.id, waiting, ofPrompt, retryDue: throttle.isDue() },
      }));
    });
  }

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
      kept?.isReadOnce,
      options,
      clock.moment(),
      makerOf(options?.signal),
      wantsMessage,
      resolve,
      rejectWith,
    );
  }

  private open(call: Call, request: ApiRequest): void {
    if (call.subscription) this.parts.subscriptions.expect(call);
    this.heed(call);
    if (call.phase === 'settled') return;
    this.parts.tell?.({ type: 'callStarted', id: call.id, verb: request.verb, api: request.api });
    if (!this.mayBegin(call)) return;
    // The call is listed before any more host code runs, so that host code which ends
    // everything ends this call too.
    const { book, emptyWave, settling, transmitting } = this.parts;
    const { onTheirWay } = book;
    emptyWave.onMade(call);
    onTheirWay.append(call);
    if (onTheirWay.size === 1) settling.tellTraffic(call);
    onTheirWay.watch();
    transmitting.send(call, request);
  }

  /** Host code that ran meanwhile (the clock, the call's signal) may have ended this call, or all calls. */
  private mayBegin(call: Call): boolean {
    const { line, endWith } = this.parts;
    if (line.isOver(call)) endWith(line.isClosed ? 'DISPOSED' : 'SIGNED_OUT', call);
    return call.phase !== 'settled';
  }

  /** Observes the call's own signal and deadline, which may end the call before it begins. */
  private heed(call: Call): void {
    const { signal, timeoutMs = Number.POSITIVE_INFINITY } = call.options ?? {};
    if (signal) {
      try {
        call.unwatch = onAbort(signal, () => {
          if (call.phase !== 'settled') this.parts.settling.abort(call, signal);
          else this.parts.subscriptions.abort(call); // only a running subscription still listens
        });
        // Read after the listener was added: the signal may abort while it is added.
        if (signal.aborted) return this.turnAway(call, reasonOf(signal));
      } catch (cause) {
        const error = new TypeError('options.signal cannot be listened to');
        return this.turnAway(call, Object.assign(error, { cause }));
      }
    }
    if (timeoutMs === Number.POSITIVE_INFINITY) return;
    const { clock } = this.parts;
    const timer = clock.setTimeout(() => this.parts.settling.expire(call), timeoutMs);
    // The signal or the clock, which are the host's code, may have ended the call meanwhile.
    if (call.phase === 'settled') clock.clearTimeout(timer);
    else call.timer = timer;
  }

  /** Rejects a call before it begins. */
  private turnAway(call: Call, error: unknown): void {
    if (call.phase === 'settled') return;
    call.phase = 'settled';
    call.unwatch?.();
    if (call.subscription) this.parts.subscriptions.settled(call);
    call.rejectWith(rejectionOf(error));
  }
}

/** A request as it was when the call was made. */
interface KeptRequest {
  /** For replays. The app's own OTP request is never replayed, so its PIN is not kept. */
  readonly request: ApiRequest;
  /** A copy for the first sending, so that a transport that changes it does not change a replay. */
  readonly toSend: ApiRequest;
  readonly isReadOnce?: boolean;
}

function keep({ verb, api, parameters }: ApiRequest): KeptRequest {
  if (parameters === undefined) return { request: { verb, api }, toSend: { verb, api } };
  try {
    const captured = captureParameters(parameters);
    const request = { verb, api, parameters: captured.parameters };
    if (api === OTP_API) return { request: { verb, api }, toSend: request };
    // Most parameters are flat: to look at each field again would find nothing.
    const toSend = captured.isFlat
      ? { verb, api, parameters: { ...captured.parameters } }
      : copyRequest(request);
    return { request, toSend, isReadOnce: captured.isReadOnce };
  } catch (cause) {
    if (cause instanceof TypeError && cause.message.startsWith('the parameters')) throw cause;
    throw Object.assign(new TypeError('the parameters cannot be read'), { cause });
  }
}
