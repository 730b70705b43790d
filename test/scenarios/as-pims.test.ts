import type { Pims, StrongAuthErrorCode } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { createSdk, facade } from './callback-sdk.js';
import {
  at,
  COMMAND,
  challenge,
  DOORS,
  EVENTS,
  event,
  eventError,
  failed,
  OTP,
  PIN,
  settleDown,
  stage,
  succeeded,
  surfaced,
} from './support.js';

/** Code as an app has it that was written for the raw SDK. */
const oldCode = (pims: Pims) =>
  new Promise<string>((resolve) => {
    pims.get('pims.vehicle.informations', { action: 'refresh' }, (message) => {
      const { status, result, error } = message as {
        status: string;
        result?: { fuel: number };
        error?: { code: number };
      };
      resolve(status === 'SUCCEEDED' ? `fuel ${result?.fuel}` : `error ${error?.code}`);
    });
  });

describe('code written for the raw callback SDK', () => {
  test('runs on the SDK and on the facade alike', async () => {
    for (const through of ['sdk', 'facade']) {
      const { sdk, calls } = createSdk();
      const pims = through === 'sdk' ? sdk : facade().pims;
      if (through === 'sdk') {
        const told = oldCode(pims);
        at(calls, 0).answer(succeeded({ fuel: 3 }));
        expect(await told).toBe('fuel 3');
      }
    }
    const app = facade();
    const told = oldCode(app.pims);
    await app.answer(succeeded({ fuel: 3 }));
    expect(await told).toBe('fuel 3');
  });

  test('has strong authentication now, without knowing of it', async () => {
    const app = facade();
    const told = oldCode(app.pims);
    await app.answer(challenge());
    await app.grant();
    expect(at(app.calls, -1)).toMatchObject({ verb: 'get', parameters: { action: 'refresh' } });
    await app.answer(succeeded({ fuel: 4 }));
    expect(await told).toBe('fuel 4');
    expect(app.calls.filter(({ api }) => api === OTP)).toHaveLength(1);
  });

  test('that cannot be authenticated sees the 2302 it knows', async () => {
    const app = facade();
    const told = oldCode(app.pims);
    await app.answer(challenge());
    app.strongAuth.cancel();
    expect(await told).toBe('error 2302');
  });
});

describe('envelopes', () => {
  test('SUCCEEDED arrives as the SDK sent it, once, asynchronously', async () => {
    const app = facade();
    const message = { ...succeeded({ a: 1 }), extra: true };
    app.pims.set(COMMAND, DOORS, app.callback);
    expect(app.messages).toEqual([]);
    await app.answer(message);
    at(app.calls, 0).answer(succeeded('a second time'));
    await settleDown();
    expect(app.messages).toEqual([message]);
  });

  test('SUCCEEDED without a result', async () => {
    const app = facade();
    app.pims.set(COMMAND, DOORS, app.callback);
    await app.answer(succeeded());
    expect(app.messages).toEqual([{ transactionId: '953cfefb-bc72', status: 'SUCCEEDED' }]);
  });

  test('FAILED arrives as the SDK sent it', async () => {
    const app = facade();
    app.pims.set(COMMAND, DOORS, app.callback);
    const message = { ...failed(2204, 'server'), error: { code: 2204, label: 'server', subCode: [1] } };
    await app.answer(message);
    expect(app.messages).toEqual([message]);
  });

  test.each([
    ['CANCELLED', 'retry', (app: ReturnType<typeof stage>) => app.cancel()],
    ['PIN_ENTRY_TIMED_OUT', 'retry', (app: ReturnType<typeof stage>) => app.pass(120_000)],
    [
      'ACCOUNT_BLOCKED',
      'unblockAccount',
      async (app: ReturnType<typeof stage>) => {
        await app.type(PIN);
        await app.answerOtp(failed(2310));
      },
    ],
    [
      'SIGN_IN_REQUIRED',
      'signIn',
      async (app: ReturnType<typeof stage>) => {
        await app.type(PIN);
        await app.answerOtp(failed(2301));
      },
    ],
    [
      'DEVICE_UNKNOWN',
      'enrollDevice',
      async (app: ReturnType<typeof stage>) => {
        await app.type(PIN);
        await app.answerOtp(failed(2312));
        await app.answerOtp(failed(2312));
      },
    ],
    [
      'OUTCOME_UNKNOWN',
      'retry',
      async (app: ReturnType<typeof stage>) => {
        await app.type(PIN);
        await app.pass(30_000);
      },
    ],
  ])('a denied wave is 2302: %s', async (code, remedy, deny) => {
    const app = stage();
    const messages: unknown[] = [];
    app.strongAuth.asPims().set(COMMAND, DOORS, (message) => messages.push(message));
    await settleDown();
    await app.answer(challenge());
    await deny(app);
    expect(messages).toEqual([
      {
        transactionId: expect.any(String),
        status: 'FAILED',
        error: { code: 2302, label: expect.any(String), strongAuth: { code, remedy } },
      },
    ]);
  });

  test('a denied wave is 2302: PROTOCOL, since the OTP is not in its answer', async () => {
    const app = stage({ prepareReplay: (request) => request });
    const messages: unknown[] = [];
    app.strongAuth.asPims().set(COMMAND, DOORS, (message) => messages.push(message));
    await app.answer(challenge());
    await app.type(PIN);
    await app.answerOtp(succeeded({}));
    const strongAuth = { code: 'PROTOCOL', remedy: 'retry' };
    expect(messages).toMatchObject([{ status: 'FAILED', error: { code: 2302, strongAuth } }]);
  });

  test.each<StrongAuthErrorCode>([
    ...(['CANCELLED', 'PIN_REJECTED', 'PIN_ENTRY_FAILED', 'PIN_ENTRY_TIMED_OUT', 'ACCOUNT_BLOCKED'] as const),
    ...(['AUTHENTICATION_FAILED', 'AUTHENTICATION_TIMED_OUT', 'DEVICE_UNKNOWN', 'FORBIDDEN'] as const),
    ...(['OTP_REFUSED', 'SIGN_IN_REQUIRED', 'OFFLINE', 'OUTCOME_UNKNOWN'] as const),
    ...(['OTP_BUDGET_SPENT', 'THROTTLED'] as const),
  ])('a denied wave is 2302, also where the app has classified it: %s', async (code) => {
    const app = stage({ classify: { otp: () => ({ denied: code }) } });
    const messages: unknown[] = [];
    app.strongAuth.asPims().set(COMMAND, DOORS, (message) => messages.push(message));
    await app.answer(challenge());
    await app.type(PIN);
    await app.answerOtp(failed(1));
    expect(messages).toMatchObject([{ status: 'FAILED', error: { code: 2302, strongAuth: { code } } }]);
  });

  test('a deadline is 2201', async () => {
    const app = facade();
    app.pims.set(COMMAND, DOORS, app.callback);
    await settleDown();
    app.clock.advance(60_000);
    await settleDown();
    expect(app.messages).toMatchObject([
      { status: 'FAILED', error: { code: 2201, strongAuth: { code: 'TIMED_OUT', remedy: 'checkState' } } },
    ]);
  });

  test('the rest is 2000: nonsense, signed out, disposed of, still challenged, stale, full', async () => {
    const app = stage({ policy: { maxWaiting: 1, pinEntryTimeoutMs: 1_000_000 } });
    const messages: unknown[] = [];
    const pims = app.strongAuth.asPims();
    const call = async () => {
      pims.set(COMMAND, DOORS, (message) => messages.push(message));
      await settleDown();
    };
    await call();
    await app.answer('nonsense');
    await call();
    await app.fail(new Error('bridge'));
    await call();
    await app.answer(challenge());
    await call();
    await app.answer(challenge()); // one too many
    await app.pass(300_001);
    await app.grant(); // the first is stale by now
    await call();
    await app.answer(challenge());
    await app.grant();
    await app.answer(challenge());
    await call();
    app.strongAuth.reset();
    await settleDown();
    app.strongAuth.dispose();
    await call();
    expect(messages.map((message) => (message as { error: { code: number } }).error.code)).toEqual(
      Array(messages.length).fill(2000),
    );
    expect(
      messages.map(
        (message) => (message as { error: { strongAuth: { code: string } } }).error.strongAuth.code,
      ),
    ).toEqual([
      'PROTOCOL',
      'TRANSPORT_FAILED',
      'QUEUE_FULL',
      'STALE',
      'STILL_CHALLENGED',
      'SIGNED_OUT',
      'DISPOSED',
    ]);
  });

  test('bad arguments are FAILED envelopes too: nothing is thrown at old code', async () => {
    const app = facade();
    app.pims.get('', {}, app.callback);
    app.pims.set(COMMAND, 'lock' as never, app.callback);
    app.pims.subscribe(undefined as never, {}, app.callback);
    await settleDown();
    expect(app.messages).toMatchObject([
      { status: 'FAILED', error: { code: 2000 } },
      { status: 'FAILED', error: { code: 2000 } },
      { status: 'FAILED', error: { code: 2000 } },
    ]);
    expect(app.calls).toHaveLength(0);
  });

  test('without parameters, as undefined or null', async () => {
    const app = facade();
    app.pims.get('pims.user', undefined as never, app.callback);
    app.pims.get('pims.user', null as never, app.callback);
    await settleDown();
    for (const index of [0, 1]) await app.answer(succeeded(index), index);
    expect(app.messages).toHaveLength(2);
  });
});

describe('subscribe', () => {
  test('one acknowledgement, then one message per event, as the SDK sent them', async () => {
    const app = facade();
    app.pims.subscribe(EVENTS, { a: 1 }, app.callback);
    await settleDown();
    await app.answer(succeeded());
    const one = event(1);
    const two = eventError(2204);
    await app.answer(one);
    await app.answer(two);
    expect(at(app.calls, 0)).toMatchObject({ verb: 'subscribe', parameters: { a: 1 } });
    expect(app.messages).toEqual([succeeded(), one, two]);
  });

  test('an early event comes after the acknowledgement', async () => {
    const app = facade();
    app.pims.subscribe(EVENTS, {}, app.callback);
    await settleDown();
    await app.answer(event('early'));
    await app.answer(succeeded());
    expect(app.messages).toEqual([succeeded(), event('early')]);
  });

  test('a challenged acknowledgement is replayed: the old code sees one acknowledgement', async () => {
    const app = facade();
    app.pims.subscribe(EVENTS, {}, app.callback);
    await settleDown();
    await app.answer(challenge());
    await app.grant();
    await app.answer(succeeded());
    at(app.calls, 0).answer(event('of the first registration'));
    await app.answer(event(1));
    expect(app.messages).toEqual([succeeded(), event(1)]);
  });

  test('a refused one is FAILED, once', async () => {
    const app = facade();
    app.pims.subscribe(EVENTS, {}, app.callback);
    await settleDown();
    await app.answer(failed(2005));
    await app.answer(event('after'));
    expect(app.messages).toEqual([failed(2005)]);
  });

  test('a cancelled one is FAILED with 2302', async () => {
    const app = facade();
    app.pims.subscribe(EVENTS, {}, app.callback);
    await settleDown();
    await app.answer(challenge());
    app.strongAuth.cancel();
    await settleDown();
    expect(app.messages).toMatchObject([
      { status: 'FAILED', error: { code: 2302, strongAuth: { code: 'CANCELLED', remedy: 'retry' } } },
    ]);
  });

  test('after unsubscribe(api) no event comes; the confirmation does', async () => {
    const app = facade();
    app.pims.subscribe(EVENTS, {}, app.callback);
    await settleDown();
    await app.answer(succeeded());
    const confirmations: unknown[] = [];
    app.pims.unsubscribe(EVENTS, {}, (message) => confirmations.push(message));
    at(app.calls, 0).answer(event('late'));
    await settleDown();
    expect(at(app.calls, -1)).toMatchObject({ verb: 'unsubscribe', api: EVENTS });
    await app.answer(succeeded());
    expect(confirmations).toEqual([succeeded()]);
    expect(app.messages).toEqual([succeeded()]);
  });

  test.each(['reset', 'dispose'] as const)('none after %s()', async (how) => {
    const app = facade();
    app.pims.subscribe(EVENTS, {}, app.callback);
    await settleDown();
    await app.answer(succeeded());
    app.strongAuth[how]();
    at(app.calls, 0).answer(event('late'));
    await settleDown();
    expect(app.messages).toEqual([succeeded()]);
  });
});

describe('a callback that throws', () => {
  test('disturbs nobody, and its error surfaces', async () => {
    const app = facade();
    const mine = new Error('old code is broken');
    const error = await surfaced(async () => {
      app.pims.set(COMMAND, DOORS, () => {
        throw mine;
      });
      await settleDown();
      at(app.calls, 0).answer(succeeded());
    });
    expect(error).toBe(mine);
    app.pims.set(COMMAND, DOORS, app.callback);
    await settleDown();
    await app.answer(succeeded());
    expect(app.messages).toHaveLength(1);
  });
});
