import type { Clock } from 'strong-auth-machine';
import { createManualClock, type ManualClock } from 'strong-auth-machine/simulator';
import { describe, expect, test, vi } from 'vitest';
import { failed, GRANT, OTP, stage, type Watched, watched } from '../lifecycle/support.js';
import { type App, collectSurfaced, DAY, expectRest, HOUR, immediate, sleepLong } from './support.js';

/* Each limit, by each clock, while each thing happens to it: neighbours of the field cases 8 and 14. */

const surfaced = collectSurfaced();

/** What happens to a clock in the middle of something. */
const happenings: Record<string, (clock: ManualClock) => void> = {
  nothing: () => {},
  'set back an hour': (clock) => clock.setWallClock(clock.now() - HOUR),
  'set back to 1970': (clock) => clock.setWallClock(0),
  'set forward an hour': (clock) => clock.setWallClock(clock.now() + HOUR),
  'set forward ten years': (clock) => clock.setWallClock(clock.now() + 3650 * DAY),
  'set back and forth': (clock) => {
    clock.setWallClock(clock.now() - DAY);
    clock.setWallClock(clock.now() + 2 * DAY);
    clock.setWallClock(clock.now() - DAY);
  },
};

/** Clocks that hosts have. */
const kinds: Record<string, (time: ManualClock) => Clock> = {
  'with a monotonic clock': (time) => time,
  'with nothing but a wall clock, in a host that has performance.now()'({ monotonic, ...time }) {
    vi.spyOn(performance, 'now').mockImplementation(monotonic);
    const { setTimeout, clearTimeout, now } = time;
    return { setTimeout, clearTimeout, now };
  },
  'whose monotonic clock throws': (time) => ({
    ...time,
    now: time.now,
    monotonic() {
      throw new Error('clock');
    },
  }),
  'whose monotonic clock goes back': (time) => {
    let isBack = false;
    return {
      ...time,
      now: time.now,
      monotonic() {
        isBack = !isBack;
        return time.monotonic() - (isBack ? 1000 : 0);
      },
    };
  },
  'whose monotonic clock stands still': (time) => ({ ...time, now: time.now, monotonic: () => 7 }),
  'whose monotonic clock begins below zero': (time) => ({
    ...time,
    now: time.now,
    monotonic: () => time.monotonic() - DAY,
  }),
  'whose wall clock tells NaN': (time) => ({ ...time, now: () => Number.NaN }),
  'whose wall clock throws': (time) => ({
    ...time,
    monotonic: time.monotonic,
    now() {
      throw new Error('clock');
    },
  }),
};

const stageWith = (kind: (time: ManualClock) => Clock, options: Parameters<typeof stage>[0] = {}) => {
  const time = createManualClock(1_700_000_000_000);
  const app = stage({ clock: kind(time), ...options });
  return {
    ...app,
    get status() {
      return app.status;
    },
    clock: time,
    async pass(ms: number) {
      time.advance(ms);
      await immediate();
    },
  };
};

/** Each limit: how to come to where it runs, and what ends when it is over. */
const limits: Record<string, { ms: number; fate: string; begin: (app: App) => Promise<Watched> }> = {
  'a call in flight': {
    ms: 60_000,
    fate: 'TIMED_OUT',
    begin: async ({ strongAuth }) => watched(strongAuth.get('x')),
  },
  'a call in flight behind a younger one': {
    ms: 60_000,
    fate: 'TIMED_OUT',
    async begin({ strongAuth }) {
      const call = watched(strongAuth.get('x'));
      void watched(strongAuth.get('y'));
      return call;
    },
  },
  'a call of its own timeout': {
    ms: 5_000,
    fate: 'TIMED_OUT',
    begin: async ({ strongAuth }) => watched(strongAuth.get('x', {}, { timeoutMs: 5_000 })),
  },
  'a call of its own timeout that waits': {
    ms: 5_000,
    fate: 'TIMED_OUT',
    begin: (app) => app.challenged({ timeoutMs: 5_000 }),
  },
  'an ensure of its own timeout': {
    ms: 5_000,
    fate: 'TIMED_OUT',
    begin: async ({ strongAuth }) => watched(strongAuth.ensure({ timeoutMs: 5_000 })),
  },
  'the PIN entry': { ms: 120_000, fate: 'PIN_ENTRY_TIMED_OUT', begin: (app) => app.challenged() },
  'the OTP request': {
    ms: 30_000,
    fate: 'OUTCOME_UNKNOWN',
    async begin(app) {
      const call = await app.challenged();
      await app.type('1234');
      return call;
    },
  },
  'the OTP request with the reset step': {
    ms: 30_000,
    fate: 'OUTCOME_UNKNOWN',
    async begin(app) {
      const call = await app.challenged();
      await app.type('1234');
      await app.answer(failed(2312));
      return call;
    },
  },
  'an OTP request behind an unanswered one': {
    ms: 60_000, // both
    fate: 'OUTCOME_UNKNOWN',
    async begin(app) {
      await app.challenged();
      await app.type('1111');
      app.strongAuth.cancel();
      const call = await app.challenged();
      await app.type('1234');
      return call;
    },
  },
  'a replay in flight': {
    ms: 60_000,
    fate: 'TIMED_OUT',
    async begin(app) {
      const call = await app.challenged();
      await app.type('1234');
      await app.answer(GRANT);
      return call;
    },
  },
};

describe.each(Object.entries(limits))('8. %s keeps its time', (_, { ms, fate, begin }) => {
  describe.each(Object.entries(kinds))('by a clock %s', (kindName, kind) => {
    test.each(Object.entries(happenings))('%s', async (_name, happen) => {
      const app = stageWith(kind);
      const call = await begin(app);
      happen(app.clock);
      // In steps, as the callers of others come and go.
      for (let step = 0; step < 10; step += 1) {
        if (step === 5) happen(app.clock);
        await app.pass(ms / 10 - (step === 9 ? 1 : 0));
      }
      const isEarly = call.fate !== 'pending';
      await app.pass(1);
      // An OTP line without a steady clock may have to wait for its whole time again, but not for ever.
      if (call.fate === 'pending') await app.pass(ms);
      expect([isEarly, call.fate, call.settlements]).toEqual([false, fate, 1]);
      await app.pass(DAY);
      surfaced.splice(0, kindName.endsWith('throws') ? Number.POSITIVE_INFINITY : 0);
      await expectRest(app);
      await immediate();
      surfaced.splice(0, kindName.endsWith('throws') ? Number.POSITIVE_INFINITY : 0);
    });
  });

  test('asleep in the middle: what is left of it runs when it is awake, and no longer', async () => {
    const app = stage();
    const call = await begin(app);
    sleepLong(app);
    await app.pass(ms);
    expect([call.fate, call.settlements]).toEqual([fate, 1]);
    await app.pass(DAY);
    await expectRest(app);
  });
});

describe('14. one OTP request at a time', () => {
  test.each(Object.entries(happenings))('%s, three waves in a row', async (_, happen) => {
    const app = stage();
    for (let wave = 0; wave < 3; wave += 1) {
      await app.challenged();
      await app.type('1111');
      app.strongAuth.cancel();
      happen(app.clock);
    }
    await app.challenged();
    await app.type('1234');
    expect(app.requestsOf(OTP)).toHaveLength(1);
    await app.pass(29_999);
    expect(app.requestsOf(OTP)).toHaveLength(1);
    await app.pass(1);
    expect(app.requestsOf(OTP).map(({ request }) => request.parameters?.pinCode)).toEqual(['1111', '1234']);
  });

  test('asleep: the SDK may be at it when it wakes', async () => {
    const app = stage();
    await app.challenged();
    await app.type('1111');
    app.strongAuth.cancel();
    app.clock.sleep(DAY);
    await app.challenged();
    await app.type('1234');
    expect(app.requestsOf(OTP)).toHaveLength(1);
    await app.answer(failed(2308), app.transport.requests.indexOf(app.requestsOf(OTP)[0] as never));
    expect(app.requestsOf(OTP)).toHaveLength(2);
  });
});
