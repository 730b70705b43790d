import { createStrongAuth, type Secret } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { OTP, settleDown, stage, succeeded, watched } from '../lifecycle/support.js';
import { collectSurfaced } from './support.js';
import { MINUTE, tokenBackEnd } from './token-back-end.js';

/* What carries a token, and whose it is: neighbours of the field cases 54 and 56, which are in grants.test.ts. */

collectSurfaced();

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
    expect(strongAuth.explain().calls).toMatchObject([{ phase: 'deciding', rounds: 0 }]);
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
