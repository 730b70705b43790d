import { AbortController as Controller, AbortSignal as Signal } from 'abort-controller/dist/abort-controller';

/* What React Native adds to the engine it runs (its own `AbortController` among it), put in place where the bare engine lacks it. Loaded before the app. */

type Global = Record<string, unknown> & {
  print?: (text: string) => void;
  setTimeout: (callback: () => void, delay?: number) => unknown;
};
const host = globalThis as unknown as Global;
const { print } = host;
const start = Date.now();

if (print) host.console = { log: print, warn: print, error: print, assert: () => {} };
host.performance ??= { now: () => Date.now() - start };
host.queueMicrotask ??= (callback: () => void) => void Promise.resolve().then(callback);
host.AbortController ??= Controller;
host.AbortSignal ??= Signal;
// The shell of JavaScriptCore cannot clear a timer, and that of Hermes calls back at once, whatever the delay.
if (host.HermesInternal || !host.clearTimeout) host.setTimeout = waiting(host.setTimeout);

/** Timers of a shell that has only a way to be called back. */
function waiting(callSoon: Global['setTimeout']): Global['setTimeout'] {
  const cleared = new Set<unknown>();
  let last = 0;
  host.clearTimeout = (id: unknown) => cleared.add(id);
  return (callback, delay = 0) => {
    last += 1;
    const id = last;
    const due = Date.now() + delay;
    const look = () => {
      if (cleared.delete(id)) return;
      if (Date.now() >= due) callback();
      else callSoon(look);
    };
    callSoon(look);
    return id;
  };
}
