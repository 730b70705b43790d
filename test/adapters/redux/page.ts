// First, since Redux Toolkit 1.9 looks for the devtools when it is loaded.
import { devtoolsOfLastStore, ignoreSlowChecks } from './browser.js';
import { createChecks, hydrate } from './checks.js';

const checks = createChecks(devtoolsOfLastStore);

declare global {
  interface Window {
    /** Runs one check of Redux's own on the page. Rejects with what is wrong. */
    reduxCheck(name: keyof typeof checks): Promise<void>;
    /** Hydrates what a server has rendered. Rejects with what is wrong. */
    hydrateRedux: typeof hydrate;
  }
}

ignoreSlowChecks();
window.reduxCheck = (name) => checks[name]();
window.hydrateRedux = hydrate;
