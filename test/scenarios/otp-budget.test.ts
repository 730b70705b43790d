import type { OtpBudgetStore } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { COMMAND, challenge, failed, PIN, START, settleDown, stage, succeeded, watch } from './support.js';

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
