import { describe, expect, test } from 'vitest';
import { COMMAND, challenge, failed, PIN, settleDown, stage, succeeded, turn, watch } from './support.js';

describe('12. The waiting limit is reached: QUEUE_FULL for the extra call only', () => {
  test('the others are replayed', async () => {
    const app = stage({ policy: { maxWaiting: 2 } });
    const calls = [await app.challenged(), await app.challenged(), await app.challenged()];
    expect(calls.map(({ fate }) => fate)).toEqual(['pending', 'pending', 'QUEUE_FULL']);
    expect(calls[2]?.error).toMatchObject({ remedy: 'retry' });
    expect(app.prompts).toHaveLength(1);
    expect(app.prompts[0]?.calls).toHaveLength(2);
    expect(app.view).toMatchObject({ status: 'needStrongAuth', waiting: 2 });
    await app.grant();
    await app.answerCommand();
    await app.answerCommand();
    expect(calls.map(({ fate }) => fate)).toEqual(['resolved', 'resolved', 'QUEUE_FULL']);
    expect(app.commands).toHaveLength(5);
    expect(app.status).toBe('done');
  });

  test('calls that are not challenged are no part of the limit', async () => {
    const app = stage({ policy: { maxWaiting: 1 } });
    await app.challenged();
    const fine = await app.command();
    await app.answer(succeeded(1));
    expect(fine.value).toBe(1);
  });

  test('when one leaves there is room again', async () => {
    const app = stage({ policy: { maxWaiting: 1 } });
    const controller = new AbortController();
    await app.challenged({ signal: controller.signal });
    const second = await app.challenged();
    expect(second.fate).toBe('QUEUE_FULL');
    controller.abort();
    await turn();
    const third = await app.challenged();
    expect(third.fate).toBe('pending');
    expect(app.prompts).toHaveLength(2);
  });

  test('also in the same wave', async () => {
    const app = stage({ policy: { maxWaiting: 2 } });
    const controller = new AbortController();
    await app.challenged();
    await app.challenged({ signal: controller.signal });
    controller.abort();
    const calls = [await app.challenged(), await app.challenged()];
    expect(calls.map(({ fate }) => fate)).toEqual(['pending', 'QUEUE_FULL']);
    expect(app.prompts).toHaveLength(1);
  });

  test('calls that were refused take no room', async () => {
    const app = stage({ policy: { maxWaiting: 2 } });
    for (let time = 0; time < 3; time += 1) {
      const background = await app.challenged({ interactive: false });
      expect(background.fate).toBe('INTERACTION_REQUIRED');
    }
    const calls = [await app.challenged(), await app.challenged(), await app.challenged()];
    expect(calls.map(({ fate }) => fate)).toEqual(['pending', 'pending', 'QUEUE_FULL']);
  });

  test('ensure() counts and is refused too', async () => {
    const app = stage({ policy: { maxWaiting: 1 } });
    await app.challenged();
    const ensured = watch(app.strongAuth.ensure());
    await settleDown();
    expect(ensured.fate).toBe('QUEUE_FULL');
  });

  test('also while the OTP is requested', async () => {
    const app = stage({ policy: { maxWaiting: 1 } });
    const first = await app.challenged();
    await app.type(PIN);
    const second = await app.challenged();
    expect(second.fate).toBe('QUEUE_FULL');
    await app.answerOtp();
    await app.answerCommand();
    expect(first.fate).toBe('resolved');
  });

  test('1000 by default', async () => {
    const app = stage();
    const calls = Array.from({ length: 1001 }, () => watch(app.strongAuth.set<unknown>(COMMAND)));
    for (const request of app.requests.slice()) request.resolve(challenge());
    await settleDown();
    expect(calls.filter(({ fate }) => fate === 'pending')).toHaveLength(1000);
    expect(calls.at(-1)?.fate).toBe('QUEUE_FULL');
  });
});

describe('13. A background poller keeps calling: never a prompt, its calls reject at once and typed', () => {
  test('a hundred times', async () => {
    const app = stage();
    for (let n = 0; n < 100; n += 1) {
      const poll = await app.challenged({ interactive: false });
      expect(poll.error).toMatchObject({ code: 'INTERACTION_REQUIRED', remedy: 'authenticate' });
      expect(poll.settlements).toBe(1);
    }
    expect(app.prompts).toHaveLength(0);
    expect(app.otps).toHaveLength(0);
    expect(app.commands).toHaveLength(100);
    expect(app.status).toBe('done');
    expect(app.view.failure).toBeUndefined();
  });

  test('beside calls that are in flight', async () => {
    const app = stage();
    const other = await app.command();
    const poll = await app.challenged({ interactive: false });
    expect(poll.fate).toBe('INTERACTION_REQUIRED');
    expect(app.status).toBe('calling');
    await app.answer(succeeded(), 0);
    expect(other.fate).toBe('resolved');
  });

  test('while a wave runs it joins', async () => {
    const app = stage();
    await app.challenged();
    const poll = await app.challenged({ interactive: false });
    expect(poll.fate).toBe('pending');
    await app.grant();
    await app.answerCommand();
    await app.answerCommand();
    expect(poll.fate).toBe('resolved');
    expect(app.prompts).toHaveLength(1);
  });

  test('challenged anew while others are replayed: no prompt', async () => {
    const app = stage();
    await app.challenged();
    await app.grant();
    const poll = await app.challenged({ interactive: false });
    expect(poll.fate).toBe('INTERACTION_REQUIRED');
    await app.answerCommand();
    expect(app.prompts).toHaveLength(1);
    expect(app.status).toBe('done');
  });

  test('on a blocked account it hears so', async () => {
    const app = stage();
    await app.challenged();
    await app.type(PIN);
    await app.answerOtp(failed(2310));
    const poll = await app.challenged({ interactive: false });
    expect(poll.fate).toBe('ACCOUNT_BLOCKED');
  });

  test('after a cancelled prompt it still never prompts', async () => {
    const app = stage();
    await app.challenged();
    await app.cancel();
    const poll = await app.challenged({ interactive: false });
    expect(poll.fate).toBe('INTERACTION_REQUIRED');
    expect(app.prompts).toHaveLength(1);
  });
});
