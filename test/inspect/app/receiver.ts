import { createBrowserReceiver, createWebSocketReceiver } from '@statelyai/inspect';

declare global {
  interface Window {
    /** Everything that arrived. */
    received: unknown[];
  }
}

/* The receiving half of Stately's inspector, as its own package has it. */

window.received = [];
const socket = new URLSearchParams(location.search).get('ws');
const receiver = socket === null ? createBrowserReceiver() : createWebSocketReceiver({ server: socket });
receiver.subscribe((message) => window.received.push(message));
