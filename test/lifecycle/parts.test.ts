import { getEventListeners } from 'node:events';
import { createStrongAuth, isStrongAuthError } from 'strong-auth-machine';
import { createManualClock } from 'strong-auth-machine/simulator';
import { describe, expect, test, vi } from 'vitest';
import { CHALLENGE, COMMAND, failed, OTP, settleDown, stage, succeeded, watched } from './support.js';

describe('what a client cannot be made of is refused, and named', () => {
  const parts = { transport: { send: async () => {} }, enterPin: async () => null };
  test.each([
    [undefined, 'createStrongAuth takes an options object'],
    [null, 'createStrongAuth takes an options object'],
    ['x', 'createStrongAuth takes an options object'],
    [{}, 'transport must have a send()'],
    [{ ...parts, transport: null }, 'transport must have a send()'],
    [{ ...parts, transport: { send: 1 } }, 'transport must have a send()'],
    [{ ...parts, transport: { ...parts.transport, subscribe: 1 } }, 'transport.subscribe must be a function'],
    [{ transport: parts.transport }, 'enterPin must be a function'],
    [{ ...parts, enterPin: '1234' }, 'enterPin must be a function'],
    [{ ...parts, onEvent: {} }, 'onEvent must be a function'],
    [{ ...parts, prepareReplay: 1 }, 'prepareReplay must be a function'],
    [{ ...parts, classify: null }, 'classify must be an object'],
    [{ ...parts, classify: () => {} }, 'classify must be an object'],
    [{ ...parts, inspect: 'x' }, 'inspect must be a function or an observer'],
    [{ ...parts, inspect: null }, 'inspect must be a function or an observer'],
    [{ ...parts, classify: { call: 1 } }, 'classify.call must be a function'],
    [{ ...parts, classify: { otp: 'granted' } }, 'classify.otp must be a function'],
    [{ ...parts, classify: { calls() {} } }, 'classify.calls is no phase: call and otp are'],
    [{ ...parts, grant: null }, 'grant must have read() and apply()'],
    [{ ...parts, grant: { read() {} } }, 'grant must have read() and apply()'],
    [{ ...parts, grant: { apply() {} } }, 'grant must have read() and apply()'],
    [{ ...parts, requestOtp: {} }, 'requestOtp must be a function'],
    [{ ...parts, recover: true }, 'recover must be a function'],
    [{ ...parts, onevent() {} }, 'onevent is no option of createStrongAuth'],
    [{ ...parts, transport: { get() {} } }, 'transport must have a send()'],
    [{ ...parts, transport: { set() {} } }, 'transport must have a send()'],
    [
      { ...parts, transport: { get() {}, set() {} } },
      'transport must have a send(): this looks like the SDK itself, give fromPims(sdk)',
    ],
    [{ ...parts, clock: null }, 'clock must have setTimeout()'],
    [{ ...parts, clock: { setTimeout() {}, now() {} } }, 'clock must have clearTimeout()'],
    [
      { ...parts, clock: { setTimeout() {}, clearTimeout() {}, now() {}, monotonic: 5 } },
      'clock.monotonic must be a function',
    ],
    [{ ...parts, clock: { setTimeout() {}, clearTimeout() {} } }, 'clock must have now()'],
  ])('%o', (options, message) => {
    expect(() => createStrongAuth(options as never)).toThrow(new TypeError(message));
  });

  test.each(['AbortController', 'queueMicrotask', 'setTimeout', 'clearTimeout'])(
    'a host without %s',
    (name) => {
      vi.stubGlobal(name, undefined);
      expect(() => createStrongAuth(parts as never)).toThrow(
        new TypeError(`this host has no ${name}, which strong-auth-machine needs`),
      );
      vi.unstubAllGlobals();
    },
  );

  test.each([[() => {}], [{}], [{ next: () => {} }], [undefined]])('inspect may be %o', (inspect) => {
    const strongAuth = createStrongAuth({ ...parts, inspect } as never);
    expect(strongAuth.view.getSnapshot().status).toBe('idle');
  });
});

describe('messages', () => {
  test.each([
    [null],
    [undefined],
    ['SUCCEEDED'],
    [42],
    [{ status: 'FAILED', error: null }],
    [{ status: 'FAILED', error: 'x' }],
    [{ status: 'FAILED', error: { code: null } }],
  ])('%o is none', async (message) => {
    const app = stage();
    const call = watched(app.strongAuth.get('app.user'));
    await app.answer(message);
    expect(call.error).toMatchObject({ code: 'PROTOCOL', details: { sent: true } });
  });

  test.each([
    [{ status: 'SUCCEEDED', error: { code: 2302 } }],
    [{ status: 404, error: { code: 2302 } }],
    [{ code: 2302 }],
    [{ error: null }],
    ['2302'],
    [null],
    [undefined],
  ])('%o, thrown, is an error of the transport', async (thrown) => {
    const app = stage();
    const call = watched(app.strongAuth.get('app.user'));
    await app.fail(thrown);
    expect(call.error).toMatchObject({ code: 'TRANSPORT_FAILED', details: { sent: true }, cause: thrown });
  });

  test.each([
    ['2302x', '2302x'],
    [' 2205 ', 2205],
    ['', ''],
    [2205.5, 2205.5],
    [-1, -1],
  ])('the code %o is read as %o', async (code, read) => {
    const app = stage();
    const call = watched(app.strongAuth.get('app.user'));
    await app.answer(failed(code));
    expect(call.error).toMatchObject({ code: read });
  });

  test('a FAILED envelope goes through asPims() as it was', async () => {
    const app = stage();
    const answers: unknown[] = [];
    app.strongAuth.asPims().get('app.user', {}, (message) => answers.push(message));
    const envelope = failed(2205);
    await app.answer(envelope);
    expect(answers[0]).toEqual(envelope);
  });

  test('a thrown one keeps its transaction', async () => {
    const app = stage();
    const call = watched(app.strongAuth.get('app.user'));
    await app.fail({ transactionId: 't7', error: { code: 2205, label: 'CEA' } });
    expect(call.error).toMatchObject({ code: 2205, label: 'CEA', transactionId: 't7' });
  });
});

describe('the meaning of an OTP answer', () => {
  const denied = async (message: unknown, classify?: object) => {
    const app = stage(classify && { classify });
    const call = await app.challenged();
    await app.type('1234');
    await app.answer(message);
    return { app, call };
  };

  test.each([
    [failed(2102, 'Invalid pinCode parameter'), 'needStrongAuth'],
    [{ status: 'FAILED', error: { code: 2101 } }, 'needStrongAuth'],
    [failed(2101, 'Missing resetStep parameter'), 'failed'],
    [failed(2101, 'Missing resetSteps parameter'), 'failed'],
    [failed(2102, 'Invalid action parameter'), 'failed'],
  ])('%o leads to %s', async (message, status) => {
    expect((await denied(message)).app.status).toBe(status);
  });

  test.each([['maybe'], [null], [undefined], [7], [{ denied: 'NO_SUCH_CODE' }], [{}]])(
    'a classifier that says %o is as if it were not there',
    async (verdict) => {
      const { app } = await denied(failed(2310), { otp: () => verdict });
      expect(app.strongAuth.view.getSnapshot().failure?.code).toBe('ACCOUNT_BLOCKED');
    },
  );

  test('an account that stays blocked says with which code', async () => {
    const { app } = await denied(failed(2310));
    const again = await app.challenged();
    expect(again.error).toMatchObject({ code: 'ACCOUNT_BLOCKED', details: { otpCode: 2310 } });
    const ensured = watched(app.strongAuth.ensure());
    await settleDown();
    expect(ensured.error).toMatchObject({ code: 'ACCOUNT_BLOCKED', details: { otpCode: 2310 } });
  });

  test('PINs that the SDK calls malformed end the wave at the fifth', async () => {
    const app = stage();
    const call = await app.challenged();
    for (let times = 1; times <= 5; times += 1) {
      expect(call.fate, `before answer ${times}`).toBe('pending');
      await app.type('1234');
      await app.answer(failed(2102, 'Invalid pinCode parameter'));
    }
    expect(call.fate).toBe('PIN_ENTRY_FAILED');
    expect(app.requestsOf(OTP)).toHaveLength(5);
  });
});

describe('the budget', () => {
  const HOUR = 3_600_000;
  const START = 1_700_000_000_000;
  const withStore = (store: object, max = 2) =>
    stage({ policy: { otpBudget: { max, perMs: HOUR, store: store as never } } });
  const prompted = async (app: ReturnType<typeof stage>) => {
    await app.challenged();
    return app.user.prompts.length;
  };

  test.each([
    ['times that count', [START - 1, START - 2], 0],
    ['times in no order', [START - 1, START - HOUR + 5, START - HOUR - 1], 0],
    ['times that are over', [START - HOUR, START - HOUR - 1], 1],
    ['times that lie ahead, of a clock that was set back', [START + 1, START + 2], 1],
    ['what is no time', [Number.NaN, 'x', null], 1],
    ['no list', 'x', 1],
    ['nothing', undefined, 1],
  ])('a store that gives %s', async (_, times, prompts) => {
    expect(await prompted(withStore({ load: () => times, save: () => {} }))).toBe(prompts);
    expect(await prompted(withStore({ load: async () => times, save: () => {} }))).toBe(prompts);
  });

  test('retryAt is when the oldest time that counts is over', async () => {
    const app = withStore({ load: () => [START - 10, START - HOUR + 500, START - 300], save: () => {} });
    const call = await app.challenged();
    expect(call.error).toMatchObject({
      code: 'OTP_BUDGET_SPENT',
      details: { retryAt: START - 300 + HOUR, local: true },
    });
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('disk');
      },
    ],
    ['rejects', () => Promise.reject(new Error('disk'))],
  ])('a store whose load %s locks nobody out, and is asked once', async (_, fail) => {
    let loads = 0;
    const load = () => {
      loads += 1;
      return fail();
    };
    const app = withStore({ load, save: () => {} }, 1);
    const call = await app.challenged();
    await app.type('1234');
    await app.answer(succeeded({ otp: 'x' }));
    await app.answer(succeeded());
    expect(call.fate).toBe('resolved');
    app.clock.advance(1);
    const next = await app.challenged();
    expect(next.fate).toBe('OTP_BUDGET_SPENT');
    expect(loads).toBe(1);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('disk');
      },
    ],
    ['rejects', () => Promise.reject(new Error('disk'))],
  ])('a store whose save %s is told of, and the count goes on', async (_, save) => {
    const facts: string[] = [];
    const app = stage({
      onEvent: ({ type }) => facts.push(type),
      policy: { otpBudget: { max: 1, perMs: HOUR, store: { load: () => [], save: save as never } } },
    });
    await app.challenged();
    await app.type('1234');
    await app.answer(succeeded({ otp: 'x' }));
    await app.answer(succeeded());
    expect(facts.filter((type) => type === 'budgetStoreFailed')).toHaveLength(1);
    expect((await app.challenged()).fate).toBe('OTP_BUDGET_SPENT');
  });

  test('a store is read once: what was sent since is not counted twice', async () => {
    let times: number[] = [];
    let loads = 0;
    const load = () => {
      loads += 1;
      return times;
    };
    const app = withStore({ load, save: (saved: number[]) => (times = saved) });
    for (const round of [1, 2]) {
      const call = await app.challenged();
      await app.type('1234');
      await app.answer(succeeded({ otp: 'x' }));
      await app.answer(succeeded());
      expect([round, call.fate]).toEqual([round, 'resolved']);
      app.clock.advance(1);
    }
    expect((await app.challenged()).fate).toBe('OTP_BUDGET_SPENT');
    expect([loads, times]).toEqual([1, [START, START + 1]]);
  });

  test('without a store nothing of one can fail', async () => {
    const facts: string[] = [];
    const app = stage({
      onEvent: ({ type }) => facts.push(type),
      policy: { otpBudget: { max: 2, perMs: HOUR } },
    });
    await app.challenged();
    await app.type('1234');
    expect(facts).toContain('otpRequested');
    expect(facts).not.toContain('budgetStoreFailed');
  });

  test('a slow store is loaded once, whatever happens meanwhile; what was sent is saved with what was loaded', async () => {
    const saved: number[][] = [];
    let loads = 0;
    let deliver: (times: number[]) => void = () => {};
    const store = {
      load: () => {
        loads += 1;
        return new Promise<number[]>((resolve) => {
          deliver = resolve;
        });
      },
      save: (times: number[]) => void saved.push(times),
    };
    const app = withStore(store);
    const first = await app.challenged();
    app.strongAuth.cancel();
    await settleDown();
    expect(first.fate).toBe('CANCELLED');
    await app.challenged();
    expect(loads).toBe(1);
    deliver([START - 5]);
    await settleDown();
    expect(app.user.prompts).toHaveLength(1);
    await app.type('1234');
    expect(saved).toEqual([[START - 5, START]]);
  });
});

describe('subscriptions', () => {
  const EVENTS = 'pims.vehicle.event';
  function listening(options: Parameters<typeof stage>[0] = {}) {
    const registrations: { emit: (message: unknown) => void; fail: (error: unknown) => void }[] = [];
    const app = stage(options);
    app.transport.subscribe = (_, emit) =>
      new Promise((_resolve, fail) => {
        registrations.push({ emit, fail });
      });
    const subscribe = (heard: unknown[], signal?: AbortSignal) =>
      app.strongAuth.subscribe<unknown>(
        EVENTS,
        {},
        (event) => heard.push(event.result ?? event.error),
        signal && { signal },
      );
    const unsubscribed = () =>
      app.transport.requests.filter(({ request }) => request.verb === 'unsubscribe').length;
    return { app, registrations, subscribe, unsubscribed };
  }
  const event = (result: unknown) => ({ status: 'RESULT', result });

  test('a transport that cannot: the cause says so', async () => {
    const app = stage();
    const call = watched(app.strongAuth.subscribe<unknown>(EVENTS, {}, () => {}));
    await settleDown();
    expect(isStrongAuthError(call.error) && call.error.cause).toEqual(
      new TypeError('the transport has no subscribe'),
    );
    expect(call.error).toMatchObject({ details: { sent: false } });
  });

  test('a registration that was challenged may fail later: the call goes on waiting', async () => {
    const { app, registrations, subscribe } = listening();
    const call = watched(subscribe([]));
    registrations[0]?.emit(CHALLENGE);
    await settleDown();
    registrations[0]?.fail(new Error('closed'));
    await settleDown();
    expect([call.fate, app.status]).toEqual(['pending', 'needStrongAuth']);
  });

  test('a registration that runs may fail later: it goes on', async () => {
    const { registrations, subscribe } = listening();
    const heard: unknown[] = [];
    const call = watched(subscribe(heard));
    registrations[0]?.emit(succeeded());
    await settleDown();
    registrations[0]?.fail(new Error('closed'));
    await settleDown();
    registrations[0]?.emit(event(1));
    expect([call.fate, heard]).toEqual(['resolved', [1]]);
  });

  test('a get of the same name does not end it', async () => {
    const { app, registrations, subscribe } = listening();
    const heard: unknown[] = [];
    subscribe(heard);
    registrations[0]?.emit(succeeded());
    app.strongAuth.get<unknown>(EVENTS);
    registrations[0]?.emit(event(1));
    expect(heard).toEqual([1]);
  });

  test('two of one name: the end of one is not the end of the other, nor told to the SDK', async () => {
    const { app, registrations, subscribe, unsubscribed } = listening();
    const [one, other] = [new AbortController(), new AbortController()];
    const [first, second]: [unknown[], unknown[]] = [[], []];
    subscribe(first, one.signal);
    subscribe(second, other.signal);
    for (const registration of registrations) registration.emit(succeeded());
    await settleDown();
    one.abort();
    for (const registration of registrations) registration.emit(event(1));
    expect([first, second, unsubscribed()]).toEqual([[], [1], 0]);
    app.strongAuth.reset();
    for (const registration of registrations) registration.emit(event(2));
    expect([first, second, unsubscribed()]).toEqual([[], [1], 1]);
    other.abort();
    expect(unsubscribed()).toBe(1);
  });

  test('one that was given up is taken back, unless somebody else is subscribing', async () => {
    const { registrations, subscribe, unsubscribed } = listening();
    const [one, other] = [new AbortController(), new AbortController()];
    subscribe([], one.signal).catch(() => {});
    one.abort();
    subscribe([], other.signal).catch(() => {});
    for (const message of [null, succeeded()]) registrations[0]?.emit(message);
    expect(unsubscribed()).toBe(0);
    other.abort();
    registrations[1]?.emit(succeeded());
    expect(unsubscribed()).toBe(1);
    for (const nonsense of [null, undefined, 7, succeeded()]) registrations[1]?.emit(nonsense);
    expect(unsubscribed()).toBe(1);
  });

  test('somebody who only reads the same name is not subscribing', async () => {
    const { app, registrations, subscribe, unsubscribed } = listening();
    const controller = new AbortController();
    subscribe([], controller.signal).catch(() => {});
    app.strongAuth.get<unknown>(EVENTS);
    app.strongAuth.subscribe<unknown>('pims.vehicle.signal', {}, () => {});
    controller.abort();
    registrations[0]?.emit(succeeded());
    expect(unsubscribed()).toBe(1);
  });

  test.each([[null], [undefined], [7]])('%o is no acknowledgement, and later no event', async (nonsense) => {
    const { registrations, subscribe } = listening();
    const call = watched(subscribe([]));
    registrations[0]?.emit(nonsense);
    await settleDown();
    expect(call.fate).toBe('PROTOCOL');
    const heard: unknown[] = [];
    const running = watched(subscribe(heard));
    registrations[1]?.emit(succeeded());
    registrations[1]?.emit(nonsense);
    registrations[1]?.emit(event(1));
    await settleDown();
    expect([running.fate, heard]).toEqual(['resolved', [1]]);
  });

  test('an event whose error is null is no error', async () => {
    const { registrations, subscribe } = listening();
    const heard: unknown[] = [];
    void subscribe(heard);
    for (const message of [succeeded(), { ...event(1), error: null }]) registrations[0]?.emit(message);
    expect(heard).toEqual([1]);
  });

  test('events before the acknowledgement come after it, until somebody ends it', async () => {
    const { app, registrations } = listening();
    const heard: unknown[] = [];
    app.strongAuth.subscribe<unknown>(EVENTS, {}, ({ result }) => {
      heard.push(result);
      if (result === 2) app.strongAuth.reset();
    });
    for (const result of [1, 2, 3]) registrations[0]?.emit(event(result));
    expect(heard).toEqual([]);
    registrations[0]?.emit(succeeded());
    expect(heard).toEqual([1, 2]);
  });

  test('its signal is let go when it ends', async () => {
    const { registrations, subscribe, unsubscribed } = listening();
    const controller = new AbortController();
    const running = subscribe([], controller.signal);
    registrations[0]?.emit(succeeded());
    const subscription = await running;
    const ended = subscription.unsubscribe();
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    expect(subscription.unsubscribe()).toBe(ended);
    controller.abort();
    expect(unsubscribed()).toBe(1);
  });
});

test('a waiting call whose deadline is this very moment is not sent', async () => {
  const clock = createManualClock(0);
  // Its timers are late, as those of an app that was suspended.
  const late = {
    now: clock.now,
    setTimeout: (_: () => void, ms: number) => clock.setTimeout(() => {}, ms),
    clearTimeout: clock.clearTimeout,
  };
  const app = stage({ clock: late as never });
  const call = await app.challenged({ timeoutMs: 1000 });
  clock.advance(1000);
  await app.type('1234');
  await app.answer(succeeded({ otp: 'x' }));
  expect(call.error).toMatchObject({ code: 'TIMED_OUT', details: { sent: false } });
  expect(app.requestsOf(COMMAND)).toHaveLength(1);
});
