import { isStrongAuthError, type OtpBudgetStore } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import {
  at,
  COMMAND,
  challenge,
  failed,
  OTP,
  PIN,
  START,
  settleDown,
  stage,
  succeeded,
  watch,
} from './support.js';

const pinsSent = (app: ReturnType<typeof stage>) => app.otps.map(({ request }) => request.parameters);

describe('25. Wrong PIN: prompted again in the same flow with the last error; waiters stay; bounded', () => {
  test('right at the second attempt', async () => {
    const app = stage();
    const calls = [await app.challenged(), await app.challenged()];
    expect(app.prompts[0]).toMatchObject({ attempt: 1, attemptsLeft: 2, reason: 'strongAuthNeeded' });
    await app.type('0000');
    await app.answerOtp(failed(2308, 'access refused'));
    expect(calls.map(({ fate }) => fate)).toEqual(['pending', 'pending']);
    expect(app.prompts).toHaveLength(2);
    expect(app.prompts[1]).toMatchObject({ attempt: 2, attemptsLeft: 1, reason: 'pinRejected' });
    expect(app.prompts[1]?.calls).toHaveLength(2);
    expect(app.view).toMatchObject({
      status: 'needStrongAuth',
      waiting: 2,
      prompt: { attempt: 2, attemptsLeft: 1, reason: 'pinRejected' },
    });
    await app.grant();
    await app.answerCommand();
    await app.answerCommand();
    expect(calls.map(({ fate }) => fate)).toEqual(['resolved', 'resolved']);
    expect(pinsSent(app)).toEqual([
      { action: 'withPIN', pinCode: '0000' },
      { action: 'withPIN', pinCode: PIN },
    ]);
  });

  test.each([1, 2, 3])('maxPinAttempts %d', async (maxPinAttempts) => {
    const app = stage({ policy: { maxPinAttempts } });
    const call = await app.challenged();
    for (let attempt = 1; attempt <= maxPinAttempts; attempt += 1) {
      expect(call.fate).toBe('pending');
      expect(app.prompts.at(-1)).toMatchObject({ attempt, attemptsLeft: maxPinAttempts - attempt + 1 });
      await app.type(`000${attempt}`);
      await app.answerOtp(failed(2308));
    }
    expect(call.error).toMatchObject({ code: 'PIN_REJECTED', remedy: 'retry', details: { otpCode: 2308 } });
    expect(app.prompts).toHaveLength(maxPinAttempts);
    expect(app.otps).toHaveLength(maxPinAttempts);
    expect(app.status).toBe('failed');
    expect(app.commands).toHaveLength(1);
    expect(app.clock.pending).toBe(0);
  });

  test('the next wave has its attempts again', async () => {
    const app = stage({ policy: { maxPinAttempts: 1 } });
    await app.challenged();
    await app.type('0000');
    await app.answerOtp(failed(2308));
    await app.challenged();
    expect(app.prompts.at(-1)).toMatchObject({ attempt: 1, attemptsLeft: 1, reason: 'strongAuthNeeded' });
  });

  test('2308 to the resetStep retry is a wrong PIN as well; the retry is not had again in the same wave', async () => {
    const app = stage();
    const call = await app.challenged();
    await app.type('0000');
    await app.answerOtp(failed(2312));
    await app.answerOtp(failed(2308));
    expect(app.prompts.at(-1)).toMatchObject({ attempt: 2, reason: 'pinRejected' });
    await app.type(PIN);
    await app.answerOtp(failed(2312));
    expect(call.fate).toBe('DEVICE_UNKNOWN');
    expect(app.otps).toHaveLength(3);
  });
});

test('26. A wrong PIN does not fail the first caller while later ones are asked again', async () => {
  const app = stage();
  const first = await app.challenged();
  await app.type('0000');
  const second = await app.challenged(); // joins while the OTP is requested
  await app.answerOtp(failed(2308));
  expect([first.fate, second.fate]).toEqual(['pending', 'pending']);
  const third = await app.challenged();
  await app.grant();
  for (const n of [1, 2, 3]) await app.answerCommand(succeeded(n));
  expect([first.value, second.value, third.value]).toEqual([1, 2, 3]);
});

test('26. When the attempts are spent, all of them hear the same', async () => {
  const app = stage();
  const calls = [await app.challenged(), await app.challenged({ interactive: false })];
  await app.type('0000');
  await app.answerOtp(failed(2308));
  calls.push(await app.challenged());
  await app.type('0001');
  await app.answerOtp(failed(2308));
  expect(calls.map(({ fate }) => fate)).toEqual(['PIN_REJECTED', 'PIN_REJECTED', 'PIN_REJECTED']);
  expect(new Set(calls.map(({ error }) => error)).size).toBe(3); // each its own error, so that none can be changed for others
});

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

describe('28. Blocked (2310): terminal; calls fail fast without a prompt until reset', () => {
  async function blocked() {
    const app = stage();
    const calls = [await app.challenged(), await app.challenged()];
    await app.type(PIN);
    await app.answerOtp(failed(2310));
    expect(calls.map(({ fate }) => fate)).toEqual(['ACCOUNT_BLOCKED', 'ACCOUNT_BLOCKED']);
    expect(calls[0]?.error).toMatchObject({ remedy: 'unblockAccount' });
    expect(app.view).toMatchObject({
      status: 'failed',
      failure: { code: 'ACCOUNT_BLOCKED', remedy: 'unblockAccount' },
    });
    return app;
  }

  test('later challenges and ensure() fail at once', async () => {
    const app = await blocked();
    for (let n = 0; n < 5; n += 1) {
      const call = await app.challenged();
      expect(call.error).toMatchObject({ code: 'ACCOUNT_BLOCKED', remedy: 'unblockAccount' });
      expect(app.view).toMatchObject({ status: 'failed', failure: { code: 'ACCOUNT_BLOCKED' } });
      const ensured = watch(app.strongAuth.ensure());
      await settleDown();
      expect(ensured.fate).toBe('ACCOUNT_BLOCKED');
      expect(app.status).toBe('failed');
    }
    await app.pass(10 ** 9);
    const later = await app.challenged();
    expect(later.fate).toBe('ACCOUNT_BLOCKED');
    expect(app.prompts).toHaveLength(1);
    expect(app.otps).toHaveLength(1);
  });

  test('calls that need no strong authentication go on working', async () => {
    const app = await blocked();
    const call = await app.command();
    await app.answer(succeeded(1));
    expect(call.value).toBe(1);
    expect(app.status).toBe('done');
    // and after that, ensure() at rest in `done` is a denied wave too
    const ensured = watch(app.strongAuth.ensure());
    await settleDown();
    expect(ensured.fate).toBe('ACCOUNT_BLOCKED');
    expect(app.view).toMatchObject({ status: 'failed', failure: { code: 'ACCOUNT_BLOCKED' } });
  });

  test('ensure() while a call is in flight fails at once too', async () => {
    const app = await blocked();
    await app.command();
    const ensured = watch(app.strongAuth.ensure());
    await settleDown();
    expect(ensured.fate).toBe('ACCOUNT_BLOCKED');
    expect(app.status).toBe('calling');
    await app.answer(succeeded());
    expect(app.status).toBe('failed');
  });

  test('cancel() does not forget it', async () => {
    const app = await blocked();
    await app.cancel();
    const call = await app.challenged();
    expect(call.fate).toBe('ACCOUNT_BLOCKED');
  });

  test('a grant before it does not help: ensure({ maxAgeMs }) finds the grant, a challenge the block', async () => {
    const app = stage();
    await app.challenged();
    await app.grant();
    await app.answerCommand();
    await app.challenged();
    await app.type(PIN);
    await app.answerOtp(failed(2310));
    const call = await app.challenged();
    expect(call.fate).toBe('ACCOUNT_BLOCKED');
    expect(app.prompts).toHaveLength(2);
  });

  test('reset() forgets it', async () => {
    const app = await blocked();
    app.strongAuth.reset();
    expect(app.view).toMatchObject({ status: 'idle' });
    expect(app.view.failure).toBeUndefined();
    const call = await app.challenged();
    expect(app.prompts).toHaveLength(2);
    await app.grant();
    await app.answerCommand();
    expect(call.fate).toBe('resolved');
  });

  test('the resetStep retry can find it', async () => {
    const app = stage();
    await app.challenged();
    await app.type(PIN);
    await app.answerOtp(failed(2312));
    await app.answerOtp(failed(2310));
    const call = await app.challenged();
    expect(call.fate).toBe('ACCOUNT_BLOCKED');
    expect(app.prompts).toHaveLength(1);
  });

  test('a wrong PIN, then blocked', async () => {
    const app = stage();
    const call = await app.challenged();
    await app.type('0000');
    await app.answerOtp(failed(2308));
    await app.type('0001');
    await app.answerOtp(failed(2310));
    expect(call.fate).toBe('ACCOUNT_BLOCKED');
  });

  test('asPims: 2302 with what helps', async () => {
    const app = await blocked();
    const messages: unknown[] = [];
    app.strongAuth.asPims().set(COMMAND, {}, (message) => messages.push(message));
    await settleDown();
    await app.answer(challenge());
    expect(messages).toMatchObject([
      {
        status: 'FAILED',
        error: { code: 2302, strongAuth: { code: 'ACCOUNT_BLOCKED', remedy: 'unblockAccount' } },
      },
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

describe('30. The local OTP budget is spent: OTP_BUDGET_SPENT with retryAt, labelled as local, no prompt', () => {
  const budget = { max: 2, perMs: 600_000 };

  async function spend(app: ReturnType<typeof stage>) {
    const call = await app.challenged();
    await app.grant();
    await app.answerCommand();
    return call;
  }

  test('and room again when the window has passed', async () => {
    const app = stage({ policy: { otpBudget: budget } });
    await spend(app);
    await app.pass(1_000);
    await spend(app);
    await app.pass(1_000);
    const call = await app.challenged();
    expect(call.error).toMatchObject({
      code: 'OTP_BUDGET_SPENT',
      remedy: 'wait',
      details: { retryAt: START + 600_000, local: true },
    });
    expect((call.error as { details: object }).details).not.toHaveProperty('otpCode');
    expect(app.prompts).toHaveLength(2);
    expect(app.otps).toHaveLength(2);
    expect(app.view).toMatchObject({
      status: 'failed',
      failure: { code: 'OTP_BUDGET_SPENT', remedy: 'wait', retryAt: START + 600_000 },
    });
    expect(app.clock.pending).toBe(0);

    await app.pass(598_000 - 1);
    expect((await app.challenged()).fate).toBe('OTP_BUDGET_SPENT');
    await app.pass(1);
    expect((await spend(app)).fate).toBe('resolved');
  });

  test('a wrong PIN counts; the second prompt of the wave is refused when it cannot be paid', async () => {
    const app = stage({ policy: { otpBudget: { max: 1, perMs: 1_000 } } });
    const call = await app.challenged();
    await app.type('0000');
    await app.answerOtp(failed(2308));
    expect(call.error).toMatchObject({ code: 'OTP_BUDGET_SPENT', details: { retryAt: START + 1_000 } });
    expect(app.prompts).toHaveLength(1);
  });

  test('the resetStep retry counts but is never refused', async () => {
    const app = stage({ policy: { otpBudget: { max: 1, perMs: 1_000 } } });
    const call = await app.challenged();
    await app.type(PIN);
    await app.pass(10);
    await app.answerOtp(failed(2312));
    expect(app.otps).toHaveLength(2);
    await app.answerOtp();
    await app.answerCommand();
    expect(call.fate).toBe('resolved');
    await app.pass(990); // the first has left the window, the retry has not
    const next = await app.challenged();
    expect(next.error).toMatchObject({ code: 'OTP_BUDGET_SPENT', details: { retryAt: START + 1_010 } });
  });

  test('a malformed PIN and a declined prompt cost nothing', async () => {
    const app = stage({ policy: { otpBudget: { max: 1, perMs: 1_000 } } });
    await app.challenged();
    await app.type('bad');
    await app.type(null);
    const call = await spend(app);
    expect(call.fate).toBe('resolved');
  });

  test('ensure() is refused as well; a call that is not challenged is not', async () => {
    const app = stage({ policy: { otpBudget: { max: 1, perMs: 1_000 } } });
    await spend(app);
    const ensured = watch(app.strongAuth.ensure());
    await settleDown();
    expect(ensured.error).toMatchObject({
      code: 'OTP_BUDGET_SPENT',
      details: { retryAt: START + 1_000, local: true },
    });
    const fine = await app.command();
    await app.answer(succeeded(1));
    expect(fine.value).toBe(1);
  });

  test('everybody who waits hears of it', async () => {
    const app = stage({ policy: { otpBudget: { max: 1, perMs: 1_000 } } });
    await spend(app);
    const one = await app.command();
    const two = await app.command();
    await app.answer(challenge(), -2);
    await app.answer(challenge(), -1);
    expect([one.fate, two.fate]).toEqual(['OTP_BUDGET_SPENT', 'OTP_BUDGET_SPENT']);
    expect(app.prompts).toHaveLength(1);
  });

  test('asPims: 2302, with what helps', async () => {
    const app = stage({ policy: { otpBudget: { max: 1, perMs: 1_000 } } });
    await spend(app);
    const messages: unknown[] = [];
    app.strongAuth.asPims().set(COMMAND, {}, (message) => messages.push(message));
    await settleDown();
    await app.answer(challenge());
    expect(messages).toMatchObject([
      { error: { code: 2302, strongAuth: { code: 'OTP_BUDGET_SPENT', remedy: 'wait' } } },
    ]);
  });
});

describe('31. The OTP budget survives a restart when the host supplies its store', () => {
  function disk(isAsync: boolean) {
    let saved: number[] = [];
    const store: OtpBudgetStore = {
      load: () => (isAsync ? Promise.resolve([...saved]) : [...saved]),
      save: (times) => {
        saved = [...times];
        return isAsync ? Promise.resolve() : undefined;
      },
    };
    return { store, saved: () => saved };
  }

  test.each([
    ['sync', false],
    ['async', true],
  ])('%s', async (_, isAsync) => {
    const { store, saved } = disk(isAsync);
    const policy = { otpBudget: { max: 1, perMs: 60_000, store } };
    const before = stage({ policy });
    await before.challenged();
    await before.grant();
    await before.answerCommand();
    expect(saved()).toEqual([START]);
    before.strongAuth.dispose();

    const after = stage({ policy });
    await after.pass(10_000);
    const call = await after.challenged();
    expect(call.error).toMatchObject({
      code: 'OTP_BUDGET_SPENT',
      details: { retryAt: START + 60_000, local: true },
    });
    expect(after.prompts).toHaveLength(0);
    expect(after.otps).toHaveLength(0);
    await after.pass(50_000);
    await after.challenged();
    expect(after.prompts).toHaveLength(1);
  });

  test('what was sent is saved before the answer is there: a crash in between forgets nothing', async () => {
    const { store, saved } = disk(false);
    const app = stage({ policy: { otpBudget: { max: 1, perMs: 60_000, store } } });
    await app.challenged();
    await app.type(PIN);
    expect(app.otps[0]?.isAnswered).toBe(false);
    expect(saved()).toEqual([START]);
  });

  test('without a store the count starts again', async () => {
    const policy = { otpBudget: { max: 1, perMs: 60_000 } };
    const before = stage({ policy });
    await before.challenged();
    await before.grant();
    const after = stage({ policy });
    await after.challenged();
    expect(after.prompts).toHaveLength(1);
  });

  test('reset() does not refund it', async () => {
    const app = stage({ policy: { otpBudget: { max: 1, perMs: 60_000 } } });
    await app.challenged();
    await app.grant();
    app.strongAuth.reset();
    expect((await app.challenged()).fate).toBe('OTP_BUDGET_SPENT');
  });

  test('a store that is slow: the prompt comes when it has answered', async () => {
    let answer: (times: number[]) => void = () => {};
    const store = { load: () => new Promise<number[]>((resolve) => (answer = resolve)), save: () => {} };
    const app = stage({ policy: { otpBudget: { max: 1, perMs: 60_000, store } } });
    await app.challenged();
    expect(app.prompts).toHaveLength(0);
    answer([]);
    await settleDown();
    expect(app.prompts).toHaveLength(1);
  });

  test('a store that is slow, and a cancel meanwhile: no prompt later', async () => {
    let answer: (times: number[]) => void = () => {};
    const store = { load: () => new Promise<number[]>((resolve) => (answer = resolve)), save: () => {} };
    const app = stage({ policy: { otpBudget: { max: 1, perMs: 60_000, store } } });
    const call = await app.challenged();
    await app.cancel();
    answer([]);
    await settleDown();
    expect(call.fate).toBe('CANCELLED');
    expect(app.prompts).toHaveLength(0);
  });

  test('a store that never answers: the deadline of the PIN entry is behind it', async () => {
    const store = { load: () => new Promise<number[]>(() => {}), save: () => {} };
    const app = stage({ policy: { otpBudget: { max: 1, perMs: 60_000, store } } });
    const call = await app.challenged();
    await app.pass(120_000);
    expect(call.fate).toBe('PIN_ENTRY_TIMED_OUT');
    expect(app.clock.pending).toBe(0);
  });

  test.each([
    [
      'load throws',
      {
        load: () => {
          throw new Error('disk');
        },
        save: () => {},
      },
    ],
    ['load rejects', { load: () => Promise.reject(new Error('disk')), save: () => {} }],
    ['load gives nonsense', { load: () => 'nonsense' as never, save: () => {} }],
    [
      'save throws',
      {
        load: () => [],
        save: () => {
          throw new Error('disk');
        },
      },
    ],
    ['save rejects', { load: () => [], save: () => Promise.reject(new Error('disk')) }],
  ] as const)('a store that fails locks nobody out, and the count goes on: %s', async (_, store) => {
    const app = stage({ policy: { otpBudget: { max: 1, perMs: 60_000, store: store as never } } });
    const call = await app.challenged();
    await app.grant();
    await app.answerCommand();
    expect(call.fate).toBe('resolved');
    expect((await app.challenged()).fate).toBe('OTP_BUDGET_SPENT');
  });
});

describe('32. The PIN "0987" reaches the transport unchanged', () => {
  test.each(['0987', '0000', '00000000', '12345678', '0001'])('%s', async (pin) => {
    const app = stage();
    await app.challenged();
    await app.type(pin);
    expect(app.otps[0]?.request.parameters?.pinCode).toBe(pin);
    await app.answerOtp(failed(2317));
    expect(app.otps[1]?.request.parameters?.pinCode).toBe(pin);
  });

  test('with a pattern of its own, letters too', async () => {
    const app = stage({ policy: { pinPattern: /^[A-Z]{3}$/ } });
    await app.challenged();
    await app.type('1234');
    expect(app.otps).toHaveLength(0);
    await app.type('ABC');
    expect(app.otps[0]?.request.parameters?.pinCode).toBe('ABC');
  });

  test('a global pattern does not refuse every second PIN', async () => {
    const app = stage({ policy: { pinPattern: /^\d{4}$/g } });
    for (let n = 0; n < 4; n += 1) {
      await app.challenged();
      await app.type('0987');
      expect(app.otps).toHaveLength(n + 1);
      await app.answerOtp();
      await app.answerCommand();
    }
    expect(app.prompts).toHaveLength(4);
  });
});

describe('33. A malformed PIN (e-mail autofilled, wrong length) is rejected before sending, no attempt spent', () => {
  test.each([
    'user@example.com',
    '123',
    '123456789',
    '12 34',
    ' 1234',
    '1234\n',
    '１２３４',
    'abcd',
    '-1234',
    '1e10',
  ])('%j', async (entry) => {
    const app = stage();
    const call = await app.challenged();
    await app.type(entry);
    expect(app.otps).toHaveLength(0);
    expect(call.fate).toBe('pending');
    expect(app.prompts).toHaveLength(2);
    expect(app.prompts[1]).toMatchObject({ attempt: 1, attemptsLeft: 2, reason: 'pinMalformed' });
    expect(app.view.prompt).toMatchObject({ attempt: 1, attemptsLeft: 2, reason: 'pinMalformed' });
    await app.grant();
    await app.answerCommand();
    expect(call.fate).toBe('resolved');
  });

  test('after five the wave is denied PIN_ENTRY_FAILED', async () => {
    const app = stage();
    const call = await app.challenged();
    for (let n = 1; n <= 5; n += 1) {
      expect(call.fate).toBe('pending');
      expect(app.prompts).toHaveLength(n);
      await app.type('user@example.com');
    }
    expect(call.error).toMatchObject({ code: 'PIN_ENTRY_FAILED', remedy: 'retry' });
    expect(app.prompts).toHaveLength(5);
    expect(app.otps).toHaveLength(0);
    expect(app.status).toBe('failed');
    await app.challenged();
    await app.type('bad');
    expect(app.status).toBe('needStrongAuth'); // counted anew in the next wave
  });

  test.each([1234, true, {}, ['1234'], new String('1234')])(
    'a value that is no string: at once (%j)',
    async (value) => {
      const app = stage();
      const call = await app.challenged();
      await app.type(value as never);
      expect(call.fate).toBe('PIN_ENTRY_FAILED');
      expect(app.prompts).toHaveLength(1);
      expect(app.otps).toHaveLength(0);
    },
  );

  test.each([0, false, Number.NaN])('%j is no string, and no decline either', async (value) => {
    const app = stage();
    const call = await app.challenged();
    await app.type(value as never);
    expect(call.fate).toBe('PIN_ENTRY_FAILED');
  });

  test('malformed in the second attempt keeps it the second', async () => {
    const app = stage();
    await app.challenged();
    await app.type('0000');
    await app.answerOtp(failed(2308));
    await app.type('bad');
    expect(app.prompts.at(-1)).toMatchObject({ attempt: 2, attemptsLeft: 1, reason: 'pinMalformed' });
    await app.type('0001');
    await app.answerOtp(failed(2308));
    expect(app.status).toBe('failed');
  });

  test.each([
    [2101, 'pinCode'],
    [2102, 'Parameter pinCode is invalid'],
    ['2102', '[pinCode] parameter invalid'],
  ])('the SDK itself says so (%j, %s): no attempt spent', async (code, label) => {
    const app = stage();
    const call = await app.challenged();
    await app.type(PIN);
    await app.answerOtp(failed(code, label));
    expect(app.prompts.at(-1)).toMatchObject({ attempt: 1, attemptsLeft: 2, reason: 'pinMalformed' });
    expect(call.fate).toBe('pending');
  });

  test('2102 on another parameter is no matter of the PIN', async () => {
    const app = stage();
    const call = await app.challenged();
    await app.type(PIN);
    await app.answerOtp(failed(2102, 'Parameter action is invalid'));
    expect(call.fate).toBe('OTP_REFUSED');
  });

  test('five in all, those of the SDK included', async () => {
    const app = stage();
    const call = await app.challenged();
    await app.type('bad');
    await app.type('bad');
    await app.type('bad');
    await app.type(PIN);
    await app.answerOtp(failed(2102, 'pinCode'));
    expect(call.fate).toBe('pending');
    await app.type('bad');
    expect(call.fate).toBe('PIN_ENTRY_FAILED');
  });
});

describe('34. The OTP expires before or during a slow replay', () => {
  test('maxRounds 2: one more bounded challenge', async () => {
    const app = stage({ policy: { maxRounds: 2 } });
    const call = await app.challenged();
    await app.grant();
    await app.pass(40_000);
    await app.answerCommand(challenge());
    expect(app.prompts).toHaveLength(2);
    expect(app.prompts[1]).toMatchObject({ attempt: 1, reason: 'strongAuthNeeded' });
    await app.grant();
    expect(app.otps).toHaveLength(2);
    await app.answerCommand();
    expect(call.fate).toBe('resolved');
    expect(app.commands).toHaveLength(3);
  });

  test('maxRounds 2, and challenged a third time: STILL_CHALLENGED', async () => {
    const app = stage({ policy: { maxRounds: 2 } });
    const call = await app.challenged();
    for (let round = 0; round < 2; round += 1) {
      await app.grant();
      await app.answerCommand(challenge());
    }
    expect(call.error).toMatchObject({ code: 'STILL_CHALLENGED', remedy: 'retry' });
    expect(app.prompts).toHaveLength(2);
    expect(app.commands).toHaveLength(3);
  });

  test('maxRounds 1: a typed rejection', async () => {
    const app = stage();
    const call = await app.challenged();
    await app.grant();
    await app.pass(40_000);
    await app.answerCommand(challenge());
    expect(call.error).toMatchObject({ code: 'STILL_CHALLENGED', remedy: 'retry' });
    expect(app.prompts).toHaveLength(1);
    expect(app.status).toBe('done');
  });

  test('the second wave is cancelled: CANCELLED, nothing sent again', async () => {
    const app = stage({ policy: { maxRounds: 2 } });
    const call = await app.challenged();
    await app.grant();
    await app.answerCommand(challenge());
    await app.type(null);
    expect(call.fate).toBe('CANCELLED');
    expect(app.commands).toHaveLength(2);
  });
});

describe('35. The server still answers 2302 right after success (propagation): no immediate second prompt loop', () => {
  test('by default the caller decides: STILL_CHALLENGED, once', async () => {
    const app = stage();
    const calls = [await app.challenged(), await app.challenged(), await app.challenged()];
    await app.grant();
    for (const _ of calls) await app.answerCommand(challenge());
    expect(calls.map(({ fate }) => fate)).toEqual(Array(3).fill('STILL_CHALLENGED'));
    expect(app.prompts).toHaveLength(1);
    expect(app.otps).toHaveLength(1);
    expect(app.commands).toHaveLength(6);
    expect(app.status).toBe('done');
    await app.pass(10 ** 6);
    expect(app.prompts).toHaveLength(1);
  });

  test('a call made while another is replayed, and challenged, opens a wave: it is no loop of the same call', async () => {
    const app = stage();
    await app.challenged();
    await app.grant();
    const fresh = await app.challenged();
    expect(app.prompts).toHaveLength(2);
    await app.grant();
    await app.answerCommand();
    await app.answerCommand();
    expect(fresh.fate).toBe('resolved');
  });

  test('a call that has spent its rounds never joins a wave that runs', async () => {
    const app = stage();
    const spent = await app.challenged();
    await app.grant();
    await app.challenged();
    expect(app.view.waiting).toBe(1);
    await app.answerNext(COMMAND, challenge());
    expect(spent.fate).toBe('STILL_CHALLENGED');
    expect(app.view.waiting).toBe(1);
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

describe('the PIN entry is told', () => {
  test('verb, api and action of those waiting, and nothing else', async () => {
    const app = stage();
    await app.challenged({}, { vin: 'VF3SECRET' });
    const get = watch(app.strongAuth.get('pims.user'));
    await settleDown();
    await app.answer(challenge());
    expect(app.prompts[0]?.calls).toEqual([
      { verb: 'set', api: COMMAND, action: 'doors' },
      { verb: 'get', api: 'pims.user' },
    ]);
    expect(get.fate).toBe('pending');
  });

  test('ensure() has no call to name', async () => {
    const app = stage();
    watch(app.strongAuth.ensure());
    await settleDown();
    expect(app.prompts[0]?.calls).toEqual([]);
    expect(app.view).toMatchObject({ status: 'needStrongAuth', waiting: 1, inFlight: false });
  });
});

describe('ensure()', () => {
  test('resolves at the grant, and nothing else is sent', async () => {
    const app = stage();
    const ensured = watch(app.strongAuth.ensure());
    await settleDown();
    await app.type(PIN);
    expect(ensured.fate).toBe('pending');
    await app.answerOtp();
    expect(ensured).toMatchObject({ fate: 'resolved', value: undefined });
    expect(app.requests).toHaveLength(1);
    expect(app.view).toMatchObject({ status: 'done', lastGrantAt: START, inFlight: false });
    expect(app.clock.pending).toBe(0);
  });

  test('maxAgeMs skips it while the last grant is younger, and not at that age', async () => {
    const app = stage();
    watch(app.strongAuth.ensure());
    await settleDown();
    await app.grant();
    await app.pass(999);
    const fresh = watch(app.strongAuth.ensure({ maxAgeMs: 1_000 }));
    await settleDown();
    expect(fresh.fate).toBe('resolved');
    await app.pass(1);
    const stale = watch(app.strongAuth.ensure({ maxAgeMs: 1_000 }));
    await settleDown();
    expect(stale.fate).toBe('pending');
    expect(app.prompts).toHaveLength(2);
  });

  test('without maxAgeMs it asks again; maxAgeMs without a grant asks', async () => {
    const app = stage();
    watch(app.strongAuth.ensure({ maxAgeMs: Number.POSITIVE_INFINITY }));
    await settleDown();
    expect(app.prompts).toHaveLength(1);
    await app.grant();
    watch(app.strongAuth.ensure());
    await settleDown();
    expect(app.prompts).toHaveLength(2);
  });

  test('reset() forgets the last grant', async () => {
    const app = stage();
    watch(app.strongAuth.ensure());
    await settleDown();
    await app.grant();
    app.strongAuth.reset();
    expect(app.view.lastGrantAt).toBeUndefined();
    watch(app.strongAuth.ensure({ maxAgeMs: 10 ** 6 }));
    await settleDown();
    expect(app.prompts).toHaveLength(2);
  });

  test.each([
    ['declined', 'CANCELLED'],
    ['wrong', 'PIN_REJECTED'],
    ['timed out', 'PIN_ENTRY_TIMED_OUT'],
  ])('rejects like a call: %s', async (how, code) => {
    const app = stage({ policy: { maxPinAttempts: 1 } });
    const ensured = watch(app.strongAuth.ensure());
    await settleDown();
    if (how === 'declined') await app.type(null);
    if (how === 'timed out') await app.pass(120_000);
    if (how === 'wrong') {
      await app.type('0000');
      await app.answerOtp(failed(2308));
    }
    expect(ensured.fate).toBe(code);
  });

  test.each(['idle', 'calling', 'replaying', 'done', 'cancelled', 'failed'])(
    'opens a wave from %s',
    async (from) => {
      const app = stage();
      if (from === 'calling') await app.command();
      if (from !== 'idle' && from !== 'calling') {
        await app.challenged();
        if (from === 'cancelled') await app.type(null);
        if (from === 'failed') await app.pass(120_000);
        if (from === 'replaying' || from === 'done') await app.grant();
        if (from === 'done') await app.answerCommand();
      }
      expect(app.status).toBe(from);
      const before = app.prompts.length;
      const ensured = watch(app.strongAuth.ensure());
      await settleDown();
      expect(app.status).toBe('needStrongAuth');
      expect(app.prompts).toHaveLength(before + 1);
      await app.grant();
      expect(ensured.fate).toBe('resolved');
      expect(app.view.failure).toBeUndefined();
    },
  );

  test('joins the wave of a call and the call joins its', async () => {
    const app = stage();
    const ensured = watch(app.strongAuth.ensure());
    await settleDown();
    const call = await app.challenged();
    const again = watch(app.strongAuth.ensure());
    await settleDown();
    expect(app.prompts).toHaveLength(1);
    await app.grant();
    await app.answerCommand();
    expect([ensured.fate, call.fate, again.fate]).toEqual(['resolved', 'resolved', 'resolved']);
  });
});
