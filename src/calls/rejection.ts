import { isApiError, isStrongAuthError } from '../messages/errors.js';

type StackCapture = { captureStackTrace?(error: object, above: unknown): void };

/**
 * Errors are created where a call settles, far from the app's code. On the way to the promise that the app
 * awaits, an engine with async stack traces (V8) can add the line of the app that made the call. A call
 * that succeeds pays nothing for it.
 *
 * @returns A promise that rejects with `error`, for the call's promise to resolve with.
 */
export function rejectionOf(error: unknown): Promise<never> {
  // Two steps: in the second one the call's promise already waits for this promise, so that the
  // engine can follow it to the app.
  const rejection = Promise.reject(error).catch(passOn);
  return isApiError(error) || isStrongAuthError(error) ? rejection.catch(nameCaller) : rejection;
}

function passOn(error: unknown): never {
  throw error;
}

function nameCaller(error: object): never {
  (Error as StackCapture).captureStackTrace?.(error, nameCaller);
  throw error;
}
