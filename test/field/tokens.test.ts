import {
  type ApiRequest,
  createStrongAuth,
  type GrantOption,
  type Secret,
  type StrongAuthOptions,
} from 'strong-auth-machine';
import { createManualClock } from 'strong-auth-machine/simulator';
import { describe, expect, test } from 'vitest';
import {
  CHALLENGE,
  COMMAND,
  failed,
  OTP,
  settleDown,
  stage,
  succeeded,
  watched,
} from '../lifecycle/support.js';
import { collectSurfaced, expectRest } from './support.js';

/* Grants: neighbours of the field cases 53 to 58, which are in grants.test.ts. */

collectSurfaced();

const MINUTE = 60_000;
const START = 1_700_000_000_000;

/** A back end whose PIN gives a token for ten minutes, by its own clock, which every request has to carry. */
function tokenBackEnd(change: Partial<GrantOption> = {}, options: Partial<StrongAuthOptions> = {}) {
  const clock = createManualClock(START);
  const car = {
    asked: 0,
    executed: [] as unknown[],
    refused: 0,
    issued: [] as string[],
    outlives: 0,
  };
  const held: (() => void)[] = [];
  let isHolding = false;
  const strongAuth = createStrongAuth({
    clock,
    enterPin: async () => {
      car.asked += 1;
      return '1234';
    },
    requestOtp: async () => {
      car.issued.push(`token-${car.issued.length + 1}`);
      car.outlives = clock.monotonic() + 10 * MINUTE;
      return succeeded({ token: car.issued.at(-1) });
    },
    grant: {
      read: (message) => ({
        secret: (message as { result: { token: string } }).result.token,
        expiresAt: clock.now() + 10 * MINUTE,
      }),
      apply: (request, secret) => ({
        ...request,
        parameters: { ...request.parameters, token: secret.reveal() },
      }),
      ...change,
    },
    transport: {
      async send({ parameters }) {
        if (isHolding) await new Promise<void>((resolve) => held.push(resolve));
        const isValid = car.issued.at(-1) === parameters?.token && clock.monotonic() < car.outlives;
        if (!isValid) {
          car.refused += 1;
          return CHALLENGE;
        }
        car.executed.push(parameters?.n);
        return succeeded(parameters?.n);
      },
    },
    ...options,
  });
  return {
    ...{ car, clock, strongAuth },
    command: (n: number) => strongAuth.set<unknown>('car', { n }),
    /** Requests stay on their way until `arrive`. */
    hold() {
      isHolding = true;
    },
    async arrive() {
      isHolding = false;
      for (const each of held.splice(0)) each();
      await settleDown(40);
    },
  };
}

describe('54. a token that ends in the middle of three commands', () => {
  test('between two of them: the third asks once more, and nothing is refused', async () => {
    const { car, clock, command } = tokenBackEnd();
    await command(1);
    clock.advance(5 * MINUTE);
    await command(2);
    clock.advance(5 * MINUTE);
    await command(3);
    expect(car).toMatchObject({ asked: 2, executed: [1, 2, 3] });
  });

  test('while the second is on its way: it is challenged, and sent again with the new one', async () => {
    const { car, clock, command, hold, arrive } = tokenBackEnd(
      {},
      { policy: { callTimeoutMs: Number.POSITIVE_INFINITY, maxAgeMs: 60 * MINUTE } },
    );
    await command(1);
    clock.advance(9 * MINUTE);
    hold();
    const second = watched(command(2));
    await settleDown();
    clock.advance(2 * MINUTE);
    await arrive();
    expect([second.value, car.asked, car.executed]).toEqual([2, 2, [1, 2]]);
    expect(await command(3)).toBe(3);
    expect(car.asked).toBe(2);
  });

  test('three at once after it has ended: one prompt', async () => {
    const { car, clock, command } = tokenBackEnd();
    await command(0);
    clock.sleep(11 * MINUTE);
    await Promise.all([1, 2, 3].map(command));
    expect(car).toMatchObject({ asked: 2, executed: [0, 1, 2, 3] });
  });

  test('which the back end takes back early: the next command is challenged, and asks once', async () => {
    const { car, command } = tokenBackEnd();
    await command(1);
    car.outlives = 0;
    await Promise.all([2, 3].map(command));
    expect([car.asked, car.executed]).toEqual([2, [1, 2, 3]]);
    expect(car.issued).toHaveLength(2);
  });

  test.each<[string, (clock: ReturnType<typeof createManualClock>) => void, number]>([
    ['set back an hour', (clock) => clock.setWallClock(clock.now() - 60 * MINUTE), 1],
    ['set back a year', (clock) => clock.setWallClock(clock.now() - 365 * 24 * 60 * MINUTE), 1],
    ['set forward an hour', (clock) => clock.setWallClock(clock.now() + 60 * MINUTE), 2],
  ])('with a wall clock that is %s', async (_, jump, asked) => {
    const { car, clock, command } = tokenBackEnd();
    await command(1);
    jump(clock);
    await command(2);
    expect(car.asked).toBe(asked);
    clock.advance(10 * MINUTE); // however long it lives by the wall clock, it does not live longer than it was given
    await command(3);
    expect(car).toMatchObject({ asked: asked + 1, executed: [1, 2, 3] });
  });

  test.each<[string, () => GrantOption['read']]>([
    ['a text', () => () => 'token-1'],
    ['a number', () => () => 4711],
    ['a secret without an end', () => () => ({ secret: 'token-1' })],
    ['an end that is no number', () => () => ({ secret: 'token-1', expiresAt: Number.NaN })],
    [
      'a class of getters',
      () => () =>
        new (class {
          get secret() {
            return 'token-1';
          }
          get expiresAt() {
            return undefined;
          }
        })(),
    ],
  ])('read that gives %s: it lives until it is forgotten', async (_, make) => {
    const tokens: string[] = [];
    const { clock, command, strongAuth } = tokenBackEnd({
      read: make(),
      apply(request, secret) {
        tokens.push(secret.reveal());
        return { ...request, parameters: { ...request.parameters, token: 'token-1' } };
      },
    });
    await command(1);
    clock.advance(9 * MINUTE);
    await command(2);
    expect([new Set(tokens).size, tokens.length]).toEqual([1, 2]);
    strongAuth.reset();
    void watched(command(3));
    expect(tokens).toHaveLength(2);
  });
});

describe('54. apply', () => {
  test('is called for each sending: replays, subscribes and an unsubscribe too, but not for the OTP of the app', async () => {
    const applied: string[] = [];
    const strongAuth = createStrongAuth({
      grant: {
        read: () => 'token',
        apply(request) {
          applied.push(`${request.verb} ${request.api}`);
          return request;
        },
      },
      transport: {
        send: async ({ api }) => succeeded(api === OTP ? { otp: 'o' } : undefined),
        subscribe: (_request, onMessage) => onMessage(succeeded()),
      },
      enterPin: async () => '1234',
    });
    await strongAuth.get('before');
    await strongAuth.ensure();
    await strongAuth.get('a');
    await strongAuth.send({ verb: 'get', api: OTP, parameters: { action: 'withPIN', pinCode: '1' } });
    const subscription = await strongAuth.subscribe('b', {}, () => {});
    await subscription.unsubscribe();
    const controller = new AbortController();
    await strongAuth.subscribe('c', {}, () => {}, { signal: controller.signal });
    controller.abort();
    expect(applied).toEqual(['get a', 'subscribe b', 'unsubscribe b', 'subscribe c', 'unsubscribe c']);
  });

  test('may change the request as it likes: neither the app’s object nor a later sending changes', async () => {
    const { car, command, strongAuth } = tokenBackEnd({
      apply: (request, secret) =>
        Object.assign(request, {
          parameters: Object.assign(request.parameters as object, { token: secret.reveal() }),
        }),
    });
    const reused = { n: 1 };
    await strongAuth.set('car', reused);
    expect(reused).toEqual({ n: 1 });
    car.outlives = 0;
    await command(2);
    expect(car).toMatchObject({ executed: [1, 2], asked: 2 });
  });

  test('that never answers: the call times out, and was not sent', async () => {
    const { car, clock, strongAuth, command } = tokenBackEnd({ apply: () => new Promise(() => {}) });
    await strongAuth.ensure();
    const call = watched(command(1));
    await settleDown();
    clock.advance(MINUTE);
    await settleDown();
    expect(call.error).toMatchObject({ code: 'TIMED_OUT', remedy: 'retry', details: { sent: false } });
    expect([car.executed, car.refused]).toEqual([[], 0]);
  });

  test.each(['reset', 'dispose'] as const)(
    'that answers after %s(): nothing is sent with the old token',
    async (how) => {
      let answer = () => {};
      const { car, strongAuth, command } = tokenBackEnd({
        apply: (request) =>
          new Promise((resolve) => {
            answer = () => resolve(request);
          }),
      });
      await strongAuth.ensure();
      const call = watched(command(1));
      await settleDown();
      strongAuth[how]();
      answer();
      await settleDown();
      expect([call.fate, car.executed, car.refused]).toEqual([
        how === 'reset' ? 'SIGNED_OUT' : 'DISPOSED',
        [],
        0,
      ]);
    },
  );

  test.each<[string, () => unknown]>([
    ['null', () => null],
    ['a text', () => 'token'],
    ['a request without an API', () => ({ verb: 'set', parameters: {} })],
    ['a promise for nothing', () => Promise.resolve()],
    [
      'a thenable whose then throws',
      () =>
        Object.defineProperty({}, 'then', {
          get() {
            throw new Error('token-1');
          },
        }),
    ],
    ['what calls reject with the token', () => Promise.reject(new Error('token-1'))],
    [
      'a proxy that was revoked',
      () => {
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        return proxy;
      },
    ],
  ])('that answers %s: TRANSPORT_FAILED, not sent, and the token is in no error', async (_, apply) => {
    const { car, strongAuth, command } = tokenBackEnd({ apply: apply as never });
    await strongAuth.ensure();
    const error = await command(1).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'TRANSPORT_FAILED', remedy: 'retry', details: { sent: false } });
    expect(JSON.stringify(error) + String((error as Error).cause) + (error as Error).stack).not.toContain(
      'token-1',
    );
    expect([car.executed, car.refused]).toEqual([[], 0]);
  });
});

describe('55. ensure() and grants', () => {
  test('ensure, set, ensure, set: one prompt while the token lives', async () => {
    const { car, clock, strongAuth, command } = tokenBackEnd();
    for (const n of [1, 2, 3]) {
      await strongAuth.ensure({ maxAgeMs: 10 * MINUTE });
      await command(n);
      clock.advance(3 * MINUTE);
    }
    expect(car).toMatchObject({ asked: 1, executed: [1, 2, 3], refused: 0 });
  });

  test('without maxAgeMs it asks each time, and the newest token is the one', async () => {
    const { car, strongAuth, command } = tokenBackEnd();
    await strongAuth.ensure();
    await strongAuth.ensure();
    await command(1);
    expect(car).toMatchObject({ asked: 2, executed: [1], refused: 0 });
  });

  test('at the same time as a command: one prompt, both settle', async () => {
    const { car, strongAuth, command } = tokenBackEnd();
    const [, result] = await Promise.all([strongAuth.ensure(), command(1)]);
    expect([result, car.asked]).toEqual([1, 1]);
  });

  test('a wave that is declined leaves the token that lives', async () => {
    let pin: string | null = '1234';
    const { car, strongAuth, command } = tokenBackEnd({}, { enterPin: async () => pin });
    await command(1);
    pin = null;
    await expect(strongAuth.ensure()).rejects.toMatchObject({ code: 'CANCELLED' });
    strongAuth.recovered();
    expect(await command(2)).toBe(2);
    expect(car.refused).toBe(1);
  });
});

describe('56. whose token it is', () => {
  test('a reset while the OTP is requested: the late token is nobody’s', async () => {
    const app = stage({
      grant: { read: () => 'late', apply: (request) => ({ ...request, parameters: { token: 'late' } }) },
    });
    await app.challenged();
    await app.type('1234');
    app.strongAuth.reset();
    app.requestsOf(OTP)[0]?.resolve(succeeded({ otp: 'o' }));
    await settleDown();
    void watched(app.strongAuth.get('x', { n: 1 }));
    await settleDown();
    expect(app.requestsOf('x')[0]?.request.parameters).toEqual({ n: 1 });
  });

  test.each(['cancel', 'reset', 'dispose'] as const)(
    '%s() by `read` itself: the token is not kept',
    async (how) => {
      const applied: unknown[] = [];
      const app = stage({
        grant: {
          read() {
            app.strongAuth[how]();
            return 'late';
          },
          apply(request) {
            applied.push(request);
            return request;
          },
        },
      });
      const call = await app.challenged();
      await app.type('1234');
      await app.answer(succeeded({ otp: 'o' }));
      expect(call.fate).toBe({ cancel: 'CANCELLED', reset: 'SIGNED_OUT', dispose: 'DISPOSED' }[how]);
      void watched(app.strongAuth.get('x'));
      await settleDown();
      expect(applied).toEqual([]);
    },
  );

  test.each<[string, (app: ReturnType<typeof tokenBackEnd>) => unknown]>([
    ['reset()', ({ strongAuth }) => strongAuth.reset()],
    ['dispose()', ({ strongAuth }) => strongAuth.dispose()],
    ['the next grant', ({ strongAuth }) => strongAuth.ensure()],
    ['its end', ({ clock }) => clock.sleep(10 * MINUTE)],
  ])('who has kept its Secret has nothing after %s', async (_, end) => {
    const kept: Secret[] = [];
    const backEnd = tokenBackEnd({
      apply(request, secret) {
        kept.push(secret);
        return { ...request, parameters: { ...request.parameters, token: secret.reveal() } };
      },
    });
    await backEnd.command(1);
    expect(kept[0]?.reveal()).toBe('token-1');
    await end(backEnd);
    expect(() => kept[0]?.reveal()).toThrow(TypeError);
    expect(`${kept[0]}${JSON.stringify(kept)}`).not.toContain('token-1');
  });

  test('the call of the next user, made by a listener in the middle of the reset, does not run on it', async () => {
    const { car, strongAuth, command } = tokenBackEnd();
    await command(1);
    let made: Promise<unknown> | undefined;
    const stop = strongAuth.view.subscribe(() => {
      made ??= command(2);
    });
    strongAuth.reset();
    stop();
    expect(await (made ?? command(2))).toBe(2);
    expect(car).toMatchObject({ asked: 2, executed: [1, 2] });
  });

  test('the token is in no event, no snapshot and no error', async () => {
    const seen: string[] = [];
    const { command, strongAuth } = tokenBackEnd(
      {},
      {
        inspect: (event) => {
          const { type } = event;
          if (type === '@xstate.event') seen.push(JSON.stringify(event.event));
          if (type === '@xstate.snapshot') seen.push(JSON.stringify(event.snapshot));
        },
        onEvent: (fact) => seen.push(JSON.stringify(fact)),
      },
    );
    await command(1);
    seen.push(
      JSON.stringify([
        strongAuth.view.getSnapshot(),
        strongAuth.explain(),
        strongAuth.actor.getPersistedSnapshot(),
      ]),
    );
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.join()).not.toContain('token-1');
  });
});

describe('53. what prepareReplay gets, and gives', () => {
  async function prepared(result: unknown) {
    const given: string[] = [];
    const app = stage({
      prepareReplay(request, otp) {
        given.push(otp.reveal());
        return request;
      },
    });
    const call = await app.challenged();
    await app.type('1234');
    await app.answer({ status: 'SUCCEEDED', result });
    if (given.length > 0) await app.answer(succeeded());
    return { app, call, given };
  }
  test.each<[string, unknown, string]>([
    ['leading zeros', { otp: '000042' }, '000042'],
    ['nought', { otp: 0 }, '0'],
    [
      'a class of getters',
      new (class {
        get otp() {
          return 'o';
        }
      })(),
      'o',
    ],
    ['a frozen object', Object.freeze({ otp: 'o' }), 'o'],
    ['a proxy', new Proxy({ otp: 'o' }, { ownKeys: () => [] }), 'o'],
    ['a function', Object.assign(() => {}, { otp: 'o' }), 'o'],
  ])('%s: given', async (_, result, expected) => {
    const { call, given } = await prepared(result);
    expect([call.fate, given]).toEqual(['resolved', [expected]]);
  });

  test.each<[string, unknown]>([
    ['the OTP itself', 'o'],
    ['a list', ['o']],
    ['a Map', new Map([['otp', 'o']])],
    ['true', { otp: true }],
    [
      'an OTP that throws',
      {
        get otp() {
          throw new Error('o');
        },
      },
    ],
    ['an OTP within', { data: { otp: 'o' } }],
    ['null', null],
  ])('%s: PROTOCOL, nothing is sent again', async (_, result) => {
    const { app, call } = await prepared(result);
    expect(call.error).toMatchObject({ code: 'PROTOCOL', remedy: 'retry', details: { sent: false } });
    expect(app.requestsOf(COMMAND)).toHaveLength(1);
    await expectRest(app);
  });

  test('2316 grants, but brings no OTP', async () => {
    const app = stage({ prepareReplay: (request) => request });
    const call = await app.challenged();
    await app.type('1234');
    await app.answer(failed(2316));
    expect(call.fate).toBe('PROTOCOL');
    await expectRest(app);
  });

  test('with a grant beside it: both are in the replay, the token alone in what follows', async () => {
    const sent: ApiRequest[] = [];
    let isStrong = false;
    const strongAuth = createStrongAuth({
      transport: {
        async send(request) {
          if (request.api === OTP) {
            isStrong = true;
            return succeeded({ otp: 'o', token: 't' });
          }
          sent.push(request);
          return isStrong ? succeeded() : CHALLENGE;
        },
      },
      enterPin: async () => '1234',
      prepareReplay: (request, otp) => ({
        ...request,
        parameters: { ...request.parameters, otp: otp.reveal() },
      }),
      grant: {
        read: (message) => (message as { result: { token: string } }).result.token,
        apply: (request, token) => ({
          ...request,
          parameters: { ...request.parameters, token: token.reveal() },
        }),
      },
    });
    await strongAuth.set('x', { n: 1 });
    await strongAuth.set('x', { n: 2 });
    expect(sent.map(({ parameters }) => parameters)).toEqual([
      { n: 1 },
      { n: 1, otp: 'o', token: 't' },
      { n: 2, token: 't' },
    ]);
  });
});

describe('57. those that join while the PIN is checked', () => {
  const high = { status: 'FAILED', error: { code: 2302, need: 'high', nonce: [1] } };
  function needs(asked: unknown[], granting: (() => void)[]): Partial<StrongAuthOptions> {
    return {
      classify: {
        call(message) {
          const error = message.status === 'FAILED' ? message.error : undefined;
          return error?.code === 2302 ? { challenge: { need: error.need, nonce: error.nonce } } : 'pass';
        },
      },
      requestOtp(_pin, request) {
        asked.push(request);
        return new Promise((resolve) => granting.push(() => resolve(succeeded())));
      },
    };
  }

  test('requestOtp sees them live, each with its own challenge', async () => {
    const [asked, granting] = [[] as { calls: readonly { challenge?: unknown }[] }[], [] as (() => void)[]];
    const app = stage(needs(asked, granting));
    await app.challenged();
    const joined = watched(app.strongAuth.get('y'));
    await app.type('1234');
    const before = asked[0]?.calls.length;
    await app.answer(high, 1);
    const calls = asked[0]?.calls ?? [];
    expect([before, calls.length]).toEqual([1, 2]);
    expect(calls[1]?.challenge).toEqual({ need: 'high', nonce: [1] });
    expect(Object.isFrozen((calls[1]?.challenge as { nonce?: unknown } | undefined)?.nonce)).toBe(true);
    app.strongAuth.cancel();
    await settleDown();
    expect([joined.fate, (asked[0] as unknown as { signal: AbortSignal }).signal.aborted]).toEqual([
      'CANCELLED',
      true,
    ]);
    granting[0]?.();
    await settleDown();
    await expectRest(app);
  });

  test('the newest challenge of a call is the one that is shown', async () => {
    const app = stage({ ...needs([], []), policy: { maxRounds: 2 }, requestOtp: async () => succeeded() });
    watched(app.strongAuth.get('y'));
    await app.answer(CHALLENGE);
    expect(app.user.prompts[0]?.prompt.calls[0]?.challenge).toEqual({});
    await app.type('1234');
    await app.answer(high);
    expect(app.user.prompts[1]?.prompt.calls[0]?.challenge).toEqual({ need: 'high', nonce: [1] });
  });

  test.each<[string, (app: ReturnType<typeof stage>) => Promise<unknown>]>([
    [
      'after a wrong PIN, while the next is asked',
      async (app) => {
        await app.type('1111');
        await app.answer(failed(2308));
      },
    ],
    ['before the PIN is given', async () => {}],
  ])(
    'one that joins %s was there when the PIN was given: its challenge after that is final',
    async (_, before) => {
      const app = stage();
      const call = watched(app.strongAuth.get('y'));
      await app.challenged();
      await before(app);
      app.requestsOf('y')[0]?.resolve(CHALLENGE);
      await settleDown();
      await app.type('1234');
      app
        .requestsOf(OTP)
        .at(-1)
        ?.resolve(succeeded({ otp: 'o' }));
      await settleDown();
      app.requestsOf('y')[1]?.resolve(CHALLENGE);
      await settleDown();
      expect(call.fate).toBe('STILL_CHALLENGED');
    },
  );

  test('one that joins a prompt which is granted after a reset step spends no round either', async () => {
    const app = stage();
    const call = watched(app.strongAuth.get('y'));
    await app.challenged();
    await app.type('1234');
    app.requestsOf(OTP)[0]?.resolve(failed(2312));
    await settleDown();
    app.requestsOf('y')[0]?.resolve(CHALLENGE);
    await settleDown();
    app.requestsOf(OTP)[1]?.resolve(succeeded({ otp: 'o' }));
    await settleDown();
    app.requestsOf('y')[1]?.resolve(CHALLENGE);
    await settleDown();
    expect([call.fate, app.user.prompts.length]).toEqual(['pending', 2]);
  });

  test('its free rounds count as replays in what is told, and obey maxAgeMs and `replay`', async () => {
    for (const [options, code] of [
      [{ maxAgeMs: 1000 }, 'STALE'],
      [{ replay: 'never' }, 'REPLAY_DECLINED'],
    ] as const) {
      const app = stage();
      const call = watched(app.strongAuth.get('y', {}, options));
      await app.challenged();
      await app.type('1234');
      app.requestsOf('y')[0]?.resolve(CHALLENGE);
      await app.pass(1001);
      app.requestsOf(OTP)[0]?.resolve(succeeded({ otp: 'o' }));
      await settleDown();
      expect([call.fate, app.requestsOf('y').length]).toEqual([code, 1]);
    }
  });
});

describe('requestOtp in all its shapes', () => {
  test.each<[string, StrongAuthOptions['requestOtp'], string]>([
    [
      'throws',
      () => {
        throw new Error('1234');
      },
      'OUTCOME_UNKNOWN',
    ],
    ['rejects', () => Promise.reject(new Error('1234')), 'OUTCOME_UNKNOWN'],
    ['answers nothing', (() => undefined) as never, 'OUTCOME_UNKNOWN'],
    ['answers true', (() => true) as never, 'OUTCOME_UNKNOWN'],
    ['answers no promise', (() => failed(2310)) as never, 'ACCOUNT_BLOCKED'],
    ['rejects with an envelope', () => Promise.reject(failed(2310)), 'ACCOUNT_BLOCKED'],
    [
      'throws an error that holds one',
      () => {
        throw Object.assign(new Error(), { error: { code: '2310' } });
      },
      'ACCOUNT_BLOCKED',
    ],
    [
      'answers a thenable that throws',
      (() => ({
        then() {
          throw new Error('1234');
        },
      })) as never,
      'OUTCOME_UNKNOWN',
    ],
  ])('one that %s', async (_, requestOtp, code) => {
    const app = stage({ requestOtp });
    const call = await app.challenged();
    await app.type('1234');
    await settleDown();
    expect(call.fate).toBe(code);
    expect((call.error as Error).cause).toBeUndefined();
    expect(app.requestsOf(OTP)).toHaveLength(0);
    app.strongAuth.recovered();
    await expectRest(app);
  });

  test('one that never answers: its time is limited, and the next waits for nobody then', async () => {
    let requests = 0;
    const app = stage({
      requestOtp: () => {
        requests += 1;
        return requests === 1 ? new Promise(() => {}) : Promise.resolve(succeeded());
      },
    });
    const call = await app.challenged();
    await app.type('1234');
    await app.pass(30_000);
    expect(call.fate).toBe('OUTCOME_UNKNOWN');
    const next = await app.challenged();
    await app.type('1234');
    await settleDown();
    await app.answer(succeeded());
    expect([next.fate, requests]).toEqual(['resolved', 2]);
    await expectRest(app);
  });

  test('one whose wave was cancelled is answered before the next is asked', async () => {
    const answers: ((message: unknown) => void)[] = [];
    const app = stage({ requestOtp: () => new Promise((resolve) => answers.push(resolve)) });
    await app.challenged();
    await app.type('1234');
    app.strongAuth.cancel();
    await app.challenged();
    await app.type('1234');
    expect(answers).toHaveLength(1);
    answers[0]?.(succeeded());
    await settleDown();
    expect(answers).toHaveLength(2);
  });
});

describe('58. recovered()', () => {
  test('while a prompt is open, and while a call is on its way, changes nothing', async () => {
    const app = stage();
    const inFlight = watched(app.strongAuth.get('x'));
    const call = await app.challenged();
    const signal = app.user.prompts[0]?.prompt.signal;
    app.strongAuth.recovered();
    await settleDown();
    expect([signal?.aborted, call.fate, inFlight.fate, app.transport.requests.length]).toEqual([
      false,
      'pending',
      'pending',
      2,
    ]);
  });

  test('keeps the last grant, and its token', async () => {
    const { car, strongAuth, command } = tokenBackEnd();
    await command(1);
    strongAuth.recovered();
    await strongAuth.ensure({ maxAgeMs: MINUTE });
    await command(2);
    expect(car).toMatchObject({ asked: 1, executed: [1, 2] });
  });

  test('an account that is blocked again is remembered again', async () => {
    const app = stage();
    for (let round = 0; round < 3; round += 1) {
      const call = await app.challenged();
      await app.type('1234');
      await app.answer(failed(2310));
      expect(call.fate).toBe('ACCOUNT_BLOCKED');
      expect((await app.challenged()).fate).toBe('ACCOUNT_BLOCKED');
      expect(app.user.prompts).toHaveLength(round + 1);
      app.strongAuth.recovered();
    }
    await expectRest(app);
  });
});
