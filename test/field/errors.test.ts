import {
  createPinPad,
  createStrongAuth,
  isApiError,
  isStrongAuthError,
  reviveError,
  StrongAuthError,
} from 'strong-auth-machine';
import { createSimulator } from 'strong-auth-machine/simulator';
import { describe, expect, test } from 'vitest';
import { CHALLENGE, COMMAND, failed, settleDown, stage, succeeded, watched } from '../lifecycle/support.js';

/* What errors say: field cases 44 to 52, and their neighbours. */

describe('44. each of the calls that reject is named by its error', () => {
  test('three in one wave', async () => {
    const app = stage();
    const calls = [
      watched(app.strongAuth.set(COMMAND, { action: 'doors', doorState: 'lock' })),
      watched(app.strongAuth.set(COMMAND, { action: 'horn' })),
      watched(app.strongAuth.get('app.user')),
    ];
    for (const index of [0, 1, 2]) await app.answer(CHALLENGE, index);
    const ensured = watched(app.strongAuth.ensure());
    app.strongAuth.cancel();
    await settleDown();
    expect(calls.map(({ error }) => error)).toMatchObject([
      { verb: 'set', api: COMMAND, action: 'doors' },
      { verb: 'set', api: COMMAND, action: 'horn' },
      { verb: 'get', api: 'app.user' },
    ]);
    const messages = [...calls, ensured].map(({ error }) => (error as Error).message);
    expect(messages).toEqual([
      `set ${COMMAND} (doors): Strong authentication was declined (CANCELLED)`,
      `set ${COMMAND} (horn): Strong authentication was declined (CANCELLED)`,
      'get app.user: Strong authentication was declined (CANCELLED)',
      'Strong authentication was declined (CANCELLED)',
    ]);
    expect(ensured.error).not.toHaveProperty('verb');
  });

  test('an action that is no string names nothing', async () => {
    const app = stage();
    const call = watched(app.strongAuth.set('x', { action: { secret: 1 } }));
    await app.fail(new Error('no'));
    expect((call.error as Error).message).toMatch(/^set x: /);
    expect(call.error).not.toHaveProperty('action');
  });

  test('after dispose too', async () => {
    const { strongAuth } = stage();
    strongAuth.dispose();
    await expect(strongAuth.set(COMMAND, { action: 'horn' })).rejects.toMatchObject({
      code: 'DISPOSED',
      verb: 'set',
      action: 'horn',
    });
  });

  test('an engine that can names the line that made the call', async () => {
    const app = stage();
    async function pressTheButton() {
      await app.strongAuth.set(COMMAND, { action: 'horn' });
    }
    const pressed = pressTheButton().catch((error: Error) => error);
    await app.fail(new Error('no'));
    expect((await pressed)?.stack).toContain('pressTheButton');
    const refused = stage();
    const asked = (async function askAtStart() {
      await refused.strongAuth.get('app.user');
    })().catch((error: Error) => error);
    await refused.answer(failed(2204));
    expect((await asked)?.stack).toContain('askAtStart');
  });
});

describe('45. what may have been executed is not to be retried blindly', () => {
  test.each<[string, (app: ReturnType<typeof stage>) => unknown, string]>([
    ['TIMED_OUT', ({ pass }) => pass(60_000), 'checkState'],
    ['TRANSPORT_FAILED', ({ fail }) => fail(new Error('cable')), 'checkState'],
    ['PROTOCOL', ({ answer }) => answer('nonsense'), 'checkState'],
  ])('%s of a call that had left', async (code, happens, remedy) => {
    const app = stage();
    const call = watched(app.strongAuth.set(COMMAND, { action: 'horn' }));
    await happens(app);
    expect(call.error).toMatchObject({ code, remedy, details: { sent: true } });
  });

  test('of one that waits for the PIN: it had been challenged, and so not executed', async () => {
    const app = stage();
    const call = await app.challenged({ timeoutMs: 1000 });
    await app.pass(1000);
    expect(call.error).toMatchObject({ code: 'TIMED_OUT', remedy: 'retry', details: { sent: false } });
  });
});

test('46. a background call that is challenged is to be asked for from a screen', async () => {
  const app = stage();
  const call = await app.challenged({ interactive: false });
  expect(call.error).toMatchObject({ code: 'INTERACTION_REQUIRED', remedy: 'authenticate' });
});

describe('47. a back end that says when to come back', () => {
  async function throttled(error: object) {
    const app = stage();
    const call = await app.challenged();
    await app.type('1234');
    await app.answer({ status: 'FAILED', error });
    return { ...app, call };
  }
  test.each<[string, object]>([
    ['a number', { code: 429, retryAfter: 900 }],
    ['a text', { code: '429', retryAfter: '900' }],
    ['a date', { code: 429, retryAfter: new Date(1_700_000_900_000).toUTCString() }],
  ])('Retry-After as %s: THROTTLED, and no prompt until then', async (_, error) => {
    const { call, challenged, strongAuth, user, pass } = await throttled(error);
    const retryAt = 1_700_000_900_000;
    expect(call.error).toMatchObject({ code: 'THROTTLED', remedy: 'wait', details: { retryAt } });
    expect(strongAuth.view.getSnapshot()).toMatchObject({
      status: 'failed',
      failure: { code: 'THROTTLED', retryAt },
    });
    expect((await challenged()).fate).toBe('THROTTLED');
    await expect(strongAuth.ensure()).rejects.toMatchObject({ code: 'THROTTLED', details: { retryAt } });
    expect(user.prompts).toHaveLength(1);
    await pass(900_000);
    expect((await challenged()).fate).toBe('pending');
  });

  test.each(['reset', 'recovered'] as const)('is forgotten by %s()', async (how) => {
    const { challenged, strongAuth } = await throttled({ code: 429, retryAfter: 900 });
    strongAuth[how]();
    expect((await challenged()).fate).toBe('pending');
  });

  test.each([[{ code: 429 }], [{ code: 429, retryAfter: 'soon' }], [{ code: 2309, retryAfter: 900 }]])(
    'without a time, or another code, it is a refusal like any other: %o',
    async (error) => {
      const { call, challenged } = await throttled(error);
      expect(call.fate).toBe('OTP_REFUSED');
      expect((await challenged()).fate).toBe('pending');
    },
  );

  test('by a classifier, in its own words', async () => {
    const app = stage({ classify: { otp: () => ({ denied: 'THROTTLED', retryAt: 1_700_000_060_000 }) } });
    const call = await app.challenged();
    await app.type('1234');
    await app.answer(succeeded());
    expect(call.error).toMatchObject({ code: 'THROTTLED', details: { retryAt: 1_700_000_060_000 } });
  });
});

describe('48. the attempts that the server says are left', () => {
  const rejected = (attemptsLeft?: number) => ({ status: 'FAILED', error: { code: 2308, attemptsLeft } });

  test('one is left: the prompt says 1', async () => {
    const app = stage({ policy: { maxPinAttempts: 5 } });
    await app.challenged();
    await app.type('1111');
    await app.answer(rejected(1));
    expect(app.user.prompts[1]?.prompt).toMatchObject({ attempt: 2, attemptsLeft: 1, reason: 'pinRejected' });
    expect(app.strongAuth.view.getSnapshot().prompt?.attemptsLeft).toBe(1);
  });

  test('none is left: nobody is asked', async () => {
    const app = stage({ policy: { maxPinAttempts: 5 } });
    const call = await app.challenged();
    await app.type('1111');
    await app.answer(rejected(0));
    expect([call.fate, app.user.prompts.length]).toEqual(['PIN_REJECTED', 1]);
  });

  test('by a classifier; more than the policy allows changes nothing', async () => {
    const app = stage({ classify: { otp: () => ({ pinRejected: { attemptsLeft: 9 } }) } });
    await app.challenged();
    await app.type('1111');
    await app.answer(succeeded());
    expect(app.user.prompts[1]?.prompt.attemptsLeft).toBe(1);
  });

  test('the next wave remembers, until a grant', async () => {
    const app = stage({ policy: { maxPinAttempts: 3 } });
    await app.challenged();
    await app.type('1111');
    await app.answer(rejected(1));
    app.strongAuth.cancel();
    await app.challenged();
    expect(app.user.prompts[2]?.prompt).toMatchObject({ attempt: 1, attemptsLeft: 1 });
    await app.type('1234');
    await app.answer(succeeded({ otp: 'o' }));
    await app.answer(succeeded());
    await app.challenged();
    expect(app.user.prompts[3]?.prompt.attemptsLeft).toBe(3);
  });

  test('the next wave remembers it also where no attempt of this one was left', async () => {
    const app = stage({ policy: { maxPinAttempts: 2 } });
    const call = await app.challenged();
    for (const left of [3, 1]) {
      await app.type('1111');
      await app.answer(rejected(left));
    }
    expect(call.fate).toBe('PIN_REJECTED');
    await app.challenged();
    expect(app.user.prompts[2]?.prompt).toMatchObject({ attempt: 1, attemptsLeft: 1 });
  });

  test('a number that is the PIN itself is not told on', async () => {
    const events: string[] = [];
    const app = stage({
      policy: { maxPinAttempts: 5 },
      inspect: (event) => {
        if (event.type === '@xstate.event') events.push(JSON.stringify(event.event));
      },
    });
    await app.challenged();
    await app.type('4711');
    await app.answer(rejected(4711));
    expect(events.join()).not.toContain('4711');
    expect(app.user.prompts).toHaveLength(2);
  });
});

describe('49. what else the error of the SDK held is in details', () => {
  test('plain data', async () => {
    const app = stage();
    const call = watched(app.strongAuth.get('app.user'));
    await app.answer({
      status: 'FAILED',
      error: { code: 2204, label: 'Busy', retryAfter: 30, remainingTries: 2, nested: { list: [1, 2n] } },
    });
    expect(call.error).toMatchObject({
      code: 2204,
      label: 'Busy',
      details: { retryAfter: 30, remainingTries: 2, nested: { list: [1, 2] } },
    });
  });

  test('of a class of getters, and nothing that throws, loops or is a function', async () => {
    class Wrong {
      get code() {
        return 2204;
      }
      get retryAfter() {
        return 30;
      }
      get trap() {
        throw new Error('trap');
      }
      self = this;
      call = () => 1;
    }
    const app = stage();
    const call = watched(app.strongAuth.get('app.user'));
    await app.answer({ status: 'FAILED', error: new Wrong() });
    const { details } = call.error as { details: Record<string, unknown> };
    expect(details).toMatchObject({ retryAfter: 30 });
    expect(() => JSON.stringify(call.error)).not.toThrow();
    expect(Object.keys(details)).not.toContain('trap');
  });
});

describe('50. errors cross JSON and postMessage', () => {
  async function errors() {
    const app = stage();
    const refused = watched(app.strongAuth.set(COMMAND, { action: 'horn' }));
    await app.answer({ transactionId: 't', status: 'FAILED', error: { code: 2329, label: 'No', tries: 1 } });
    const cancelled = await app.challenged();
    app.strongAuth.cancel();
    await settleDown();
    const lost = watched(app.strongAuth.get('app.user'));
    await app.fail(new Error('cable'));
    return [refused, cancelled, lost].map(({ error }) => error as Error);
  }
  const ways: Record<string, (error: Error) => unknown> = {
    'text of JSON': (error) => JSON.parse(JSON.stringify(error)),
    'structuredClone of toJSON()': (error) => structuredClone((error as StrongAuthError).toJSON()),
    'a spread': (error) => ({ ...error }),
    'JSON inside another object': (error) => JSON.parse(JSON.stringify({ inner: error })).inner,
  };
  test.each(Object.entries(ways))('%s', async (_, cross) => {
    for (const error of await errors()) {
      const revived = reviveError(cross(error));
      expect(revived).toBeInstanceOf(Error);
      expect(isApiError(revived) || isStrongAuthError(revived)).toBe(true);
      expect(JSON.parse(JSON.stringify(revived))).toEqual(JSON.parse(JSON.stringify(error)));
    }
  });

  test.each<[unknown]>([
    [undefined],
    ['StrongAuthError'],
    [{ name: 'Error', code: 'CANCELLED' }],
    [{ name: 'StrongAuthError', code: 'NONE' }],
    [{ name: 'ApiError' }],
    [new Error('x')],
  ])('%o is no error of ours', (data) => {
    expect(reviveError(data)).toBeUndefined();
  });

  test('one of ours is given back as it is', () => {
    const error = new StrongAuthError('CANCELLED', {});
    expect(reviveError(error)).toBe(error);
  });
});

describe('51 and 52. what makes no sense is refused in words that help', () => {
  const simulator = createSimulator();
  const fine = { transport: { send: async () => succeeded() }, enterPin: async () => null };
  test('the SDK itself given as transport', () => {
    expect(() => createStrongAuth({ ...fine, transport: simulator as never })).toThrow(/fromPims\(sdk\)/);
  });

  test.each<[string, object]>([
    ['onEvents', { onEvents: () => {} }],
    ['Transport', { Transport: fine.transport }],
    ['classifier', { classifier: {} }],
    ['policy.maxPinAttemps', { policy: { maxPinAttemps: 2 } }],
    ['policy.replays', { policy: { replays: 'sequential' } }],
    ['grant', { grant: { read: () => 'x' } }],
  ])('%s', (name, options) => {
    expect(() => createStrongAuth({ ...fine, ...options } as never)).toThrow(TypeError);
    expect(() => createStrongAuth({ ...fine, ...options } as never)).toThrow(name.split('.').at(-1));
  });

  test.each<[object]>([
    [{ timeout: 5 }],
    [{ Signal: undefined }],
    [{ interactive: 'no' }],
    [{ label: 7 }],
    [{ maxAge: 1 }],
  ])('of a call: %o', async (options) => {
    const strongAuth = createStrongAuth(fine);
    await expect(strongAuth.get('x', {}, options as never)).rejects.toThrow(TypeError);
  });

  test('of ensure, and of a pad', async () => {
    await expect(createStrongAuth(fine).ensure({ replay: 'never' } as never)).rejects.toThrow(
      /replay is no option/,
    );
    expect(() => createPinPad({ normalise: String } as never)).toThrow(/normalise is no option/);
  });
});
