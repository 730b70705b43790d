import type { SafeInspectionMessage } from 'strong-auth-machine/inspect';

/** What an inspector says when it is ready, in the protocol of `@statelyai/inspect`. */
export const CONNECTED = '@statelyai.connected';
/** The channel on which pages of one origin inspect each other without having opened each other. */
export const CHANNEL = 'strong-auth-inspector';

/** What goes over the channel: a message, and which page it is from, since session ids are the same on every page. */
export interface ChannelMessage {
  readonly source: string;
  readonly message: SafeInspectionMessage;
}

/** Messages of the past that an inspector is given when it connects, beside what says which actors there are. */
const REMEMBERED = 300;

/** Passes inspection messages on to whoever inspects this page. */
export interface Feed {
  publish(message: SafeInspectionMessage): void;
  /** Forgets what was published: another world begins. */
  clear(): void;
}

/** Listens for inspectors: windows that this page opened, and pages of its origin. */
export function createFeed(): Feed {
  const source = crypto.randomUUID();
  const windows = new Set<MessageEventSource>();
  const channel = new BroadcastChannel(CHANNEL);
  let isChannelHeard = false;
  let actors: SafeInspectionMessage[] = [];
  let recent: SafeInspectionMessage[] = [];

  const post = (inspector: MessageEventSource, message: SafeInspectionMessage) =>
    inspector.postMessage(message, { targetOrigin: location.origin });
  const broadcast = (message: SafeInspectionMessage) =>
    channel.postMessage({ source, message } satisfies ChannelMessage);
  const past = () => [...actors, ...recent];

  window.addEventListener('message', ({ data, origin, source: inspector }) => {
    if (origin !== location.origin || !inspector || inspector === window) return;
    if ((data as { type?: unknown } | null)?.type !== CONNECTED) return;
    windows.add(inspector);
    for (const message of past()) post(inspector, message);
  });
  channel.addEventListener('message', ({ data }) => {
    if ((data as { type?: unknown } | null)?.type !== CONNECTED) return;
    isChannelHeard = true;
    for (const message of past()) broadcast(message);
  });

  return {
    publish(message) {
      if (message.type === '@xstate.actor' && message.parentId === undefined) actors.push(message);
      else recent.push(message);
      if (recent.length > 2 * REMEMBERED) recent = recent.slice(-REMEMBERED);
      for (const inspector of windows) {
        if ((inspector as Window).closed) windows.delete(inspector);
        else post(inspector, message);
      }
      if (isChannelHeard) broadcast(message);
    },
    clear() {
      actors = [];
      recent = [];
    },
  };
}
