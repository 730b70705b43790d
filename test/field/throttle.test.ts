import { createStrongAuth } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { failed, settleDown, stage, succeeded, watched } from '../lifecycle/support.js';
import { collectSurfaced, expectRest, HOUR } from './support.js';

/* What the back end says of time and attempts: neighbours of the field cases 47 and 48, which are in errors.test.ts. */

collectSurfaced();

const NOW = 1_700_000_000_000;
const throttled = (more: object = { retryAfter: 900 }) => ({
  status: 'FAILED',
  error: { code: 429, ...more },
});

async function denied(message: unknown) {
  const app = stage();
  const call = await app.challenged();
  await app.type('1234');
  await app.answer(message);
  return { ...app, call };
}

describe('47. Retry-After in all its shapes', () => {
  test.each<[string, unknown, number]>([
    ['a date as an object', new Date(NOW + 900_000), NOW + 900_000],
    ['a date of ISO', new Date(NOW + 900_000).toISOString(), NOW + 900_000],
    ['a date of HTTP', new Date(NOW + 900_000).toUTCString(), NOW + 900_000],
    ['a boxed text', new String('900'), NOW + 900_000],
    ['a BigInt', 900n, NOW + 900_000],
    ['a text with space', ' 900 ', NOW + 900_000],
    ['a fraction', 0.5, NOW + 500],
  ])('%s', async (_, retryAfter, retryAt) => {
    const { call } = await denied(throttled({ retryAfter }));
    expect(call.error).toMatchObject({ code: 'THROTTLED', details: { retryAt } });
  });

  test.each<[string, unknown]>([
    ['a date that is none', new Date(Number.NaN)],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a list', [900]],
    ['an object', { seconds: 900 }],
    ['true', true],
    ['nothing', null],
    ['an empty text', ''],
  ])('%s: a refusal like any other, and the next call asks', async (_, retryAfter) => {
    const { call, challenged } = await denied(throttled({ retryAfter }));
    expect(call.fate).toBe('OTP_REFUSED');
    expect((await challenged()).fate).toBe('pending');
  });

  test.each([[0], [-5], [new Date(NOW - HOUR).toUTCString()]])(
    '%o is over: said, and not remembered',
    async (retryAfter) => {
      const { call, challenged } = await denied(throttled({ retryAfter }));
      expect(call.error).toMatchObject({ code: 'THROTTLED', remedy: 'wait' });
      expect((await challenged()).fate).toBe('pending');
    },
  );

  test('thrown instead of answered, and with a code that is text', async () => {
    const app = stage();
    const call = await app.challenged();
    await app.type('1234');
    await app.fail({ error: { code: '429', retryAfter: '900' } });
    expect(call.error).toMatchObject({
      code: 'THROTTLED',
      details: { retryAt: NOW + 900_000, otpCode: 429 },
    });
  });
});

describe('47. until its time, whatever happens meanwhile', () => {
  test.each<[string, (app: Awaited<ReturnType<typeof denied>>) => unknown]>([
    ['the wall clock set back an hour', ({ clock }) => clock.setWallClock(clock.now() - HOUR)],
    ['the wall clock set back a year', ({ clock }) => clock.setWallClock(clock.now() - 365 * 24 * HOUR)],
    ['a wave that was refused meanwhile', ({ challenged }) => challenged()],
    ['an ensure that was refused meanwhile', ({ strongAuth }) => strongAuth.ensure().catch(() => {})],
    ['a cancel, which has nothing to end', ({ strongAuth }) => strongAuth.cancel()],
    [
      'calls that are answered',
      async ({ strongAuth, answer }) => {
        watched(strongAuth.get('x'));
        await answer(succeeded());
      },
    ],
  ])('with %s: refused for 15 minutes, and not for longer', async (_, happens) => {
    const app = await denied(throttled());
    await happens(app);
    await app.pass(899_999);
    expect((await app.challenged()).fate).toBe('THROTTLED');
    await app.pass(1);
    expect((await app.challenged()).fate).toBe('pending');
    expect(app.user.prompts).toHaveLength(2);
  });

  test('a device that slept over it asks at once', async () => {
    const app = await denied(throttled());
    app.clock.sleep(900_000);
    expect((await app.challenged()).fate).toBe('pending');
  });

  test('the newest counts: a longer one, and a shorter one', async () => {
    for (const [first, second] of [
      [60, 900],
      [900, 60],
    ] as const) {
      const app = await denied(throttled({ retryAfter: first }));
      await app.pass(first * 1000);
      await app.challenged();
      await app.type('1234');
      await app.answer(throttled({ retryAfter: second }));
      await app.pass(second * 1000 - 1);
      expect((await app.challenged()).fate).toBe('THROTTLED');
      await app.pass(1);
      expect((await app.challenged()).fate).toBe('pending');
    }
  });

  test('a grant forgets it', async () => {
    const app = await denied(throttled());
    await app.pass(900_000);
    await app.challenged();
    await app.type('1234');
    await app.answer(succeeded({ otp: 'o' }));
    await app.answer(succeeded());
    app.clock.setWallClock(NOW); // before the time that was said then
    expect((await app.challenged()).fate).toBe('pending');
  });

  test('calls that need no strong authentication go through; those in flight go on', async () => {
    const app = stage();
    const inFlight = watched(app.strongAuth.get('x'));
    await app.challenged();
    await app.type('1234');
    await app.answer(throttled());
    const other = watched(app.strongAuth.get('y'));
    await app.answer(succeeded('y'));
    await app.answer(succeeded('x'), 0);
    expect([other.value, inFlight.value]).toEqual(['y', 'x']);
    await expectRest(app);
  });

  test('every one that waits is told when, and the view and asPims() too', async () => {
    const app = stage();
    const answers: unknown[] = [];
    const calls = [await app.challenged(), watched(app.strongAuth.ensure())];
    app.strongAuth.asPims().set('x', {}, (message) => answers.push(message));
    await settleDown();
    await app.answer(failed(2302));
    await app.type('1234');
    await app.answer(throttled());
    const retryAt = NOW + 900_000;
    expect(calls.map(({ error }) => error)).toMatchObject(
      Array(2).fill({ code: 'THROTTLED', details: { retryAt } }),
    );
    expect(answers).toMatchObject([
      { error: { code: 2302, strongAuth: { code: 'THROTTLED', remedy: 'wait' } } },
    ]);
    expect(app.strongAuth.view.getSnapshot().failure).toEqual({ code: 'THROTTLED', remedy: 'wait', retryAt });
    await expectRest(app);
  });

  test('reset() for the next user; the time that was said is not theirs', async () => {
    const app = await denied(throttled());
    app.strongAuth.reset();
    const call = await app.challenged();
    await app.type('1234');
    await app.answer(failed(2310));
    expect(call.fate).toBe('ACCOUNT_BLOCKED');
    await app.pass(900_000); // the block has no time
    expect((await app.challenged()).fate).toBe('ACCOUNT_BLOCKED');
  });

  test('429 on a call is that call’s own error, and remembered by nobody', async () => {
    const app = stage();
    const call = watched(app.strongAuth.get('x'));
    await app.answer(throttled());
    expect(call.error).toMatchObject({ name: 'ApiError', code: 429, details: { retryAfter: 900 } });
    expect((await app.challenged()).fate).toBe('pending');
  });

  test.each<[string, unknown]>([
    ['no time', { denied: 'THROTTLED' }],
    ['a time that is none', { denied: 'THROTTLED', retryAt: Number.NaN }],
    ['a time as text', { denied: 'THROTTLED', retryAt: 'soon' }],
  ])('a classifier that says THROTTLED with %s: said, and not remembered', async (_, verdict) => {
    const app = stage({ classify: { otp: () => verdict as never } });
    const call = await app.challenged();
    await app.type('1234');
    await app.answer(succeeded());
    expect(call.error).toMatchObject({ code: 'THROTTLED', remedy: 'wait' });
    expect((await app.challenged()).fate).toBe('pending');
  });
});

describe('48. attempts, as the server counts them', () => {
  const rejected = (attemptsLeft?: unknown) => ({ status: 'FAILED', error: { code: 2308, attemptsLeft } });
  async function asked(attemptsLeft: unknown) {
    const app = stage({ policy: { maxPinAttempts: 5 } });
    const call = await app.challenged();
    await app.type('1111');
    await app.answer(rejected(attemptsLeft));
    return { app, call, left: () => app.user.prompts.at(-1)?.prompt.attemptsLeft };
  }

  test.each<[string, unknown]>([
    ['a text', '1'],
    ['a BigInt', 1n],
    ['a boxed number', new Number(1)],
    ['a number with a fraction', 1.5],
    ['a text with a fraction', '1.0'],
  ])('one left, as %s: the prompt says 1', async (_, attemptsLeft) => {
    const { left } = await asked(attemptsLeft);
    expect(left()).toBe(1);
  });

  test.each([[0], ['0'], [0n], ['00']])('none left, as %o: nobody is asked', async (attemptsLeft) => {
    const { app, call } = await asked(attemptsLeft);
    expect([call.error, app.user.prompts.length]).toMatchObject([
      { code: 'PIN_REJECTED', remedy: 'retry' },
      1,
    ]);
    await expectRest(app);
  });

  test.each<[string, unknown]>([
    ['below nothing', -1],
    ['no number', Number.NaN],
    ['a word', 'one'],
    ['an empty text', ' '],
    ['an object', {}],
    ['more than the policy allows', 99],
    ['infinity', Number.POSITIVE_INFINITY],
  ])('%s: the policy counts', async (_, attemptsLeft) => {
    const { left } = await asked(attemptsLeft);
    expect(left()).toBe(4);
  });

  test('over two waves: what the first heard is what the second begins with', async () => {
    const { app, left } = await asked(2);
    app.strongAuth.cancel();
    await app.challenged();
    expect([left(), app.user.prompts.at(-1)?.prompt.attempt]).toEqual([2, 1]);
    await app.type('1111');
    await app.answer(rejected(1));
    expect(left()).toBe(1);
    await app.type('1111');
    await app.answer(rejected(0));
    expect(app.status).toBe('failed');
  });

  test.each(['reset', 'recovered'] as const)('forgotten by %s()', async (how) => {
    const { app, left } = await asked(1);
    app.strongAuth.cancel();
    app.strongAuth[how]();
    await app.challenged();
    expect(left()).toBe(5);
  });

  test('a malformed PIN, here and there, spends none of them', async () => {
    const { app, left } = await asked(1);
    await app.type('12');
    expect(left()).toBe(1);
    await app.type('2222');
    await app.answer(failed(2101));
    expect([left(), app.user.prompts.at(-1)?.prompt.reason]).toEqual([1, 'pinMalformed']);
  });

  test('the policy’s last attempt is the last, whatever the server would allow', async () => {
    const app = stage({ policy: { maxPinAttempts: 1 } });
    const call = await app.challenged();
    await app.type('1111');
    await app.answer(rejected(5));
    expect([call.fate, app.user.prompts.length]).toEqual(['PIN_REJECTED', 1]);
  });

  test('a prompt of a late joiner in the next wave says it too', async () => {
    const { app, left } = await asked(1);
    const joined = await app.challenged();
    expect([joined.fate, left(), app.user.prompts.at(-1)?.prompt.calls.length]).toEqual(['pending', 1, 2]);
  });

  test('by a classifier, in the shapes that make no sense: a rejection without a number', async () => {
    for (const pinRejected of [{ attemptsLeft: 'many' }, {}, { attemptsLeft: -1 }, []]) {
      const strongAuthPrompts: number[] = [];
      let isFirst = true;
      const strongAuth = createStrongAuth({
        policy: { maxPinAttempts: 3 },
        classify: { otp: () => ({ pinRejected }) as never },
        transport: { send: async () => succeeded() },
        enterPin: async ({ attemptsLeft }) => {
          strongAuthPrompts.push(attemptsLeft);
          if (!isFirst) return null;
          isFirst = false;
          return '1234';
        },
      });
      await strongAuth.ensure().catch(() => {});
      expect(strongAuthPrompts).toEqual([3, 2]);
    }
  });
});
