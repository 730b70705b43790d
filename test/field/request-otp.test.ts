import type { StrongAuthOptions } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { failed, OTP, settleDown, stage, succeeded } from '../lifecycle/support.js';
import { collectSurfaced, expectRest } from './support.js';

/* What requestOtp answers, and when: neighbours of the field cases 53 to 58, which are in grants.test.ts. */

collectSurfaced();

describe('requestOtp in all its shapes', () => {
  test.each<[string, StrongAuthOptions['requestOtp'], string]>([
    [
      'throws',
      () => {
        throw new Error('1234');
      },
      'OUTCOME_UNKNOWN',
    ],
    ['rejects', () => Promise.reject(new Error('1234')), 'OUTCOME_UNKNOWN'],
    ['answers nothing', (() => undefined) as never, 'OUTCOME_UNKNOWN'],
    ['answers true', (() => true) as never, 'OUTCOME_UNKNOWN'],
    ['answers no promise', (() => failed(2310)) as never, 'ACCOUNT_BLOCKED'],
    ['rejects with an envelope', () => Promise.reject(failed(2310)), 'ACCOUNT_BLOCKED'],
    [
      'throws an error that holds one',
      () => {
        throw Object.assign(new Error(), { error: { code: '2310' } });
      },
      'ACCOUNT_BLOCKED',
    ],
    [
      'answers a thenable that throws',
      (() => ({
        then() {
          throw new Error('1234');
        },
      })) as never,
      'OUTCOME_UNKNOWN',
    ],
  ])('one that %s', async (_, requestOtp, code) => {
    const app = stage({ requestOtp });
    const call = await app.challenged();
    await app.type('1234');
    await settleDown();
    expect(call.fate).toBe(code);
    expect((call.error as Error).cause).toBeUndefined();
    expect(app.requestsOf(OTP)).toHaveLength(0);
    app.strongAuth.recovered();
    await expectRest(app);
  });

  test('one that never answers: its time is limited, and the next waits for nobody then', async () => {
    let requests = 0;
    const app = stage({
      requestOtp: () => {
        requests += 1;
        return requests === 1 ? new Promise(() => {}) : Promise.resolve(succeeded());
      },
    });
    const call = await app.challenged();
    await app.type('1234');
    await app.pass(30_000);
    expect(call.fate).toBe('OUTCOME_UNKNOWN');
    const next = await app.challenged();
    await app.type('1234');
    await settleDown();
    await app.answer(succeeded());
    expect([next.fate, requests]).toEqual(['resolved', 2]);
    await expectRest(app);
  });

  test('one whose wave was cancelled is answered before the next is asked', async () => {
    const answers: ((message: unknown) => void)[] = [];
    const app = stage({ requestOtp: () => new Promise((resolve) => answers.push(resolve)) });
    await app.challenged();
    await app.type('1234');
    app.strongAuth.cancel();
    await app.challenged();
    await app.type('1234');
    expect(answers).toHaveLength(1);
    answers[0]?.(succeeded());
    await settleDown();
    expect(answers).toHaveLength(2);
  });
});
