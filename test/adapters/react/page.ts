import { checks, hydrate } from './checks.js';

declare global {
  interface Window {
    /** Runs one check of React's own on the page. Rejects with what is wrong. */
    reactCheck(name: keyof typeof checks): Promise<void>;
    /** Hydrates what a server has rendered. Rejects with what is wrong. */
    hydrate: typeof hydrate;
  }
}

window.reactCheck = (name) => checks[name]();
window.hydrate = hydrate;
