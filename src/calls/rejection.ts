import { isApiError, isStrongAuthError } from '../messages/errors.js';

type StackCapture = { captureStackTrace?(error: object, above: unknown): void };

/**
 * Errors are made where a call settles. Here, on the way to the promise that the app awaits, an engine that follows promises
 * (V8) names the line of the app that made the call. A call that succeeds pays nothing for it.
 *
 * @returns A promise that rejects with `error`: what the call's promise resolves with.
 */
export function rejectionOf(error: unknown): Promise<never> {
  // Two steps: in the second one the call's promise already waits for this one, so that the engine finds who waits for that.
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
