import type { ObservableStore } from 'strong-auth-machine';
import { settleDown } from 'strong-auth-machine/testing';
import { createStage } from '../../../examples/model-based/stage.js';
import { commands, type Remote } from '../../../examples/shared/remote.js';
import { createStore } from '../../../src/store.js';

export const CHALLENGE = { status: 'FAILED', error: { code: 2302, label: 'Need Strong Authentication' } };
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

/** @returns A stage on which the listeners of the remote's two views are counted. */
export function createCountedStage() {
  const stage = createStage();
  const { strongAuth, pinPad } = stage.remote;
  const view = counted(strongAuth.view);
  const pad = counted(pinPad.view);
  const remote: Remote = {
    strongAuth: { ...strongAuth, view: view.store },
    pinPad: { ...pinPad, view: pad.store },
  };
  const send = async (command: 0 | 1) => {
    const { request } = commands[command] ?? {};
    if (!request) throw new Error('there is no such command');
    strongAuth.send(request).catch(() => {}); // what becomes of it is not looked at
    await settleDown();
  };
  return {
    ...stage,
    remote,
    get listeners() {
      return view.listeners + pad.listeners;
    },
    /** Sends a command. */
    send,
    /** Sends the first command, and has it challenged. */
    async challenge() {
      await send(0);
      stage.answerCall(0, CHALLENGE);
      await settleDown();
    },
    /** The SDK answers the OTP request. */
    async answerOtp(message: unknown) {
      stage.answerOtp(message);
      await settleDown();
    },
  };
}
