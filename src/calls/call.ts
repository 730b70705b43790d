import type { CallId } from '../../machines/strong-auth/index.js';
import type { CallOptions } from './call-options.js';
import type { ApiMessage, ApiRequest } from '../messages/message.js';
import type { SendOptions } from '../host/transport.js';

/**
 * Where a call is: on its way, challenged and not yet judged, waiting for the wave, about to be sent again (its `replay` or
 * `prepareReplay` is thinking), or over.
 */
export type CallPhase = 'inFlight' | 'challenged' | 'waiting' | 'deciding' | 'ended';

/** One call, or one `ensure`, which is a call without a request. */
export interface Call {
  readonly id: CallId;
  /** As captured when the call was made; `undefined` for an `ensure`. */
  readonly request: ApiRequest | undefined;
  readonly options: CallOptions | undefined;
  /** Epoch ms. */
  readonly madeAt: number;
  /** Whether the caller wants the whole message, not just its result. */
  readonly wantsMessage: boolean;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
  phase: CallPhase;
  /** Whether it is among the calls that are on their way. */
  listed: boolean;
  rounds: number;
  /** How many waves had ended when it was last sent. */
  wave: number;
  /** Epoch ms of the last sending, or since when it is decided on. */
  since: number;
  controller: Abortable['controller'];
  timer: unknown;
  onAbort: (() => void) | undefined;
  /** For a `subscribe`: what to do with messages. */
  subscription: Subscriber | undefined;
  // Neighbours in the list of those that are on their way.
  before: Call | undefined;
  after: Call | undefined;
}

/** A caller that gets events. */
export interface Subscriber {
  /** Takes the acknowledgement, then every RESULT. */
  readonly onMessage: (message: ApiMessage) => void;
  /** The registration with the SDK that messages may come from; none before it is sent and after it has ended. */
  registration: Registration | undefined;
}

/** One registration with the SDK; a challenged one is replaced by the next. */
export interface Registration {
  acknowledged: boolean;
  /** Events that came before the acknowledgement. */
  readonly early: ApiMessage[];
  /** What was delivered: a callback that is called twice with one message delivers it once. */
  readonly seen: WeakSet<object>;
}

/** Something whose end a transport may want to know. */
export interface Abortable {
  /** Made when a transport reads the signal, since most never do; `aborted` if that was over before. */
  controller: AbortController | 'aborted' | undefined;
}

/** Aborts the signal, also for a transport that reads it later. */
export function abort(sent: Abortable): void {
  if (typeof sent.controller === 'object') sent.controller.abort();
  else sent.controller = 'aborted';
}

/** What a transport is given of a call: its signal, and nothing else. */
export class Sending implements SendOptions {
  constructor(private readonly sent: Abortable) {}

  get signal(): AbortSignal {
    const { controller } = this.sent;
    if (typeof controller === 'object') return controller.signal;
    const made = new AbortController();
    if (controller === 'aborted') made.abort();
    this.sent.controller = made;
    return made.signal;
  }
}

/** The calls that are on their way, in the order they were sent: the first is the first to time out. */
export class CallList {
  first: Call | undefined;
  private last: Call | undefined;
  size = 0;

  append(call: Call): void {
    call.before = this.last;
    call.after = undefined;
    if (this.last) this.last.after = call;
    else this.first = call;
    this.last = call;
    this.size += 1;
    call.listed = true;
  }

  /** Tolerates that the call it has just given is removed. */
  *[Symbol.iterator](): Iterator<Call> {
    let call = this.first;
    while (call) {
      const next: Call | undefined = call.after;
      yield call;
      call = next;
    }
  }

  remove(call: Call): void {
    if (call.before) call.before.after = call.after;
    else this.first = call.after;
    if (call.after) call.after.before = call.before;
    else this.last = call.before;
    call.before = undefined;
    call.after = undefined;
    this.size -= 1;
    call.listed = false;
  }
}

/** @returns A call that has not begun. */
export function newCall(
  facts: Pick<Call, 'id' | 'request' | 'options' | 'madeAt' | 'wantsMessage' | 'resolve' | 'reject'>,
): Call {
  return {
    id: facts.id,
    request: facts.request,
    options: facts.options,
    madeAt: facts.madeAt,
    wantsMessage: facts.wantsMessage,
    resolve: facts.resolve,
    reject: facts.reject,
    phase: 'inFlight',
    listed: false,
    rounds: 0,
    wave: 0,
    since: facts.madeAt,
    controller: undefined,
    timer: undefined,
    onAbort: undefined,
    subscription: undefined,
    before: undefined,
    after: undefined,
  };
}
