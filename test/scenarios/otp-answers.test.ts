import { isStrongAuthError } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { at, COMMAND, challenge, failed, OTP, PIN, pinsSent, START, stage, succeeded } from './support.js';

describe('27. 2312/2317: exactly one retry with resetStep: true, no new prompt; again: terminal', () => {
  test.each([2312, 2317, '2312', '2317'])('%j, then granted', async (code) => {
    const app = stage();
    const call = await app.challenged();
    await app.type(PIN);
    await app.answerOtp(failed(code));
    expect(app.prompts).toHaveLength(1);
    expect(app.status).toBe('requestingOtp');
    expect(pinsSent(app)).toEqual([
      { action: 'withPIN', pinCode: PIN },
      { action: 'withPIN', pinCode: PIN, resetStep: true },
    ]);
    await app.answerOtp();
    await app.answerCommand();
    expect(call.fate).toBe('resolved');
  });

  test.each([
    [2312, 2312, 'DEVICE_UNKNOWN'],
    [2317, 2317, 'FORBIDDEN'],
    [2312, 2317, 'FORBIDDEN'],
    [2317, 2312, 'DEVICE_UNKNOWN'],
  ])('%d, then %d: %s', async (one, two, code) => {
    const app = stage();
    const call = await app.challenged();
    await app.type(PIN);
    await app.answerOtp(failed(one));
    await app.answerOtp(failed(two));
    expect(call.error).toMatchObject({ code, remedy: 'enrollDevice', details: { otpCode: two } });
    expect(app.prompts).toHaveLength(1);
    expect(app.otps).toHaveLength(2);
    expect(app.commands).toHaveLength(1);
    expect(app.view).toMatchObject({ status: 'failed', failure: { code, remedy: 'enrollDevice' } });
  });

  test('the first request carries no resetStep at all', async () => {
    const app = stage();
    await app.challenged();
    await app.type(PIN);
    expect(app.otps[0]?.request).toEqual({
      verb: 'get',
      api: 'pims.authentication.otp',
      parameters: { action: 'withPIN', pinCode: PIN },
    });
  });

  test('thrown by the transport', async () => {
    const app = stage();
    await app.challenged();
    await app.type(PIN);
    await app.fail({ error: { code: 2317 } });
    expect(app.otps).toHaveLength(2);
  });

  test.each([
    [2310, 'ACCOUNT_BLOCKED'],
    [2202, 'OFFLINE'],
    [2201, 'OUTCOME_UNKNOWN'],
    [2301, 'SIGN_IN_REQUIRED'],
    [2302, 'OTP_REFUSED'],
    [2309, 'OTP_REFUSED'],
  ])('the retry answers %d: %s', async (given, code) => {
    const app = stage();
    const call = await app.challenged();
    await app.type(PIN);
    await app.answerOtp(failed(2312));
    await app.answerOtp(failed(given));
    expect(call.fate).toBe(code);
    expect(app.otps).toHaveLength(2);
  });

  test('each request has a timeout of its own', async () => {
    const app = stage();
    const call = await app.challenged();
    await app.type(PIN);
    await app.pass(29_000);
    await app.answerOtp(failed(2312));
    await app.pass(29_999);
    expect(call.fate).toBe('pending');
    await app.pass(1);
    expect(call.fate).toBe('OUTCOME_UNKNOWN');
    expect(app.otps).toHaveLength(2);
  });

  test('the next wave may reset again', async () => {
    const app = stage();
    await app.challenged();
    await app.type(PIN);
    await app.answerOtp(failed(2312));
    await app.answerOtp(failed(2312));
    await app.challenged();
    await app.type(PIN);
    await app.answerOtp(failed(2312));
    expect(app.otps.map(({ request }) => request.parameters?.resetStep)).toEqual([
      undefined,
      true,
      undefined,
      true,
    ]);
  });
});

describe('29. 2201/2202/2204 during the OTP: no attempt spent, not shown as a wrong PIN', () => {
  test.each([
    [2201, 'OUTCOME_UNKNOWN'],
    [2202, 'OFFLINE'],
    [2203, 'OUTCOME_UNKNOWN'],
    [2204, 'OUTCOME_UNKNOWN'],
  ])('%d: %s', async (given, code) => {
    const app = stage();
    const calls = [await app.challenged(), await app.challenged()];
    await app.type(PIN);
    await app.answerOtp(failed(given));
    for (const call of calls) {
      expect(isStrongAuthError(call.error)).toBe(true);
      expect(call.error).toMatchObject({ code, remedy: 'retry', details: { otpCode: given } });
    }
    expect(app.prompts).toHaveLength(1);
    expect(app.otps).toHaveLength(1);
    expect(app.view.failure).toEqual({ code, remedy: 'retry' });
    await app.challenged();
    expect(app.prompts.at(-1)).toMatchObject({ attempt: 1, attemptsLeft: 2, reason: 'strongAuthNeeded' });
  });

  test('never retried automatically, however long it takes', async () => {
    const app = stage();
    await app.challenged();
    await app.type(PIN);
    await app.answerOtp(failed(2201));
    await app.pass(10 ** 8);
    expect(app.otps).toHaveLength(1);
  });

  test.each([
    ['a transport that failed', new TypeError('network')],
    ['a bare code', { code: 2308 }],
    ['undefined', undefined],
  ])('%s: OUTCOME_UNKNOWN', async (_, error) => {
    const app = stage();
    const call = await app.challenged();
    await app.type(PIN);
    await app.fail(error);
    expect(call.error).toMatchObject({ code: 'OUTCOME_UNKNOWN', remedy: 'retry', details: {} });
    expect((call.error as Error).cause).toBeUndefined();
    expect(app.prompts).toHaveLength(1);
  });

  test.each([
    ['text', 'granted'],
    ['nothing', undefined],
    ['an unknown status', { status: 'OK' }],
    ['FAILED without an error', { status: 'FAILED' }],
    ['RESULT', { status: 'RESULT', result: { otp: '1' } }],
  ])('nonsense is no grant: %s', async (_, message) => {
    const app = stage();
    const call = await app.challenged();
    await app.type(PIN);
    await app.answerNext(OTP, message);
    expect(call.fate).toBe('OUTCOME_UNKNOWN');
    expect(app.commands).toHaveLength(1);
  });

  test('our own timeout: the SDK never answers', async () => {
    const app = stage();
    const call = await app.challenged();
    await app.type(PIN);
    const { signal } = at(app.otps, 0);
    await app.pass(29_999);
    expect(call.fate).toBe('pending');
    await app.pass(1);
    expect(call.error).toMatchObject({ code: 'OUTCOME_UNKNOWN', remedy: 'retry', details: {} });
    expect(signal.aborted).toBe(true);
    expect(app.clock.pending).toBe(0);
    await app.answerOtp(); // late: changes nothing
    expect(app.commands).toHaveLength(1);
    expect(app.status).toBe('failed');
    expect(app.view.lastGrantAt).toBeUndefined();
  });

  test('the transport throws synchronously on the OTP', async () => {
    const app = stage({
      transport: {
        send({ api }) {
          if (api === COMMAND) return Promise.resolve(challenge());
          throw new Error('no bridge');
        },
      },
    });
    const call = await app.command();
    await app.type(PIN);
    expect(call.fate).toBe('OUTCOME_UNKNOWN');
  });
});

describe('every other refusal of the OTP is terminal and typed', () => {
  test.each([
    [2301, 'SIGN_IN_REQUIRED', 'signIn'],
    [2000, 'OTP_REFUSED', 'retry'],
    [2309, 'OTP_REFUSED', 'none'],
    [2311, 'OTP_REFUSED', 'enrollDevice'],
    [2313, 'OTP_REFUSED', 'enrollDevice'],
    [2314, 'OTP_REFUSED', 'none'],
    [2305, 'OTP_REFUSED', 'retry'],
    [9999, 'OTP_REFUSED', 'retry'],
  ])('%d: %s, %s', async (given, code, remedy) => {
    const app = stage();
    const call = await app.challenged();
    await app.type(PIN);
    await app.answerOtp(failed(given));
    expect(call.error).toMatchObject({ code, remedy, details: { otpCode: given } });
    expect(app.otps).toHaveLength(1);
    expect(app.prompts).toHaveLength(1);
    expect(app.view).toMatchObject({ status: 'failed', failure: { code, remedy } });
  });

  test('a code that is no number', async () => {
    const app = stage();
    const call = await app.challenged();
    await app.type(PIN);
    await app.answerOtp(failed('E_NOPE'));
    expect(call.fate).toBe('OTP_REFUSED');
  });
});

describe('36. 2316 ("succeeded, sync failed") is not a wrong PIN', () => {
  test.each([2316, '2316'])('%j grants', async (code) => {
    const app = stage();
    const call = await app.challenged();
    await app.type(PIN);
    await app.answerOtp(failed(code));
    expect(app.view.lastGrantAt).toBe(START);
    await app.answerCommand();
    expect(call.fate).toBe('resolved');
    expect(app.prompts).toHaveLength(1);
    expect(app.otps).toHaveLength(1);
  });

  test('on the resetStep retry as well', async () => {
    const app = stage();
    const call = await app.challenged();
    await app.type(PIN);
    await app.answerOtp(failed(2312));
    await app.answerOtp(failed(2316));
    await app.answerCommand();
    expect(call.fate).toBe('resolved');
  });

  test('SUCCEEDED without a result grants too', async () => {
    const app = stage();
    const call = await app.challenged();
    await app.type(PIN);
    await app.answerOtp(succeeded());
    await app.answerCommand();
    expect(call.fate).toBe('resolved');
  });
});

describe('44. The OTP fails: waiters are rejected with the cause of it, not sent with old credentials', () => {
  test.each([2201, 2202, 2301, 2310, 2311, 9999])('%d', async (code) => {
    const app = stage();
    const calls = [await app.challenged(), await app.challenged()];
    await app.type(PIN);
    await app.answerOtp(failed(code));
    for (const call of calls) {
      expect(isStrongAuthError(call.error)).toBe(true);
      expect(call.error).toMatchObject({ details: { otpCode: code } });
      expect(call.settlements).toBe(1);
    }
    expect(app.commands).toHaveLength(2);
    await app.pass(10 ** 6);
    expect(app.commands).toHaveLength(2);
  });
});
