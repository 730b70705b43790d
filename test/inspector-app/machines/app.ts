import { createBrowserInspector } from '@statelyai/inspect';
import { createActor } from 'xstate';
import { trafficLight } from './traffic-light.js';

declare global {
  interface Window {
    /** Opens the inspector and starts the lights. */
    watch(url: string): void;
    press(): void;
  }
}

/* An app in a browser that opens the inspector. */

window.watch = (url) => {
  const { inspect } = createBrowserInspector({ url });
  const actor = createActor(trafficLight, { inspect }).start();
  window.press = () => actor.send({ type: 'button.pressed' });
};
