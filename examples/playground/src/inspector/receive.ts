import { CHANNEL, CONNECTED } from '../feed.js';

/** A message of the protocol of `@statelyai/inspect`, as far as this page reads it. What an app sends is not to be trusted. */
export interface Received {
  readonly type: '@xstate.actor' | '@xstate.event' | '@xstate.snapshot';
  readonly sessionId: string;
  readonly createdAt: string;
  readonly name?: unknown;
  readonly parentId?: unknown;
  readonly definition?: unknown;
  readonly event?: unknown;
  readonly snapshot?: unknown;
}

/** How long whoever opened the page has to speak before others are asked. */
const HOST_FIRST_MS = 500;

/** Where a message came from: two apps may use the same session ids. */
export type Source = string;

/**
 * Listens for apps: the one that opened this page or shows it in a frame, pages of the same origin, and a socket if the address
 * names one. Says that it is ready, upon which they tell what there is.
 */
export function receive(
  take: (message: Received, source: Source) => void,
  onConnection: (text: string) => void,
): void {
  let isHostHeard = false;
  window.addEventListener('message', ({ data, origin }) => {
    if (!isReceived(data)) return;
    isHostHeard = true;
    take(data, origin);
  });
  const host: Window | null = window.self === window.top ? window.opener : window.parent;
  // The app's origin is not known before it speaks; this says nothing about anybody.
  host?.postMessage({ type: CONNECTED }, '*');

  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener('message', ({ data }) => {
    const { source, message } = (data ?? {}) as { source?: unknown; message?: unknown };
    // Who opened this page is heard already, and may be on the channel too.
    if (typeof source === 'string' && !isHostHeard && isReceived(message)) take(message, source);
  });
  window.setTimeout(() => isHostHeard || channel.postMessage({ type: CONNECTED }), host ? HOST_FIRST_MS : 0);

  const url = new URLSearchParams(location.search).get('ws');
  if (url !== null) listenTo(url, take, onConnection);
}

function listenTo(
  url: string,
  take: (message: Received, source: Source) => void,
  onConnection: (text: string) => void,
): void {
  try {
    const socket = new WebSocket(url);
    socket.addEventListener('open', () => onConnection(`Connected to ${url}`));
    socket.addEventListener('close', () => onConnection(`No connection to ${url}`));
    socket.addEventListener('message', ({ data }) => {
      const message = parse(data);
      if (isReceived(message)) take(message, url);
    });
  } catch {
    onConnection(`${url} is no address of a socket`);
  }
}

function parse(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    return undefined;
  }
}

const TYPES: readonly unknown[] = ['@xstate.actor', '@xstate.event', '@xstate.snapshot'];

function isReceived(data: unknown): data is Received {
  if (typeof data !== 'object' || data === null) return false;
  const { type, sessionId, _version } = data as Record<string, unknown>;
  return TYPES.includes(type) && typeof sessionId === 'string' && typeof _version === 'string';
}
