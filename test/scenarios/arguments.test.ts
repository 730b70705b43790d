import { createStrongAuth, isApiError, isStrongAuthError, type PolicyOptions } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import {
  at,
  COMMAND,
  createManualClock,
  DOORS,
  EVENTS,
  settleDown,
  stage,
  succeeded,
  watch,
} from './support.js';

const LONGEST = 2 ** 31 - 1;
const make = (policy: unknown, more: object = {}) =>
  createStrongAuth({
    transport: { send: () => Promise.resolve(succeeded()) },
    enterPin: async () => null,
    policy: policy as PolicyOptions,
    clock: createManualClock(0),
    ...more,
  }).dispose();

describe('policy: nonsense values throw TypeError at creation', () => {
  const durations = ['pinEntryTimeoutMs', 'otpTimeoutMs', 'callTimeoutMs'];
  const bad: [string, unknown][] = [
    ...durations.flatMap((name) =>
      [0, -1, Number.NaN, LONGEST + 1, '1000', null, Number.NEGATIVE_INFINITY, {}, 10n].map(
        (value): [string, unknown] => [name, value],
      ),
    ),
    ['pinEntryTimeoutMs', Number.POSITIVE_INFINITY],
    ['otpTimeoutMs', Number.POSITIVE_INFINITY],
    ...['maxPinAttempts', 'maxRounds', 'maxWaiting'].flatMap((name) =>
      [0, -1, 1.5, Number.NaN, '2', null].map((value): [string, unknown] => [name, value]),
    ),
    ['maxPinAttempts', Number.POSITIVE_INFINITY],
    ['maxRounds', Number.POSITIVE_INFINITY],
    ...[-1, Number.NaN, '5', null].map((value): [string, unknown] => ['maxAgeMs', value]),
    ...['\\d{4}', null, {}, () => true].map((value): [string, unknown] => ['pinPattern', value]),
    ...[
      3,
      null,
      {},
      { max: 0, perMs: 1 },
      { max: 1 },
      { max: 1, perMs: 0 },
      { max: 1, perMs: Number.NaN },
      { max: 1.5, perMs: 1 },
      { max: 1, perMs: 1, store: {} },
      { max: 1, perMs: 1, store: { load: () => [] } },
    ].map((value): [string, unknown] => ['otpBudget', value]),
    ['maxPinAttempt', 2],
  ];
  test.each(bad)('%s: %o', (name, value) => {
    expect(() => make({ [name]: value })).toThrow(TypeError);
    expect(() => make({ [name]: value })).toThrow(name);
  });

  test.each([null, 3, 'strict'])('a policy that is no object: %j', (policy) => {
    expect(() => make(policy)).toThrow(TypeError);
  });

  test.each([
    {},
    undefined,
    { maxPinAttempts: undefined, otpBudget: undefined },
    { pinEntryTimeoutMs: LONGEST, otpTimeoutMs: LONGEST, callTimeoutMs: LONGEST },
    { callTimeoutMs: Number.POSITIVE_INFINITY },
    { maxAgeMs: 0 },
    { maxAgeMs: Number.POSITIVE_INFINITY },
    { maxPinAttempts: 1, maxRounds: 1, maxWaiting: 1 },
    { otpBudget: { max: 1, perMs: 1 } },
    { pinPattern: /./ },
  ])('fine: %j', (policy) => {
    expect(() => make(policy)).not.toThrow();
  });
});

describe('parts that make no sense throw TypeError at creation', () => {
  test.each([
    ['nothing', undefined],
    ['no transport', { transport: undefined }],
    ['a transport without send', { transport: {} }],
    ['a transport whose subscribe is no function', { transport: { send() {}, subscribe: 1 } }],
    ['no enterPin', { enterPin: undefined }],
    ['an enterPin that is no function', { enterPin: '1234' }],
    ['onEvent', { onEvent: {} }],
    ['prepareReplay', { prepareReplay: {} }],
    ['classify', { classify: () => 'pass' }],
    ['clock', { clock: { now: () => 0 } }],
    ['inspect', { inspect: 'yes' }],
  ])('%s', (_, parts) => {
    if (parts === undefined) expect(() => createStrongAuth(undefined as never)).toThrow(TypeError);
    else expect(() => make({}, parts)).toThrow(TypeError);
  });
});

describe('a call with bad input rejects with TypeError, sends nothing, and leaves the machine at rest', () => {
  const calls: [string, (strongAuth: ReturnType<typeof stage>['strongAuth']) => Promise<unknown>][] = [
    ['no API', (s) => s.get(undefined as never)],
    ['an empty API', (s) => s.get('')],
    ['an API that is no string', (s) => s.set(1 as never)],
    ['parameters that are no object', (s) => s.set(COMMAND, 'lock' as never)],
    ['parameters that are null', (s) => s.set(COMMAND, null as never)],
    ['no request', (s) => s.send(undefined as never)],
    ['an unknown verb', (s) => s.send({ verb: 'create', api: COMMAND } as never)],
    ['send() of a subscribe', (s) => s.send({ verb: 'subscribe', api: EVENTS })],
    ['options that are no object', (s) => s.set<unknown>(COMMAND, {}, 5 as never)],
    ['options that are null', (s) => s.set<unknown>(COMMAND, {}, null as never)],
    ['a signal that is none', (s) => s.set<unknown>(COMMAND, {}, { signal: {} as never })],
    ['a signal that is null', (s) => s.set<unknown>(COMMAND, {}, { signal: null as never })],
    ['timeoutMs 0', (s) => s.set<unknown>(COMMAND, {}, { timeoutMs: 0 })],
    ['timeoutMs below 0', (s) => s.set<unknown>(COMMAND, {}, { timeoutMs: -1 })],
    ['timeoutMs NaN', (s) => s.set<unknown>(COMMAND, {}, { timeoutMs: Number.NaN })],
    ['timeoutMs that no timer can hold', (s) => s.set<unknown>(COMMAND, {}, { timeoutMs: LONGEST + 1 })],
    ['timeoutMs as text', (s) => s.set<unknown>(COMMAND, {}, { timeoutMs: '5' as never })],
    ['maxAgeMs below 0', (s) => s.set<unknown>(COMMAND, {}, { maxAgeMs: -1 })],
    ['maxAgeMs NaN', (s) => s.set<unknown>(COMMAND, {}, { maxAgeMs: Number.NaN })],
    ['an unknown replay', (s) => s.set<unknown>(COMMAND, {}, { replay: 'confirm' as never })],
    ['a replay that is a boolean', (s) => s.set<unknown>(COMMAND, {}, { replay: true as never })],
    ['interactive as text', (s) => s.set<unknown>(COMMAND, {}, { interactive: 'no' as never })],
    ['subscribe without a listener', (s) => s.subscribe(EVENTS, {}, undefined as never)],
    ['subscribe without an API', (s) => s.subscribe('', {}, () => {})],
    ['subscribe with bad options', (s) => s.subscribe(EVENTS, {}, () => {}, { timeoutMs: -1 })],
    ['ensure with bad options', (s) => s.ensure({ maxAgeMs: 'old' as never })],
    ['ensure with a bad signal', (s) => s.ensure({ signal: 1 as never })],
  ];
  test.each(calls)('%s', async (_, make) => {
    const app = stage();
    let call: ReturnType<typeof watch> | undefined;
    expect(() => {
      call = watch(make(app.strongAuth));
    }).not.toThrow();
    await settleDown();
    expect(call?.error).toBeInstanceOf(TypeError);
    expect(app.requests).toHaveLength(0);
    expect(app.registrations).toHaveLength(0);
    expect(app.prompts).toHaveLength(0);
    expect(app.status).toBe('idle');
    expect(app.clock.pending).toBe(0);
  });
});

test('a subscription without a listener is told what it lacks', async () => {
  const { strongAuth } = stage();
  const error = new TypeError('onResult must be a function');
  await expect(strongAuth.subscribe(EVENTS, {}, undefined as never)).rejects.toEqual(error);
});

describe('a good call', () => {
  test('get and set resolve with the result, send with the whole message', async () => {
    const app = stage();
    const get = watch(app.strongAuth.get('app.user', { a: 1 }));
    const set = watch(app.strongAuth.set<unknown>(COMMAND));
    const send = watch(app.strongAuth.send({ verb: 'get', api: 'app.user' }));
    await settleDown();
    expect(app.requests.map(({ request }) => request)).toMatchObject([
      { verb: 'get', api: 'app.user', parameters: { a: 1 } },
      { verb: 'set', api: COMMAND },
      { verb: 'get', api: 'app.user' },
    ]);
    await app.answer(succeeded({ name: 'x' }), 0);
    await app.answer(succeeded(), 1);
    await app.answer(succeeded({ name: 'y' }), 2);
    expect(get.value).toEqual({ name: 'x' });
    expect(set).toMatchObject({ fate: 'resolved', value: undefined });
    expect(send.value).toEqual(succeeded({ name: 'y' }));
    expect(app.status).toBe('done');
  });

  test('its methods need no this', async () => {
    const app = stage();
    const { get, set, send, subscribe, ensure, cancel, reset, dispose, view } = app.strongAuth;
    const calls = [
      get('a'),
      set('b'),
      send({ verb: 'get', api: 'c' }),
      ensure(),
      subscribe(EVENTS, {}, () => {}),
    ].map(watch);
    await settleDown();
    cancel();
    reset();
    const { getSnapshot } = view;
    expect(getSnapshot().status).toBe('idle');
    dispose();
    await settleDown();
    expect(calls.map(({ fate }) => fate)).toEqual([
      'SIGNED_OUT',
      'SIGNED_OUT',
      'SIGNED_OUT',
      'CANCELLED',
      'SIGNED_OUT',
    ]);
  });

  test('timeoutMs Infinity is none', async () => {
    const app = stage({ policy: { callTimeoutMs: Number.POSITIVE_INFINITY } });
    await app.command({ timeoutMs: Number.POSITIVE_INFINITY });
    expect(app.clock.pending).toBe(0);
  });
});

describe('errors', () => {
  test('the guards know their own and each other apart', async () => {
    const app = stage();
    const api = await app.command();
    await app.answer({ status: 'FAILED', transactionId: 'tx', error: { code: 2101, label: ' doorState ' } });
    const ours = await app.challenged();
    await app.cancel();
    expect([isApiError(api.error), isStrongAuthError(api.error)]).toEqual([true, false]);
    expect([isApiError(ours.error), isStrongAuthError(ours.error)]).toEqual([false, true]);
    expect(api.error).toBeInstanceOf(Error);
    expect(ours.error).toBeInstanceOf(Error);
    expect(api.error).toMatchObject({
      name: 'ApiError',
      code: 2101,
      category: 'input',
      verb: 'set',
      api: COMMAND,
      transactionId: 'tx',
    });
    for (const value of [
      undefined,
      null,
      1,
      'x',
      {},
      new Error('x'),
      { code: 'CANCELLED', name: 'StrongAuthError' },
    ]) {
      expect([isApiError(value), isStrongAuthError(value)]).toEqual([false, false]);
    }
  });

  test('those of another copy of the package are known too', async () => {
    const { vi } = await import('vitest');
    vi.resetModules();
    const other = await import('strong-auth-machine');
    const app = stage();
    const ours = await app.challenged();
    await app.cancel();
    expect(other.isStrongAuthError(ours.error)).toBe(true);
    expect(ours.error).not.toBeInstanceOf(other.StrongAuthError);
  });
});

test('a call made from anywhere inside the client is heard: from enterPin, onEvent, a listener of the view, a transport', async () => {
  const calls: ReturnType<typeof watch>[] = [];
  let isFresh = true;
  const app = stage({
    enterPin: () => {
      calls.push(watch(app.strongAuth.get('from.enterPin')));
      return Promise.resolve('1234');
    },
    onEvent: ({ type }) => {
      if (type === 'challenged') calls.push(watch(app.strongAuth.get('from.onEvent')));
    },
  });
  app.strongAuth.view.subscribe(({ status }) => {
    if (status === 'requestingOtp' && isFresh) {
      isFresh = false;
      calls.push(watch(app.strongAuth.get('from.view')));
    }
  });
  const call = await app.challenged();
  await app.answerOtp();
  await app.answerCommand(succeeded(DOORS));
  for (const from of ['from.enterPin', 'from.onEvent', 'from.view'])
    await app.answerNext(from, succeeded(from));
  expect(call.fate).toBe('resolved');
  expect(calls.map(({ value }) => value).sort()).toEqual(['from.enterPin', 'from.onEvent', 'from.view']);
  expect(app.status).toBe('done');
  expect(at(app.otps, 0).request.parameters?.pinCode).toBe('1234');
  expect(app.otps).toHaveLength(1);
});
