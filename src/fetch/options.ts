import type { InspectionEvent, Observer } from 'xstate';
import type { Clock, PolicyOptions } from '../index.js';
import type { Authenticate } from './authentication.js';
import type { SomeChallenge } from './challenges.js';
import type { StepUpFact } from './telemetry.js';

/** The limits of the lifecycle. Durations in milliseconds. */
export interface StepUpPolicy {
  /**
   * How often a request is sent again at most; challenged after that, it rejects `STILL_CHALLENGED`.
   *
   * @default 1
   */
  readonly maxRounds?: number | undefined;
  /**
   * How many requests may wait; a further one rejects `QUEUE_FULL`.
   *
   * @default 1000
   */
  readonly maxWaiting?: number | undefined;
  /**
   * How long `authenticate` may take, from when it has read `needs`.
   *
   * @default 300_000
   */
  readonly authenticateTimeoutMs?: number | undefined;
  /**
   * How long each sending may take until its response begins; `Infinity` leaves that to `fetch`.
   *
   * @default Infinity
   */
  readonly requestTimeoutMs?: number | undefined;
  /**
   * A request older than this when the app has authenticated is not sent again: `STALE`.
   *
   * @default 600_000
   */
  readonly maxAgeMs?: number | undefined;
  /**
   * `serial`: of the requests that waited, those that may change something go again one after another.
   *
   * @default 'parallel'
   */
  readonly replays?: 'parallel' | 'serial' | undefined;
}

/** What only the app knows, and what it may want otherwise. */
export interface StepUpFetchOptions {
  /**
   * Sends a request. Called anew for each sending, with a `Request` of its own: it adds the token that the app has by then.
   */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Authenticates the user for what the requests that wait need. */
  readonly authenticate: Authenticate;
  /**
   * For a server that says it otherwise than RFC 9470 and RFC 6750. Shown each response whose status is 400 or above, as a
   * clone whose body may be read.
   *
   * @returns What is asked for, or `true`; `false` or `null` if it is no challenge; `undefined` to let the standards decide. What
   *   it throws, the request rejects with.
   */
  readonly challenge?: ((response: Response) => ChallengeAnswer | Promise<ChallengeAnswer>) | undefined;
  /** Limits; what is left out takes its default. */
  readonly policy?: StepUpPolicy | undefined;
  /** Receives telemetry, in order and in microtasks of their own. */
  readonly onEvent?: ((fact: StepUpFact) => void) | undefined;
  /** Given to XState: the Stately inspector's, for example. */
  readonly inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void) | undefined;
  /**
   * The only source of time.
   *
   * @default the host's own
   */
  readonly clock?: Clock | undefined;
}

/** What a response asks for, by the host. */
export type ChallengeAnswer = SomeChallenge | boolean | null | undefined;

/** What one request may want otherwise. */
export interface StepUpRequestOptions {
  /**
   * False for requests nobody is waiting for, such as pollers: they join others that wait but never ask for anything.
   *
   * @default true
   */
  readonly interactive?: boolean | undefined;
  /**
   * `auto` sends a challenged request again. `never`, and a function that answers anything but true, reject
   * `REPLAY_DECLINED` instead.
   *
   * @default 'auto'
   */
  readonly replay?: 'auto' | 'never' | ((request: Request) => boolean | Promise<boolean>) | undefined;
  /**
   * Milliseconds; older than this, it is not sent again: `STALE`.
   *
   * @default the policy's
   */
  readonly maxAgeMs?: number | undefined;
  /** Milliseconds until its response begins, waiting included. No limit unless given. */
  readonly timeoutMs?: number | undefined;
  /** The app's own words for it, shown in `prompt.requests` and in `explain()`. */
  readonly label?: string | undefined;
}

/** @throws TypeError for a name that is none, and for a function that is none; the rest is checked by the client. */
export function checkOptions(unknown: object, functions: Readonly<Record<string, unknown>>): void {
  if (typeof Request !== 'function')
    throw new TypeError('this host has no Request, which strong-auth-machine needs');
  for (const name in unknown) throw new TypeError(`${name} is no option of createStepUpFetch`);
  for (const name in functions) {
    if (typeof functions[name] !== 'function') throw new TypeError(`${name} must be a function`);
  }
}

/** @returns The policy as the client knows it. @throws TypeError for a name that is none. */
export function clientPolicy({
  authenticateTimeoutMs = 300_000,
  requestTimeoutMs: callTimeoutMs = Number.POSITIVE_INFINITY,
  maxAgeMs = 600_000,
  maxRounds,
  maxWaiting,
  replays,
  ...unknown
}: StepUpPolicy = {}): PolicyOptions {
  for (const name in unknown) throw new TypeError(`policy.${name} is no policy`);
  return {
    ...{ maxAgeMs, maxRounds, maxWaiting, replays, callTimeoutMs },
    pinEntryTimeoutMs: authenticateTimeoutMs,
    otpTimeoutMs: authenticateTimeoutMs,
  };
}

/** Runs `create`, and says what the client finds wrong with its policy by the names of this entry. */
export function inOwnWords<Made>(create: () => Made): Made {
  try {
    return create();
  } catch (error) {
    throw new TypeError(
      (error as TypeError).message.replace('.pinEntry', '.authenticate').replace('.callT', '.requestT'),
    );
  }
}
