import { describe, expect, test } from 'vitest';
import { COMMAND, challenge, failed, PIN, settleDown, stage, succeeded, watch } from './support.js';

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
