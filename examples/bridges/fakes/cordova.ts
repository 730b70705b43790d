import type { Pims } from 'strong-auth-machine';
import type { CordovaExec } from '../cordova.js';
import { atMostOnce, cross, toText } from './crossing.js';

/** What your Java and Swift do, with Cordova's own way of calling: `exec`, and results that keep their callback. */
export function createFakeCordova(sdk: Required<Pims>): CordovaExec {
  return (success, fail, service, action, args) => {
    const text = toText(args);
    cross(() => {
      if (service !== 'Pims') return cross(() => fail('Class not found'));
      const [api, parameters] = JSON.parse(text);
      /** As a `PluginResult`, which carries JSON. */
      const sendResult = (message: unknown) => {
        const json = toText(message);
        cross(() => success(JSON.parse(json)));
      };
      // A subscription's result has `setKeepCallback(true)`; any other callback is gone after the first.
      const callback = action === 'subscribe' ? sendResult : atMostOnce(sendResult);
      try {
        sdk[action as 'get'](api, parameters, callback);
      } catch {
        // Without the arguments, which may hold the PIN.
        cross(() => fail('The SDK threw'));
      }
    });
  };
}
