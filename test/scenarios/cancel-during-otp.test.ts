import { describe, expect, test } from 'vitest';
import { at, failed, PIN, settleDown, stage, succeeded, turn } from './support.js';

describe('17. Cancel while the OTP is in flight, the OTP then succeeds: nothing is replayed', () => {
  test.each(['cancel', 'abort', 'reset', 'dispose'])('%s', async (how) => {
    const app = stage();
    const controller = new AbortController();
    const call = await app.challenged({ signal: controller.signal });
    await app.type(PIN);
    expect(app.status).toBe('requestingOtp');
    if (how === 'cancel') app.strongAuth.cancel();
    if (how === 'abort') controller.abort();
    if (how === 'reset') app.strongAuth.reset();
    if (how === 'dispose') app.strongAuth.dispose();
    await turn();
    const fate = { cancel: 'CANCELLED', abort: 'AbortError', reset: 'SIGNED_OUT', dispose: 'DISPOSED' }[how];
    expect(call.fate).toBe(fate);
    const status = app.status;
    expect(status).toBe({ cancel: 'cancelled', abort: 'cancelled', reset: 'idle', dispose: 'closed' }[how]);
    const view = app.view;
    await app.answerOtp();
    await app.pass(600_000);
    expect(app.commands).toHaveLength(1);
    expect(app.view).toBe(view);
    expect(app.view.lastGrantAt).toBeUndefined();
    expect(call.settlements).toBe(1);
    expect(app.clock.pending).toBe(0);
  });

  test('during the resetStep retry', async () => {
    const app = stage();
    const call = await app.challenged();
    await app.type(PIN);
    await app.answerOtp(failed(2312));
    await app.cancel();
    await app.answerOtp();
    expect(call.fate).toBe('CANCELLED');
    expect(app.commands).toHaveLength(1);
    expect(app.otps).toHaveLength(2);
  });

  test('2312 after the cancel is not followed by a resetStep', async () => {
    const app = stage();
    await app.challenged();
    await app.type(PIN);
    await app.cancel();
    await app.answerOtp(failed(2312));
    expect(app.otps).toHaveLength(1);
  });

  test('2310 after the cancel changes nothing', async () => {
    const app = stage();
    await app.challenged();
    await app.type(PIN);
    await app.cancel();
    await app.answerOtp(failed(2310));
    expect(app.view.failure?.code).toBe('CANCELLED');
    await app.challenged();
    expect(app.prompts).toHaveLength(2);
  });

  test('the signal of the OTP request is aborted', async () => {
    const app = stage();
    await app.challenged();
    await app.type(PIN);
    const { signal } = at(app.otps, 0);
    await app.cancel();
    expect(signal.aborted).toBe(true);
  });
});

describe('cancel during the OTP, then a new wave: the second OTP request waits for the first', () => {
  async function secondWave(policy = {}) {
    const app = stage({ policy });
    await app.challenged();
    await app.type('1111');
    await app.cancel();
    const call = await app.challenged();
    expect(app.prompts).toHaveLength(2);
    await app.pass(10_000);
    await app.type('2222');
    expect(app.status).toBe('requestingOtp');
    expect(app.otps).toHaveLength(1);
    return { app, call };
  }

  test.each([
    ['granted', succeeded({ otp: 'x' })],
    ['refused', failed(2308)],
    ['nonsense', 'nonsense'],
  ])('until it was answered: %s', async (_, message) => {
    const { app, call } = await secondWave();
    await app.answerOtp(message);
    expect(app.otps.map(({ request }) => request.parameters?.pinCode)).toEqual(['1111', '2222']);
    expect(call.fate).toBe('pending');
    expect(app.commands).toHaveLength(2);
    await app.answerOtp();
    await app.answerCommand();
    expect(call.fate).toBe('resolved');
  });

  test('until its transport failed', async () => {
    const { app } = await secondWave();
    at(app.otps, 0).reject(new Error('aborted'));
    await settleDown();
    expect(app.otps).toHaveLength(2);
  });

  test('until it timed out, counted from when it was sent', async () => {
    const { app, call } = await secondWave();
    await app.pass(19_999);
    expect(app.otps).toHaveLength(1);
    await app.pass(1);
    expect(app.otps).toHaveLength(2);
    await app.answerNext('pims.authentication.otp', failed(2310)); // the first, late
    expect(call.fate).toBe('pending');
    await app.answerOtp();
    await app.answerCommand();
    expect(call.fate).toBe('resolved');
  });

  test('the second has its whole timeout', async () => {
    const { app, call } = await secondWave();
    await app.pass(20_000);
    await app.pass(29_999);
    expect(call.fate).toBe('pending');
    await app.pass(1);
    expect(call.fate).toBe('OUTCOME_UNKNOWN');
  });

  test('cancelled while it queues, nothing is sent when the first is answered', async () => {
    const { app, call } = await secondWave();
    await app.cancel();
    expect(call.fate).toBe('CANCELLED');
    await app.answerOtp();
    await app.pass(100_000);
    expect(app.otps).toHaveLength(1);
    expect(app.status).toBe('cancelled');
    expect(app.clock.pending).toBe(0);
  });

  test('a third wave waits for the first too, and only its PIN is sent', async () => {
    const { app } = await secondWave();
    await app.cancel();
    await app.challenged();
    await app.type('3333');
    expect(app.otps).toHaveLength(1);
    await app.answerOtp();
    expect(app.otps.map(({ request }) => request.parameters?.pinCode)).toEqual(['1111', '3333']);
  });

  test('also after reset(): the SDK still works on the request of the account before', async () => {
    const app = stage();
    await app.challenged();
    await app.type('1111');
    app.strongAuth.reset();
    await app.challenged();
    await app.type('2222');
    expect(app.otps).toHaveLength(1);
    await app.answerOtp();
    expect(app.otps).toHaveLength(2);
  });

  test('answered before the second PIN is there, it is sent at once', async () => {
    const app = stage();
    await app.challenged();
    await app.type('1111');
    await app.cancel();
    await app.challenged();
    await app.answerOtp();
    expect(app.status).toBe('needStrongAuth');
    await app.type('2222');
    expect(app.otps).toHaveLength(2);
  });

  test('after our own OTP timeout nothing is in the way', async () => {
    const app = stage();
    await app.challenged();
    await app.type('1111');
    await app.pass(30_000);
    await app.challenged();
    await app.type('2222');
    expect(app.otps).toHaveLength(2);
  });
});
