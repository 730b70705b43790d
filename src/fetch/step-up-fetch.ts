import type { AnyActorRef } from 'xstate';
import {
  createStrongAuth,
  type EnsureOptions,
  type ExternalStore,
  isStrongAuthError,
  systemClock,
  type Transport,
} from '../index.js';
import { type Authentication, beginAuthentication, type Waiting } from './authentication.js';
import { challengeFrom, type StepUpChallenge, standardChallengeOf } from './challenges.js';
import { type EndedRequest, HIDDEN_HEADER, ownCode, type StepUpError, stepUpError } from './errors.js';
import { apiOf, nameOf, type RequestName } from './names.js';
import {
  type ChallengeAnswer,
  checkOptions,
  clientPolicy,
  inOwnWords,
  type StepUpFetchOptions,
  type StepUpRequestOptions,
} from './options.js';
import { inOwnFacts } from './telemetry.js';
import { createStepUpView, explainStepUp, type StepUpExplanation, type StepUpView } from './view.js';

/** The lifecycle around the requests. Its methods need no `this`. */
export interface StepUpStrongAuth {
  /** UI state. */
  readonly view: ExternalStore<StepUpView>;
  /** Authentication before a request needs it. Resolves when the app has authenticated, or had within `maxAgeMs`. */
  ensure(options?: EnsureOptions): Promise<void>;
  /** Ends the authentication that is under way: the requests that wait reject `CANCELLED`. Nothing happens if there is none. */
  cancel(): void;
  /** Forgets a time before which nobody is asked (`THROTTLED`). Nothing ends, nothing is sent. */
  recovered(): void;
  /** Signed out, or the account was switched: everything outstanding rejects `SIGNED_OUT`, and nothing is remembered. */
  reset(reason?: string): void;
  /** Ends everything for good: outstanding and later requests reject `DISPOSED`. */
  dispose(): void;
  /** The same as `dispose`, for `using`. */
  [Symbol.dispose](): void;
  /** @returns Which requests wait, for what, and since when. It can be logged. */
  explain(): StepUpExplanation;
  /** The running machine, for inspectors. */
  readonly actor: AnyActorRef;
}

/** A `fetch` that steps up, and the lifecycle behind it. */
export interface StepUpFetch {
  /**
   * As the `fetch` of the host, with the same arguments; a third one says what this request wants otherwise.
   *
   * @returns Resolves with the response: the first one, or the one after the authentication. Rejects as `fetch` does, with the same
   *   errors; and with a {@link StepUpError} for a request that ended without a response.
   */
  fetch(input: RequestInfo | URL, init?: RequestInit, options?: StepUpRequestOptions): Promise<Response>;
  /** The lifecycle: UI state, `cancel`, `reset`, `dispose`. */
  readonly strongAuth: StepUpStrongAuth;
}

/** A request that has not settled. */
interface Pending extends Waiting {
  readonly request: Request;
  /** Its body is a stream, which `clone()` would keep in memory: it is sent once. */
  readonly isOnce: boolean;
  /** Whether `authenticate` made it, which would wait for itself: it runs this very moment, or gave the request the prompt's signal. */
  readonly isOfPrompt: boolean;
  readonly challenges: StepUpChallenge[];
  /** Whether the header of the last answer could not be read. */
  isHidden?: boolean;
  /** What it rejects with instead of what the client says: what `fetch` rejected with, or the host's `challenge`. */
  thrown?: unknown;
}

/** The client wants to hear that the user has entered something; what that was stays with the app. */
const ENTERED = '0000';

/** What the client is told instead of what was thrown, which may look like an answer to it. */
const THROWN = new Error();

/**
 * Makes a `fetch` for servers that ask for more than a request had: it asks the app to authenticate, once for any number of
 * requests, and sends each of them again, once, with its own body.
 *
 * @throws TypeError for options that make no sense, for names that are no option, and for a host without `Request`.
 */
export function createStepUpFetch(options: StepUpFetchOptions): StepUpFetch {
  const { fetch, authenticate, challenge: ask, policy, onEvent, inspect, clock, ...unknown } = options;
  checkOptions(unknown, { fetch, authenticate, challenge: ask ?? fetch });
  const now = () => (clock ?? systemClock).now();
  const pending = new Map<number, Pending>();
  let hasWarned = false;
  let lastId = 0;
  let authentication: Authentication;
  /** What the last authentication has failed with. */
  let failure: unknown;
  /** Whether `authenticate` runs this very moment: requests made now are made by it. */
  let isAsking = false;

  const transport: Transport = {
    async send({ parameters }) {
      const own = pending.get(parameters?.id as number) as Pending;
      try {
        const response = await fetch(own.isOnce ? own.request : own.request.clone());
        const challenge = await challengeOf(response, own);
        if (!challenge) return { status: 'SUCCEEDED', result: response };
        discard(response);
        own.challenges.push(challengeFrom(challenge, response.headers, now()));
        if (own.isOfPrompt && !authentication.isOver)
          throw stepUpError('INTERACTION_REQUIRED', {}, ended(own));
      } catch (error) {
        own.thrown = error;
        throw THROWN;
      }
      return { status: 'FAILED', error: { code: 'CHALLENGED' } };
    },
  };

  async function challengeOf(response: Response, own: Pending): Promise<ChallengeAnswer> {
    const { status, headers, type } = response;
    if (!(status >= 400)) return undefined;
    const isRefused = status === 401 || status === 403;
    own.isHidden = isRefused && type === 'cors' && !headers.has('www-authenticate');
    if (ask) {
      const clone = response.clone();
      const answer = await ask(clone);
      discard(clone);
      if (answer !== undefined) return answer;
    }
    if (own.isHidden) warn(nameOf(own.request));
    return standardChallengeOf(response);
  }

  /** A server that hides its challenge looks like one that refuses: nothing else would say why nobody is asked. */
  function warn(name: RequestName): void {
    if (onEvent) queueMicrotask(() => onEvent({ type: 'headerHidden', at: now(), ...name }));
    if (!hasWarned) globalThis.console?.warn(`${apiOf(name)} was refused; ${HIDDEN_HEADER}`);
    hasWarned = true;
  }

  const client = inOwnWords(() =>
    createStrongAuth({
      transport,
      classify: {
        call: (message, { parameters }) => ('error' in message ? { challenge: parameters?.id } : 'pass'),
        otp: (message) =>
          'error' in message ? (message.error as unknown as { readonly denied: 'CANCELLED' }) : 'granted',
      },
      enterPin: (prompt) =>
        new Promise((resolve) => {
          isAsking = true;
          authentication = beginAuthentication(
            authenticate,
            // By what the client was told of each challenge.
            () => prompt.calls.map((call) => pending.get(call.challenge as number) as Pending),
            now,
            () => resolve(ENTERED),
          );
          isAsking = false;
          prompt.signal.addEventListener('abort', authentication.abort);
        }),
      async requestOtp(_, { signal }) {
        const { abort, verdict } = authentication;
        signal.addEventListener('abort', abort);
        const { cause, ...how } = await verdict;
        failure = cause;
        return how.denied ? { status: 'FAILED', error: { code: 'DENIED', ...how } } : { status: 'SUCCEEDED' };
      },
      policy: clientPolicy(policy),
      onEvent: onEvent && inOwnFacts(onEvent),
      inspect,
      clock,
    }),
  );

  /** Rejects with what the client rejected with, in the words of this entry. */
  function rethrow(error: unknown, own?: Pending): never {
    if (!isStrongAuthError(error)) throw error;
    if (own && error.cause === THROWN) throw own.thrown;
    const code = ownCode(error.code);
    const cause = code === 'AUTHENTICATION_FAILED' ? failure : error.cause;
    throw stepUpError(code, error.details as StepUpError['details'], own && ended(own), cause);
  }

  const { actor, cancel, recovered, reset, dispose } = client;
  const view = createStepUpView(client.view, () => authentication);

  return {
    async fetch(input, init, { replay = 'auto', ...others } = {}) {
      // The client knows an option of this name; here the signal is in `init`.
      if ('signal' in others) throw new TypeError('options.signal is no option');
      const controller = new AbortController();
      const signal = signalOf(input, init);
      // Read by the host first: `init` may be another Request, or inherit what it says, which a copy would lose.
      const made = new Request(input, init);
      // A Request made of another keeps all but its referrer.
      const request = new Request(made, {
        referrer: made.referrer,
        referrerPolicy: made.referrerPolicy,
        signal: either(signal, controller.signal),
      });
      const own: Pending = {
        ...{
          request,
          label: others.label,
          isOnce: isStream(init?.body),
          isOfPrompt: isAsking || authentication?.prompt.signal === (signal ?? null),
        },
        challenges: [],
      };
      lastId += 1;
      const id = lastId;
      pending.set(id, own);
      try {
        const message = await client.send<Response>(
          {
            verb: /^(GET|HEAD)$/.test(request.method) ? 'get' : 'set',
            api: apiOf(nameOf(request)),
            parameters: { id },
          },
          {
            ...others,
            signal,
            replay: own.isOnce
              ? 'never'
              : typeof replay === 'function'
                ? () => replay(request.clone())
                : replay,
          },
        );
        return message.result as Response;
      } catch (error) {
        controller.abort(); // of what may be on its way
        return rethrow(error, own);
      } finally {
        pending.delete(id);
      }
    },
    strongAuth: {
      view,
      ensure: (ensureOptions) => client.ensure(ensureOptions).catch(rethrow),
      ...{ cancel, recovered, reset, dispose },
      [Symbol.dispose ?? Symbol.for('Symbol.dispose')]: dispose,
      explain: () => explainStepUp(client.explain(), view.getSnapshot()),
      actor,
    } as StepUpStrongAuth,
  };
}

const ended = ({ request, challenges, isHidden }: Pending): EndedRequest => ({
  ...nameOf(request),
  ...{ challenge: challenges[challenges.length - 1], isHidden },
});

/** The signal that the app gave, as `fetch` looks for it. */
const signalOf = (input: unknown, init: RequestInit | undefined): AbortSignal | undefined =>
  (init?.signal === undefined ? (input as Partial<Request>) : init).signal ?? undefined;

/**
 * A signal that aborts with either. The app's has to end the body of the response too, which is long after the request has settled; a
 * host without `AbortSignal.any` has no such bodies, and there the client's word for the app's signal is enough.
 */
const either = (signal: AbortSignal | undefined, own: AbortSignal): AbortSignal =>
  (signal && (AbortSignal as Partial<Pick<typeof AbortSignal, 'any'>>).any?.([signal, own])) ?? own;

/** A stream of the web, of Node, or anything else that can be read once. */
function isStream(body: unknown): boolean {
  const given = Object(body);
  return 'getReader' in given || Symbol.asyncIterator in given;
}

/** Lets the connection go of a response that nobody reads. */
function discard({ body }: Response): void {
  body?.cancel().catch(() => {}); // one that was read by the host
}
