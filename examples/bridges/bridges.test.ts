import { createStrongAuth, fromPims, type Pims, type Transport } from 'strong-auth-machine';
import { createSimulator } from 'strong-auth-machine/simulator';
import { transportChecks } from 'strong-auth-machine/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { createCapacitorTransport } from './capacitor.js';
import { createCordovaTransport } from './cordova.js';
import { createFakeCapacitor } from './fakes/capacitor.js';
import { createFakeCordova } from './fakes/cordova.js';
import { createFakeReactNative } from './fakes/react-native.js';
import { channelOf } from './fakes/web-view.js';
import { checkOnDevice } from './on-a-device.js';
import { createReactNativeTransport } from './react-native.js';
import { createChannelTransport, serveChannel } from './web-view.js';

const ports: MessagePort[] = [];
afterAll(() => {
  for (const port of ports) port.close();
});

const bridges: Readonly<Record<string, (sdk: Required<Pims>) => Transport>> = {
  'React Native'(sdk) {
    const { module, events } = createFakeReactNative(sdk);
    return createReactNativeTransport(module, events);
  },
  Capacitor: (sdk) => createCapacitorTransport(createFakeCapacitor(sdk)),
  Cordova: (sdk) => createCordovaTransport(createFakeCordova(sdk)),
  'web view'(sdk) {
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
    serveChannel(channelOf(port2), sdk);
    return createChannelTransport(channelOf(port1));
  },
};

const { 'React Native': _, ...others } = bridges; // react-native.test.ts has the other one

describe.each(Object.entries(others))('the %s bridge of the guide', (_, createTransport) => {
  test.each(transportChecks({ createTransport }))('$title', ({ run }) => run());
});

test.each(Object.entries(bridges))(
  'on a device with the %s bridge, all that can be asked passes',
  async (_, createTransport) => {
    const text = await checkOnDevice(createTransport(createSimulator({ latencyMs: [0, 4] })));
    expect(text).toMatch(/^Transport on the real SDK: 7 checks, 7 passed\.\n/);
  },
);

test('an app can keep the PIN to itself: it serves its client to the page, which is challenged no more', async () => {
  const simulator = createSimulator({ pin: '0412' });
  const strongAuth = createStrongAuth({ transport: fromPims(simulator), enterPin: simulator.enterPin });
  const page = bridges['web view']?.(strongAuth.asPims());
  const request = { verb: 'set', api: 'pims.vehicle.command', parameters: { action: 'horn' } } as const;
  const answer = await page?.send(request, { signal: new AbortController().signal });
  expect(answer).toMatchObject({ status: 'SUCCEEDED' });
  expect(simulator.effects).toMatchObject({ prompts: 1, otpsGranted: 1 });
  expect(simulator.car.horns).toBe(1);
  strongAuth.dispose();
});
