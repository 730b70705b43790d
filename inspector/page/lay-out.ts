import type { Chart } from './definition.js';
import { graphOf, type Layout, layoutOf } from './graph.js';

/** How long a layout may take, in ms. Sixty states take two seconds of a processor, which a busy machine does not give at once. */
const LONGEST = 20_000;

/** The only worker that is ever loaded: it stands beside the page. */
const WORKER = new URL('layout.js', location.href).href;
const policy = (
  globalThis as {
    trustedTypes?: {
      createPolicy(
        name: string,
        rules: { createScriptURL(): string },
      ): { createScriptURL(input: string): string };
    };
  }
).trustedTypes?.createPolicy('layout', { createScriptURL: () => WORKER });

let worker: Worker | undefined;
let last: Promise<Layout | undefined> = Promise.resolve(undefined);

/** Places the states and arrows of a chart, one chart at a time. @returns Nothing if that fails or takes too long. */
export function layOut(chart: Chart): Promise<Layout | undefined> {
  // A chart that cannot be laid out holds up no other.
  const result = last.then(() => layOutNow(chart)).catch(() => undefined);
  last = result;
  return result;
}

function layOutNow(chart: Chart): Promise<Layout | undefined> {
  worker ??= new Worker(policy ? policy.createScriptURL('') : WORKER, { type: 'module' });
  const current = worker;
  return new Promise((resolve) => {
    const stop = () => {
      current.terminate();
      worker = undefined;
      resolve(undefined);
    };
    const timer = setTimeout(stop, LONGEST);
    current.onerror = () => {
      clearTimeout(timer);
      stop();
    };
    current.onmessage = ({ data }) => {
      resolve(typeof data === 'string' ? layoutOf(data) : undefined);
      clearTimeout(timer);
    };
    current.postMessage(graphOf(chart));
  });
}
