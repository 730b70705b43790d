import type { CallId } from '../../machines/strong-auth/index.js';
import type { Moment } from '../host/clock.js';
import type { ApiMessage, ApiRequest } from '../messages/message.js';
import type { Sending } from '../messages/sending.js';
import type { CallOptions } from './call-options.js';

/**
 * Where a call is: in flight, challenged and not yet judged, waiting for the wave, about to be sent (its turn has not come, or
 * its `replay`, `prepareReplay` or the host's `grant` is thinking), or settled.
 */
export type CallPhase = 'inFlight' | 'challenged' | 'waiting' | 'deciding' | 'settled';

/** One call, or one `ensure`, which is a call without a request. */
export class Call {
  phase: CallPhase = 'deciding';
  /** Replays that count against the policy. */
  rounds = 0;
  /** How many waves had ended when it was last sent. */
  wave = 0;
  /** What it has been through, once it was challenged. */
  challenged: Challenged | undefined = undefined;
  /** What is in flight of it. */
  sending: Sending | undefined = undefined;
  timer: unknown = undefined;
  /** Stops listening to its signal. */
  unwatch: (() => void) | undefined = undefined;
  /** For a `subscribe`: what to do with messages. */
  subscription: Subscriber | undefined = undefined;

  // Of the list of those that are on their way.
  isListed = false;
  /** When it was last sent, or put back. */
  since: Moment;
  before: Call | undefined = undefined;
  after: Call | undefined = undefined;

  constructor(
    readonly id: CallId,
    /** As it was when the call was made; `undefined` for an `ensure`. */
    readonly request: ApiRequest | undefined,
    /** Whether its parameters hold something that can be read only once. */
    readonly isReadOnce: boolean,
    readonly options: CallOptions | undefined,
    readonly made: Moment,
    /** The prompt whose `enterPin` made it, if one did. */
    readonly madeBy: object | undefined,
    /** Whether the caller wants the whole message, not just its result. */
    readonly wantsMessage: boolean,
    readonly resolve: (value: unknown) => void,
    /** Takes the promise that rejects. */
    readonly rejectWith: (rejection: Promise<never>) => void,
  ) {
    this.since = made;
  }
}

/** What is known of a call that was challenged; most never are. */
export interface Challenged {
  /** What the server said with the last challenge. */
  data: unknown;
  /** PINs that were given in its wave before it began to wait. */
  pins: number;
  /** Whether it waited for the last grant, and has not settled since. */
  isReplay: boolean;
  /** Whether this replay spends no round. */
  isFree: boolean;
  /** Replays that spent none. */
  freeRounds: number;
}

/** @returns What is known of a call that is challenged now. */
export function challengedOf(call: Call): Challenged {
  call.challenged ??= { data: undefined, pins: 0, isReplay: false, isFree: false, freeRounds: 0 };
  return call.challenged;
}

/** @returns Every replay of it. */
export const replaysOf = ({ rounds, challenged }: Call): number => rounds + (challenged?.freeRounds ?? 0);

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
