import type { Transport } from 'strong-auth-machine';

/** Your native module: `TurboModuleRegistry.getEnforcing<PimsModule>('Pims')`, or `NativeModules.Pims`. */
export interface PimsModule {
  /** Calls the SDK. Resolves with its message as JSON, a FAILED one too; rejects if the SDK threw. */
  call(verb: string, api: string, parameters: string): Promise<string>;
  /** Subscribes: every message comes as an event `pimsMessage`. Resolves at once; rejects if the SDK threw. */
  subscribe(id: string, api: string, parameters: string): Promise<null>;
  /** For `NativeEventEmitter`. */
  addListener(eventName: string): void;
  removeListeners(count: number): void;
}

/** `new NativeEventEmitter(module)`. */
export interface PimsEvents {
  addListener(event: 'pimsMessage', listener: (event: PimsEvent) => void): { remove(): void };
}

/** What the native half emits. */
export interface PimsEvent {
  readonly id: string;
  /** The SDK's message as JSON. */
  readonly message: string;
}

/** The transport over a React Native module. Make one for the life of the app. */
export function createReactNativeTransport(module: PimsModule, events: PimsEvents): Transport {
  const subscriptions = new Map<string, { api: string; onMessage: (message: unknown) => void }>();
  let lastId = 0;

  events.addListener('pimsMessage', ({ id, message: text }) => {
    const message = JSON.parse(text);
    subscriptions.get(id)?.onMessage(message);
    if (message?.status === 'FAILED') subscriptions.delete(id); // refused: nothing was registered
  });

  return {
    async send({ verb, api, parameters = {} }) {
      const message = JSON.parse(await module.call(verb, api, JSON.stringify(parameters)));
      if (verb === 'unsubscribe' && message?.status === 'SUCCEEDED') {
        for (const [id, subscription] of subscriptions)
          if (subscription.api === api) subscriptions.delete(id);
      }
      return message;
    },
    subscribe({ api, parameters = {} }, onMessage) {
      lastId += 1;
      const id = `subscription-${lastId}`;
      subscriptions.set(id, { api, onMessage }); // first: the SDK may answer at once
      return module.subscribe(id, api, JSON.stringify(parameters));
    },
  };
}
