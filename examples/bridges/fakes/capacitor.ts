import type { Pims } from 'strong-auth-machine';
import type { PimsPlugin } from '../capacitor.js';
import { atMostOnce, cross, toText } from './crossing.js';

/** What your Kotlin and Swift do, with Capacitor's own way of calling: one object each way, and calls that are kept alive. */
export function createFakeCapacitor(sdk: Required<Pims>): PimsPlugin {
  let lastCallbackId = 0;
  /** As `call.reject(message)` arrives. Without the parameters, which may hold the PIN. */
  const rejection = () => Object.assign(new Error('The SDK threw'), { code: 'UNIMPLEMENTED_BY_SDK' });

  return {
    call: ({ verb, api, parameters }) =>
      new Promise((resolve, reject) => {
        const answer = atMostOnce((settle: () => void) => cross(settle));
        cross(() => {
          try {
            sdk[verb as 'get'](api, JSON.parse(parameters), (message) => {
              const data = { message: toText(message) };
              answer(() => resolve(data));
            });
          } catch {
            answer(() => reject(rejection()));
          }
        });
      }),
    async subscribe({ api, parameters }, callback) {
      lastCallbackId += 1;
      cross(() => {
        try {
          // `call.setKeepAlive(true)`, then `call.resolve(data)` for every message.
          sdk.subscribe(api, JSON.parse(parameters), (message) => {
            const data = { message: toText(message) };
            cross(() => callback(data));
          });
        } catch {
          cross(() => callback(null, rejection()));
        }
      });
      return `callback-${lastCallbackId}`;
    },
  };
}
