import { getEventListeners } from 'node:events';
import { createPinPad, createStrongAuth, isStrongAuthError } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import {
  at,
  COMMAND,
  challenge,
  createManualClock,
  createScriptedUser,
  createTransport,
  EVENTS,
  event,
  failed,
  PIN,
  settleDown,
  stage,
  succeeded,
  surfaced,
  turn,
  watch,
} from './support.js';

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
    const call = watch(app.strongAuth.get('pims.user'));
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
    const fate = { cancel: 'CANCELLED', abort: '20', reset: 'SIGNED_OUT', dispose: 'DISPOSED' }[how];
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

describe('18. One queued caller aborts: only it rejects, at once, and is never replayed', () => {
  test('while prompting', async () => {
    const app = stage();
    const controller = new AbortController();
    const leaving = await app.challenged({ signal: controller.signal }, { n: 'leaving' });
    const staying = await app.challenged({}, { n: 'staying' });
    const reason = new Error('left the screen');
    controller.abort(reason);
    await settleDown();
    expect(leaving.error).toBe(reason);
    expect(staying.fate).toBe('pending');
    expect(app.prompts[0]?.signal.aborted).toBe(false);
    expect(app.prompts[0]?.calls).toHaveLength(1);
    expect(app.view.waiting).toBe(1);
    await app.grant();
    expect(app.commands.map(({ request }) => request.parameters?.n)).toEqual([
      'leaving',
      'staying',
      'staying',
    ]);
    await app.answerCommand();
    expect(staying.fate).toBe('resolved');
    expect(leaving.settlements).toBe(1);
  });

  test('while the OTP is requested', async () => {
    const app = stage();
    const controller = new AbortController();
    const leaving = await app.challenged({ signal: controller.signal });
    const staying = await app.challenged();
    await app.type(PIN);
    controller.abort('why');
    await settleDown();
    expect(leaving.error).toBe('why');
    expect(at(app.otps, 0).signal.aborted).toBe(false);
    await app.answerOtp();
    expect(app.commands).toHaveLength(3);
    await app.answerCommand();
    expect(staying.fate).toBe('resolved');
  });

  test('while the replay is in flight: its late answer is ignored', async () => {
    const app = stage();
    const controller = new AbortController();
    const leaving = await app.challenged({ signal: controller.signal });
    await app.grant();
    const replay = at(app.commands, 1);
    const { signal } = replay;
    controller.abort();
    await settleDown();
    expect(signal.aborted).toBe(true);
    expect((leaving.error as Error).name).toBe('AbortError');
    await app.answerCommand(challenge());
    expect(app.prompts).toHaveLength(1);
    expect(app.status).toBe('done');
  });

  test('in flight, before any challenge: a late challenge does not prompt', async () => {
    const app = stage();
    const controller = new AbortController();
    const call = await app.command({ signal: controller.signal });
    controller.abort();
    await settleDown();
    expect(call.settlements).toBe(1);
    expect(app.status).toBe('done');
    await app.answer(challenge());
    expect(app.prompts).toHaveLength(0);
  });

  test('aborted before the call: nothing is sent', async () => {
    const app = stage();
    const reason = new Error('too late');
    const call = await app.command({ signal: AbortSignal.abort(reason) });
    const ensured = watch(app.strongAuth.ensure({ signal: AbortSignal.abort(reason) }));
    const subscribed = watch(
      app.strongAuth.subscribe(EVENTS, {}, () => {}, { signal: AbortSignal.abort(reason) }),
    );
    await settleDown();
    expect([call.error, ensured.error, subscribed.error]).toEqual([reason, reason, reason]);
    expect(app.requests).toHaveLength(0);
    expect(app.registrations).toHaveLength(0);
    expect(app.prompts).toHaveLength(0);
    expect(app.status).toBe('idle');
  });

  test('aborted after it settled, nothing happens; and no listener stays on the signal', async () => {
    const app = stage();
    const controller = new AbortController();
    const call = await app.challenged({ signal: controller.signal });
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    await app.grant();
    await app.answerCommand();
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    controller.abort();
    await settleDown();
    expect(call).toMatchObject({ fate: 'resolved', settlements: 1 });
  });

  test('one signal for many calls ends them all', async () => {
    const app = stage();
    const controller = new AbortController();
    const calls = [
      await app.challenged({ signal: controller.signal }),
      await app.challenged({ signal: controller.signal }),
      await app.command({ signal: controller.signal }),
    ];
    controller.abort('gone');
    await turn();
    expect(calls.map(({ error }) => error)).toEqual(['gone', 'gone', 'gone']);
    expect(app.prompts[0]?.signal.aborted).toBe(true);
    expect(app.status).toBe('cancelled');
  });
});

describe('19. The last waiter aborts: the prompt is closed', () => {
  test('its signal fires, the machine rests, and the next call prompts anew', async () => {
    const app = stage();
    const one = new AbortController();
    const two = new AbortController();
    await app.challenged({ signal: one.signal });
    await app.challenged({ signal: two.signal });
    one.abort();
    await settleDown();
    expect(app.prompts[0]?.signal.aborted).toBe(false);
    two.abort();
    await turn();
    expect(app.prompts[0]?.signal.aborted).toBe(true);
    expect(app.view).toMatchObject({ status: 'cancelled', waiting: 0 });
    expect(app.clock.pending).toBe(0);
    await app.challenged();
    expect(app.prompts).toHaveLength(2);
  });

  test('by its own deadline rather than by abort: the same, and it rejects TIMED_OUT, not sent', async () => {
    const app = stage();
    const call = await app.challenged({ timeoutMs: 1_000 });
    await app.pass(1_000);
    expect(call.error).toMatchObject({ code: 'TIMED_OUT', details: { sent: false } });
    expect(app.prompts[0]?.signal.aborted).toBe(true);
    expect(app.status).toBe('cancelled');
  });

  test('the last ensure() aborts', async () => {
    const app = stage();
    const controller = new AbortController();
    const ensured = watch(app.strongAuth.ensure({ signal: controller.signal }));
    await settleDown();
    controller.abort('enough');
    await turn();
    expect(ensured.error).toBe('enough');
    expect(app.prompts[0]?.signal.aborted).toBe(true);
    expect(app.status).toBe('cancelled');
  });

  test('the last interactive one leaves, a poller still waits: the prompt stays', async () => {
    const app = stage();
    const controller = new AbortController();
    await app.challenged({ signal: controller.signal });
    const poll = await app.challenged({ interactive: false });
    controller.abort();
    await settleDown();
    expect(app.prompts[0]?.signal.aborted).toBe(false);
    await app.grant();
    await app.answerCommand();
    expect(poll.fate).toBe('resolved');
  });

  test('the PIN was given already: the OTP is granted to nobody', async () => {
    const app = stage();
    const controller = new AbortController();
    await app.challenged({ signal: controller.signal });
    await app.type(PIN);
    controller.abort();
    await turn();
    await app.answerOtp();
    expect(app.view).toMatchObject({ status: 'cancelled' });
    expect(app.view.lastGrantAt).toBeUndefined();
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

describe('createPinPad', () => {
  test('a second submit is ignored: one OTP, and no leftover for the next prompt', async () => {
    const pad = createPinPad();
    const app = stage({ enterPin: pad.enterPin });
    await app.challenged();
    pad.submit('1111');
    pad.submit('2222');
    pad.cancel();
    await settleDown();
    expect(app.otps.map(({ request }) => request.parameters?.pinCode)).toEqual(['1111']);
    await app.answerOtp(failed(2308));
    expect(pad.view.getSnapshot()).toMatchObject({
      isOpen: true,
      prompt: { reason: 'pinRejected', attemptsLeft: 1 },
    });
    expect(app.otps).toHaveLength(1);
    pad.submit('3333');
    await settleDown();
    expect(app.otps).toHaveLength(2);
  });

  test('submit and cancel without a prompt do nothing', async () => {
    const pad = createPinPad();
    pad.submit(PIN);
    pad.cancel();
    const app = stage({ enterPin: pad.enterPin });
    await app.challenged();
    expect(pad.view.getSnapshot().isOpen).toBe(true);
    expect(app.otps).toHaveLength(0);
  });

  test('its view is an external store: the same object until it changes, listeners hear of each change once', async () => {
    const pad = createPinPad();
    const app = stage({ enterPin: pad.enterPin });
    const heard: boolean[] = [];
    const off = pad.view.subscribe(({ isOpen }) => heard.push(isOpen));
    expect(pad.view.getSnapshot()).toBe(pad.view.getSnapshot());
    await app.challenged();
    await app.challenged();
    expect(pad.view.getSnapshot()).toBe(pad.view.getSnapshot());
    expect(pad.view.getSnapshot().prompt?.calls).toHaveLength(2);
    pad.cancel();
    await settleDown();
    off();
    await app.challenged();
    expect(heard).toEqual([true, false]);
  });

  test('closes when the entry times out, and a late submit is not used', async () => {
    const pad = createPinPad();
    const app = stage({ enterPin: pad.enterPin });
    await app.challenged();
    await app.pass(120_000);
    expect(pad.view.getSnapshot().isOpen).toBe(false);
    pad.submit(PIN);
    await settleDown();
    expect(app.otps).toHaveLength(0);
  });

  test('its methods need no this', async () => {
    const { enterPin, submit, cancel, view } = createPinPad();
    const app = stage({ enterPin });
    await app.challenged();
    submit(PIN);
    await settleDown();
    cancel();
    const { getSnapshot } = view;
    expect(getSnapshot().isOpen).toBe(false);
    expect(app.otps).toHaveLength(1);
  });
});

describe('22. StrictMode mount, unmount, mount: one prompt, no orphan actor', () => {
  test('create, dispose, create: the first leaves nothing behind', async () => {
    const pad = createPinPad();
    const transport = createTransport();
    const clock = createManualClock(0);
    const mount = () => createStrongAuth({ transport, enterPin: pad.enterPin, clock });

    const first = mount();
    const lost = watch(first.set<unknown>(COMMAND));
    first.dispose();
    const second = mount();
    const kept = watch(second.set<unknown>(COMMAND));
    await settleDown();
    for (const request of transport.requests.slice()) request.resolve(challenge());
    await settleDown();

    expect(lost.fate).toBe('DISPOSED');
    expect(first.actor.getSnapshot().status).toBe('done');
    expect(second.actor.getSnapshot().status).toBe('active');
    expect(pad.view.getSnapshot()).toMatchObject({ isOpen: true, prompt: { attempt: 1 } });
    expect(pad.view.getSnapshot().prompt?.calls).toHaveLength(1);
    pad.submit(PIN);
    await settleDown();
    expect(pad.view.getSnapshot().isOpen).toBe(false);
    expect(transport.requests.filter(({ request }) => request.api !== COMMAND)).toHaveLength(1);
    at(transport.requests, -1).resolve(succeeded({ otp: '1' }));
    await settleDown();
    at(transport.requests, -1).resolve(succeeded());
    await settleDown();
    expect(kept.fate).toBe('resolved');
    expect(transport.requests.filter(({ request }) => request.api === COMMAND)).toHaveLength(3);
    expect(clock.pending).toBe(0);
  });

  test('created and disposed of without a call: nothing was sent, asked or timed', async () => {
    const app = stage();
    app.strongAuth.dispose();
    app.strongAuth.dispose();
    await settleDown();
    expect(app.requests).toHaveLength(0);
    expect(app.prompts).toHaveLength(0);
    expect(app.clock.pending).toBe(0);
  });

  test('disposed of while prompting, mounted again: the old prompt is closed before the new one opens', async () => {
    const pad = createPinPad();
    const first = stage({ enterPin: pad.enterPin });
    await first.challenged();
    const shown = pad.view.getSnapshot().prompt;
    first.strongAuth.dispose();
    const second = stage({ enterPin: pad.enterPin });
    await second.challenged();
    expect(shown?.signal.aborted).toBe(true);
    expect(pad.view.getSnapshot().prompt).not.toBe(shown);
    pad.submit(PIN);
    await settleDown();
    expect(first.otps).toHaveLength(0);
    expect(second.otps).toHaveLength(1);
  });
});

test("23. Cleanup of an aborted attempt does not clear the new attempt's controller", async () => {
  const user = createScriptedUser();
  const cleanups: (() => void)[] = [];
  let current: AbortSignal | undefined;
  const app = stage({
    enterPin: (prompt) => {
      current = prompt.signal;
      prompt.signal.addEventListener('abort', () => cleanups.push(() => {}));
      return user.enterPin(prompt);
    },
  });
  const first = await app.challenged();
  const firstSignal = current;
  await app.cancel();
  const second = await app.challenged();
  const secondSignal = current;
  expect(firstSignal?.aborted).toBe(true);
  // The entry of the aborted attempt ends only now, in each way it can.
  at(user.prompts, 0).reject(new DOMException('closed', 'AbortError'));
  await settleDown();
  expect(second.fate).toBe('pending');
  expect(secondSignal?.aborted).toBe(false);
  expect(app.status).toBe('needStrongAuth');
  expect(first.fate).toBe('CANCELLED');

  // The new attempt can still be aborted, and its prompt hears of it.
  await app.cancel();
  expect(secondSignal?.aborted).toBe(true);
  expect(second.fate).toBe('CANCELLED');
});

describe('23, variants', () => {
  test('a PIN for the aborted attempt does not serve the new one', async () => {
    const app = stage();
    await app.challenged();
    await app.cancel();
    await app.challenged();
    await app.type('9999', 0);
    expect(app.otps).toHaveLength(0);
    expect(app.status).toBe('needStrongAuth');
    await app.type('1234', 1);
    expect(app.otps.map(({ request }) => request.parameters?.pinCode)).toEqual(['1234']);
  });

  test('the late answer of an aborted sending does not settle its successor of the same signal', async () => {
    const app = stage();
    const controller = new AbortController();
    await app.command({ signal: controller.signal });
    controller.abort();
    const again = await app.command();
    await app.answer(succeeded('old'), 0);
    expect(again.fate).toBe('pending');
    await app.answer(succeeded('new'), 1);
    expect(again.value).toBe('new');
  });

  test('the signal of a replay is another than that of the first sending', async () => {
    const app = stage();
    const controller = new AbortController();
    const call = await app.command({ signal: controller.signal });
    const firstSignal = at(app.commands, 0).signal;
    await app.answer(challenge());
    await app.grant();
    const { signal } = at(app.commands, 1);
    expect(firstSignal.aborted).toBe(false);
    controller.abort();
    await settleDown();
    expect(signal.aborted).toBe(true);
    expect(call.settlements).toBe(1);
  });
});

describe('24. dispose() while prompting: all reject DISPOSED, timers are gone, late results are ignored', () => {
  test('while prompting, with a call in flight, a subscription and an ensure()', async () => {
    const app = stage();
    const events: unknown[] = [];
    const subscription = app.strongAuth.subscribe(EVENTS, {}, (one) => events.push(one));
    at(app.registrations, 0).emit(succeeded());
    await subscription;
    const inFlight = await app.command({ timeoutMs: 99_999 });
    const waiting = await app.challenged({ timeoutMs: 99_999 });
    const ensured = watch(app.strongAuth.ensure());
    await settleDown();
    app.strongAuth.dispose();
    await settleDown();
    for (const call of [inFlight, waiting, ensured]) {
      expect(call).toMatchObject({ fate: 'DISPOSED', settlements: 1 });
      expect(call.error).toMatchObject({ remedy: 'none' });
    }
    expect(app.prompts[0]?.signal.aborted).toBe(true);
    expect(app.clock.pending).toBe(0);
    expect(app.view).toMatchObject({ status: 'closed', inFlight: false, waiting: 0 });
    expect(app.strongAuth.actor.getSnapshot().status).toBe('done');

    const sent = app.requests.length;
    await app.answer(challenge(), 0);
    await app.type(PIN);
    at(app.registrations, 0).emit(event({ late: true }));
    await app.pass(1_000_000);
    expect(events).toEqual([]);
    expect(app.requests).toHaveLength(sent);
    expect(app.prompts).toHaveLength(1);
  });

  test('later calls reject DISPOSED, and nothing is sent', async () => {
    const app = stage();
    app.strongAuth.dispose();
    const { strongAuth } = app;
    const calls = [
      watch(strongAuth.get('pims.user')),
      watch(strongAuth.set<unknown>(COMMAND)),
      watch(strongAuth.send({ verb: 'get', api: 'pims.user' })),
      watch(strongAuth.subscribe(EVENTS, {}, () => {})),
      watch(strongAuth.ensure()),
      watch(strongAuth.ensure({ maxAgeMs: 1 })),
    ];
    strongAuth.cancel();
    strongAuth.reset();
    await settleDown();
    expect(calls.map(({ fate }) => fate)).toEqual(Array(6).fill('DISPOSED'));
    expect(app.requests).toHaveLength(0);
    expect(app.status).toBe('closed');
  });

  test('Symbol.dispose', async () => {
    const app = stage();
    const call = await app.challenged();
    app.strongAuth[Symbol.dispose]();
    await settleDown();
    expect(call.fate).toBe('DISPOSED');
  });

  test.each(['requestingOtp', 'replaying', 'queued'])('while %s', async (status) => {
    const app = stage();
    if (status === 'queued') {
      await app.challenged();
      await app.type(PIN);
      await app.cancel();
    }
    const call = await app.challenged();
    await app.type(PIN);
    if (status === 'replaying') await app.answerOtp();
    const sent = app.requests.length;
    app.strongAuth.dispose();
    await settleDown();
    expect(call.fate).toBe('DISPOSED');
    expect(app.clock.pending).toBe(0);
    for (const request of app.requests.slice()) request.resolve(challenge());
    await app.pass(100_000);
    expect(app.requests).toHaveLength(sent);
  });

  test('from a listener of the view, while a wave opens', async () => {
    const app = stage();
    app.strongAuth.view.subscribe(({ status }) => {
      if (status === 'needStrongAuth') app.strongAuth.dispose();
    });
    const call = await app.challenged();
    expect(call.fate).toBe('DISPOSED');
    expect(app.clock.pending).toBe(0);
    expect(app.status).toBe('closed');
  });

  test('a listener of the view hears of the end', async () => {
    const app = stage();
    const heard: string[] = [];
    app.strongAuth.view.subscribe(({ status }) => heard.push(status));
    await app.challenged();
    app.strongAuth.dispose();
    expect(heard.at(-1)).toBe('closed');
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

describe('a listener that throws', () => {
  test('of the view: disturbs nobody, its error surfaces asynchronously', async () => {
    const app = stage();
    const heard: string[] = [];
    const mine = new Error('my listener is broken');
    const off = app.strongAuth.view.subscribe(() => {
      throw mine;
    });
    app.strongAuth.view.subscribe(({ status }) => heard.push(status));
    let call: ReturnType<typeof watch> | undefined;
    const error = await surfaced(() => {
      call = watch(app.strongAuth.set<unknown>(COMMAND)); // the listener throws in here
      off();
    });
    expect(error).toBe(mine);
    expect(heard).toEqual(['calling']);
    await app.answer(challenge());
    await app.grant();
    await app.answerCommand();
    expect(call?.fate).toBe('resolved');
    expect([...new Set(heard)]).toEqual(['calling', 'needStrongAuth', 'requestingOtp', 'replaying', 'done']);
  });

  test('onEvent', async () => {
    const mine = new Error('my telemetry is broken');
    let isBroken = true;
    const app = stage({
      onEvent: () => {
        if (!isBroken) return;
        isBroken = false;
        throw mine;
      },
    });
    let call: ReturnType<typeof watch> | undefined;
    const error = await surfaced(() => {
      call = watch(app.strongAuth.set<unknown>(COMMAND));
    });
    expect(error).toBe(mine);
    await app.answer(succeeded(1));
    expect(call?.value).toBe(1);
  });

  test('inspect', async () => {
    const mine = new Error('my inspector is broken');
    let isBroken = false;
    const app = stage({
      inspect: () => {
        if (!isBroken) return;
        isBroken = false;
        throw mine;
      },
    });
    isBroken = true;
    let call: ReturnType<typeof watch> | undefined;
    const error = await surfaced(() => {
      call = watch(app.strongAuth.set<unknown>(COMMAND));
    });
    expect(error).toBe(mine);
    await app.answer(succeeded(1));
    expect(call?.value).toBe(1);
  });

  test('onResult of a subscription', async () => {
    const app = stage();
    const mine = new Error('my handler is broken');
    const heard: unknown[] = [];
    const subscribed = watch(
      app.strongAuth.subscribe(EVENTS, {}, (one) => {
        heard.push(one);
        if (heard.length === 1) throw mine;
      }),
    );
    at(app.registrations, 0).emit(succeeded());
    await settleDown();
    const error = await surfaced(() => at(app.registrations, 0).emit(event(1)));
    expect(error).toBe(mine);
    at(app.registrations, 0).emit(event(2));
    expect(heard).toEqual([{ result: 1 }, { result: 2 }]);
    expect(subscribed.fate).toBe('resolved');
  });
});
