import type { Channel } from '../web-view.js';

/** One end of a `MessageChannel`: what a page and an app, or two windows, have between them. */
export function channelOf(port: MessagePort): Channel {
  return {
    postMessage: (text) => port.postMessage(text),
    onMessage(listener) {
      port.onmessage = ({ data }) => listener(data);
    },
  };
}
