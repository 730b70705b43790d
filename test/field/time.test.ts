import { type Clock, createStrongAuth } from 'strong-auth-machine';
import { describe, expect, test, vi } from 'vitest';
import {
  CHALLENGE,
  COMMAND,
  failed,
  GRANT,
  OTP,
  settleDown,
  stage,
  succeeded,
  watched,
} from '../lifecycle/support.js';
import { DAY, HOUR } from './support.js';

/* Time: field cases 8 to 14, and their neighbours. Clocks jump, sleep, lie and fail. */

describe('8. a call in flight times out when its time is over, whatever the wall clock says', () => {
  test.each([
    ['set back an hour', -HOUR],
    ['set back a day', -DAY],
    ['left alone', 0],
  ])('%s', async (_, jump) => {
    const app = stage({ policy: { callTimeoutMs: 200 } });
    const call = watched(app.strongAuth.get('x'));
    app.clock.setWallClock(app.clock.now() + jump);
    await app.pass(199);
    expect(call.fate).toBe('pending');
    await app.pass(1);
    expect(call.error).toMatchObject({ code: 'TIMED_OUT', details: { sent: true } });
    expect(app.clock.pending).toBe(0);
  });

  test('on the timers of the host, with a wall clock that somebody sets', async () => {
    let offset = 0;
    const clock: Clock = {
      setTimeout: (callback, ms) => setTimeout(callback, ms),
      clearTimeout: (id) => clearTimeout(id as never),
      now: () => Date.now() + offset,
    };
    const strongAuth = createStrongAuth({
      clock,
      policy: { callTimeoutMs: 30 },
      transport: { send: () => new Promise(() => {}) },
      enterPin: async () => null,
    });
    const calls = [watched(strongAuth.get('x')), watched(strongAuth.get('x'))];
    offset = -HOUR;
    calls.push(watched(strongAuth.get('x')));
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(calls.map(({ fate }) => fate)).toEqual(['TIMED_OUT', 'TIMED_OUT', 'TIMED_OUT']);
  });

  test('the prompt and the OTP request keep their time too', async () => {
    const app = stage();
    const call = await app.challenged();
    app.clock.setWallClock(app.clock.now() - DAY);
    await app.pass(120_000);
    expect(call.fate).toBe('PIN_ENTRY_TIMED_OUT');
    const next = await app.challenged();
    await app.type('1234');
    app.clock.setWallClock(app.clock.now() - DAY);
    await app.pass(30_000);
    expect(next.fate).toBe('OUTCOME_UNKNOWN');
  });
});

describe('9. an unlock that is too old is STALE, and not executed', () => {
  async function unlock(meanwhile: (app: ReturnType<typeof stage>) => unknown) {
    const app = stage({ policy: { pinEntryTimeoutMs: HOUR } });
    const call = await app.challenged({ maxAgeMs: 60_000 });
    await meanwhile(app);
    await app.type('1234');
    await app.answer(GRANT, app.transport.requests.indexOf(app.requestsOf(OTP)[0] as never));
    return { fate: call.fate, sent: app.requestsOf(COMMAND).length };
  }
  test.each<[string, (app: ReturnType<typeof stage>) => unknown]>([
    ['the PIN comes after four minutes', ({ pass }) => pass(240_000)],
    [
      'the PIN comes after four minutes, and the clock was set back',
      async ({ pass, clock }) => {
        await pass(240_000);
        clock.setWallClock(clock.now() - HOUR);
      },
    ],
    [
      'set back before they begin',
      async ({ pass, clock }) => {
        clock.setWallClock(clock.now() - HOUR);
        await pass(240_000);
      },
    ],
    [
      'set back by just so much',
      async ({ pass, clock }) => {
        await pass(240_000);
        clock.setWallClock(clock.now() - 239_000);
      },
    ],
    ['12. the device slept for three hours', ({ clock }) => clock.sleep(3 * HOUR)],
    [
      'it slept, and the clock was set back while it did',
      async ({ clock, pass }) => {
        clock.sleep(10_000);
        await pass(61_000);
        clock.setWallClock(clock.now() - HOUR);
      },
    ],
  ])('%s', async (_, meanwhile) => {
    expect(await unlock(meanwhile)).toEqual({ fate: 'STALE', sent: 1 });
  });

  test('young enough, it is sent, however the clock was set back', async () => {
    const { sent } = await unlock(async ({ pass, clock }) => {
      await pass(59_000);
      clock.setWallClock(clock.now() - DAY);
    });
    expect(sent).toBe(2);
  });

  test('by a clock that has but a wall, set back: nobody can tell, so it is not sent', async () => {
    let now = 10 * HOUR;
    const timers: Clock = { setTimeout: () => 0, clearTimeout() {}, now: () => now };
    const app = stage({ clock: timers });
    const call = await app.challenged({ maxAgeMs: 60_000 });
    now -= HOUR;
    await app.type('1234');
    await app.answer(GRANT);
    expect([call.fate, app.requestsOf(COMMAND).length]).toEqual(['STALE', 1]);
  });
});

describe('10. ensure({ maxAgeMs }) asks, unless the grant is known to be young', () => {
  async function granted() {
    const app = stage();
    const first = watched(app.strongAuth.ensure());
    await app.type('1234');
    await app.answer(GRANT);
    expect(first.fate).toBe('resolved');
    return app;
  }
  const asks = async (app: Awaited<ReturnType<typeof granted>>) => {
    void watched(app.strongAuth.ensure({ maxAgeMs: 60_000 }));
    await settleDown();
    return app.user.prompts.length === 2;
  };
  test.each<[string, (app: ReturnType<typeof stage>) => unknown, boolean]>([
    ['a grant from the future', ({ clock }) => clock.setWallClock(clock.now() - HOUR), true],
    ['a grant of a minute ago', ({ pass }) => pass(60_000), true],
    ['slept since', ({ clock }) => clock.sleep(HOUR), true],
    ['a leap forward', ({ clock }) => clock.setWallClock(clock.now() + HOUR), true],
    ['a young one', ({ pass }) => pass(59_999), false],
  ])('%s', async (_, meanwhile, isAsked) => {
    const app = await granted();
    await meanwhile(app);
    expect(await asks(app)).toBe(isAsked);
  });
});

describe('11. the OTP budget', () => {
  async function spent(store?: { load: () => number[]; save: (times: number[]) => void }) {
    const app = stage({ policy: { otpBudget: { max: 1, perMs: HOUR, ...(store && { store }) } } });
    await app.challenged();
    await app.type('1234');
    await app.answer(GRANT);
    await app.answer(succeeded());
    return app;
  }
  test('in memory, the clock set back a day, and the window over: not refused', async () => {
    const app = await spent();
    app.clock.setWallClock(app.clock.now() - DAY);
    await app.pass(HOUR);
    expect((await app.challenged()).fate).toBe('pending');
  });

  test('within the window it is refused, however the clock was set back', async () => {
    const app = await spent();
    app.clock.setWallClock(app.clock.now() - DAY);
    await app.pass(HOUR - 1);
    const call = await app.challenged();
    expect(call.error).toMatchObject({
      code: 'OTP_BUDGET_SPENT',
      remedy: 'wait',
      details: { retryAt: app.clock.now() + 1, local: true },
    });
  });

  test('times of a store that lie in the future are ignored', async () => {
    const future = 1_700_000_000_000 + DAY;
    const app = stage({
      policy: { otpBudget: { max: 1, perMs: HOUR, store: { load: () => [future], save() {} } } },
    });
    expect((await app.challenged()).fate).toBe('pending');
  });

  test('asleep over the window: not refused', async () => {
    const app = await spent();
    app.clock.sleep(HOUR);
    expect((await app.challenged()).fate).toBe('pending');
  });
});

describe('13. a call that is too old when it is challenged is STALE, and nobody is asked', () => {
  test('maxAgeMs: 50, challenged after 100 ms', async () => {
    const app = stage();
    const call = watched(app.strongAuth.set(COMMAND, { action: 'horn' }, { maxAgeMs: 50 }));
    await app.pass(100);
    await app.answer(CHALLENGE);
    expect([call.fate, app.user.prompts.length, app.status]).toEqual(['STALE', 0, 'done']);
  });

  test('also where a wave runs, after a sleep, and for a straggler', async () => {
    const app = stage();
    const late = watched(app.strongAuth.get('x', {}, { maxAgeMs: 50 }));
    const slept = watched(app.strongAuth.get('x', {}, { maxAgeMs: 50 }));
    await app.challenged();
    app.clock.sleep(100);
    await app.answer(CHALLENGE, 0);
    await app.type('1234');
    await app.answer(GRANT);
    await app.answer(CHALLENGE, 1);
    expect([late.fate, slept.fate]).toEqual(['STALE', 'STALE']);
    expect([app.requestsOf('x').length, app.user.prompts.length]).toEqual([2, 1]);
  });

  test('one that cannot be replayed any more has been challenged too often, not too late', async () => {
    const app = stage();
    const call = await app.challenged({ maxAgeMs: 50 });
    await app.type('1234');
    await app.answer(GRANT);
    await app.pass(100);
    await app.answer(CHALLENGE);
    expect(call.fate).toBe('STILL_CHALLENGED');
  });
});

describe('14. no second OTP request beside an unanswered one', () => {
  test.each([
    ['a leap forward', HOUR],
    ['a leap back', -HOUR],
    ['no leap', 0],
  ])('%s', async (_, jump) => {
    const app = stage();
    await app.challenged();
    await app.type('1111');
    app.strongAuth.cancel();
    app.clock.setWallClock(app.clock.now() + jump);
    await app.challenged();
    await app.type('2222');
    expect(app.requestsOf(OTP)).toHaveLength(1);
    await app.pass(29_999);
    expect(app.requestsOf(OTP)).toHaveLength(1);
    await app.pass(1);
    expect(app.requestsOf(OTP)).toHaveLength(2);
  });
});

describe('a throttle holds until its time', () => {
  test.each<[string, (app: ReturnType<typeof stage>) => unknown, string]>([
    ['before it', ({ pass }) => pass(899_000), 'THROTTLED'],
    ['at it', ({ pass }) => pass(900_000), 'pending'],
    ['asleep until then', ({ clock }) => clock.sleep(900_000), 'pending'],
    [
      'the clock set back, and the time over',
      async ({ clock, pass }) => {
        clock.setWallClock(clock.now() - DAY);
        await pass(900_000);
      },
      'pending',
    ],
    ['the clock set back', ({ clock }) => clock.setWallClock(clock.now() - DAY), 'THROTTLED'],
  ])('%s', async (_, meanwhile, fate) => {
    const app = stage();
    await app.challenged();
    await app.type('1234');
    await app.answer({ status: 'FAILED', error: { code: 429, retryAfter: 900 } });
    await meanwhile(app);
    expect((await app.challenged()).fate).toBe(fate);
  });
});

describe('a clock that misbehaves harms nobody', () => {
  const manual = () => stage().clock;
  const broken: Record<string, (clock: Clock) => Partial<Clock>> = {
    'tells no number': () => ({ now: () => Number.NaN }),
    'tells a Date': () => ({ now: () => new Date() as never }),
    'calls at once': () => ({
      setTimeout: (callback) => {
        callback();
        return 1;
      },
    }),
    'calls twice': (clock) => ({
      setTimeout: (callback, ms) =>
        clock.setTimeout(() => {
          callback();
          callback();
        }, ms),
    }),
    'forgets nothing': () => ({ clearTimeout() {} }),
    'has a monotonic clock that goes back': () => {
      let steady = 1000;
      return { monotonic: () => (steady -= 1) };
    },
  };
  test.each(Object.entries(broken))('that %s', async (_, change) => {
    const clock = manual();
    const app = stage({ clock: { ...clock, ...change(clock) } });
    const call = watched(app.strongAuth.set(COMMAND, { action: 'horn' }));
    await app.answer(CHALLENGE);
    if (call.fate === 'pending') {
      await app.type('1234');
      if (app.requestsOf(OTP).length > 0) await app.answer(failed(2310));
    }
    clock.advance(10 * HOUR);
    await settleDown();
    expect(call.fate).not.toBe('pending');
    expect(app.strongAuth.actor.getSnapshot().status).toBe('active');
  });

  test('that throws: what it throws surfaces, and the calls go on', async () => {
    const thrown: unknown[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => thrown.push(error));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const fail = () => {
        throw new Error('clock');
      };
      const app = stage({ clock: { setTimeout: fail, clearTimeout: fail, now: fail, monotonic: fail } });
      const call = watched(app.strongAuth.set(COMMAND, { action: 'horn' }));
      vi.advanceTimersByTime(60_000); // the host's own timers stand in
      await settleDown();
      expect(call.fate).toBe('TIMED_OUT');
    } finally {
      vi.useRealTimers();
      await new Promise((resolve) => setTimeout(resolve, 2));
      process.removeAllListeners('uncaughtException');
      for (const listener of listeners) process.on('uncaughtException', listener);
    }
    expect(thrown.length).toBeGreaterThan(0);
    expect(thrown.every((error) => (error as Error).message === 'clock')).toBe(true);
  });
});
