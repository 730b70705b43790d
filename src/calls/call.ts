import type { CallId } from '../../machines/strong-auth/index.js';
import type { Moment } from '../host/clock.js';
import type { ApiMessage, ApiRequest } from '../messages/message.js';
import type { Sending } from '../messages/sending.js';
import type { CallOptions } from './call-options.js';

/**
 * Where a call is: in flight; challenged and not yet judged; waiting for the wave; about to be sent (its turn
 * has not come, or `replay`, `prepareReplay` or the host's `grant` has not answered yet); or settled.
 */
export type CallPhase = 'inFlight' | 'challenged' | 'waiting' | 'deciding' | 'settled';

/** One call, or one `ensure`, which is a call without a request. */
export class Call {
  phase: CallPhase = 'deciding';
  /** Replays that count against the policy. */
  rounds = 0;
  /** How many waves had ended when the call was last sent. */
  wave = 0;
  /** Facts about a call that was challenged. */
  challenged: Challenged | undefined = undefined;
  /** The request that is in flight for this call. */
  sending: Sending | undefined = undefined;
  timer: unknown = undefined;
  /** Stops listening to the call's signal. */
  unwatch: (() => void) | undefined = undefined;
  /** For a `subscribe`: receives the messages. */
  subscription: Subscriber | undefined = undefined;

  // The fields of the list `OnTheirWay`.
  isListed = false;
  /** When the call was last sent, or moved to the end of the list. */
  since: Moment;
  before: Call | undefined = undefined;
  after: Call | undefined = undefined;

  constructor(
    readonly id: CallId,
    /** The request when the call was made; `undefined` for an `ensure`. */
    readonly request: ApiRequest | undefined,
    /** Whether the parameters hold something that can be read only once. */
    readonly isReadOnce: boolean | undefined,
    readonly options: CallOptions | undefined,
    readonly made: Moment,
    /** The prompt whose `enterPin` made the call, if one did. */
    readonly madeBy: object | undefined,
    /** Whether the caller wants the whole message, not just its result. */
    readonly wantsMessage: boolean,
    readonly resolve: (value: unknown) => void,
    /** Takes the rejected promise. */
    readonly rejectWith: (rejection: Promise<never>) => void,
  ) {
    this.since = made;
  }
}

/** Facts about a call that was challenged. Most calls never are. */
export interface Challenged {
  /** The data of the server's last challenge. */
  data: unknown;
  /** How many PINs were given in the wave before the call began to wait. */
  pins: number;
  /** Whether the call waited for the last grant and has not settled since. */
  isReplay: boolean;
  /** Whether this replay spends no round. Set when the call is replayed. */
  isFree?: boolean;
  /** How many replays spent no round. */
  freeRounds: number;
}

/** @returns The facts about a call that is challenged now. */
export function challengedOf(call: Call): Challenged {
  call.challenged ??= { data: undefined, pins: 0, isReplay: false, freeRounds: 0 };
  return call.challenged;
}

/** @returns How often the call was replayed, free rounds included. */
export const replaysOf = ({ rounds, challenged }: Call): number => rounds + (challenged?.freeRounds ?? 0);

/** A caller that receives events. */
export interface Subscriber {
  /** Receives the acknowledgement, then every RESULT. */
  readonly onMessage: (message: ApiMessage) => void;
  /**
   * The registration with the SDK whose messages are accepted. Undefined before the subscribe
   * is sent and after it has ended.
   */
  registration: Registration | undefined;
}

/** One registration with the SDK. If it is challenged, the replay makes a new one. */
export interface Registration {
  isAcknowledged: boolean;
  /** Events that came before the acknowledgement. */
  readonly early: ApiMessage[];
  /** The messages that were delivered, so that a message that the SDK passes twice is delivered once. */
  readonly seen: WeakSet<object>;
  readonly sending: Sending;
}
