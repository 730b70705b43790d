import { createManualClock, type ManualClock } from 'strong-auth-machine/simulator';
import { describe, expect, test } from 'vitest';
import { GRANT, stage, succeeded, watched } from '../lifecycle/support.js';
import { type App, collectSurfaced, DAY, expectRest, HOUR, immediate } from './support.js';

/* What is remembered of a grant, of the budget and of a throttle, by each clock: neighbours of the field cases 8 to 14. */

collectSurfaced();

type Step = (clock: ManualClock) => void;
const setBy =
  (ms: number): Step =>
  (clock) =>
    clock.setWallClock(clock.now() + ms);
const awake =
  (ms: number): Step =>
  (clock) =>
    clock.advance(ms);
const asleep =
  (ms: number): Step =>
  (clock) =>
    clock.sleep(ms);

describe('what is remembered of a grant, of the budget and of a throttle', () => {
  async function granted(options: Parameters<typeof stage>[0] = {}) {
    const app = stage(options);
    void watched(app.strongAuth.ensure());
    await immediate();
    await app.type('1234');
    await app.answer(GRANT);
    return app;
  }
  const asks = async (app: App) => {
    const { length } = app.user.prompts;
    void watched(app.strongAuth.ensure({ maxAgeMs: 60_000 }));
    await immediate();
    return app.user.prompts.length > length;
  };

  test.each<[string, readonly Step[], boolean]>([
    ['set back an hour, and for a while awake', [setBy(-HOUR), awake(59_000)], true],
    ['set back a second, two seconds on', [setBy(-1000), awake(2000)], false],
    ['set back and forth', [setBy(-DAY), setBy(DAY)], false],
    ['asleep just long enough', [asleep(60_000)], true],
    ['asleep not long enough', [asleep(59_999)], false],
    ['set back a minute and awake a minute', [setBy(-60_000), awake(60_000)], true],
  ])('10. ensure({ maxAgeMs }): %s', async (_, steps, isAsked) => {
    const app = await granted();
    for (const step of steps) step(app.clock);
    expect(await asks(app)).toBe(isAsked);
  });

  test('10. by a clock with nothing but a wall, set back: asks', async () => {
    const time = createManualClock(1_700_000_000_000);
    const { setTimeout, clearTimeout, now } = time;
    const app = await granted({ clock: { setTimeout, clearTimeout, now } });
    time.setWallClock(time.now() - 1);
    expect(await asks(app)).toBe(true);
  });

  test.each<[string, readonly Step[], boolean]>([
    ['awake until then', [awake(600_000)], false],
    ['awake until just before', [awake(599_999)], true],
    ['asleep until then', [asleep(600_000)], false],
    ['set back a day, and its time is over', [setBy(-DAY), awake(600_000)], false],
    ['set back a day', [setBy(-DAY)], true],
    ['set forward a day', [setBy(DAY)], false],
  ])('54. the token of a grant lives ten minutes: %s', async (_, steps, isUsed) => {
    const used: string[] = [];
    const start = 1_700_000_000_000;
    const app = await granted({
      grant: {
        read: () => ({ secret: 'token', expiresAt: start + 600_000 }),
        apply(request, secret) {
          used.push(secret.reveal());
          return request;
        },
      },
    });
    for (const step of steps) step(app.clock);
    void watched(app.strongAuth.get('x'));
    await immediate();
    expect(used).toEqual(isUsed ? ['token'] : []);
    await app.answer(succeeded());
    await expectRest(app);
  });

  test.each<[string, readonly Step[], string]>([
    [
      'set back ten years, just before the window ends',
      [setBy(-3650 * DAY), awake(HOUR - 1)],
      'OTP_BUDGET_SPENT',
    ],
    ['set back ten years, and the window ends', [setBy(-3650 * DAY), awake(HOUR)], 'pending'],
    ['set back and forth', [setBy(-DAY), setBy(DAY)], 'OTP_BUDGET_SPENT'],
    ['asleep, not long enough', [asleep(HOUR - 1)], 'OTP_BUDGET_SPENT'],
    ['half of it asleep, half of it awake', [asleep(HOUR / 2), awake(HOUR / 2)], 'pending'],
  ])('11. the budget of one an hour: %s', async (_, steps, fate) => {
    const app = await granted({ policy: { otpBudget: { max: 1, perMs: HOUR } } });
    for (const step of steps) step(app.clock);
    const call = await app.challenged();
    expect(call.fate).toBe(fate);
    if (fate !== 'pending') {
      const { retryAt } = (call.error as { details: { retryAt: number } }).details;
      expect(retryAt).toBeGreaterThan(app.clock.now());
      expect(retryAt).toBeLessThanOrEqual(app.clock.now() + HOUR);
    }
  });

  test.each<[string, unknown[], string]>([
    ['one of the future beside one of now', [1_700_000_000_000 + DAY, 1_700_000_000_000], 'OTP_BUDGET_SPENT'],
    ['all of the future', [1_700_000_000_001, 9e15], 'pending'],
    ['of the past', [0, -1, 1_700_000_000_000 - HOUR], 'pending'],
    ['Infinity and NaN', [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN], 'pending'],
    ['out of order', [1_700_000_000_000, 5, 1_700_000_000_000 - 10], 'OTP_BUDGET_SPENT'],
  ])('11. a store with times: %s', async (_, times, fate) => {
    const store = { load: () => times as number[], save() {} };
    const app = stage({ policy: { otpBudget: { max: 1, perMs: HOUR, store } } });
    expect((await app.challenged()).fate).toBe(fate);
  });

  test.each<[string, readonly Step[], string]>([
    ['set back ten years, just before', [setBy(-3650 * DAY), awake(899_999)], 'THROTTLED'],
    ['set back ten years, and its time is over', [setBy(-3650 * DAY), awake(900_000)], 'pending'],
    ['set back and forth', [setBy(-DAY), setBy(DAY)], 'THROTTLED'],
    ['half asleep, half awake', [asleep(450_000), awake(450_000)], 'pending'],
  ])('47. a throttle of 15 minutes: %s', async (_, steps, fate) => {
    const app = stage();
    await app.challenged();
    await app.type('1234');
    await app.answer({ status: 'FAILED', error: { code: 429, retryAfter: 900 } });
    for (const step of steps) step(app.clock);
    expect((await app.challenged()).fate).toBe(fate);
  });
});
