import { fromPims } from 'strong-auth-machine';
import {
  type Callback,
  type Message,
  messageOf,
  requesting,
  sending,
  subscribing,
  type WrongBridge,
} from './wrong-bridge.js';
import { wrongSubscriptions } from './wrong-subscriptions.js';

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
  ...wrongSubscriptions,
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
