import type { CallId } from '../../machines/strong-auth/index.js';
import type { Sending } from '../host/sending.js';
import type { ApiMessage, ApiRequest } from '../messages/message.js';
import type { CallOptions } from './call-options.js';

/**
 * Where a call is: in flight, challenged and not yet judged, waiting for the wave, about to be sent (its turn has not come, or
 * its `replay`, `prepareReplay` or the host's `grant` is thinking), or settled.
 */
export type CallPhase = 'inFlight' | 'challenged' | 'waiting' | 'deciding' | 'settled';

/** What a call is made of. */
export interface CallFacts {
  readonly id: CallId;
  /** As it was when the call was made; `undefined` for an `ensure`. */
  readonly request: ApiRequest | undefined;
  /** Whether its parameters hold something that can be read only once. */
  readonly isReadOnce: boolean;
  readonly options: CallOptions | undefined;
  /** Epoch ms. */
  readonly madeAt: number;
  /** The same moment by the steady clock. */
  readonly madeAtSteady: number;
  /** The prompt whose `enterPin` made it, if one did. */
  readonly madeBy: object | undefined;
  /** Whether the caller wants the whole message, not just its result. */
  readonly wantsMessage: boolean;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** One call, or one `ensure`, which is a call without a request. */
export interface Call extends CallFacts {
  phase: CallPhase;
  /** Replays that count against the policy. */
  rounds: number;
  /** Replays that do not: it began to wait after the PIN was given. */
  freeRounds: number;
  /** How many waves had ended when it was last sent. */
  wave: number;
  /** PINs that were given in its wave before it began to wait. */
  pins: number;
  /** Whether it waited for the last grant, and has not settled since. */
  isReplay: boolean;
  /** Whether this replay spends no round. */
  isFree: boolean;
  /** What the server said with the challenge that it waits for. */
  challenge: unknown;
  /** What is in flight of it. */
  sending: Sending | undefined;
  timer: unknown;
  /** Stops listening to its signal. */
  unwatch: (() => void) | undefined;
  /** For a `subscribe`: what to do with messages. */
  subscription: Subscriber | undefined;

  // Of the list of those that are on their way.
  isListed: boolean;
  /** When it was last sent or put back, by the steady clock, and epoch ms. */
  since: number;
  sinceWall: number;
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
  isAcknowledged: boolean;
  /** Events that came before the acknowledgement. */
  readonly early: ApiMessage[];
  /** What was delivered: a callback that is called twice with one message delivers it once. */
  readonly seen: WeakSet<object>;
  readonly sending: Sending;
}

/** @returns A call that has not begun. */
export function newCall(facts: CallFacts): Call {
  return {
    id: facts.id,
    request: facts.request,
    isReadOnce: facts.isReadOnce,
    options: facts.options,
    madeAt: facts.madeAt,
    madeAtSteady: facts.madeAtSteady,
    madeBy: facts.madeBy,
    wantsMessage: facts.wantsMessage,
    resolve: facts.resolve,
    reject: facts.reject,
    phase: 'deciding',
    rounds: 0,
    freeRounds: 0,
    wave: 0,
    pins: 0,
    isReplay: false,
    isFree: false,
    challenge: undefined,
    sending: undefined,
    timer: undefined,
    unwatch: undefined,
    subscription: undefined,
    isListed: false,
    since: facts.madeAtSteady,
    sinceWall: facts.madeAt,
    before: undefined,
    after: undefined,
  };
}
