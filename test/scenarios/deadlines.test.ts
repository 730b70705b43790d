import { describe, expect, test } from 'vitest';
import { at, challenge, EVENTS, failed, PIN, stage, watch } from './support.js';

describe('16. The prompt never settles: its deadline rejects all waiters, its signal fires, the machine rests', () => {
  test.each([
    [undefined, 120_000],
    [5_000, 5_000],
  ])('policy %j: after %d ms', async (pinEntryTimeoutMs, ms) => {
    const app = stage({ policy: { pinEntryTimeoutMs } });
    const calls = [await app.challenged(), await app.challenged()];
    await app.pass(ms - 1);
    expect(app.prompts[0]?.signal.aborted).toBe(false);
    expect(calls.map(({ fate }) => fate)).toEqual(['pending', 'pending']);
    await app.pass(1);
    expect(app.prompts[0]?.signal.aborted).toBe(true);
    expect(calls.map(({ fate }) => fate)).toEqual(['PIN_ENTRY_TIMED_OUT', 'PIN_ENTRY_TIMED_OUT']);
    expect(app.view).toMatchObject({
      status: 'failed',
      failure: { code: 'PIN_ENTRY_TIMED_OUT', remedy: 'retry' },
    });
    expect(app.clock.pending).toBe(0);
    expect(app.commands).toHaveLength(2);

    await app.type(PIN); // too late
    expect(app.otps).toHaveLength(0);
  });

  test('each prompt of a wave has its own deadline', async () => {
    const app = stage();
    const call = await app.challenged();
    await app.pass(100_000);
    await app.type('0000');
    await app.answerOtp(failed(2308));
    await app.pass(100_000);
    expect(call.fate).toBe('pending');
    await app.pass(20_000);
    expect(call.fate).toBe('PIN_ENTRY_TIMED_OUT');
    expect(app.prompts[1]?.signal.aborted).toBe(true);
  });

  test('a malformed entry gives a new deadline', async () => {
    const app = stage();
    const call = await app.challenged();
    await app.pass(100_000);
    await app.type('no PIN');
    await app.pass(100_000);
    expect(call.fate).toBe('pending');
    await app.pass(20_000);
    expect(call.fate).toBe('PIN_ENTRY_TIMED_OUT');
  });

  test('somebody who joins late does not prolong it', async () => {
    const app = stage();
    await app.challenged();
    await app.pass(119_000);
    const late = await app.challenged();
    await app.pass(1_000);
    expect(late.fate).toBe('PIN_ENTRY_TIMED_OUT');
  });
});

describe('deadlines', () => {
  test('callTimeoutMs: a sending that is never answered ends TIMED_OUT, sent', async () => {
    const app = stage();
    const call = await app.command();
    const { signal } = at(app.requests, 0);
    await app.pass(59_999);
    expect(call.fate).toBe('pending');
    await app.pass(1);
    expect(call.error).toMatchObject({ code: 'TIMED_OUT', remedy: 'checkState', details: { sent: true } });
    expect(signal.aborted).toBe(true);
    expect(app.status).toBe('done');
    expect(app.clock.pending).toBe(0);
    await app.answer(challenge());
    expect(app.prompts).toHaveLength(0);
  });

  test('callTimeoutMs does not run while a call waits, and begins anew with the replay', async () => {
    const app = stage({ policy: { callTimeoutMs: 1_000 } });
    const call = await app.command();
    await app.pass(900);
    await app.answer(challenge());
    await app.pass(60_000);
    expect(call.fate).toBe('pending');
    await app.type(PIN);
    await app.pass(20_000);
    await app.answerOtp();
    await app.pass(999);
    expect(call.fate).toBe('pending');
    await app.pass(1);
    expect(call.error).toMatchObject({ code: 'TIMED_OUT', details: { sent: true } });
    expect(app.clock.pending).toBe(0);
  });

  test('callTimeoutMs is per sending: calls made at different times time out at different times', async () => {
    const app = stage({ policy: { callTimeoutMs: 1_000 } });
    const one = await app.command();
    await app.pass(400);
    const two = await app.command();
    await app.pass(600);
    expect([one.fate, two.fate]).toEqual(['TIMED_OUT', 'pending']);
    await app.pass(400);
    expect(two.fate).toBe('TIMED_OUT');
  });

  test('a call made while others wait has its own', async () => {
    const app = stage({ policy: { callTimeoutMs: 1_000 } });
    const waiting = await app.challenged();
    const other = await app.command();
    await app.pass(1_000);
    expect([waiting.fate, other.fate]).toEqual(['pending', 'TIMED_OUT']);
    expect(app.status).toBe('needStrongAuth');
  });

  test('callTimeoutMs Infinity switches it off', async () => {
    const app = stage({ policy: { callTimeoutMs: Number.POSITIVE_INFINITY } });
    const call = await app.command();
    expect(app.clock.pending).toBe(0);
    await app.pass(10 ** 9);
    expect(call.fate).toBe('pending');
  });

  test('timeoutMs is for the whole call, waiting and replay included', async () => {
    const app = stage();
    const call = await app.challenged({ timeoutMs: 10_000 });
    await app.pass(6_000);
    await app.grant();
    await app.pass(3_999);
    expect(call.fate).toBe('pending');
    await app.pass(1);
    expect(call.error).toMatchObject({ code: 'TIMED_OUT', details: { sent: true } });
  });

  test('timeoutMs in flight: sent; while waiting: not sent; while the OTP is requested: not sent', async () => {
    const app = stage();
    const inFlight = await app.command({ timeoutMs: 100 });
    await app.challenged();
    const waiting = await app.challenged({ timeoutMs: 100 });
    await app.pass(100);
    expect(inFlight.error).toMatchObject({ details: { sent: true } });
    expect(waiting.error).toMatchObject({ details: { sent: false } });
    await app.type(PIN);
    const queued = await app.challenged({ timeoutMs: 100 });
    await app.pass(100);
    expect(queued.error).toMatchObject({ details: { sent: false } });
    expect(app.status).toBe('requestingOtp');
  });

  test('ensure() has timeoutMs too', async () => {
    const app = stage();
    const ensured = watch(app.strongAuth.ensure({ timeoutMs: 500 }));
    await app.pass(500);
    expect(ensured.error).toMatchObject({ code: 'TIMED_OUT', details: { sent: false } });
    expect(app.status).toBe('cancelled');
  });

  test('subscribe() has them as well', async () => {
    const app = stage();
    const own = watch(app.strongAuth.subscribe(EVENTS, {}, () => {}, { timeoutMs: 500 }));
    const policys = watch(app.strongAuth.subscribe('pims.vehicle.signal', {}, () => {}));
    await app.pass(500);
    expect(own.fate).toBe('TIMED_OUT');
    await app.pass(59_500);
    expect(policys.fate).toBe('TIMED_OUT');
    expect(app.clock.pending).toBe(0);
  });

  test('no timer is left at rest', async () => {
    const app = stage();
    await app.challenged({ timeoutMs: 100_000 });
    await app.grant();
    await app.answerCommand();
    expect(app.status).toBe('done');
    expect(app.clock.pending).toBe(0);
  });
});
