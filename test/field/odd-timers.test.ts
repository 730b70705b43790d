import { type Clock, createStrongAuth, systemClock } from 'strong-auth-machine';
import { createManualClock, createSimulator, type ManualClock } from 'strong-auth-machine/simulator';
import { describe, expect, test, vi } from 'vitest';
import { CHALLENGE, COMMAND, OTP, stage, succeeded, watched } from '../lifecycle/support.js';
import { collectSurfaced, DAY, HOUR, immediate } from './support.js';

/* Timers that misbehave: neighbours of the field cases 8 to 14. */

const surfaced = collectSurfaced();

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
    async (kind, change) => {
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
      const thrown = surfaced.filter((error) => (error as Error).message === 'clock').length;
      expect(thrown > 0).toBe(kind === 'throw when they are cleared');
      surfaced.splice(0, thrown);
    },
  );
});

describe('the clock of the host', () => {
  test('tells its wall clock and performance.now()', () => {
    vi.spyOn(Date, 'now').mockReturnValue(5);
    vi.spyOn(performance, 'now').mockReturnValue(7);
    expect([systemClock.now(), systemClock.monotonic?.()]).toEqual([5, 7]);
  });

  test('fires a timer once, and none that was cleared', async () => {
    const fired: string[] = [];
    systemClock.setTimeout(() => fired.push('kept'), 1);
    systemClock.clearTimeout(systemClock.setTimeout(() => fired.push('cleared'), 1));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(fired).toEqual(['kept']);
  });

  test('stands in for one that cannot set a timer, and keeps none of those that are not needed', async () => {
    const set = vi.spyOn(systemClock, 'setTimeout');
    const cleared = vi.spyOn(systemClock, 'clearTimeout');
    const app = stage({
      clock: {
        ...createManualClock(0),
        setTimeout() {
          throw new Error('clock');
        },
      },
    });
    const call = watched(app.strongAuth.get('x'));
    await app.answer(succeeded());
    app.strongAuth.dispose();
    expect(call.fate).toBe('resolved');
    const ids = set.mock.results.map(({ value }) => value as unknown);
    expect(ids.length).toBeGreaterThan(0);
    expect(ids.filter((id) => !cleared.mock.calls.some(([other]) => other === id))).toEqual([]);
    await immediate();
    expect(new Set(surfaced.splice(0).map((error) => (error as Error).message))).toEqual(new Set(['clock']));
  });
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
