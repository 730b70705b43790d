import { createPinPad, isStrongAuthError } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { at, challenge, failed, PIN, settleDown, stage, succeeded, surfaced, watch } from './support.js';

describe('14. The user cancels: all waiters reject CANCELLED, the machine rests, the next challenged call prompts again', () => {
  test.each(['the user', 'the host'])('%s', async (who) => {
    const app = stage();
    const calls = [await app.challenged(), await app.challenged(), await app.challenged()];
    if (who === 'the user') await app.type(null);
    else await app.cancel();
    for (const call of calls) {
      expect(isStrongAuthError(call.error)).toBe(true);
      expect(call).toMatchObject({ fate: 'CANCELLED', settlements: 1 });
    }
    expect(app.view).toMatchObject({
      status: 'cancelled',
      waiting: 0,
      inFlight: false,
      failure: { code: 'CANCELLED', remedy: 'retry' },
    });
    expect(app.view.prompt).toBeUndefined();
    expect(app.clock.pending).toBe(0);
    expect(app.prompts[0]?.signal.aborted).toBe(who === 'the host');

    const next = await app.challenged();
    expect(app.prompts).toHaveLength(2);
    expect(app.prompts[1]).toMatchObject({ attempt: 1, attemptsLeft: 2, reason: 'strongAuthNeeded' });
    await app.grant();
    await app.answerCommand();
    expect(next.fate).toBe('resolved');
    expect(app.commands).toHaveLength(5);
  });

  test('calls in flight go on: only those that wait are rejected', async () => {
    const app = stage();
    const inFlight = await app.command();
    const waiting = await app.challenged();
    await app.cancel();
    expect(waiting.fate).toBe('CANCELLED');
    expect(app.status).toBe('calling');
    await app.answer(succeeded('mine'), 0);
    expect(inFlight).toMatchObject({ fate: 'resolved', value: 'mine' });
    expect(app.status).toBe('cancelled');
  });

  test('cancel() is a no-op otherwise: at rest, while calling, while replaying', async () => {
    const app = stage();
    await app.cancel();
    expect(app.status).toBe('idle');
    const call = await app.command();
    await app.cancel();
    expect(app.status).toBe('calling');
    await app.answer(challenge());
    await app.grant();
    await app.cancel();
    expect(app.status).toBe('replaying');
    await app.answerCommand();
    expect(call.fate).toBe('resolved');
    await app.cancel();
    expect(app.status).toBe('done');
  });

  test('cancel() from a handler of a rejection by cancel() does no harm', async () => {
    const app = stage();
    const calls = [await app.challenged(), await app.challenged()];
    const off = app.strongAuth.view.subscribe(() => app.strongAuth.cancel());
    await app.cancel();
    off();
    expect(calls.map(({ fate, settlements }) => [fate, settlements])).toEqual([
      ['CANCELLED', 1],
      ['CANCELLED', 1],
    ]);
    expect(app.status).toBe('cancelled');
  });

  test('a PIN typed after the cancel is not used', async () => {
    const app = stage();
    await app.challenged();
    await app.cancel();
    await app.type(PIN);
    expect(app.otps).toHaveLength(0);
    expect(app.status).toBe('cancelled');
  });
});

describe('15. The prompt resolves undefined or "" (Esc, backdrop): cancel, no reopen', () => {
  test.each([undefined, '', null])('%j', async (answer) => {
    const app = stage();
    const call = await app.challenged();
    await app.type(answer);
    await app.pass(600_000);
    expect(call.fate).toBe('CANCELLED');
    expect(app.prompts).toHaveLength(1);
    expect(app.otps).toHaveLength(0);
    expect(app.status).toBe('cancelled');
  });

  test.each([
    ['a DOMException', new DOMException('closed', 'AbortError'), 'CANCELLED'],
    ['an Error of that name', Object.assign(new Error('closed'), { name: 'AbortError' }), 'CANCELLED'],
    ['a NotAllowedError', new DOMException('no', 'NotAllowedError'), 'CANCELLED'],
  ])('rejects with %s', async (_, error, code) => {
    const app = stage();
    const call = await app.challenged();
    at(app.user.prompts, 0).reject(error);
    await settleDown();
    expect(call.fate).toBe(code);
    expect(app.prompts).toHaveLength(1);
    expect(app.status).toBe('cancelled');
  });

  test.each([
    ['any other error', new Error('the dialog crashed')],
    ['a TimeoutError', new DOMException('late', 'TimeoutError')],
  ])('rejects with %s: PIN_ENTRY_FAILED, and the error surfaces', async (_, error) => {
    const app = stage();
    const call = await app.challenged();
    expect(await surfaced(() => at(app.user.prompts, 0).reject(error))).toBe(error);
    await settleDown();
    expect([call.fate, app.prompts.length, app.status]).toEqual(['PIN_ENTRY_FAILED', 1, 'failed']);
  });

  test('the second prompt of a wave, after a wrong PIN, can be declined too', async () => {
    const app = stage();
    const call = await app.challenged();
    await app.type('0000');
    await app.answerOtp(failed(2308));
    await app.type('');
    expect(call.fate).toBe('CANCELLED');
    expect(app.prompts).toHaveLength(2);
  });

  const throwing = (error: unknown) =>
    stage({
      enterPin: () => {
        throw error;
      },
    });

  test('enterPin throws an AbortError at once: declined', async () => {
    const call = await throwing(new DOMException('no', 'AbortError')).challenged();
    expect(call.fate).toBe('CANCELLED');
  });

  test('enterPin throws another error at once: PIN_ENTRY_FAILED, and the error surfaces', async () => {
    const error = new Error('no screen');
    const app = throwing(error);
    const call = watch(app.strongAuth.get('app.user'));
    expect(await surfaced(() => app.answer(challenge()))).toBe(error);
    expect(call.fate).toBe('PIN_ENTRY_FAILED');
  });

  test('enterPin answers without a promise', async () => {
    const app = stage({ enterPin: (() => PIN) as never });
    const call = await app.challenged();
    await app.answerOtp();
    await app.answerCommand();
    expect(call.fate).toBe('resolved');
  });
});

test('20. Cancel clears the challenge context; the next call starts clean', async () => {
  const app = stage();
  await app.challenged();
  await app.type('bad');
  await app.type('0000');
  await app.answerOtp(failed(2308));
  expect(app.prompts.at(-1)).toMatchObject({ attempt: 2, attemptsLeft: 1 });
  await app.cancel();

  const fine = await app.command();
  expect(app.view.failure).toBeUndefined();
  await app.answer(succeeded(7));
  expect(fine.value).toBe(7);
  expect(app.status).toBe('done');

  const call = await app.challenged();
  expect(app.prompts.at(-1)).toMatchObject({ attempt: 1, attemptsLeft: 2, reason: 'strongAuthNeeded' });
  expect(app.prompts.at(-1)?.calls).toHaveLength(1);
  // The reset step is to be had again, too.
  await app.type(PIN);
  await app.answerOtp(failed(2312));
  expect(app.otps.at(-1)?.request.parameters).toMatchObject({ resetStep: true, pinCode: PIN });
  await app.answerOtp();
  await app.answerCommand();
  expect(call.fate).toBe('resolved');
});

describe("21. After cancel, the adapter's pending flag is false and the form is usable", () => {
  test.each(['pad', 'host'])('by the %s', async (by) => {
    const pad = createPinPad();
    const app = stage({ enterPin: pad.enterPin });
    await app.challenged();
    expect(pad.view.getSnapshot().isOpen).toBe(true);
    if (by === 'pad') pad.cancel();
    else app.strongAuth.cancel();
    await settleDown();
    expect(pad.view.getSnapshot()).toEqual({ phase: 'closed', isOpen: false });
    expect(app.view).toMatchObject({ inFlight: false, waiting: 0, status: 'cancelled' });

    const call = await app.challenged();
    expect(pad.view.getSnapshot()).toMatchObject({ isOpen: true, prompt: { attempt: 1 } });
    pad.submit(PIN);
    await settleDown();
    await app.answerOtp();
    await app.answerCommand();
    expect(call.fate).toBe('resolved');
    expect(pad.view.getSnapshot().isOpen).toBe(false);
  });
});
