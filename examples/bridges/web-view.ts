import type { Pims, Transport } from 'strong-auth-machine';

/** A way for texts in both directions between a page and the app that shows it. The guide lists how to get one. */
export interface Channel {
  postMessage(text: string): void;
  onMessage(listener: (text: string) => void): void;
}

/** From the page. */
interface Request {
  readonly id: number;
  readonly verb: 'get' | 'set' | 'subscribe' | 'unsubscribe';
  readonly api: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** To the page: one for each callback of the SDK, or word that it threw. */
type Reply =
  | { readonly id: number; readonly message: unknown }
  | { readonly id: number; readonly threw: true };

/** The page's half: a transport over a channel. */
export function createChannelTransport(channel: Channel): Transport {
  const open = new Map<
    number,
    { api: string; hear: (message: unknown) => void; fail: (error: Error) => void }
  >();
  let lastId = 0;

  channel.onMessage((text) => {
    const reply: Reply = JSON.parse(text);
    const call = open.get(reply.id);
    if (!call) return; // answered before, or ended
    if ('threw' in reply) {
      open.delete(reply.id);
      call.fail(new Error('The SDK threw'));
    } else call.hear(reply.message);
  });

  return {
    send: ({ verb, api, parameters = {} }) =>
      new Promise((resolve, fail) => {
        lastId += 1;
        const id = lastId;
        const hear = (message: unknown) => {
          open.delete(id); // the first answer counts
          if (verb === 'unsubscribe' && isStatus(message, 'SUCCEEDED')) forget(api);
          resolve(message);
        };
        open.set(id, { api: '', hear, fail });
        channel.postMessage(JSON.stringify({ id, verb, api, parameters }));
      }),
    subscribe: ({ api, parameters = {} }, onMessage) =>
      new Promise<void>((_, fail) => {
        lastId += 1;
        const id = lastId;
        const hear = (message: unknown) => {
          if (isStatus(message, 'FAILED')) open.delete(id); // refused: nothing was registered
          onMessage(message);
        };
        open.set(id, { api, hear, fail });
        channel.postMessage(JSON.stringify({ id, verb: 'subscribe', api, parameters }));
      }),
  };

  /** The subscriptions of an API are over. */
  function forget(api: string): void {
    for (const [id, call] of open) if (call.api === api) open.delete(id);
  }
}

/** The app's half, if the app is JavaScript too; in Kotlin or Swift it is the same few lines. */
export function serveChannel(channel: Channel, sdk: Pims): void {
  const reply = (reply: Reply) => channel.postMessage(JSON.stringify(reply));
  channel.onMessage((text) => {
    const { id, verb, api, parameters }: Request = JSON.parse(text);
    try {
      sdk[verb](api, parameters, (message) => reply({ id, message: message ?? null }));
    } catch {
      reply({ id, threw: true }); // without the request, which may hold the PIN
    }
  });
}

const isStatus = (message: unknown, status: string): boolean =>
  (message as { status?: unknown } | null)?.status === status;
