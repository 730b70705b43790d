import type { ActorRefFrom } from 'xstate';
import type { strongAuthMachine } from '../../machines/strong-auth/index.js';
import type { Grants } from '../authentication/grants.js';
import { type CallOptions, readCallOptions, readEnsureOptions, readRequest } from '../calls/call-options.js';
import type { Ledger } from '../calls/ledger.js';
import { read } from '../host/ask.js';
import { ApiError, type CallName, StrongAuthError } from '../messages/errors.js';
import type { ApiMessage, ApiParameters, ApiRequest, FailedMessage, Verb } from '../messages/message.js';
import type { Subscription, SubscriptionEvent } from '../messages/subscription.js';
import type { Transport } from '../messages/transport.js';
import type { TypedCalls } from '../pims/api-types.js';
import type { Explanation } from './explain.js';
import { createFacade } from './facade.js';
import type { watchIgnored } from './ignored.js';
import type { StrongAuth } from './strong-auth.js';

/** What `createSurface` needs. */
interface SurfaceParts {
  readonly transport: Transport;
  readonly ledger: Ledger;
  readonly grants: Grants;
  readonly actor: ActorRefFrom<typeof strongAuthMachine>;
  readonly say: ReturnType<typeof watchIgnored>['say'];
  readonly view: StrongAuth['view'];
  readonly explain: () => Explanation;
}

/** The client without the types of the SDK's APIs: it passes on any parameters and results. */
interface UntypedStrongAuth extends Omit<StrongAuth, keyof TypedCalls | typeof Symbol.dispose> {
  get(api: string, parameters?: ApiParameters, options?: CallOptions): Promise<unknown>;
  set(api: string, parameters?: ApiParameters, options?: CallOptions): Promise<unknown>;
  subscribe(
    api: string,
    parameters: ApiParameters | undefined,
    onResult: (event: SubscriptionEvent) => void,
    options?: CallOptions,
  ): Promise<Subscription>;
  send(request: ApiRequest, options?: CallOptions): Promise<unknown>;
  readonly [dispose: symbol]: () => void;
}

const SENT_VERBS = ['get', 'set', 'unsubscribe'] as const;

/**
 * The methods of a client: they read their arguments, reject invalid ones, and pass the rest to the ledger.
 */
export function createSurface(parts: SurfaceParts): StrongAuth {
  const { transport, ledger, grants, actor, say, view, explain } = parts;
  let isDisposed = false;
  const isOver = () => isDisposed || actor.getSnapshot().status !== 'active';

  /** Begins a call. Invalid arguments cause a rejection, never a throw. */
  const begin = <Value>(call: () => Promise<Value>, request?: ApiRequest): Promise<Value> => {
    if (isOver()) return Promise.reject(new StrongAuthError('DISPOSED', {}, nameOf(request)));
    try {
      return call();
    } catch (error) {
      return Promise.reject(error);
    }
  };
  const call = (request: ApiRequest, options: CallOptions | undefined, wantsMessage: boolean) =>
    begin(
      () => ledger.entering.call(readRequest(request, SENT_VERBS), readCallOptions(options), wantsMessage),
      request,
    );
  const listen = (request: ApiRequest, onMessage: (message: ApiMessage) => void, options?: CallOptions) =>
    begin(
      () =>
        ledger.entering.subscribe(readRequest(request, ['subscribe']), readCallOptions(options), onMessage),
      request,
    );

  const unsubscriber = (api: string, end: () => boolean): Subscription => {
    let ended: Promise<void> | undefined;
    return {
      unsubscribe() {
        if (ended) return ended;
        // If `reset`, `dispose`, its signal or another unsubscribe of the same API has ended
        // it, the SDK is not told again.
        ended = end()
          ? call({ verb: 'unsubscribe', api }, undefined, true).then(() => {})
          : Promise.resolve();
        ended.catch(() => {}); // avoids an unhandled rejection if the caller does not await it
        return ended;
      },
    };
  };

  const dispose = () => {
    if (isOver()) return;
    isDisposed = true;
    ledger.announceClose();
    actor.send({ type: 'disposed' });
  };

  const strongAuth: UntypedStrongAuth = {
    get: (api, parameters, options) => call({ verb: 'get', api, parameters }, options, false),
    set: (api, parameters, options) => call({ verb: 'set', api, parameters }, options, false),
    send: (request, options) => call(request, options, true),
    async subscribe(api, parameters, onResult, options) {
      const request: ApiRequest = { verb: 'subscribe', api, parameters };
      if (typeof onResult !== 'function') throw new TypeError('onResult must be a function');
      const onMessage = (message: ApiMessage) => {
        if (message.status !== 'RESULT') return;
        if (message.error) onResult({ error: new ApiError(request, message as unknown as FailedMessage) });
        else onResult({ result: message.result });
      };
      return unsubscriber(api, await listen(request, onMessage, options));
    },
    asPims: () =>
      createFacade({
        send: (request) => call(request, undefined, true) as Promise<ApiMessage>,
        subscribe: (request, onMessage) => listen(request, onMessage),
        lifecycle: transport.lifecycle?.bind(transport),
      }),
    ensure: (options) =>
      begin(() => {
        const own = readEnsureOptions(options);
        const isFresh = own?.maxAgeMs !== undefined && grants.isYoungerThan(own.maxAgeMs);
        return isFresh && read(own.signal, 'aborted') !== true
          ? Promise.resolve()
          : ledger.entering.ensure(own);
      }),
    cancel() {
      if (!isOver()) say('cancelled', actor.send);
    },
    recovered() {
      if (!isOver()) say('recovered', actor.send);
    },
    reset(reason) {
      // A subscriber that resets on each notification would cause an endless loop.
      if (isOver() || ledger.isAsNew) return;
      ledger.announceEnd(reason);
      actor.send({ type: 'reset' });
    },
    explain,
    dispose,
    [Symbol.dispose ?? Symbol.for('Symbol.dispose')]: dispose,
    view,
    actor,
  };
  // The types of parameters and results come from the SDK's reference; nothing here depends on them.
  return strongAuth as unknown as StrongAuth;
}

/** @returns The name of the request that a closed client received, whatever the request is. */
function nameOf(request: ApiRequest | undefined): { call?: CallName } {
  const [verb, api, action] = [
    read(request, 'verb'),
    read(request, 'api'),
    read(read(request, 'parameters'), 'action'),
  ];
  if (typeof verb !== 'string' || typeof api !== 'string') return {};
  return { call: { verb: verb as Verb, api, ...(typeof action === 'string' && { action }) } };
}
