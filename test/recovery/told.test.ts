import { describe, expect, test, vi } from 'vitest';
import { createScript, no, ok, turn } from './support.js';

/*
 * What a recovery tells those who do not wait for it: telemetry, UI state and explanations.
 */

const NOW = 1_700_000_000_000;
const activated = (isDeviceActivated: boolean) => ok({ isDeviceActivated });

/** A flow that resets the PIN, up to the question for the code of the SMS. */
async function untilCode(options: Parameters<typeof createScript>[0] = {}) {
  const script = createScript(options);
  const outcome = await script.begin('resetPin');
  await script.respond(activated(true));
  await script.respond(ok());
  return Object.assign(script, { outcome });
}

describe('telemetry', () => {
  test('has every question, answer, request and response of a flow, in order, with how long each took', async () => {
    const script = createScript();
    const { clock, facts } = script;
    await script.begin('changePin');
    clock.advance(100);
    await script.respond(activated(true));
    clock.advance(2_000);
    await script.answer('?');
    clock.advance(3_000);
    await script.answer('1234');
    await script.answer('2580');
    clock.advance(50);
    await script.respond(no(2308));
    clock.advance(7);
    await script.answer(null);
    const pin = { type: 'asked', kind: 'pin' };
    expect(facts).toEqual([
      { at: NOW, type: 'flowStarted', flow: 'changePin' },
      { at: NOW, type: 'requested', request: 'readDevice' },
      { at: NOW + 100, type: 'responded', request: 'readDevice', outcome: 'device.read', durationMs: 100 },
      { at: NOW + 100, ...pin, attempt: 1, attemptsLeft: 2, reason: 'needed' },
      { at: NOW + 2_100, type: 'answered', kind: 'pin', outcome: 'malformed', durationMs: 2_000 },
      { at: NOW + 2_100, ...pin, attempt: 1, attemptsLeft: 2, reason: 'malformed' },
      { at: NOW + 5_100, type: 'answered', kind: 'pin', outcome: 'given', durationMs: 3_000 },
      { at: NOW + 5_100, type: 'asked', kind: 'newPin', attempt: 1, attemptsLeft: 3, reason: 'needed' },
      { at: NOW + 5_100, type: 'answered', kind: 'newPin', outcome: 'given', durationMs: 0 },
      { at: NOW + 5_100, type: 'requested', request: 'changePin' },
      {
        ...{ at: NOW + 5_150, type: 'responded', request: 'changePin', outcome: 'pin.rejected' },
        ...{ durationMs: 50, apiCode: 2308 },
      },
      { at: NOW + 5_150, ...pin, attempt: 2, attemptsLeft: 1, reason: 'pinRejected' },
      { at: NOW + 5_157, type: 'answered', kind: 'pin', outcome: 'declined', durationMs: 7 },
      { at: NOW + 5_157, type: 'flowEnded', flow: 'changePin', code: 'CANCELLED', durationMs: 5_157 },
    ]);
  });

  test('has every SMS, and what it was for', async () => {
    const script = createScript();
    await script.begin('resetPin');
    await script.respond(activated(true));
    script.clock.advance(40);
    await script.respond(ok());
    expect(script.facts.slice(3)).toEqual([
      { at: NOW, type: 'smsRequested', purpose: 'resetPIN' },
      { at: NOW + 40, type: 'responded', request: 'sendSms', outcome: 'sms.sent', durationMs: 40 },
      expect.objectContaining({ type: 'asked', kind: 'smsCode' }),
    ]);
  });

  test('has the end of a flow that is done without a code, and of one whose ask broke with it', async () => {
    vi.stubGlobal('queueMicrotask', (callback: () => void) => {
      void Promise.resolve()
        .then(callback)
        .catch(() => {}); // the error of the host surfaces
    });
    const script = createScript();
    await script.begin('unblockAccount');
    await script.respond(ok({ isAccountBlocked: false }));
    await script.respond(activated(true));
    expect(script.facts.at(-1)).toEqual({
      ...{ at: NOW, type: 'flowEnded', flow: 'unblockAccount', durationMs: 0 },
    });
    await script.begin('changePin');
    await script.respond(activated(true));
    await script.fail(new Error('broken'));
    expect(script.facts.slice(-2)).toEqual([
      { at: NOW, type: 'answered', kind: 'pin', outcome: 'failed', durationMs: 0 },
      { at: NOW, type: 'flowEnded', flow: 'changePin', code: 'ASK_FAILED', durationMs: 0 },
    ]);
  });

  test('has a store of the budget that failed, and the flow goes on', async () => {
    const store = {
      load: () => {
        throw new Error('locked');
      },
      save: () => {},
    };
    const script = await untilCode({ policy: { smsBudget: { max: 1, perMs: 60_000, store } } });
    expect(script.facts).toContainEqual({ at: NOW, type: 'budgetStoreFailed' });
    expect(script.question.kind).toBe('smsCode');
  });

  test('has no code that would give a secret away: a back end may echo what it was sent', async () => {
    const script = createScript();
    const ended = script.recovery.changePin().catch((error: unknown) => error);
    await turn();
    await script.respond(activated(true));
    await script.answer('1234');
    await script.answer('2580');
    await script.respond(no(2580));
    expect(await ended).toMatchObject({ code: 'REFUSED', details: {} });
    expect(JSON.stringify([await ended, script.facts])).not.toContain('2580');
    // Of a flow that is over nothing is kept, so the same code is only a code.
    await script.begin('changePin');
    await script.respond(no(2580));
    expect(script.facts.at(-2)).toMatchObject({ type: 'responded', apiCode: 2580 });
  });
});

describe('UI state', () => {
  test('says what runs, since when, and what is asked', async () => {
    const script = createScript();
    const { view } = script.recovery;
    expect(view.getSnapshot()).toEqual({ status: 'idle', since: NOW });
    script.clock.advance(10);
    await script.begin('changePin');
    expect(view.getSnapshot()).toEqual({ status: 'readingDevice', since: NOW + 10, flow: 'changePin' });
    script.clock.advance(10);
    await script.respond(activated(true));
    script.clock.advance(10);
    const asking = view.getSnapshot();
    expect(asking).toEqual({
      ...{ status: 'askingPin', since: NOW + 20, flow: 'changePin' },
      question: { kind: 'pin', attempt: 1, attemptsLeft: 2, reason: 'needed' },
    });
    expect([asking, asking.question].every(Object.isFrozen)).toBe(true);
    script.clock.advance(10);
    await script.answer(null);
    expect(view.getSnapshot()).toEqual({
      ...{ status: 'cancelled', since: NOW + 40, flow: 'changePin' },
      failure: { code: 'CANCELLED', remedy: 'retry' },
    });
    expect(Object.isFrozen(view.getSnapshot().failure)).toBe(true);
    expect(view.getSnapshot().failure).not.toHaveProperty('retryAt');
    await script.begin('changePin');
    expect(view.getSnapshot().failure).toBeUndefined();
  });

  test('is the same object until something changes, and is told once a change', async () => {
    const script = createScript();
    const { view } = script.recovery;
    const told: unknown[] = [];
    const stop = view.subscribe((each) => told.push(each));
    await script.begin('changePin');
    const reading = view.getSnapshot();
    script.clock.advance(10);
    script.recovery.actor.send({ type: 'answer.given' }); // which means nothing there
    expect(view.getSnapshot()).toBe(reading);
    expect(told).toEqual([reading]);
    stop();
    script.recovery.cancel();
    expect(told.length).toBe(1);
  });

  test('says closed after dispose', () => {
    const script = createScript();
    const told: unknown[] = [];
    script.recovery.view.subscribe(({ status }) => told.push(status));
    script.recovery.dispose();
    expect(told).toEqual(['closed']);
  });

  test('says from when another SMS can be had, as the question does: counted from when the last one was asked for', async () => {
    const script = createScript();
    await script.begin('resetPin');
    await script.respond(activated(true));
    script.clock.advance(5_000); // the SDK takes its time
    await script.respond(ok());
    const { view } = script.recovery;
    const resend = { left: 1, availableAt: NOW + 30_000, isSending: false };
    expect(view.getSnapshot().resend).toEqual(resend);
    expect(Object.isFrozen(view.getSnapshot().resend)).toBe(true);
    expect(script.question.resendAt).toBe(NOW + 30_000);
    script.clock.advance(25_000);
    expect(script.question.resend?.()).toBe(true);
    expect(view.getSnapshot().resend).toEqual({ left: 0, availableAt: NOW + 30_000, isSending: true });
    await turn();
    await script.respond(ok());
    expect(view.getSnapshot().resend).toEqual({ left: 0, availableAt: NOW + 60_000, isSending: false });
    expect(script.question.resendAt).toBeUndefined();
  });

  test('says so also where nobody knows whether the SMS was sent', async () => {
    const script = createScript({ policy: { resendAfterMs: 60_000 } });
    await script.begin('resetPin');
    await script.respond(activated(true));
    script.clock.advance(30_000);
    await turn();
    expect(script.recovery.view.getSnapshot()).toMatchObject({
      status: 'awaitingCode',
      question: { reason: 'smsUncertain' },
      resend: { left: 1, availableAt: NOW + 60_000 },
    });
    expect(script.question.resendAt).toBe(NOW + 60_000);
  });

  test('says when the limit of the app leaves room again', async () => {
    const store = { load: () => [NOW - 1_000], save: () => {} };
    const script = await untilCode({
      policy: { smsBudget: { max: 2, perMs: 3_600_000, store }, resendAfterMs: 0 },
    });
    expect(script.question.resend?.()).toBe(true);
    await turn();
    const dueAt = NOW - 1_000 + 3_600_000;
    expect(script.recovery.view.getSnapshot().resend).toMatchObject({ availableAt: dueAt, isSending: false });
    script.recovery.cancel();
    await script.begin('resetPin');
    await script.respond(activated(true));
    expect(script.recovery.view.getSnapshot().failure).toEqual({
      code: 'SMS_BUDGET_SPENT',
      remedy: 'wait',
      retryAt: dueAt,
    });
  });
});

describe('a question', () => {
  test('says which attempt it is, and how many are left', async () => {
    const script = createScript();
    await script.begin('unblockAccount');
    await script.respond(ok({ isAccountBlocked: true }));
    await script.answer(true);
    await script.respond(ok());
    await script.respond(no(2307));
    await script.answer('0');
    await script.answer('+33611111111');
    await script.respond(ok());
    await script.answer('424242');
    await script.answer('2580');
    await script.respond(no(2305));
    expect(
      script.questions.map(({ kind, attempt, attemptsLeft }) => [kind, attempt, attemptsLeft].join(' ')),
    ).toEqual([
      'confirmRemoval 1 1',
      'phoneNumber 1 1',
      'phoneNumber 1 1', // one that could not have been right does not count
      'smsCode 1 3',
      'newPin 1 3',
      'smsCode 2 2',
    ]);
  });

  test('is aborted when the flow ends without its answer, and not when it was answered', async () => {
    const script = createScript();
    await script.begin('changePin');
    await script.respond(activated(true));
    const first = script.question;
    await script.answer('1234');
    script.recovery.cancel();
    expect(script.questions.map(({ signal }) => signal.aborted)).toEqual([false, true]);
    expect(first.signal.aborted).toBe(false);
  });

  test('for the code of an SMS is the only one that has another SMS, and only where one is left', async () => {
    const script = createScript({ policy: { smsBudget: { max: 1, perMs: 60_000 } } });
    await script.begin('changePin');
    await script.respond(activated(true));
    expect(Object.keys(script.question).sort()).toEqual([
      ...['attempt', 'attemptsLeft', 'kind', 'reason', 'signal'],
    ]);
    script.recovery.cancel();
    await script.begin('resetPin');
    await script.respond(activated(true));
    await script.respond(ok());
    expect([script.question.kind, script.question.resend, script.question.resendAt]).toEqual([
      ...['smsCode', undefined, undefined],
    ]);
  });

  test.each([
    ['is refused', (script: Awaited<ReturnType<typeof untilCode>>) => script.respond(no(2000))],
    ['is never answered', ({ clock }: Awaited<ReturnType<typeof untilCode>>) => clock.advance(30_000)],
  ])('for a code stays where another SMS %s', async (_, end) => {
    const script = await untilCode({ policy: { smsBudget: { max: 3, perMs: 3_600_000 } } });
    script.clock.advance(30_000);
    expect(script.question.resend?.()).toBe(true);
    await turn();
    await end(script);
    await turn();
    expect(script.questions.length).toBe(1);
    expect(script.recovery.view.getSnapshot()).toMatchObject({
      status: 'awaitingCode',
      resend: { left: 1, isSending: false },
    });
    script.clock.advance(30_000);
    expect(script.question.resend?.()).toBe(true);
    await turn();
    await script.respond(ok());
    script.clock.advance(30_000);
    expect(script.question.resend?.()).toBe(false);
    await script.answer('424242');
    expect(script.question.kind).toBe('newPin');
    expect(script.questions[0]?.resend?.()).toBe(false);
  });

  test('for a new PIN is asked while none is there, says the machine', async () => {
    const script = createScript();
    const hasNewPin = () => script.recovery.actor.getSnapshot().context.hasNewPin;
    await script.begin('changePin');
    await script.respond(activated(true));
    await script.answer('1234');
    for (const refusal of [no(2315), no(2102, 'newPIN')]) {
      expect([script.question.kind, hasNewPin()]).toEqual(['newPin', false]);
      await script.answer('2580');
      expect(hasNewPin()).toBe(true);
      await script.respond(refusal);
    }
    expect([script.question.kind, hasNewPin()]).toEqual(['newPin', false]);
  });
});

describe('explain()', () => {
  test('counts down to the end of a request, and waits for nothing at rest', async () => {
    const script = createScript();
    await script.begin('changePin');
    script.clock.advance(1_000);
    const { recovery } = script;
    expect(recovery.explain()).toMatchObject({
      waitingFor: 'the transport, to answer a request',
      nextDeadline: NOW + 30_000,
    });
    expect(String(recovery.explain())).toBe(
      [
        'changePin: readingDevice for 1.0 s, waiting for the transport, to answer a request',
        '1 waiting callers, 0 SMS sent',
        'at the latest in 29.0 s it ends',
      ].join('\n'),
    );
    expect(Object.keys(recovery.explain())).not.toContain('toString');
    recovery.cancel();
    expect(recovery.explain()).toEqual({
      ...{ status: 'cancelled', since: NOW + 1_000, waitingFor: 'nothing: no flow runs' },
      ...{ flow: 'changePin', callers: 0, sms: 0 },
    });
    expect(recovery.explain()).not.toHaveProperty('nextDeadline');
  });

  test('adds what an earlier request may still take', async () => {
    const script = createScript();
    await script.begin('changePin');
    script.clock.advance(10_000);
    script.recovery.cancel();
    await script.begin('changePin');
    expect(script.recovery.explain().nextDeadline).toBe(NOW + 60_000);
    script.clock.advance(20_000);
    await turn();
    expect(script.transport.requests.length).toBe(2);
    script.clock.advance(30_000 - 1);
    expect(script.recovery.view.getSnapshot().status).toBe('readingDevice');
    script.clock.advance(1);
    expect(script.recovery.view.getSnapshot().failure).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  });
});
