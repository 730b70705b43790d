import type { ApiRequest } from '../messages/message.js';
import type { Transport } from '../messages/transport.js';
import type { Pims, PimsCallback } from './pims.js';

/**
 * Makes a transport of the callback SDK, or of any bridge that has its shape.
 *
 * For `get`, `set` and `unsubscribe` the first callback counts and later ones are ignored, as the SDK promises exactly one.
 * The SDK cannot abort: an aborted call's answer arrives and is ignored.
 *
 * @throws TypeError if `sdk` lacks one of the four verbs.
 */
export function fromPims(sdk: Pims): Transport {
  for (const verb of ['get', 'set', 'subscribe', 'unsubscribe'] as const) {
    if (typeof sdk?.[verb] !== 'function') throw new TypeError(`the SDK given to fromPims has no ${verb}()`);
  }
  return {
    send: ({ verb, api, parameters = {} }: ApiRequest) =>
      once((callback) => sdk[verb](api, parameters, callback)),
    subscribe({ api, parameters = {} }, onMessage) {
      sdk.subscribe(api, parameters, onMessage);
    },
    lifecycle: (call, parameters) =>
      once((callback) => {
        if (typeof sdk[call] !== 'function')
          throw new TypeError(`the SDK given to fromPims has no ${call}()`);
        if (call === 'initialize') sdk.initialize?.(parameters, callback);
        else sdk.release?.(callback);
      }),
  };
}

/**
 * A promise takes the first answer and ignores the others by itself. What the SDK throws before it has answered is thrown on:
 * the call has not left.
 */
function once(call: (callback: PimsCallback) => void): Promise<unknown> {
  let hasAnswered = false;
  let answer: PimsCallback = () => {};
  const answered = new Promise<unknown>((resolve) => {
    answer = (message) => {
      hasAnswered = true;
      resolve(message);
    };
  });
  try {
    call(answer);
  } catch (error) {
    if (!hasAnswered) throw error;
  }
  return answered;
}
