import { createStrongAuth, fromPims, type Pims, type PimsCallback } from 'strong-auth-machine';
import { at, createManualClock, createScriptedUser, GRANT, PIN, settleDown } from './support.js';

/** A callback SDK as its pages show it, answered by hand. */
export function createSdk() {
  const calls: { verb: string; api: string; parameters: unknown; answer: PimsCallback }[] = [];
  const verb = (name: string) => (api: string, parameters: unknown, answer: PimsCallback) => {
    calls.push({ verb: name, api, parameters, answer });
  };
  const sdk = {
    get: verb('get'),
    set: verb('set'),
    subscribe: verb('subscribe'),
    unsubscribe: verb('unsubscribe'),
    initialize: (parameters: unknown, answer: PimsCallback) =>
      calls.push({ verb: 'initialize', api: '', parameters, answer }) > 0,
    release: (answer: PimsCallback) =>
      calls.push({ verb: 'release', api: '', parameters: undefined, answer }) > 0,
  } as Required<Pims>;
  return { sdk, calls };
}

/** The SDK, and the facade of it that existing code is given instead. */
export function facade() {
  const { sdk, calls } = createSdk();
  const user = createScriptedUser();
  const clock = createManualClock(0);
  const strongAuth = createStrongAuth({ transport: fromPims(sdk), enterPin: user.enterPin, clock });
  const pims = strongAuth.asPims();
  const messages: unknown[] = [];
  return {
    strongAuth,
    pims,
    calls,
    user,
    clock,
    messages,
    callback: (message: unknown) => {
      messages.push(message);
    },
    async answer(message: unknown, index = -1) {
      at(calls, index, 'call').answer(message);
      await settleDown();
    },
    async grant() {
      at(user.prompts, -1).resolve(PIN);
      await settleDown();
      at(calls, -1).answer(GRANT);
      await settleDown();
    },
  };
}
