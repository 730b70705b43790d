import { fieldsOf } from './read.js';
import type { Taken } from './session.js';

/** The largest message that is taken, in characters. */
const LARGEST_MESSAGE = 4 * 1024 * 1024;
/** How long to wait before connecting again, in ms. */
const RECONNECT = 1000;

/** What is to be done with what arrives. */
export interface Receiver {
  readonly take: (taken: Taken, size: number) => void;
  /** Everybody tells again what there was, since the connection had been lost. */
  readonly onAgain: () => void;
  readonly onStatus: (text: string) => void;
}

/** Listens to the app that opened this page, and to the relay of the server that it came from. */
export function receive(receiver: Receiver): void {
  receiveFromOpener(receiver);
  const token = new URLSearchParams(location.search).get('token');
  if (token === null)
    receiver.onStatus('Without a token in the address, only the app that opened this page is heard');
  else receiveFromRelay(`ws://${location.host}/page?token=${encodeURIComponent(token)}`, receiver);
}

function receiveFromOpener({ take, onStatus }: Receiver): void {
  const opener: unknown = window.opener;
  if (!opener) return;
  window.addEventListener('message', ({ data, source, origin }) => {
    if (source !== opener) return;
    const text = jsonIn(data);
    if (text === undefined || text.length > LARGEST_MESSAGE) return;
    onStatus(`Connected to ${origin}`);
    take({ source: origin, message: JSON.parse(text) }, text.length);
  });
  askOpener();
}

/** Asks the app that opened this page for what there was. */
function askOpener(): void {
  // The app's origin is not known before it speaks; this says nothing about anybody.
  (window.opener as Window | null)?.postMessage({ type: '@statelyai.connected' }, '*');
}

/** @returns What was sent, as JSON; nothing if it is not that. */
function jsonIn(data: unknown): string | undefined {
  try {
    return JSON.stringify(data);
  } catch {
    return undefined;
  }
}

function receiveFromRelay(url: string, receiver: Receiver, isAgain = false): void {
  let wasRefused = true;
  const socket = new WebSocket(url);
  socket.addEventListener('open', () => {
    wasRefused = false;
    if (isAgain) {
      receiver.onAgain();
      askOpener();
    }
    receiver.onStatus('Waiting for an app');
  });
  socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const { source, message } = fieldsOf(JSON.parse(data));
    receiver.onStatus('Connected');
    receiver.take({ source: `socket ${String(source)}`, message }, data.length);
  });
  socket.addEventListener('close', () => {
    receiver.onStatus(
      wasRefused ? 'The inspector is not running, or its token is another one' : 'Connection lost',
    );
    setTimeout(() => receiveFromRelay(url, receiver, true), RECONNECT);
  });
}
