import { describe, expect, test } from 'vitest';
import { failed, settleDown, stage } from './support.js';

describe('the OTP budget', () => {
  test('refuses without a prompt when it is spent, labelled as the own limit, and recovers', async () => {
    const { answer, challenged, pass, type, user } = stage({
      policy: { otpBudget: { max: 1, perMs: 60_000 } },
    });
    await challenged();
    await type('1234');
    await answer(failed(2312)); // the reset step counts, but is never refused
    await answer(failed(2202));
    const refused = await challenged();
    expect(refused.error).toMatchObject({
      code: 'OTP_BUDGET_SPENT',
      remedy: 'wait',
      details: { retryAt: 1_700_000_060_000, local: true },
    });
    expect(user.prompts).toHaveLength(1);
    await pass(60_000);
    await challenged();
    expect(user.prompts).toHaveLength(2);
  });

  test.each(['sync', 'async'])('survives a restart in a store that is %s', async (kind) => {
    let saved: number[] = [1_699_999_999_000];
    const store = {
      load: () => (kind === 'async' ? Promise.resolve(saved) : saved),
      save: (times: number[]) => {
        saved = times;
      },
    };
    const first = stage({ policy: { otpBudget: { max: 2, perMs: 60_000, store: store as never } } });
    await first.challenged();
    await settleDown();
    await first.type('1234');
    expect(saved).toEqual([1_699_999_999_000, 1_700_000_000_000]);
    const second = stage({ policy: { otpBudget: { max: 2, perMs: 60_000, store: store as never } } });
    const call = await second.challenged();
    await settleDown();
    expect([call.fate, second.user.prompts.length]).toEqual(['OTP_BUDGET_SPENT', 0]);
  });

  test('a store that fails locks nobody out', async () => {
    const fail = () => Promise.reject(new Error('disk'));
    const { challenged, user } = stage({
      policy: { otpBudget: { max: 1, perMs: 1, store: { load: fail, save: fail } } },
    });
    await challenged();
    await settleDown();
    expect(user.prompts).toHaveLength(1);
  });
});
