import { fromPims } from 'strong-auth-machine';
import {
  createRecovery,
  isRecoveryError,
  RecoveryError,
  type RecoveryFlow,
  type RecoveryQuestion,
} from 'strong-auth-machine/recovery';
import { createManualClock, type RequestMatch } from 'strong-auth-machine/simulator';
import { describe, expect, test, vi } from 'vitest';
import { createStage, FLOWS, outcomeOf, settle, turn } from './support.js';

const NOT_ENROLLED = { refuses: 2312, until: 'never' } as const;

/** A question that stays open until the test answers. */
function createDesk() {
  const questions: (RecoveryQuestion & { answer(given: unknown): void })[] = [];
  const ask = (question: RecoveryQuestion) =>
    new Promise<string | boolean | null>((resolve) => {
      questions.push(Object.assign(question, { answer: resolve as (given: unknown) => void }));
    });
  return {
    ask,
    questions,
    get last() {
      return questions[questions.length - 1] as (typeof questions)[number];
    },
  };
}

describe('the way of a flow', () => {
  test('an account without phone and PIN is enrolled with one SMS', async () => {
    const stage = createStage({ hasPin: false, phoneNumber: null });
    expect(await settle(stage, stage.recovery.enrollDevice())).toBe('done');
    const asked = stage.facts.flatMap((fact) => (fact.type === 'asked' ? [fact.kind] : []));
    expect(asked).toEqual(['phoneNumber', 'smsCode', 'newPin']);
    expect(stage.simulator.enrolment).toEqual({
      isEnrolled: true,
      hasPin: true,
      hasPhone: true,
      smsSent: 1,
    });
  });

  test('before SDK 2.1 the same takes two SMS', async () => {
    const stage = createStage({ hasPin: false, phoneNumber: null, version: '2.0' });
    expect(await settle(stage, stage.recovery.enrollDevice())).toBe('done');
    expect(stage.simulator.enrolment.smsSent).toBe(2);
  });

  test('an account with a PIN asks for that one', async () => {
    const stage = createStage({ device: NOT_ENROLLED });
    expect(await settle(stage, stage.recovery.enrollDevice())).toBe('done');
    const asked = stage.facts.flatMap((fact) => (fact.type === 'asked' ? [fact.kind] : []));
    expect(asked).toEqual(['smsCode', 'pin']);
  });

  test('an account with a PIN and without a phone is asked for its PIN after the new one was refused', async () => {
    const stage = createStage({ device: NOT_ENROLLED, phoneNumber: null });
    expect(await settle(stage, stage.recovery.enrollDevice())).toBe('done');
    const asked = stage.facts.flatMap((fact) => (fact.type === 'asked' ? [fact.kind] : []));
    expect(asked).toEqual(['phoneNumber', 'smsCode', 'newPin', 'smsCode', 'pin']);
  });

  test('a device whose cache is stale is cured without an SMS', async () => {
    const stage = createStage({ device: { refuses: 2317, until: 'reset' } });
    expect(await settle(stage, stage.recovery.enrollDevice())).toBe('done');
    expect(stage.simulator.enrolment.smsSent).toBe(0);
  });

  test('a forgotten PIN is replaced, also where the first code was wrong', async () => {
    const stage = createStage();
    stage.simulator.human.types('000000');
    expect(await settle(stage, stage.recovery.resetPin())).toBe('done');
    const asked = stage.facts.flatMap((fact) =>
      fact.type === 'asked' ? [`${fact.kind} ${fact.reason}`] : [],
    );
    // The new PIN is asked for once: it was not what was wrong.
    expect(asked).toEqual(['smsCode needed', 'newPin needed', 'smsCode smsRejected']);
    expect(stage.simulator.enrolment.smsSent).toBe(1);
  });

  test('a new PIN that equals the last one takes another SMS', async () => {
    const stage = createStage(
      {},
      {
        policy: { resendAfterMs: 0 },
        ask(question) {
          if (question.reason === 'smsRejected') question.resend?.(); // the SDK has used up the code
          if (question.kind === 'newPin' && question.attempt === 1) return '1234';
          return stage.simulator.answer(question);
        },
      },
    );
    expect(await settle(stage, stage.recovery.resetPin())).toBe('done');
    const asked = stage.facts.flatMap((fact) =>
      fact.type === 'asked' ? [`${fact.kind} ${fact.reason}`] : [],
    );
    expect(asked).toEqual(['smsCode needed', 'newPin needed', 'newPin pinReused', 'smsCode smsRejected']);
    expect(stage.simulator.enrolment.smsSent).toBe(2);
    expect(stage.facts).toContainEqual(expect.objectContaining({ type: 'flowEnded', flow: 'resetPin' }));
  });

  test('the old PIN may be wrong twice, and then asks for no third', async () => {
    const stage = createStage();
    stage.simulator.human.types('0000').types('4321').types('1111');
    const change = stage.recovery.changePin().catch((error: unknown) => error);
    await settle(stage, change);
    const error = await change;
    expect(isRecoveryError(error) && [error.code, error.remedy, error.details]).toEqual([
      'PIN_REJECTED',
      'resetPin',
      { apiCode: 2308 },
    ]);
    expect(stage.simulator.account.wrongPins).toBe(2);
  });

  test.each([
    ['false', false],
    ['nothing', undefined],
    ['an empty text', ''],
    ['null', null],
  ])('%s is no yes: nothing is removed, and the flow is cancelled', async (_, given) => {
    const stage = createStage({ blocked: true }, { ask: async () => given as never });
    expect(await settle(stage, stage.recovery.unblockAccount())).toBe('CANCELLED');
    expect(stage.simulator.effects.executionsOf({ action: 'remove' })).toBe(0);
  });

  test.each(['yes', 'no', 'true', 1, {}, []])('%o is no yes either, but a mistake', async (given) => {
    const stage = createStage({ blocked: true }, { ask: async () => given as never });
    expect(await settle(stage, stage.recovery.unblockAccount())).toBe('ASK_FAILED');
    expect(stage.simulator.effects.executionsOf({ action: 'remove' })).toBe(0);
  });
});

describe('what the SDK answers', () => {
  const ACCOUNT = 'pims.authentication.account';
  const CODES = [2305, 2306, 2308, 2315, 2390];

  /** Runs a flow whose matching requests are all refused. @returns How it ended, and what was asked. */
  async function refuse(flow: RecoveryFlow, match: RequestMatch, code: number, label?: string) {
    const stage = createStage(flow === 'changePin' ? {} : { blocked: true });
    stage.simulator.script({ ...match, times: Infinity }, { kind: 'fail', code, ...(label && { label }) });
    const outcome = outcomeOf(stage.recovery[flow]());
    for (let step = 0; step < 4; step += 1) await turn(); // the answer is enough: no time passes
    const asked = stage.facts.flatMap((fact) => (fact.type === 'asked' ? [fact.kind] : []));
    return { code: outcome.now, asked };
  }

  test.each(CODES)('%i ends a flow at once where nothing of the user was sent', async (code) => {
    const told = code === 2390 ? 'PHONE_TAKEN' : 'REFUSED';
    for (const match of [{ type: 'isAccountBlocked' }, { action: 'remove' }]) {
      const { code: ended, asked } = await refuse('unblockAccount', match, code);
      expect([ended, asked], JSON.stringify(match)).toEqual([told, match.action ? ['confirmRemoval'] : []]);
    }
    expect(await refuse('changePin', { api: ACCOUNT }, code)).toEqual({ code: told, asked: [] });
  });

  test.each([2305, 2306])('%i on a change of the PIN asks for no code: none was sent', async (code) => {
    const { code: ended, asked } = await refuse('changePin', { action: 'update' }, code);
    expect([ended, asked]).toEqual(['REFUSED', ['pin', 'newPin']]);
  });

  test('a registered number ends the flow when the SMS is asked for', async () => {
    const stage = createStage({ hasPin: false, phoneNumber: null });
    stage.simulator.script({ type: 'phoneNumberCertification' }, { kind: 'fail', code: 2390 });
    const outcome = outcomeOf(stage.recovery.enrollDevice());
    await turn();
    await turn();
    expect(outcome.now).toBe('PHONE_TAKEN');
  });

  test('a label that names a PIN asks for one only where one was sent', async () => {
    const label = 'Parameter invalid: type resetPIN';
    const { code, asked } = await refuse('changePin', { action: 'update' }, 2102, 'Parameter invalid: other');
    expect([code, asked]).toEqual(['NOT_SUPPORTED', ['pin', 'newPin']]);
    const stage = createStage();
    stage.simulator.script({ type: 'resetPIN' }, { kind: 'fail', code: 2102, label });
    expect(await settle(stage, stage.recovery.resetPin())).toBe('NOT_SUPPORTED');
    expect(stage.facts.filter(({ type }) => type === 'asked')).toEqual([]);
  });

  test('an old PIN that the SDK would not even try is asked for again, not the new one', async () => {
    const stage = createStage();
    stage.simulator.script({ action: 'update' }, { kind: 'fail', code: 2102, label: 'invalid oldPIN' });
    expect(await settle(stage, stage.recovery.changePin())).toBe('done');
    const asked = stage.facts.flatMap((fact) =>
      fact.type === 'asked' ? [`${fact.kind} ${fact.reason}`] : [],
    );
    expect(asked).toEqual(['pin needed', 'newPin needed', 'pin pinRejected']);
  });

  test.each([true, 'true', 'True', 1, '1'])('%o is a yes', async (yes) => {
    const stage = createStage({ blocked: true });
    const result = { isDeviceActivated: yes, isAccountBlocked: yes };
    const message = { status: 'SUCCEEDED', result };
    stage.simulator.script({ type: 'isDeviceActivated' }, { kind: 'malformed', message });
    expect(await settle(stage, stage.recovery.enrollDevice())).toBe('done');
    expect(stage.facts.filter(({ type }) => type === 'asked')).toEqual([]);

    stage.simulator.script({ type: 'isAccountBlocked' }, { kind: 'malformed', message });
    expect(await settle(stage, stage.recovery.unblockAccount())).toBe('done');
    expect(stage.simulator.effects.executionsOf({ action: 'remove' })).toBe(1);
  });

  test.each([false, 'false', 'FALSE', 0, '0'])('%o is a no', async (no) => {
    const stage = createStage({ device: NOT_ENROLLED });
    const message = { status: 'SUCCEEDED', result: { isDeviceActivated: no, isAccountBlocked: no } };
    stage.simulator.script({ type: 'isDeviceActivated' }, { kind: 'malformed', message });
    stage.simulator.script({ type: 'isAccountBlocked' }, { kind: 'malformed', message });
    expect(await settle(stage, stage.recovery.unblockAccount())).toBe('done');
    expect(stage.simulator.effects.executionsOf({ action: 'remove' })).toBe(0);
    expect(stage.simulator.enrolment.isEnrolled).toBe(true);
  });

  test.each([
    ['without a prototype', Object.create(null)],
    [
      'whose text throws',
      {
        toString() {
          throw new Error('no text');
        },
      },
    ],
  ])('a value %s is no answer, and ends the flow at once', async (_, told) => {
    const message = { status: 'SUCCEEDED', result: { isDeviceActivated: told } };
    const transport = { send: async () => message };
    const { recovery } = createStage({}, { transport });
    const outcome = outcomeOf(recovery.changePin());
    await turn();
    await turn();
    expect(outcome.now).toBe('OUTCOME_UNKNOWN');
  });
});

describe('SMS', () => {
  test('another one is sent when the user asks for it, not before its time, and the question stays', async () => {
    const desk = createDesk();
    const stage = createStage({ device: NOT_ENROLLED }, { ask: desk.ask });
    const enrolled = stage.recovery.enrollDevice();
    await turn();
    const question = desk.last;
    expect(question).toMatchObject({ kind: 'smsCode', attempt: 1, attemptsLeft: 3, reason: 'needed' });
    expect(stage.recovery.view.getSnapshot().resend).toEqual({
      left: 1,
      availableAt: stage.clock.now() + 30_000,
      isSending: false,
    });
    expect(question.resend?.()).toBe(false);
    stage.clock.advance(30_000);
    const first = stage.simulator.smsCode;
    expect(question.resend?.()).toBe(true);
    expect(question.resend?.()).toBe(false);
    await turn();
    expect(stage.simulator.smsCode).not.toBe(first);
    expect(question.signal.aborted).toBe(false);
    stage.clock.advance(30_000);
    expect([question.resend?.(), question.resendAt]).toEqual([false, undefined]);
    question.answer(stage.simulator.smsCode);
    await turn();
    desk.last.answer('1234');
    expect(await settle(stage, enrolled)).toBe('done');
    expect(stage.simulator.enrolment.smsSent).toBe(2);
  });

  test('a budget counts over flows and restarts, and says when the next one may leave', async () => {
    let kept: number[] = [];
    const store = {
      load: () => kept,
      save: (times: number[]) => {
        kept = times;
      },
    };
    const policy = { smsBudget: { max: 1, perMs: 60_000, store } };
    const first = createStage({ device: NOT_ENROLLED }, { policy, ask: () => null });
    expect(await settle(first, first.recovery.enrollDevice())).toBe('CANCELLED');
    first.recovery.dispose();

    const second = createStage({ device: NOT_ENROLLED }, { policy, ask: () => null });
    const error = await second.recovery.enrollDevice().catch((reason: unknown) => reason);
    expect(isRecoveryError(error) && error.toJSON()).toMatchObject({
      code: 'SMS_BUDGET_SPENT',
      remedy: 'wait',
      details: { local: true, retryAt: kept[0] === undefined ? 0 : kept[0] + 60_000 },
    });
    expect(second.simulator.enrolment.smsSent).toBe(0);
  });

  test('nobody knows whether it was sent: the code is asked for all the same', async () => {
    const stage = createStage({ device: NOT_ENROLLED });
    stage.simulator.script({ api: 'pims.authentication.smscode', verb: 'get' }, { kind: 'drop' });
    expect(await settle(stage, stage.recovery.enrollDevice())).toBe('done');
    const reasons = stage.facts.flatMap((fact) => (fact.type === 'asked' ? [fact.reason] : []));
    expect(reasons).toEqual(['smsUncertain', 'needed']);
    expect(stage.simulator.enrolment.smsSent).toBe(1);
  });
});

describe('two at once', () => {
  test('callers of the same flow share it; another flow is refused, and disturbs nothing', async () => {
    const stage = createStage({ device: NOT_ENROLLED });
    const { recovery } = stage;
    const [one, two] = [recovery.enrollDevice(), recovery.enrollDevice()];
    const other = await recovery.resetPin().catch((error: unknown) => error);
    expect(isRecoveryError(other) && [other.code, other.details]).toEqual([
      'BUSY',
      { running: 'enrollDevice' },
    ]);
    expect([await settle(stage, one), await settle(stage, two)]).toEqual(['done', 'done']);
    expect(stage.simulator.enrolment.smsSent).toBe(1);
  });

  test('who gives up rejects with the reason of the signal; the flow goes on for the other', async () => {
    const desk = createDesk();
    const stage = createStage({ device: NOT_ENROLLED }, { ask: desk.ask });
    const [one, two] = [new AbortController(), new AbortController()];
    const first = outcomeOf(stage.recovery.enrollDevice({ signal: one.signal }));
    const second = outcomeOf(stage.recovery.enrollDevice({ signal: two.signal }));
    await turn();
    one.abort('gone');
    await turn();
    expect([first.now, second.now, desk.last.signal.aborted]).toEqual(['gone', 'pending', false]);
    two.abort('gone too');
    stage.clock.advance(0);
    await turn();
    expect([second.now, desk.last.signal.aborted]).toEqual(['gone too', true]);
    expect(stage.recovery.view.getSnapshot()).toMatchObject({
      status: 'cancelled',
      failure: { code: 'CANCELLED', remedy: 'retry' },
    });
  });

  test('an effect that runs twice keeps its question', async () => {
    const desk = createDesk();
    const stage = createStage({ device: NOT_ENROLLED }, { ask: desk.ask });
    const first = new AbortController();
    stage.recovery.enrollDevice({ signal: first.signal }).catch(() => {});
    await turn();
    first.abort();
    const again = outcomeOf(stage.recovery.enrollDevice());
    stage.clock.advance(0);
    await turn();
    expect([again.now, desk.questions.length, desk.last.signal.aborted]).toEqual(['pending', 1, false]);
  });
});

describe('what ends a flow in any of its steps', () => {
  const ends = {
    cancel: ['CANCELLED', 'cancelled'],
    reset: ['SIGNED_OUT', 'idle'],
    dispose: ['DISPOSED', 'closed'],
  } as const;

  test.each(Object.entries(ends))('%s', async (how, [code, status]) => {
    for (const flow of FLOWS) {
      // As many steps as there are requests and questions; at each of them it is ended once.
      for (let steps = 0, isOver = false; !isOver; steps += 1) {
        const stage = createStage({ blocked: true, phoneNumber: null, pinAfterRemoval: 'gone' });
        const { recovery, simulator } = stage;
        const outcome = outcomeOf(recovery[flow]());
        const changes: string[] = [];
        recovery.view.subscribe((view) => {
          changes.push(view.status);
          if (changes.length === steps + 1) recovery[how as 'cancel']();
        });
        await turn();
        if (outcome.now === 'pending') {
          await settle(stage, new Promise(() => {}), { steps: 40 });
        }
        isOver = changes.length <= steps;
        if (isOver) break;
        const told = `${flow} in step ${steps}: ${changes.join(', ')}`;
        if (['done', 'failed'].includes(changes[steps] as string)) continue;
        expect(outcome.now, told).toBe(code);
        expect(recovery.view.getSnapshot().status, told).toBe(status);
        const { length } = simulator.effects.requests;
        await settle(stage, new Promise(() => {}), { steps: 3 });
        expect(simulator.effects.requests.length, `${told}: nothing is sent any more`).toBe(length);
        expect(stage.clock.pending, told).toBe(0);
      }
    }
  });

  test('a late answer of a flow that is over changes nothing, and the next flow waits for it', async () => {
    const stage = createStage({ device: NOT_ENROLLED });
    const held = stage.simulator.hold({ api: 'pims.subscription.steps' });
    const first = outcomeOf(stage.recovery.enrollDevice());
    await turn();
    stage.recovery.cancel();
    await turn();
    expect(first.now).toBe('CANCELLED');
    const second = stage.recovery.enrollDevice();
    await turn();
    expect(stage.simulator.effects.requests.length).toBe(1);
    held.release();
    expect(await settle(stage, second)).toBe('done');
  });

  test('after dispose every flow rejects', async () => {
    const stage = createStage();
    stage.recovery.dispose();
    stage.recovery.dispose();
    expect(await settle(stage, stage.recovery.enrollDevice())).toBe('DISPOSED');
    expect(stage.recovery.view.getSnapshot().status).toBe('closed');
  });

  test('a host that stops the actor itself leaves nobody waiting', async () => {
    const stage = createStage({ device: NOT_ENROLLED }, { ask: () => new Promise(() => {}) });
    const outcome = outcomeOf(stage.recovery.enrollDevice());
    await turn();
    stage.recovery.actor.stop();
    await turn();
    expect([outcome.now, stage.recovery.view.getSnapshot().status]).toEqual(['DISPOSED', 'closed']);
  });

  test('signing out says why', async () => {
    const stage = createStage({ device: NOT_ENROLLED }, { ask: () => new Promise(() => {}) });
    const ended = stage.recovery.enrollDevice().catch((error: unknown) => error);
    await turn();
    stage.recovery.reset('switched');
    const error = await ended;
    expect(isRecoveryError(error) && error.toJSON()).toEqual({
      name: 'RecoveryError',
      message: 'enrollDevice ended with SIGNED_OUT',
      code: 'SIGNED_OUT',
      remedy: 'signIn',
      details: { reason: 'switched' },
      flow: 'enrollDevice',
    });
  });
});

describe('host code', () => {
  const surfaced = () => {
    const errors: unknown[] = [];
    vi.stubGlobal('queueMicrotask', (callback: () => void) => {
      void Promise.resolve()
        .then(callback)
        .catch((error: unknown) => errors.push(error));
    });
    return errors;
  };

  test.each([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
  ])('an ask that %s ends the flow, and its error surfaces', async (_, ask) => {
    const errors = surfaced();
    const stage = createStage({ device: NOT_ENROLLED }, { ask: ask as never });
    expect(await settle(stage, stage.recovery.enrollDevice())).toBe('ASK_FAILED');
    expect(errors.map(String)).toEqual(['Error: broken']);
  });

  test.each(['AbortError', 'NotAllowedError'])('an ask that rejects with an %s declines', async (name) => {
    const ask = () => Promise.reject(Object.assign(new Error('no'), { name }));
    const stage = createStage({ device: NOT_ENROLLED }, { ask });
    expect(await settle(stage, stage.recovery.enrollDevice())).toBe('CANCELLED');
  });

  test('five answers that cannot be right end the flow; none was sent', async () => {
    const ask = vi.fn(async () => 'x');
    const stage = createStage({ device: NOT_ENROLLED }, { ask });
    expect(await settle(stage, stage.recovery.enrollDevice())).toBe('ASK_FAILED');
    expect(ask).toHaveBeenCalledTimes(5);
    expect(stage.simulator.effects.executionsOf({ verb: 'set' })).toBe(0);
  });

  test.each(['+33 6 12 34 56 78', '06.12.34.56.78', '(555) 123-4567', '+1 (555) 123-4567'])(
    '%s is taken for a phone number',
    async (number) => {
      const asked: string[] = [];
      const stage = createStage(
        { hasPin: false, phoneNumber: null },
        {
          ask(question) {
            asked.push(`${question.kind} ${question.reason}`);
            return question.kind === 'phoneNumber' && asked.length === 1 ? number : null;
          },
        },
      );
      expect(await settle(stage, stage.recovery.enrollDevice())).toBe('CANCELLED');
      expect(asked).toEqual(['phoneNumber needed', 'smsCode needed']);
    },
  );

  test('an answer that throws when it is looked at ends the flow', async () => {
    const errors = surfaced();
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error('hostile');
        },
      },
    );
    const stage = createStage({ device: NOT_ENROLLED }, { ask: () => hostile as never });
    expect(await settle(stage, stage.recovery.enrollDevice())).toBe('ASK_FAILED');
    expect(errors.length).toBeGreaterThan(0);
  });

  test('an ask that calls back in the middle is survived', async () => {
    for (const method of ['cancel', 'reset', 'dispose'] as const) {
      const stage = createStage(
        { device: NOT_ENROLLED },
        {
          ask: () => {
            stage.recovery[method]();
            return new Promise(() => {});
          },
        },
      );
      const outcome = await settle(stage, stage.recovery.enrollDevice());
      expect(outcome).toBe({ cancel: 'CANCELLED', reset: 'SIGNED_OUT', dispose: 'DISPOSED' }[method]);
    }
  });

  test('options that make no sense are refused', () => {
    const transport = fromPims(createStage().simulator);
    const right = { transport, ask: () => null, clock: createManualClock() };
    for (const wrong of [
      undefined,
      { ...right, transport: undefined },
      { ...right, ask: 'me' },
      { ...right, onEvent: 1 },
      { ...right, clock: {} },
      { ...right, inspect: 1 },
      { ...right, enterPin: () => null },
      { ...right, policy: 1 },
      { ...right, policy: { maxPinAttempts: 0 } },
      { ...right, policy: { smsBudget: { max: 0, perMs: 1 } } },
      { ...right, policy: { pinPattern: '\\d' } },
      { ...right, policy: { unknown: 1 } },
      { ...right, policy: { resendAfterMs: -1 } },
    ]) {
      expect(() => createRecovery(wrong as never), JSON.stringify(wrong)).toThrow(TypeError);
    }
    expect(() => createRecovery(right)).not.toThrow();
  });

  test('options of a flow that make no sense reject', async () => {
    const { recovery, simulator } = createStage();
    for (const wrong of [{ signal: 1 }, { timeoutMs: 1 }, 1, null]) {
      await expect(recovery.enrollDevice(wrong as never)).rejects.toThrow(TypeError);
    }
    await expect(recovery.enrollDevice({ signal: AbortSignal.abort('no') })).rejects.toBe('no');
    expect(simulator.effects.requests).toEqual([]);
  });
});

test('explain() says what it waits for, and until when', async () => {
  const stage = createStage({ device: NOT_ENROLLED }, { ask: () => new Promise(() => {}) });
  expect(stage.recovery.explain().toString()).toBe(
    'idle for 0.0 s, waiting for nothing: no flow runs\n0 waiting callers, 0 SMS sent',
  );
  void stage.recovery.enrollDevice().catch(() => {});
  await turn();
  stage.clock.advance(2_000);
  expect(stage.recovery.explain()).toEqual({
    status: 'awaitingCode',
    since: stage.clock.now() - 2_000,
    waitingFor: 'the user, to answer smsCode',
    callers: 1,
    sms: 1,
    flow: 'enrollDevice',
    nextDeadline: stage.clock.now() + 598_000,
  });
  stage.recovery.dispose();
});

test('an error is known across copies of the package, and nothing else is taken for one', () => {
  const error = new RecoveryError('BUSY', { running: 'resetPin' }, 'changePin');
  expect(isRecoveryError(error)).toBe(true);
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  for (const other of [new Error('BUSY'), { code: 'BUSY' }, null, undefined, proxy]) {
    expect(isRecoveryError(other)).toBe(false);
  }
});

test('a forgotten PIN that the account keeps over the removal is no way back to resetting it', async () => {
  const stage = createStage(
    { device: NOT_ENROLLED },
    { ask: (question) => (question.kind === 'pin' ? '9999' : stage.simulator.answer(question)) },
  );
  const ended = stage.recovery.resetPin().catch((error: unknown) => error);
  await settle(stage, ended);
  expect(await ended).toMatchObject({ code: 'PIN_UNKNOWN', remedy: 'contactSupport' });
});
