import { createDevtools, type Devtools } from '../../support/devtools.js';

declare global {
  interface Window {
    /** Where Redux Toolkit looks for the browser's extension. */
    __REDUX_DEVTOOLS_EXTENSION_COMPOSE__: unknown;
  }
}

type Enhancer = (createStore: unknown) => unknown;

let last: Devtools | undefined;

window.__REDUX_DEVTOOLS_EXTENSION_COMPOSE__ =
  () =>
  (...enhancers: Enhancer[]): Enhancer =>
  (createStore) => {
    last = createDevtools();
    const all: readonly Enhancer[] = last.enhancers(() => enhancers);
    return all.reduceRight((create, enhance) => enhance(create), createStore);
  };

/** @returns The devtools, as the browser's extension puts them on, of the store that was made last. */
export function devtoolsOfLastStore(): Devtools {
  if (!last) throw new Error('no store was made with devtools');
  return last;
}

/** Redux Toolkit times its own checks, and complains of a busy machine. Every other warning stays. */
export function ignoreSlowChecks(): void {
  const { warn } = console;
  console.warn = (...said: unknown[]) => {
    if (!/Middleware took \d+ms/.test(String(said[0]))) warn(...said);
  };
}
