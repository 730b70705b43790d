import type { Pims } from 'strong-auth-machine';
import type { PimsEvent, PimsEvents, PimsModule } from '../react-native.js';
import { atMostOnce, cross, toText } from './crossing.js';

/** What your Kotlin and Swift do, with React Native's own way of calling: promises one way, events by name the other. */
export function createFakeReactNative(sdk: Required<Pims>): { module: PimsModule; events: PimsEvents } {
  const listeners = new Set<(event: PimsEvent) => void>();
  const emit = (event: PimsEvent) => {
    for (const listener of [...listeners]) listener(event);
  };
  /** A native method with a promise. */
  const method = <Value>(run: (resolve: (value: Value) => void) => void): Promise<Value> =>
    new Promise((resolve, reject) => {
      const answer = atMostOnce((settle: () => void) => cross(settle));
      cross(() => {
        try {
          run((value) => answer(() => resolve(value)));
        } catch {
          // As a native module rejects: an Error with a code. Without the parameters, which may hold the PIN.
          answer(() => reject(Object.assign(new Error('The SDK threw'), { code: 'EUNSPECIFIED' })));
        }
      });
    });

  return {
    module: {
      call: (verb, api, parameters) =>
        method((resolve) =>
          sdk[verb as 'get'](api, JSON.parse(parameters), (message) => resolve(toText(message))),
        ),
      subscribe: (id, api, parameters) =>
        method((resolve) => {
          sdk.subscribe(api, JSON.parse(parameters), (message) => {
            const event = { id, message: toText(message) };
            cross(() => emit(event));
          });
          resolve(null);
        }),
      addListener() {},
      removeListeners() {},
    },
    events: {
      addListener(_, listener) {
        listeners.add(listener);
        return { remove: () => void listeners.delete(listener) };
      },
    },
  };
}
