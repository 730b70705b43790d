import type { StrongAuthOptions } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { CHALLENGE, failed, OTP, settleDown, stage, succeeded, watched } from '../lifecycle/support.js';
import { collectSurfaced, expectRest } from './support.js';

/* Calls that join while the PIN is checked: neighbours of field case 57, which is in grants.test.ts. */

collectSurfaced();

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
    expect(app.strongAuth.explain().calls).toContainEqual(expect.objectContaining({ api: 'y', rounds: 1 }));
  });

  test('its free rounds obey maxAgeMs and `replay`', async () => {
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
