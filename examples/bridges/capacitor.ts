import type { Transport } from 'strong-auth-machine';

/** Your plugin: `registerPlugin<PimsPlugin>('Pims')`. */
export interface PimsPlugin {
  /** Calls the SDK. Resolves with its message as JSON, a FAILED one too; rejects if the SDK threw. */
  call(options: { verb: string; api: string; parameters: string }): Promise<{ message: string }>;
  /** A method that returns a callback and is kept alive: called with every message of the subscription. */
  subscribe(
    options: { api: string; parameters: string },
    callback: (data: { message: string } | null, error?: unknown) => void,
  ): Promise<string>;
}

/** The transport over a Capacitor plugin. */
export function createCapacitorTransport(plugin: PimsPlugin): Transport {
  return {
    async send({ verb, api, parameters = {} }) {
      const { message } = await plugin.call({ verb, api, parameters: JSON.stringify(parameters) });
      return JSON.parse(message);
    },
    subscribe: ({ api, parameters = {} }, onMessage) =>
      new Promise<void>((_, reject) => {
        // What the plugin rejects after its first answer comes to the callback, what it rejects before to the promise as well.
        const callback = (data: { message: string } | null, error?: unknown) => {
          if (data) onMessage(JSON.parse(data.message));
          else reject(error);
        };
        plugin.subscribe({ api, parameters: JSON.stringify(parameters) }, callback).catch(reject);
      }),
  };
}
