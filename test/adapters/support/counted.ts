import type { ExternalStore } from 'strong-auth-machine';
import { settleDown } from 'strong-auth-machine/testing';
import { createStage } from '../../../examples/model-based/stage.js';
import { commands, type Remote } from '../../../examples/shared/remote.js';

export const CHALLENGE = { status: 'FAILED', error: { code: 2302, label: 'Need Strong Authentication' } };
export const WRONG_PIN = { status: 'FAILED', error: { code: 2308, label: 'Wrong PIN' } };

/** @returns A stage on which the listeners of the remote's two views are counted. */
export function createCountedStage() {
  const stage = createStage();
  const { strongAuth, pinPad } = stage.remote;
  let listeners = 0;
  const counted = <View>({ getSnapshot, subscribe }: ExternalStore<View>): ExternalStore<View> => ({
    getSnapshot,
    subscribe(listener) {
      const unsubscribe = subscribe(listener);
      listeners += 1;
      return () => {
        unsubscribe();
        listeners -= 1;
      };
    },
  });
  const remote: Remote = {
    strongAuth: { ...strongAuth, view: counted(strongAuth.view) },
    pinPad: { ...pinPad, view: counted(pinPad.view) },
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
      return listeners;
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
