import {
  failureOf,
  isStrongAuthErrorCode,
  remedyOf,
  type StrongAuthErrorCode,
  strongAuthMachine,
} from 'strong-auth-machine/machine';
import { describe, expect, test } from 'vitest';
import { type AnyStateMachine, createActor, fromCallback, initialTransition } from 'xstate';
import { nodesOf } from './nodes.js';

const policy = {
  maxPinAttempts: 2,
  maxRounds: 1,
  maxWaiting: 10,
  pinEntryTimeoutMs: 120_000,
  otpTimeoutMs: 30_000,
};

const nodes = nodesOf(strongAuthMachine as unknown as AnyStateMachine);

describe('the chart as a document', () => {
  test('is called strongAuth, and begins idle', () => {
    expect(strongAuthMachine.id).toBe('strongAuth');
    const [snapshot] = initialTransition(strongAuthMachine, { policy });
    expect(snapshot.value).toEqual({ resting: 'idle' });
    expect(strongAuthMachine.config.meta).toEqual({ package: 'strong-auth-machine' });
  });

  test('stands in groups', () => {
    const groups = Object.entries(strongAuthMachine.states).map(([name, { states }]) => [
      name,
      Object.keys(states),
    ]);
    expect(Object.fromEntries(groups)).toEqual({
      resting: ['idle', 'done', 'cancelled', 'failed'],
      working: ['calling', 'replaying'],
      wave: ['needStrongAuth', 'requestingOtp', 'recovering'],
      denied: [],
      closed: [],
    });
  });

  test('describes every state, and every edge that has a description, in words', () => {
    for (const node of nodes) expect(node.description, node.id).toMatch(/^[A-Z2`].{8,}\.$/);
    const described = (value: unknown): unknown[] => {
      if (typeof value !== 'object' || value === null) return [];
      return Object.entries(value).flatMap(([key, part]) =>
        key === 'description' ? [part] : described(part),
      );
    };
    const texts = described(strongAuthMachine.config);
    expect(texts.length).toBeGreaterThan(25);
    for (const text of texts) expect(text).toMatch(/^[A-Z2`].{8,}\.$/);
  });

  test('tags what a screen may want to tell apart', () => {
    const tagged = Object.fromEntries(
      nodes.filter(({ tags }) => tags.length > 0).map(({ key, tags }) => [key, tags]),
    );
    expect(tagged).toEqual({
      resting: ['settled'],
      working: ['busy'],
      needStrongAuth: ['awaitingUser'],
      requestingOtp: ['busy'],
      recovering: ['busy'],
    });
  });

  test('invokes its ports under constant ids', () => {
    const invoked = nodes.flatMap(({ key, invoke }) => invoke.map(({ id, src }) => [key, id, src]));
    expect(invoked).toEqual([
      ['needStrongAuth', 'enterPin', 'enterPin'],
      ['queued', 'otpLine', 'otpLine'],
      ['withPin', 'withPin', 'requestOtp'],
      ['resetStep', 'resetStep', 'requestOtp'],
      ['recovering', 'recover', 'recover'],
    ]);
  });
});

test('it begins with nothing but its policy', () => {
  expect(createActor(strongAuthMachine, { input: { policy } }).getSnapshot().context).toEqual({
    policy,
    waves: 0,
    inFlight: false,
    attempt: 1,
    pins: 0,
    malformed: 0,
    reason: 'strongAuthNeeded',
    serverAttemptsLeft: undefined,
    hasReset: false,
    recovers: false,
    hasRecovered: false,
    lasting: undefined,
    failure: undefined,
    lastGrantAt: undefined,
  });
});

describe('unplugged, its ports fail closed', () => {
  const wave = (machine = strongAuthMachine, recovers = false) => {
    const actor = createActor(machine, { input: { policy, recovers } });
    actor.start();
    actor.send({ type: 'ensure.requested', id: 1, waiting: 0, retryDue: true, ofPrompt: false });
    return actor.getSnapshot();
  };
  const pinGiven = fromCallback(({ sendBack }) => sendBack({ type: 'pin.given' })) as never;

  test('nobody enters a PIN', () => {
    expect(wave()).toMatchObject({
      value: { resting: 'failed' },
      context: { failure: { code: 'PIN_ENTRY_FAILED', why: 'threw' } },
    });
  });

  test('no OTP is requested', () => {
    const snapshot = wave(strongAuthMachine.provide({ actors: { enterPin: pinGiven } }));
    expect(snapshot).toMatchObject({
      value: { resting: 'failed' },
      context: { failure: { code: 'PIN_ENTRY_FAILED' } },
    });
  });

  test('nothing is recovered', () => {
    const blocked = fromCallback(({ sendBack }) =>
      sendBack({ type: 'otp.denied', code: 'ACCOUNT_BLOCKED', otpCode: 2310 }),
    ) as never;
    const machine = strongAuthMachine.provide({ actors: { enterPin: pinGiven, requestOtp: blocked } });
    expect(wave(machine, true)).toMatchObject({
      value: { resting: 'failed' },
      context: { failure: { code: 'ACCOUNT_BLOCKED', otpCode: 2310 }, hasRecovered: false, pins: 1 },
    });
  });

  test('the line is free', () => {
    const silent = fromCallback(() => {}) as never;
    const snapshot = wave(strongAuthMachine.provide({ actors: { enterPin: pinGiven, requestOtp: silent } }));
    expect(snapshot.value).toEqual({ wave: { requestingOtp: 'withPin' } });
  });
});

describe('failures', () => {
  test('have the facts that were given, and no empty ones', () => {
    expect(failureOf('CANCELLED')).toStrictEqual({ code: 'CANCELLED', remedy: 'retry' });
    expect(failureOf('ACCOUNT_BLOCKED', { otpCode: 2310 })).toStrictEqual({
      code: 'ACCOUNT_BLOCKED',
      remedy: 'unblockAccount',
      otpCode: 2310,
    });
    expect(failureOf('OTP_BUDGET_SPENT', { retryAt: 5 })).toStrictEqual({
      code: 'OTP_BUDGET_SPENT',
      remedy: 'wait',
      retryAt: 5,
    });
  });

  test('only a block, and a throttle whose end is known, hold for later waves', () => {
    const lastingAfter = (denial: object) => {
      const requestOtp = fromCallback(({ sendBack }) => sendBack({ type: 'otp.denied', ...denial })) as never;
      const enterPin = fromCallback(({ sendBack }) => sendBack({ type: 'pin.given' })) as never;
      const actor = createActor(strongAuthMachine.provide({ actors: { enterPin, requestOtp } }), {
        input: { policy },
      }).start();
      actor.send({ type: 'ensure.requested', id: 1, waiting: 0, retryDue: true, ofPrompt: false });
      return actor.getSnapshot().context.lasting?.code;
    };
    expect(lastingAfter({ code: 'ACCOUNT_BLOCKED', otpCode: 2310 })).toBe('ACCOUNT_BLOCKED');
    expect(lastingAfter({ code: 'THROTTLED', retryAt: 5 })).toBe('THROTTLED');
    expect(lastingAfter({ code: 'THROTTLED' })).toBeUndefined();
    expect(lastingAfter({ code: 'OTP_BUDGET_SPENT', retryAt: 5 })).toBeUndefined();
    expect(lastingAfter({ code: 'OTP_REFUSED', otpCode: 2360, retryAt: 5 })).toBeUndefined();
  });

  test.each([
    [2001, 'none'],
    [2006, 'none'],
    [2101, 'none'],
    [2102, 'none'],
    [2309, 'none'],
    [2311, 'enrollDevice'],
    [2313, 'enrollDevice'],
    [2314, 'none'],
    [2344, 'none'],
    [2000, 'retry'],
    [undefined, 'retry'],
  ] as const)('a refusal of the OTP with %o: %s', (otpCode, remedy) => {
    expect(remedyOf('OTP_REFUSED', { otpCode })).toBe(remedy);
  });

  test.each(['TIMED_OUT', 'TRANSPORT_FAILED', 'PROTOCOL'] as const)(
    '%s of a call that had left: look before you repeat it',
    (code) => {
      expect([remedyOf(code, { sent: true }), remedyOf(code, { sent: false })]).toEqual([
        'checkState',
        'retry',
      ]);
      expect(remedyOf('STALE', { sent: true })).toBe('retry');
    },
  );

  test('only a refusal has a remedy by code', () => {
    expect(remedyOf('PIN_REJECTED', { otpCode: 2309 })).toBe('retry');
    expect(remedyOf('FORBIDDEN', { otpCode: 2001 })).toBe('enrollDevice');
  });

  test.each([
    ['CANCELLED', true],
    ['toString', false],
    ['', false],
    [2302, false],
    [undefined, false],
    [['CANCELLED'], false],
  ])('%o is a code: %s', (value, expected) => {
    expect(isStrongAuthErrorCode(value as StrongAuthErrorCode)).toBe(expected);
  });
});
