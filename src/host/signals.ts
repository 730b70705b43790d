import { surface } from './surface.js';

interface Watch {
  readonly listeners: Set<() => void>;
  readonly stop: () => void;
}

/** One listener for each signal however many calls it is given to: hosts warn of more than ten. */
const watches = new WeakMap<AbortSignal, Watch>();

/** @throws TypeError, as from `options.signal`, unless `signal` can be listened to, and taken back from. */
export function checkSignal(signal: unknown): asserts signal is AbortSignal {
  const { aborted, addEventListener, removeEventListener } = (signal ?? {}) as Record<string, unknown>;
  const isSignal =
    typeof aborted === 'boolean' &&
    typeof addEventListener === 'function' &&
    typeof removeEventListener === 'function';
  if (!isSignal) throw new TypeError('options.signal must be an AbortSignal');
}

/**
 * Calls `listener` once when `signal` aborts.
 *
 * @returns How to stop listening.
 * @throws What the signal throws when it is listened to.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  let watch = watches.get(signal);
  if (!watch) {
    const listeners = new Set<() => void>();
    const abort = () => {
      watches.delete(signal);
      stop();
      for (const heard of [...listeners]) {
        // One that was removed by another meanwhile is not called.
        if (listeners.delete(heard)) heard();
      }
    };
    const stop = () => {
      try {
        signal.removeEventListener('abort', abort);
      } catch (error) {
        surface(error);
      }
    };
    watch = { listeners, stop };
    watches.set(signal, watch);
    try {
      signal.addEventListener('abort', abort);
    } catch (error) {
      watches.delete(signal);
      throw error;
    }
  }
  const { listeners, stop } = watch;
  listeners.add(listener);
  return () => {
    if (!listeners.delete(listener) || listeners.size > 0) return;
    if (watches.get(signal)?.listeners === listeners) watches.delete(signal);
    stop();
  };
}

/** @returns The reason of an aborted signal; an AbortError where an older host gives none. */
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

/** Aborts. In some hosts a listener that throws does so into whoever aborts. */
export function abort(controller: AbortController): void {
  try {
    controller.abort();
  } catch (error) {
    surface(error);
  }
}
