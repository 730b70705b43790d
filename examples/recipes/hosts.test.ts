import { createStrongAuth, fromPims, isStrongAuthError } from 'strong-auth-machine';
import { createSimulator } from 'strong-auth-machine/simulator';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { cancelLostPrompts, page } from './background.js';
import { enterPinWithBiometrics } from './biometrics.js';
import { answerWith, type Reply, receive } from './errors-over-ipc.js';
import { COMMAND, createCar, LOCK } from './fakes/car.js';
import { keep } from './hot-reload.js';
import { onSecurityEvents } from './security-events.js';
import { loadScreen } from './shared-signal.js';
import { joinWindows } from './two-windows.js';

/* The recipes of docs/guides/recipes.md for what surrounds an app, each on the simulated car. */

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('biometrics', () => {
  function withKeychain(kept: string | null) {
    const pims = createSimulator({ pin: '1234' });
    const keychain = { read: vi.fn(async () => kept), forget: vi.fn(async () => {}) };
    const askOnPad = vi.fn(async () => '1234');
    const strongAuth = createStrongAuth({
      transport: fromPims(pims),
      enterPin: enterPinWithBiometrics(keychain, askOnPad),
    });
    return { keychain, askOnPad, strongAuth };
  }

  test('give the PIN, and nobody is asked', async () => {
    const { strongAuth, askOnPad } = withKeychain('1234');
    await strongAuth.set(COMMAND, LOCK);
    expect(askOnPad).not.toHaveBeenCalled();
  });

  test('are asked once a wave: a PIN that was rejected is forgotten, and the pad asks', async () => {
    const { strongAuth, keychain, askOnPad } = withKeychain('9999');
    await strongAuth.set(COMMAND, LOCK);
    expect([keychain.read, keychain.forget, askOnPad].map(({ mock }) => mock.calls.length)).toEqual([
      1, 1, 1,
    ]);
  });

  test('that are turned down leave the pad', async () => {
    const { strongAuth, keychain, askOnPad } = withKeychain(null);
    keychain.read.mockRejectedValueOnce(new Error('turned down'));
    await strongAuth.set(COMMAND, LOCK);
    expect(askOnPad).toHaveBeenCalledTimes(1);
    expect(keychain.forget).not.toHaveBeenCalled();
  });
});

test('background: a prompt whose dialog is gone is cancelled on resume, and no other', async () => {
  const { strongAuth, challenge, status } = createCar();
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  vi.stubGlobal('document', document);
  let isOpen = true;
  const stop = cancelLostPrompts(page, strongAuth, () => isOpen);
  const { ended } = await challenge();
  const resume = () => document.dispatchEvent(new Event('visibilitychange'));
  resume();
  expect(status()).toBe('needStrongAuth');
  isOpen = false;
  document.visibilityState = 'hidden';
  resume();
  expect(status()).toBe('needStrongAuth');
  document.visibilityState = 'visible';
  resume();
  expect(await ended).toBe('CANCELLED');
  stop();
  await challenge();
  resume();
  expect(status()).toBe('needStrongAuth');
});

test('hot reload: the module that makes the client finds the one it has made', async () => {
  const hot = { data: {} };
  const first = keep(hot, 'car', createCar);
  const { ended } = await first.challenge();
  const again = keep(hot, 'car', createCar);
  expect(again).toBe(first);
  await again.type();
  expect(await ended).toBe('locked');
  expect(keep(undefined, 'car', createCar)).not.toBe(first);
});

test('two windows: who signs out in one is signed out in the other', async () => {
  const [here, there] = [createCar(), createCar()];
  const channels = [new BroadcastChannel('account'), new BroadcastChannel('account')] as const;
  const windows = [
    joinWindows(here.strongAuth, channels[0]),
    joinWindows(there.strongAuth, channels[1]),
  ] as const;
  const { ended } = await there.challenge();
  const recovered = vi.spyOn(there.strongAuth, 'recovered');
  windows[0].recovered();
  await vi.waitUntil(() => recovered.mock.calls.length === 1);
  windows[0].signOut();
  expect(await ended).toBe('SIGNED_OUT');
  windows[1].leave();
  for (const channel of channels) channel.close();
});

test('one signal for the calls of a screen: leaving it ends all of them', async () => {
  const { strongAuth, asked, type, pinPad } = createCar();
  const controller = new AbortController();
  const left = expect(loadScreen(strongAuth, controller.signal)).rejects.toMatchObject({
    name: 'AbortError',
  });
  await asked();
  controller.abort();
  await left;
  await vi.waitUntil(() => !pinPad.view.getSnapshot().isOpen);

  const screen = loadScreen(strongAuth, new AbortController().signal);
  await type();
  expect((await screen).vehicle).toBeDefined();
});

test('security events: a session that was revoked signs out, an account that was enabled is asked again', async () => {
  const { strongAuth, challenge } = createCar();
  const { ended } = await challenge();
  onSecurityEvents(strongAuth, {
    'https://schemas.openid.net/secevent/caep/event-type/token-claims-change': {},
  });
  onSecurityEvents(strongAuth, { 'https://schemas.openid.net/secevent/risc/event-type/account-enabled': {} });
  expect(strongAuth.view.getSnapshot().status).toBe('needStrongAuth');
  onSecurityEvents(strongAuth, { 'https://schemas.openid.net/secevent/caep/event-type/session-revoked': {} });
  expect(await ended).toBe('SIGNED_OUT');
});

test('errors over IPC: what is thrown in one process has its code and remedy in the other', async () => {
  const { strongAuth, asked, pinPad, type } = createCar();
  const answer = answerWith(strongAuth);
  const call = () =>
    receive(
      answer({ verb: 'set', api: COMMAND, parameters: LOCK }).then((reply): Reply => structuredClone(reply)),
    );
  const declined = call();
  const failure = expect(declined).rejects.toSatisfy(
    (error) => isStrongAuthError(error) && error.code === 'CANCELLED' && error.action === 'doors',
  );
  await asked();
  pinPad.cancel();
  await failure;
  const locked = call();
  await type();
  await locked;
  await expect(
    receive(answer({ verb: 'get', api: 'pims.nothing' }).then((reply): Reply => structuredClone(reply))),
  ).rejects.toMatchObject({
    name: 'ApiError',
  });
});
