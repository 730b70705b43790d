import { ApiError, StrongAuthError } from 'strong-auth-machine';
import { strongAuthPaths, walkPath } from 'strong-auth-machine/testing';
import { describe, expect, test, vi } from 'vitest';
import { worlds } from '../model/worlds.js';
import { createSecretDriver, type SinkName, Sinks, secrets, sinkNames } from './sinks.js';

/* That nothing comes out on any generated path shows test/model/paths.test.ts. Here: that the search would find it. */

test("XState's development build is what runs here: it prints", async () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const driver = createSecretDriver({}, new Sinks());
  driver.strongAuth.dispose();
  driver.strongAuth.actor.send({ type: 'pin.given' });
  expect(warned).toHaveBeenCalledOnce();
});

describe('the search itself finds a secret', () => {
  const planted: Readonly<Record<SinkName, (sinks: Sinks, secret: string) => void>> = {
    'machine event': (sinks, secret) =>
      sinks.inspect({ type: '@xstate.event', event: { type: 'pin.given', pin: secret } } as never),
    'action params': (sinks, secret) =>
      sinks.inspect({
        type: '@xstate.action',
        action: { type: 'hold', params: { request: { vin: secret } } },
      } as never),
    snapshot: (sinks, secret) =>
      sinks.inspect({
        type: '@xstate.snapshot',
        snapshot: { context: { last: { deep: [secret] } } },
      } as never),
    'persisted snapshot': (sinks, secret) =>
      sinks.look('persisted snapshot', {
        children: { withPin: { snapshot: { input: { pinCode: secret } } } },
      }),
    fact: (sinks, secret) => sinks.options.onEvent?.({ type: 'settled', result: secret } as never),
    error: (sinks, secret) =>
      sinks.lookAtError(
        Object.assign(new Error('x'), { cause: Object.defineProperty({}, 'hidden', { value: secret }) }),
      ),
    view: (sinks, secret) => sinks.look('view', { prompt: { calls: [{ parameters: { vin: secret } }] } }),
    explanation: (sinks, secret) => sinks.look('explanation', [{}, `waiting for ${secret}`]),
    'Redux action': (sinks, secret) =>
      sinks.look('Redux action', {
        type: 'car/command/pending',
        meta: { arg: { originalArgs: { pin: secret } } },
      }),
    'Redux state': (sinks, secret) =>
      sinks.look('Redux state', { car: { mutations: { id: { data: { vin: secret } } } } }),
    console: (sinks, secret) => sinks.look('console', [['warn', secret]]),
  };

  test.each(sinkNames)('in a %s', (sink) => {
    for (const [name, secret] of Object.entries(secrets)) {
      const sinks = new Sinks();
      planted[sink](sinks, secret);
      expect([...sinks.leaks]).toEqual([`${name} in ${sink}`]);
    }
  });

  test('that a view tells a Redux store', () => {
    const sinks = new Sinks();
    const view = { status: 'idle', since: 0, inFlight: false, waiting: 0, lastPin: secrets.pin } as const;
    sinks.watchInStore({ view: { getSnapshot: () => view, subscribe: () => () => {} } });
    expect([...sinks.leaks].sort()).toEqual(['pin in Redux action', 'pin in Redux state']);
  });

  test('that a client gives away through its own ports', async () => {
    const [path] = strongAuthPaths(worlds['one call, every outcome']).filter(({ title }) =>
      title.endsWith('otp.granted'),
    );
    if (!path) throw new Error('there is no such path');
    const sinks = new Sinks();
    const leaking = createSecretDriver(path.world, sinks);
    const { enterPin } = leaking;
    // A host that prints what it was given: the search must notice.
    await walkPath(path, {
      ...leaking,
      enterPin: (entry) => {
        sinks.look('console', `typed ${secrets.pin}`);
        return enterPin(entry);
      },
    });
    expect([...sinks.leaks]).toEqual(['pin in console']);
  });
});

test('errors say what happened, and nothing of the call', () => {
  const sinks = new Sinks();
  sinks.lookAtError(
    new ApiError({ verb: 'set', api: 'pims.vehicle.command' }, {
      transactionId: 't',
      status: 'FAILED',
      error: { code: 2204, label: 'Server Error' },
      result: { value: secrets.result },
    } as never),
  );
  sinks.lookAtError(new StrongAuthError('CANCELLED', {}));
  expect([...sinks.leaks]).toEqual([]);
});
