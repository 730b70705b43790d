import { describe, expect, test } from 'vitest';
import { into } from './states.js';
import {
  challenge,
  createManualClock,
  failed,
  PIN,
  START,
  settleDown,
  stage,
  succeeded,
  watch,
} from './support.js';

/** A clock whose device sleeps: time passes, timers do not fire until it wakes. */
function createSleepyClock() {
  const clock = createManualClock(START);
  let slept = 0;
  return {
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
    now: () => clock.now() + slept,
    /** Hours go by, and no timer fires. */
    sleep(ms: number) {
      slept += ms;
    },
    /** The timers run again, and are late. */
    wake: (ms: number) => clock.advance(ms),
    get pending() {
      return clock.pending;
    },
  };
}

describe('48. The app is suspended mid-flow (timers late by hours): it recovers on resume, and nothing stale is sent', () => {
  const HOURS = 3 * 3_600_000;

  test('while prompting, and the user answers first: the grant is good, the call is STALE', async () => {
    const clock = createSleepyClock();
    const app = stage({ clock });
    const call = await app.challenged();
    clock.sleep(HOURS);
    await app.type(PIN);
    if (app.otps.length > 0) await app.answerOtp();
    expect(['STALE', 'PIN_ENTRY_TIMED_OUT']).toContain(call.fate);
    expect(app.commands).toHaveLength(1);
    expect(['done', 'failed']).toContain(app.status);
    clock.wake(HOURS);
    await settleDown();
    expect(app.commands).toHaveLength(1);
    expect(clock.pending).toBe(0);
    expect(call.settlements).toBe(1);
  });

  test('while prompting, and the timers fire first: PIN_ENTRY_TIMED_OUT', async () => {
    const clock = createSleepyClock();
    const app = stage({ clock });
    const call = await app.challenged();
    clock.sleep(HOURS);
    clock.wake(120_000);
    await settleDown();
    expect(call.fate).toBe('PIN_ENTRY_TIMED_OUT');
    await app.type(PIN);
    expect(app.otps).toHaveLength(0);
  });

  test('while the OTP is requested, and it is granted on resume: nothing stale is sent', async () => {
    const clock = createSleepyClock();
    const app = stage({ clock });
    const calls = [await app.challenged(), await app.challenged()];
    await app.type(PIN);
    clock.sleep(HOURS);
    await app.answerOtp();
    expect(calls.map(({ fate }) => fate)).toEqual(['STALE', 'STALE']);
    expect(app.commands).toHaveLength(2);
    expect(app.view.status).toBe('done');
    clock.wake(HOURS);
    await settleDown();
    expect(app.status).toBe('done');
    expect(clock.pending).toBe(0);
  });

  test('while the OTP is requested, and 2312 comes on resume: all ends', async () => {
    const clock = createSleepyClock();
    const app = stage({ clock });
    const call = await app.challenged();
    await app.type(PIN);
    clock.sleep(HOURS);
    await app.answerOtp(failed(2312));
    if (app.otps.length > 1) await app.answerOtp();
    expect(call.fate).not.toBe('pending');
    expect(app.commands).toHaveLength(1);
  });

  test('a waiting call whose own deadline (timeoutMs) has passed unheard is not sent at the grant', async () => {
    const clock = createSleepyClock();
    const app = stage({ clock });
    const call = await app.challenged({ timeoutMs: 10_000 });
    clock.sleep(60_000); // younger than maxAgeMs, older than its own deadline
    await app.grant();
    expect(app.commands).toHaveLength(1);
    expect(call.error).toMatchObject({ code: 'TIMED_OUT', details: { sent: false } });
    expect(clock.pending).toBe(0);
  });

  test('a straggler whose own deadline has passed unheard is not sent again', async () => {
    const clock = createSleepyClock();
    const app = stage({ clock });
    const straggler = await app.command({ timeoutMs: 10_000 }, { n: 'straggler' });
    await app.challenged();
    await app.grant();
    clock.sleep(60_000);
    await app.answer(challenge(), 0);
    expect(app.commands.filter(({ request }) => request.parameters?.n === 'straggler')).toHaveLength(1);
    expect(straggler.error).toMatchObject({ code: 'TIMED_OUT' });
  });

  test('in flight: a late answer still counts; a late challenge leads to nothing stale', async () => {
    const clock = createSleepyClock();
    const app = stage({ clock });
    const answered = await app.command();
    const challenged = await app.command();
    clock.sleep(HOURS);
    await app.answer(succeeded('it happened'), 0);
    expect(answered.value).toBe('it happened');
    await app.answer(challenge(), 1);
    if (app.prompts.length > 0) await app.grant();
    expect(challenged.fate).toBe('STALE');
    expect(app.commands).toHaveLength(2);
    expect(app.status).toBe('done');
  });

  test('in flight, and the timers fire first: TIMED_OUT, sent', async () => {
    const clock = createSleepyClock();
    const app = stage({ clock });
    const calls = [await app.command(), await app.command({ timeoutMs: 10_000 })];
    clock.sleep(HOURS);
    clock.wake(60_000);
    await settleDown();
    for (const call of calls)
      expect(call.error).toMatchObject({ code: 'TIMED_OUT', details: { sent: true } });
    expect(clock.pending).toBe(0);
    expect(app.status).toBe('done');
  });

  test('after a cancel with an OTP request unanswered: the next wave does not wait for it for ever', async () => {
    const clock = createSleepyClock();
    const app = stage({ clock });
    await app.challenged();
    await app.type('1111');
    await app.cancel();
    clock.sleep(HOURS);
    await app.challenged();
    await app.type('2222');
    clock.wake(30_000);
    await settleDown();
    expect(app.otps).toHaveLength(2);
  });

  test('while a replay function decides: nothing stale is sent', async () => {
    const clock = createSleepyClock();
    const app = stage({ clock });
    let decide: (answer: boolean) => void = () => {};
    const call = await app.challenged({
      replay: () => new Promise<boolean>((resolve) => (decide = resolve)),
    });
    await app.grant();
    clock.sleep(HOURS);
    decide(true);
    await settleDown();
    expect(app.commands).toHaveLength(1);
    expect(['STALE', 'TIMED_OUT']).toContain(call.fate);
  });

  test('a grant from before the sleep is too old for ensure({ maxAgeMs })', async () => {
    const clock = createSleepyClock();
    const app = stage({ clock });
    await into.done(app);
    clock.sleep(HOURS);
    watch(app.strongAuth.ensure({ maxAgeMs: 60_000 }));
    await settleDown();
    expect(app.prompts).toHaveLength(2);
  });

  test('resting, it notices nothing', async () => {
    const clock = createSleepyClock();
    const app = stage({ clock });
    await into.done(app);
    clock.sleep(HOURS);
    const call = await app.challenged();
    await app.grant();
    await app.answerCommand();
    expect(call.fate).toBe('resolved');
  });
});
