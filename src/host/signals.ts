import { read } from './ask.js';
import { surface } from './surface.js';

interface Watch {
  readonly listeners: Set<() => void>;
  /** @throws What the signal's `addEventListener` throws. */
  start(): void;
  stop(): void;
}

/** One listener for each signal, however many calls it is given to: hosts warn of more than ten listeners. */
const watches = new WeakMap<AbortSignal, Watch>();

/** @throws TypeError that names `options.signal`, unless `signal` has the methods of an AbortSignal. */
export function checkSignal(signal: unknown): asserts signal is AbortSignal {
  const isSignal =
    typeof read(signal, 'aborted') === 'boolean' &&
    typeof read(signal, 'addEventListener') === 'function' &&
    typeof read(signal, 'removeEventListener') === 'function';
  if (!isSignal) throw new TypeError('options.signal must be an AbortSignal');
}

/**
 * Calls `listener` once when `signal` aborts.
 *
 * @returns A function that stops listening.
 * @throws What the signal's `addEventListener` throws.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  const known = watches.get(signal);
  const watch = known ?? createWatch(signal);
  const { listeners } = watch;
  listeners.add(listener); // first: the signal may abort while its listener is added
  try {
    if (!known) watch.start();
  } catch (error) {
    listeners.delete(listener);
    watch.stop();
    throw error;
  }
  return () => {
    if (listeners.delete(listener) && listeners.size === 0) watch.stop();
  };
}

function createWatch(signal: AbortSignal): Watch {
  const listeners = new Set<() => void>();
  let isOver = false;
  const abort = () => {
    watch.stop();
    for (const listener of [...listeners]) {
      // A listener that another one has removed meanwhile is not called.
      if (listeners.delete(listener)) listener();
    }
  };
  const watch: Watch = {
    listeners,
    start() {
      signal.addEventListener('abort', abort);
      if (!isOver) watches.set(signal, watch);
    },
    stop() {
      isOver = true;
      if (watches.get(signal) === watch) watches.delete(signal);
      try {
        signal.removeEventListener('abort', abort);
      } catch (error) {
        surface(error);
      }
    },
  };
  return watch;
}

/** @returns The reason of an aborted signal; an AbortError if an older host gives none. */
export function reasonOf(signal: AbortSignal): unknown {
  try {
    if (signal.reason !== undefined) return signal.reason;
  } catch (error) {
    surface(error);
  }
  const error = new Error('The call was aborted');
  error.name = 'AbortError';
  return error;
}

/** Aborts `controller`. In some hosts, `abort()` throws what a listener throws. */
export function abort(controller: AbortController): void {
  try {
    controller.abort();
  } catch (error) {
    surface(error);
  }
}
