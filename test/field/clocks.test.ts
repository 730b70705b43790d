import { type Clock, createStrongAuth } from 'strong-auth-machine';
import { createManualClock, createSimulator, type ManualClock } from 'strong-auth-machine/simulator';
import { describe, expect, test, vi } from 'vitest';
import {
  CHALLENGE,
  COMMAND,
  failed,
  GRANT,
  OTP,
  stage,
  succeeded,
  type Watched,
  watched,
} from '../lifecycle/support.js';
import { type App, collectSurfaced, expectRest, immediate } from './support.js';

/* Clocks: neighbours of the field cases 8 to 14. Each limit, by each clock, while each thing happens to it. */

const surfaced = collectSurfaced();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

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
const sleepLong = ({ clock }: App) => clock.sleep(3 * HOUR);

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

describe('12. asleep for three hours: what is too old by then is not sent', () => {
  const stages: Record<
    string,
    { sleepAt: (app: App) => Promise<unknown>; then: (app: App) => Promise<unknown> }
  > = {
    'before the challenge arrives': {
      sleepAt: async () => {},
      then: async (app) => app.answer(CHALLENGE),
    },
    'while the user is asked': {
      sleepAt: (app) => app.answer(CHALLENGE),
      async then(app) {
        await app.type('1234');
        await app.answer(GRANT);
      },
    },
    'while the OTP is requested': {
      async sleepAt(app) {
        await app.answer(CHALLENGE);
        await app.type('1234');
      },
      then: (app) => app.answer(GRANT),
    },
  };
  test.each(Object.entries(stages))('%s', async (_, { sleepAt, then }) => {
    const app = stage();
    const call = watched(app.strongAuth.set(COMMAND, { action: 'doors', doorState: 'unlock' }));
    await sleepAt(app);
    sleepLong(app);
    await then(app);
    expect([call.fate, app.requestsOf(COMMAND).length]).toEqual(['STALE', 1]);
    await expectRest(app);
  });

  test.each(['replay', 'prepareReplay', 'grant.apply'] as const)('while %s decides', async (place) => {
    let answer = (_: unknown) => {};
    const held = <T>(value: T) =>
      new Promise<T>((resolve) => {
        answer = () => resolve(value);
      });
    let isHeld = false;
    const app = stage({
      ...(place === 'prepareReplay' && { prepareReplay: (request) => held(request) }),
      ...(place === 'grant.apply' && {
        grant: { read: () => 'token', apply: (request) => (isHeld ? held(request) : request) },
      }),
    });
    const call = await app.challenged(place === 'replay' ? { replay: () => held(true) } : {});
    await app.type('1234');
    isHeld = true;
    await app.answer(GRANT);
    sleepLong(app);
    answer(undefined);
    await immediate();
    expect([call.fate, app.requestsOf(COMMAND).length]).toEqual(['STALE', 1]);
    isHeld = false;
    await expectRest(app);
  });

  test('a straggler that is challenged after it', async () => {
    const app = stage();
    const call = watched(app.strongAuth.set(COMMAND, { action: 'doors', doorState: 'unlock' }));
    void watched(app.strongAuth.ensure());
    await app.type('1234');
    await app.answer(GRANT);
    sleepLong(app);
    await app.answer(CHALLENGE, 0);
    expect([call.fate, app.requestsOf(COMMAND).length]).toEqual(['STALE', 1]);
    await expectRest(app);
  });

  test('in line behind another command: with serial replays', async () => {
    const app = stage({ policy: { replays: 'serial' } });
    const calls = [await app.challenged(), await app.challenged()];
    await app.type('1234');
    await app.answer(GRANT);
    sleepLong(app);
    await app.answer(succeeded());
    expect(calls.map(({ fate }) => fate)).toEqual(['resolved', 'STALE']);
    expect(app.requestsOf(COMMAND)).toHaveLength(3);
    await expectRest(app);
  });
});

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

describe('timers that misbehave', () => {
  const timers: Record<string, (time: ManualClock) => Partial<Clock>> = {
    'fire at once': () => ({ setTimeout: (callback) => callback() }),
    'fire at once, and again': (time) => ({
      setTimeout(callback, ms) {
        callback();
        return time.setTimeout(callback, ms);
      },
    }),
    'fire three times': (time) => ({
      setTimeout: (callback, ms) => time.setTimeout(() => [callback(), callback(), callback()], ms),
    }),
    'fire although they were cleared': () => ({ clearTimeout() {} }),
    'fire early': (time) => ({ setTimeout: (callback, ms) => time.setTimeout(callback, ms / 2) }),
    'fire late': (time) => ({ setTimeout: (callback, ms) => time.setTimeout(callback, ms * 3) }),
    'have no ids': (time) => ({
      setTimeout(callback, ms) {
        time.setTimeout(callback, ms);
        return undefined;
      },
    }),
    'all have one id': (time) => ({
      setTimeout(callback, ms) {
        time.setTimeout(callback, ms);
        return 1;
      },
      clearTimeout() {},
    }),
    'throw when they are cleared': () => ({
      clearTimeout() {
        throw new Error('clock');
      },
    }),
  };
  test.each(Object.entries(timers))(
    'that %s: everything settles once, and nothing loops',
    async (_, change) => {
      const time = createManualClock(1_700_000_000_000);
      const app = stage({ clock: { ...time, now: time.now, monotonic: time.monotonic, ...change(time) } });
      const calls = [
        watched(app.strongAuth.set(COMMAND, { action: 'horn' }, { timeoutMs: 400_000 })),
        watched(app.strongAuth.get('x')),
        watched(app.strongAuth.ensure({ timeoutMs: 400_000 })),
      ];
      for (let round = 0; round < 40; round += 1) {
        await immediate();
        for (const { request, isAnswered, resolve } of [...app.transport.requests])
          if (!isAnswered && request.api === COMMAND) resolve(round < 3 ? CHALLENGE : succeeded());
        if (round === 4) app.user.prompts.at(-1)?.resolve('1234');
        time.advance(30_000);
      }
      await immediate();
      expect(calls.map(({ settlements }) => settlements)).toEqual([1, 1, 1]);
      expect(app.strongAuth.actor.getSnapshot().status).toBe('active');
      app.strongAuth.dispose();
      await immediate();
      surfaced.splice(0, surfaced.filter((error) => (error as Error).message === 'clock').length);
    },
  );
});

describe('the timers of the host, with only now() skewed', () => {
  test.each([
    ['an hour behind', -HOUR],
    ['a day ahead', DAY],
  ])('%s in the middle of it: a call, a prompt and an OTP request end in time', async (_, jump) => {
    let offset = 0;
    const simulator = createSimulator();
    const strongAuth = createStrongAuth({
      clock: {
        setTimeout: (callback, ms) => setTimeout(callback, ms),
        clearTimeout: (id) => clearTimeout(id as never),
        now: () => Date.now() + offset,
      },
      policy: { callTimeoutMs: 40, pinEntryTimeoutMs: 40, otpTimeoutMs: 40 },
      transport: {
        send: ({ api, parameters }) =>
          api === OTP || api === 'slow'
            ? new Promise(() => {})
            : new Promise((resolve) => simulator.set(api, parameters ?? {}, resolve)),
      },
      enterPin: async ({ signal }) => {
        offset = jump;
        if (prompts++ === 0) return new Promise(() => signal.addEventListener('abort', () => {}));
        return '1234';
      },
    });
    let prompts = 0;
    const calls = [watched(strongAuth.get('slow')), watched(strongAuth.set(COMMAND, { action: 'horn' }))];
    await new Promise((resolve) => setTimeout(resolve, 150));
    calls.push(watched(strongAuth.ensure()));
    offset = 0;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(calls.map(({ fate }) => fate)).toEqual(['TIMED_OUT', 'PIN_ENTRY_TIMED_OUT', 'OUTCOME_UNKNOWN']);
    strongAuth.dispose();
  });
});
