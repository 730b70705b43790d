import { type Callback, messageOf, subscribing, type WrongBridge } from './wrong-bridge.js';

/** Bridges with a mistake in what they do about subscriptions. */
export const wrongSubscriptions: readonly WrongBridge[] = [
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
];
