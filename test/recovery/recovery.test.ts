import { isRecoveryError, RecoveryError } from 'strong-auth-machine/recovery';
import { describe, expect, test } from 'vitest';
import { createDesk, createStage, NOT_ENROLLED, settle, turn } from './support.js';

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

  test.each([
    ['enrollDevice', { hasPin: false, phoneNumber: null }, ['phoneNumber', 'smsCode', 'newPin']],
    ['enrollDevice', { device: NOT_ENROLLED }, ['smsCode', 'pin']],
    ['unblockAccount', { blocked: true }, ['confirmRemoval', 'smsCode', 'pin']],
  ] as const)('%s of %j: the view shows each question while it is asked', async (flow, account, kinds) => {
    const shown: unknown[] = [];
    const stage = createStage(account, {
      ask: (question) => {
        shown.push([question.kind, stage.recovery.view.getSnapshot().question?.kind]);
        return stage.simulator.answer(question);
      },
    });
    await settle(stage, stage.recovery[flow]());
    expect(shown.slice(0, kinds.length)).toEqual(kinds.map((kind) => [kind, kind]));
    expect(stage.recovery.view.getSnapshot().question).toBeUndefined();
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
