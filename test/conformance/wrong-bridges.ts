import { type ApiRequest, fromPims, type Pims, type Transport } from 'strong-auth-machine';

type Sdk = Required<Pims>;
type Callback = (message: unknown) => void;

/** A message as the SDK sends it. */
interface Message {
  readonly status: string;
  readonly result?: unknown;
  readonly error?: { readonly code: number | string; readonly label: string };
}

/** A bridge with one mistake of the kind that people make. */
export interface WrongBridge {
  /** The mistake, as its author might put it. */
  readonly mistake: string;
  readonly create: (sdk: Sdk) => Transport;
  /** The checks that fail, in order. Those that build on them wait. */
  readonly fails: readonly [string, ...string[]];
  /** What the last of them must say to do. */
  readonly fix: RegExp;
}

/** A right bridge whose `send` is changed. */
const sending =
  (change: (send: Transport['send'], sdk: Sdk) => Transport['send']) =>
  (sdk: Sdk): Transport => {
    const right = fromPims(sdk);
    return { ...right, send: change(right.send, sdk) };
  };

/** A right bridge that reaches the SDK with changed requests. */
const requesting = (change: (request: ApiRequest) => ApiRequest) =>
  sending((send) => (request, options) => send(change(request), options));

/** A right bridge whose `subscribe` is changed. */
const subscribing =
  (change: (sdk: Sdk) => NonNullable<Transport['subscribe']>) =>
  (sdk: Sdk): Transport => ({ ...fromPims(sdk), subscribe: change(sdk) });

const messageOf = (value: unknown): Message => value as Message;

export const wrongBridges: readonly WrongBridge[] = [
  {
    mistake: 'rejects as React Native does, with the code on the error',
    create: sending((send) => async (request, options) => {
      const message = messageOf(await send(request, options));
      if (message?.status !== 'FAILED') return message;
      throw Object.assign(new Error(message.error?.label), { code: String(message.error?.code) });
    }),
    fails: ['failed'],
    fix: /reject with \{ error: \{ code, label \} \}.*bare code on the error is not read/,
  },
  {
    mistake: 'resolves with the result instead of the message',
    create: sending((send) => async (request, options) => {
      const message = messageOf(await send(request, options));
      return message?.status === 'SUCCEEDED' ? message.result : message;
    }),
    fails: ['succeeded'],
    fix: /Resolve with the whole message/,
  },
  {
    mistake: 'takes an answer without a result for a failure',
    create: sending((send) => async (request, options) => {
      const message = messageOf(await send(request, options));
      if (message?.status === 'SUCCEEDED' && !('result' in message)) throw new Error('empty answer');
      return message;
    }),
    fails: ['succeeded-without-result'],
    fix: /look at status, never at whether there is a result/,
  },
  {
    mistake: 'knows the codes of the catalogue only, and makes 2000 of the others',
    create: sending((send) => async (request, options) => {
      const message = messageOf(await send(request, options));
      const code = Number(message?.error?.code);
      if (message?.status !== 'FAILED' || (code >= 2000 && code < 2400)) return message;
      return { ...message, error: { code: 2000, label: 'Unknown error' } };
    }),
    fails: ['unknown-code'],
    fix: /Translate no codes/,
  },
  {
    mistake: 'wants codes to be numbers',
    create: sending((send) => async (request, options) => {
      const message = messageOf(await send(request, options));
      if (typeof message?.error?.code === 'string') throw new Error('unreadable answer');
      return message;
    }),
    fails: ['string-code'],
    fix: /reject with \{ error: \{ code, label \} \}/i,
  },
  {
    mistake: 'loses the label',
    create: sending((send) => async (request, options) => {
      const message = messageOf(await send(request, options));
      return message?.error ? { ...message, error: { code: message.error.code } } : message;
    }),
    fails: ['failed'],
    fix: /Keep error\.label/,
  },
  {
    mistake: 'sends again after a time-out',
    create: sending((send) => async (request, options) => {
      const message = messageOf(await send(request, options));
      return Number(message?.error?.code) === 2201 ? send(request, options) : message;
    }),
    fails: ['once'],
    fix: /Never send a call again by yourself/,
  },
  {
    mistake: 'sends numbers as numbers',
    create: requesting(({ parameters = {}, ...request }) => ({
      ...request,
      parameters: Object.fromEntries(
        Object.entries(parameters).map(([name, value]) => [
          name,
          typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value,
        ]),
      ),
    })),
    fails: ['parameters'],
    fix: /a PIN is a string, and its leading zero counts/,
  },
  {
    mistake: 'sends parameters as a query string',
    create: requesting(({ parameters = {}, ...request }) => ({
      ...request,
      parameters: Object.fromEntries(new URLSearchParams(parameters as Record<string, string>)),
    })),
    fails: ['parameters'],
    fix: /convert, drop and flatten nothing/,
  },
  {
    mistake: 'copies parameters one by one',
    create: requesting(({ parameters = {}, ...request }) => ({
      ...request,
      parameters: Object.assign({}, parameters),
    })),
    fails: ['hostile-parameters'],
    fix: /Copy parameters with a spread or JSON/,
  },
  {
    mistake: 'writes its ids into the app’s parameters',
    create: sending((send) => {
      let lastId = 0;
      return (request, options) => {
        const parameters = (request.parameters ?? {}) as Record<string, unknown>;
        lastId += 1;
        parameters.bridgeId = lastId;
        return send({ ...request, parameters }, options);
      };
    }),
    fails: ['parameters', 'parameters-kept'],
    fix: /Work on a copy/,
  },
  {
    mistake: 'has get and set only',
    create: (sdk) =>
      fromPims({ ...sdk, unsubscribe: (api, parameters, callback) => sdk.set(api, parameters, callback) }),
    fails: ['verbs'],
    fix: /under the name in request\.verb/,
  },
  {
    mistake: 'gives unsubscribe no parameters, so that the callback is taken for them',
    create: (sdk) =>
      fromPims({
        ...sdk,
        unsubscribe: (api, _, callback) => (sdk.unsubscribe as (...rest: unknown[]) => void)(api, callback),
      }),
    fails: ['verbs'],
    fix: /\(api, parameters, callback\), in that order/,
  },
  {
    mistake: 'sends one call at a time, the newest first',
    create: sending((send) => {
      const waiting: (() => void)[] = [];
      return async (request, options) => {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          queueMicrotask(() => waiting.pop()?.());
        });
        return send(request, options);
      };
    }),
    fails: ['order'],
    fix: /Keep the order/,
  },
  {
    mistake: 'remembers one waiting call for each API',
    create: sending((_, sdk) => {
      const waiting = new Map<string, Callback>();
      return ({ verb, api, parameters = {} }) =>
        new Promise((resolve) => {
          const name = `${verb} ${api}`;
          waiting.set(name, resolve);
          sdk[verb](api, parameters, (message) => waiting.get(name)?.(message));
        });
    }),
    fails: ['concurrent'],
    fix: /an id of its own/,
  },
  {
    mistake: 'registers its callback when the native function has returned',
    create: sending((_, sdk) => {
      const callbacks = new Map<object, Callback>();
      return ({ verb, api, parameters = {} }) => {
        const id = {};
        sdk[verb](api, parameters, (message) => callbacks.get(id)?.(message));
        return new Promise((resolve) => callbacks.set(id, resolve));
      };
    }),
    fails: ['immediate-answer'],
    fix: /register the callback or id first/,
  },
  {
    mistake: 'answers the platform’s call twice if the SDK does',
    create: sending((_, sdk) => {
      return ({ verb, api, parameters = {} }) =>
        new Promise((resolve) => {
          let isAnswered = false;
          sdk[verb](api, parameters, (message) => {
            if (isAnswered) throw new Error('Illegal callback invocation from native module');
            isAnswered = true;
            resolve(message);
          });
        });
    }),
    fails: ['first-answer'],
    fix: /Ignore a second callback/,
  },
  {
    mistake: 'looks into the answer without looking at it',
    create: sending((_, sdk) => ({ verb, api, parameters = {} }) => {
      return new Promise((resolve, reject) => {
        const callback = (message: unknown) => {
          const { status, error } = message as Message;
          if (status === 'FAILED') reject({ error: { code: error?.code, label: error?.label } });
          else resolve(message);
        };
        sdk[verb](api, parameters, callback);
      });
    }),
    fails: ['nonsense'],
    fix: /without looking into it/,
  },
  {
    mistake: 'takes whatever is not FAILED for a success',
    create: sending((send) => async (request, options) => {
      const message = messageOf(await send(request, options));
      if (message?.status === 'FAILED') return message;
      return { ...message, status: 'SUCCEEDED' };
    }),
    fails: ['nonsense'],
    fix: /Call nothing a success that does not say SUCCEEDED/,
  },
  {
    mistake: 'swallows what the native function throws',
    create: sending((_, sdk) => ({ verb, api, parameters = {} }) => {
      return new Promise((resolve) => {
        try {
          sdk[verb](api, parameters, resolve);
        } catch {
          // it will be all right
        }
      });
    }),
    fails: ['throw'],
    fix: /Catch what the SDK throws, and reject/,
  },
  {
    mistake: 'rejects when the signal aborts, as fetch does',
    create: sending((send) => (request, { signal }) => {
      return new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        send(request, { signal }).then(resolve, reject);
      });
    }),
    fails: ['abort-otp'],
    fix: /Do not settle a promise because of an abort/,
  },
  {
    mistake: 'closes its connection when a signal aborts',
    create: (sdk) => {
      let isOpen = true;
      return sending((send) => async (request, { signal }) => {
        signal.addEventListener('abort', () => {
          isOpen = false;
        });
        const message = await send(request, { signal });
        return isOpen ? message : new Promise(() => {});
      })(sdk);
    },
    fails: ['abort'],
    fix: /The signal belongs to one call/,
  },
  {
    mistake: 'prints every request while it is being developed',
    create: sending((send) => (request, options) => {
      console.debug('[pims] >', JSON.stringify(request));
      return send(request, options);
    }),
    fails: ['console'],
    fix: /at most verb, API and status/,
  },
  {
    mistake: 'puts the request into its errors, for support',
    create: sending((send) => async (request, options) => {
      try {
        return await send(request, options);
      } catch (error) {
        throw new Error('The call failed', { cause: { error, request } });
      }
    }),
    fails: ['errors'],
    fix: /errors end in crash reports/,
  },
  {
    mistake: 'counts what runs with a promise of its own',
    create: sending((send) => {
      const running = new Set<unknown>();
      return (request, options) => {
        const answer = send(request, options).then((message) => {
          if (messageOf(message)?.status === 'FAILED') throw message;
          return message;
        });
        running.add(answer);
        answer.finally(() => {
          running.delete(answer);
        });
        return answer;
      };
    }),
    fails: ['unhandled'],
    fix: /promise\.finally\(…\)/,
  },
  {
    mistake: 'takes the first message of a subscription for its acknowledgement, and the others for events',
    create: subscribing((sdk) => ({ api, parameters = {} }, onMessage) => {
      let isAcknowledged = false;
      sdk.subscribe(api, parameters, (message) => {
        if (!isAcknowledged) onMessage({ ...messageOf(message), status: 'SUCCEEDED' });
        else if (messageOf(message).status === 'RESULT') onMessage(message);
        isAcknowledged = true;
      });
    }),
    fails: ['subscribe-failed', 'early-event'],
    fix: /Its status tells what a message is, not its place/,
  },
  {
    mistake: 'lets go of the callback after the first event',
    create: subscribing((sdk) => ({ api, parameters = {} }, onMessage) => {
      let count = 0;
      sdk.subscribe(api, parameters, (message) => {
        count += 1;
        if (count <= 2) onMessage(message);
      });
    }),
    fails: ['subscribe'],
    fix: /Keep the callback/,
  },
  {
    mistake: 'delivers events in tasks that overtake one another',
    create: subscribing((sdk) => ({ api, parameters = {} }, onMessage) => {
      let count = 0;
      sdk.subscribe(api, parameters, (message) => {
        count += 1;
        if (messageOf(message).status === 'RESULT' && count % 2 === 0)
          setTimeout(() => onMessage(message), 5);
        else onMessage(message);
      });
    }),
    fails: ['subscribe'],
    fix: /every message of the subscription, as it is and in order/,
  },
  {
    mistake: 'ends a subscription at the first error',
    create: subscribing((sdk) => ({ api, parameters = {} }, onMessage) => {
      let isOver = false;
      sdk.subscribe(api, parameters, (message) => {
        if (isOver) return;
        onMessage(message);
        isOver = messageOf(message).error !== undefined;
      });
    }),
    fails: ['event-error'],
    fix: /an error in an event does not end it/,
  },
  {
    mistake: 'says nothing when the native subscribe throws',
    create: subscribing((sdk) => ({ api, parameters = {} }, onMessage) => {
      try {
        sdk.subscribe(api, parameters, onMessage);
      } catch {
        // it will be all right
      }
    }),
    fails: ['subscribe-throw'],
    fix: /Throw, or reject the promise that subscribe\(\) returns/,
  },
  {
    mistake: 'sends all events through one channel without saying whose they are',
    create: (sdk) => {
      const listeners = new Set<Callback>();
      return subscribing((sdk) => ({ api, parameters = {} }, onMessage) => {
        sdk.subscribe(api, parameters, (message) => {
          if (messageOf(message).status !== 'RESULT') return onMessage(message);
          listeners.add(onMessage);
          for (const listener of listeners) listener(message);
        });
        listeners.add(onMessage);
      })(sdk);
    },
    fails: ['kept-apart'],
    fix: /by the id of the call they belong to/,
  },
  {
    mistake: 'adds a listener for each subscription, and takes none away',
    create: (sdk) => {
      const newest = new Map<string, Callback>();
      const listeners = new Map<string, number>();
      return subscribing((sdk) => ({ api, parameters = {} }, onMessage) => {
        newest.set(api, onMessage);
        listeners.set(api, (listeners.get(api) ?? 0) + 1);
        sdk.subscribe(api, parameters, (message) => {
          const times = messageOf(message).status === 'RESULT' ? (listeners.get(api) ?? 1) : 1;
          for (let time = 0; time < times; time += 1) newest.get(api)?.({ ...messageOf(message) });
        });
      })(sdk);
    },
    fails: ['resubscribe'],
    fix: /Take your listener off/,
  },
  {
    mistake: 'listens no more when the signal aborts, and leaves the SDK subscribed',
    create: subscribing((sdk) => ({ api, parameters = {} }, onMessage, { signal }) => {
      sdk.subscribe(api, parameters, (message) => {
        if (!signal.aborted) onMessage(message);
      });
    }),
    fails: ['abandoned-subscribe'],
    fix: /the package takes such a registration back/,
  },
  {
    mistake: 'unsubscribes at the signal, and again when it is told',
    create: subscribing((sdk) => ({ api, parameters = {} }, onMessage, { signal }) => {
      signal.addEventListener('abort', () => sdk.unsubscribe(api, {}, () => {}));
      sdk.subscribe(api, parameters, onMessage);
    }),
    fails: ['unsubscribe'],
    fix: /never because of the signal as well/,
  },
  {
    mistake: 'stops sending after four failures in a row',
    create: sending((send) => {
      let failures = 0;
      return async (request, options) => {
        if (failures >= 4) throw new Error('the SDK is not well');
        const message = messageOf(await send(request, options));
        failures = message?.status === 'FAILED' ? failures + 1 : 0;
        return message;
      };
    }),
    fails: ['once', 'simulator'],
    fix: /Heal what the other checks say first/,
  },
  {
    mistake: 'remembers challenged subscriptions, and makes no second one',
    create: (sdk) => {
      const refused = new Set<string>();
      return subscribing((sdk) => ({ api, parameters = {} }, onMessage) => {
        if (refused.has(api)) throw new Error('refused before');
        sdk.subscribe(api, parameters, (message) => {
          if (messageOf(message).status === 'FAILED') refused.add(api);
          onMessage(message);
        });
      })(sdk);
    },
    fails: ['challenged-subscribe'],
    fix: /Pass every request on/,
  },
  {
    mistake: 'asks for the PIN itself when it meets 2302',
    create: sending((send) => async (request, options) => {
      const message = messageOf(await send(request, options));
      if (Number(message?.error?.code) !== 2302) return message;
      return { status: 'FAILED', error: { code: 2000, label: 'Handled by the bridge' } };
    }),
    fails: ['challenge'],
    fix: /Resolve with the whole message/,
  },
  {
    mistake: 'takes a late answer for the answer to the same request made again',
    create: sending((_, sdk) => {
      const aborted = new Map<string, AbortSignal>();
      const waiting = new Map<string, Callback>();
      return ({ verb, api, parameters = {} }, { signal }) =>
        new Promise((resolve) => {
          const name = JSON.stringify([verb, api, parameters]);
          const again = aborted.get(name)?.aborted === true;
          aborted.set(name, signal);
          if (again) waiting.set(name, resolve);
          sdk[verb](api, parameters, (message) => {
            if (signal.aborted) waiting.get(name)?.(message);
            resolve(message);
          });
        });
    }),
    fails: ['late-answer'],
    fix: /never use one again/,
  },
  {
    mistake: 'knows initialize, and forgets its parameters',
    create: (sdk) => fromPims({ ...sdk, initialize: (_, callback) => sdk.initialize({}, callback) }),
    fails: ['initialize'],
    fix: /sdk\.initialize\(parameters, callback\)/,
  },
];
