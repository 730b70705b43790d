import { createElement, Fragment, type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { ExternalStore } from 'strong-auth-machine';
import { createStage } from '../../../examples/model-based/stage.js';
import { commands, type Remote } from '../../../examples/shared/remote.js';
import { settle } from '../support/checks.js';

export const CHALLENGE = { status: 'FAILED', error: { code: 2302, label: 'Need Strong Authentication' } };
export const SUCCEEDED = { status: 'SUCCEEDED', result: {} };

/** Throws if the two do not look the same. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [seen, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (seen !== wanted) throw new Error(`${what}: should be ${wanted}, and is ${seen}`);
}

/** @returns A stage whose stores count who listens, and a remote that uses them. */
export function createCountedStage() {
  const stage = createStage();
  let listening = 0;
  const counted = <View,>({ getSnapshot, subscribe }: ExternalStore<View>): ExternalStore<View> => ({
    getSnapshot,
    subscribe(listener) {
      const unsubscribe = subscribe(listener);
      listening += 1;
      return () => {
        listening -= 1;
        unsubscribe();
      };
    },
  });
  const { strongAuth, pinPad } = stage.remote;
  const remote: Remote = {
    strongAuth: { ...strongAuth, view: counted(strongAuth.view) },
    pinPad: { ...pinPad, view: counted(pinPad.view) },
  };
  return {
    ...stage,
    remote,
    listening: () => listening,
    /** The requests that carried a PIN. */
    otpRequests: () => stage.transport.requests.filter(({ request }) => request.parameters?.pinCode),
    async send(command: number) {
      const { request } = commands[command] ?? {};
      if (!request) throw new Error('there is no such command');
      strongAuth.send(request).catch(() => {});
      await settle();
    },
    async answer(command: number, message: unknown) {
      stage.answerCall(command, message);
      await settle();
    },
    async answerOtp(message: unknown) {
      stage.answerOtp(message);
      await settle();
    },
    async challenge(command = 0) {
      await this.send(command);
      await this.answer(command, CHALLENGE);
    },
  };
}

/** Renders on the page. @returns What is there, and how it goes. */
export async function show(children: ReactNode, { strict = false } = {}) {
  const place = document.body.appendChild(document.createElement('main'));
  const root = createRoot(place);
  const render = async (next: ReactNode) => {
    root.render(createElement(strict ? StrictMode : Fragment, null, next));
    await settle();
    await settle(); // what effects ask for comes a turn later
  };
  await render(children);
  const find = <Found extends HTMLElement>(part: string): Found => {
    const found = place.querySelector<Found>(`[data-testid="${part}"]`);
    if (!found) throw new Error(`there is no ${part}`);
    return found;
  };
  return {
    place,
    render,
    find,
    has: (part: string) => place.querySelector(`[data-testid="${part}"]`) !== null,
    text: (part: string) => find(part).textContent,
    async click(part: string) {
      find(part).click();
      await settle();
    },
    async unmount() {
      root.unmount();
      await settle();
      place.remove();
    },
  };
}
