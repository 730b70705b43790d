import { createStrongAuth, fromPims, type PimsCallback } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { createSdk, facade } from './callback-sdk.js';
import {
  at,
  COMMAND,
  challenge,
  createScriptedUser,
  DOORS,
  EVENTS,
  event,
  failed,
  GRANT,
  PIN,
  settleDown,
  stage,
  succeeded,
  watch,
} from './support.js';

describe('initialize and release', () => {
  test('pass through, and are never challenged', async () => {
    const app = facade();
    app.pims.initialize({ environnement: 'Production' }, app.callback);
    await settleDown();
    expect(at(app.calls, 0)).toMatchObject({
      verb: 'initialize',
      parameters: { environnement: 'Production' },
    });
    await app.answer(succeeded());
    app.pims.release(app.callback);
    await settleDown();
    await app.answer(challenge());
    expect(app.messages).toEqual([succeeded(), challenge()]);
    expect(app.user.prompts).toHaveLength(0);
  });

  test('on a transport that has none: FAILED', async () => {
    const app = stage();
    const messages: unknown[] = [];
    app.strongAuth.asPims().initialize({}, (message) => messages.push(message));
    await settleDown();
    app.strongAuth.asPims().release((message) => messages.push(message));
    await settleDown();
    expect(messages).toEqual([
      { status: 'FAILED', error: { code: 2002, label: 'The transport has no initialize' } },
      { status: 'FAILED', error: { code: 2002, label: 'The transport has no release' } },
    ]);
  });

  const ofAnotherCopy = (facts: object) =>
    Object.assign(new Error(), facts, { [Symbol.for('strong-auth-machine.ApiError')]: true });

  test.each<[string, unknown, string, object]>([
    ['an error', new Error('no bridge'), '', { code: 2000, label: 'no bridge' }],
    ['what is no error', 'no bridge', '', { code: 2000, label: 'Unknown error' }],
    [
      'an ApiError of another copy of the package',
      ofAnotherCopy({ code: 2003, label: 'late', transactionId: 't' }),
      't',
      { code: 2003, label: 'late' },
    ],
    ['one without a transaction', ofAnotherCopy({ code: 2003, label: '' }), '', { code: 2003, label: '' }],
  ])('on a transport that throws %s: FAILED', async (_, thrown, transactionId, error) => {
    const strongAuth = createStrongAuth({
      transport: {
        send: async () => succeeded(),
        lifecycle() {
          throw thrown;
        },
      },
      enterPin: async () => null,
    });
    const messages: unknown[] = [];
    strongAuth.asPims().initialize({}, (message) => messages.push(message));
    await settleDown();
    expect(messages).toEqual([{ transactionId, status: 'FAILED', error }]);
  });
});

describe('fromPims', () => {
  test.each(['get', 'set', 'subscribe', 'unsubscribe'])('an SDK without %s is a TypeError', (verb) => {
    const { sdk } = createSdk();
    expect(() => fromPims({ ...sdk, [verb]: undefined } as never)).toThrow(TypeError);
    expect(() => fromPims(undefined as never)).toThrow(TypeError);
  });

  test('the first callback wins, later ones are ignored', async () => {
    const { sdk, calls } = createSdk();
    const user = createScriptedUser();
    const strongAuth = createStrongAuth({ transport: fromPims(sdk), enterPin: user.enterPin });
    const call = watch(strongAuth.set(COMMAND, DOORS));
    at(calls, 0).answer(succeeded(1));
    at(calls, 0).answer(challenge());
    at(calls, 0).answer(failed(2000));
    await settleDown();
    expect(call).toMatchObject({ fate: 'resolved', value: 1, settlements: 1 });
    expect(user.prompts).toHaveLength(0);
    strongAuth.dispose();
  });

  test('a duplicated challenge opens one prompt, and the call is replayed once', async () => {
    const app = facade();
    const call = watch(app.strongAuth.set(COMMAND, DOORS));
    at(app.calls, 0).answer(challenge());
    at(app.calls, 0).answer(challenge());
    await settleDown();
    expect(app.user.prompts).toHaveLength(1);
    await app.grant();
    at(app.calls, 0).answer(challenge());
    await settleDown();
    expect(app.calls.filter(({ api }) => api === COMMAND)).toHaveLength(2);
    await app.answer(succeeded());
    expect(call.fate).toBe('resolved');
  });

  test('a duplicated grant replays once', async () => {
    const app = facade();
    watch(app.strongAuth.set(COMMAND, DOORS));
    await app.answer(challenge());
    at(app.user.prompts, 0).resolve(PIN);
    await settleDown();
    const otp = at(app.calls, -1);
    otp.answer(GRANT);
    otp.answer(GRANT);
    otp.answer(failed(2308));
    await settleDown();
    expect(app.calls.filter(({ api }) => api === COMMAND)).toHaveLength(2);
    expect(app.user.prompts).toHaveLength(1);
  });

  test('an SDK that throws at once', async () => {
    const { sdk } = createSdk();
    const cause = new Error('not initialised');
    const strongAuth = createStrongAuth({
      transport: fromPims({
        ...sdk,
        set: () => {
          throw cause;
        },
      }),
      enterPin: async () => null,
    });
    const call = watch(strongAuth.set(COMMAND, DOORS));
    await settleDown();
    expect(call.error).toMatchObject({ code: 'TRANSPORT_FAILED', cause, details: { sent: false } });
    strongAuth.dispose();
  });

  test('keeps the `this` of an SDK that is a class', async () => {
    class Sdk {
      readonly name = 'mine';
      get(_: string, __: unknown, callback: PimsCallback) {
        callback(succeeded(this.name));
      }
      set(_: string, __: unknown, callback: PimsCallback) {
        callback(succeeded(this.name));
      }
      subscribe(_: string, __: unknown, callback: PimsCallback) {
        callback(succeeded());
        callback(event(this.name));
      }
      unsubscribe(_: string, __: unknown, callback: PimsCallback) {
        callback(succeeded(this.name));
      }
    }
    const strongAuth = createStrongAuth({ transport: fromPims(new Sdk()), enterPin: async () => null });
    const events: unknown[] = [];
    expect(await strongAuth.get('app.user')).toBe('mine');
    const subscription = await strongAuth.subscribe(EVENTS, undefined, (one) => events.push(one));
    await settleDown();
    expect(events).toEqual([{ result: 'mine' }]);
    await subscription.unsubscribe();
    strongAuth.dispose();
  });

  test('the facade can stand where the SDK stood: fromPims(asPims())', async () => {
    const inner = facade();
    const outer = createStrongAuth({
      transport: fromPims(inner.pims),
      enterPin: async () => null,
      clock: inner.clock,
    });
    const call = watch(outer.set(COMMAND, DOORS));
    await settleDown();
    await inner.answer(challenge());
    await inner.grant();
    await inner.answer(succeeded(1));
    expect(call.value).toBe(1);
    outer.dispose();
  });
});
