import type { ObservableStore } from 'strong-auth-machine';
import { createStage } from '../../../examples/model-based/stage.js';
import { commands, type Remote } from '../../../examples/shared/remote.js';
import { createStore } from '../../../src/client/store.js';
import { settle } from './checks.js';

export const CHALLENGE = { status: 'FAILED', error: { code: 2302, label: 'Need Strong Authentication' } };
export const SUCCEEDED = { status: 'SUCCEEDED', result: {} };
export const WRONG_PIN = { status: 'FAILED', error: { code: 2308, label: 'Wrong PIN' } };

/** A store whose listeners are counted. */
export function counted<View>(store: ObservableStore<View>): {
  readonly store: ObservableStore<View>;
  readonly listeners: number;
} {
  let listeners = 0;
  return {
    // A whole store again: who takes it for an observable is to be counted, too.
    store: createStore({
      getSnapshot: store.getSnapshot,
      subscribe(listener) {
        const unsubscribe = store.subscribe(listener);
        listeners += 1;
        return () => {
          unsubscribe();
          listeners -= 1;
        };
      },
    }),
    get listeners() {
      return listeners;
    },
  };
}

/** @returns A stage on which the listeners of the remote's two views, and the prompts, are counted. */
export function createCountedStage() {
  const stage = createStage();
  const { strongAuth, pinPad } = stage.remote;
  const [view, pad] = [counted(strongAuth.view), counted(pinPad.view)];
  const remote: Remote = {
    strongAuth: { ...strongAuth, view: view.store },
    pinPad: { ...pinPad, view: pad.store },
  };
  let prompts = 0;
  pinPad.view.subscribe(({ isOpen }) => {
    if (isOpen) prompts += 1;
  });
  const send = async (command: number) => {
    const { request } = commands[command] ?? {};
    if (!request) throw new Error('there is no such command');
    strongAuth.send(request).catch(() => {}); // what becomes of it is not looked at
    await settle();
  };
  const answer = async (command: number, message: unknown) => {
    stage.answerCall(command, message);
    await settle();
  };
  return {
    ...stage,
    remote,
    listening: () => view.listeners + pad.listeners,
    prompts: () => prompts,
    /** The requests that carried a PIN. */
    otpRequests: () => stage.transport.requests.filter(({ request }) => request.parameters?.pinCode),
    /** Sends a command. */
    send,
    /** The SDK answers a command. */
    answer,
    /** The SDK answers the OTP request. */
    async answerOtp(message: unknown) {
      stage.answerOtp(message);
      await settle();
    },
    /** Sends a command, and has it challenged. */
    async challenge(command = 0) {
      await send(command);
      await answer(command, CHALLENGE);
    },
  };
}
