import {
  isRecoveryErrorCode,
  type RecoveryEvent,
  type RecoveryFlow,
  recoveryFailureOf,
  recoveryMachine,
  recoveryRemedyOf,
  recoveryStatusOf,
  toRecoveryView,
} from 'strong-auth-machine/machine';
import { describe, expect, test, vi } from 'vitest';
import { type AnyStateMachine, createActor, fromCallback, initialTransition } from 'xstate';
import { nodesOf } from './nodes.js';

const policy = {
  maxPinAttempts: 2,
  maxSmsAttempts: 3,
  maxSms: 2,
  answerTimeoutMs: 600_000,
  requestTimeoutMs: 30_000,
};

const nodes = nodesOf(recoveryMachine as unknown as AnyStateMachine);

/** The steps in which the user is asked. */
const QUESTIONS = ['confirmingRemoval', 'askingPhone', 'awaitingCode', 'askingPin', 'askingNewPin'];

describe('the chart as a document', () => {
  test('is called recovery, and begins idle', () => {
    expect(recoveryMachine.id).toBe('recovery');
    const [snapshot] = initialTransition(recoveryMachine, { policy });
    expect(snapshot.value).toEqual({ resting: 'idle' });
    expect(recoveryMachine.config.meta).toEqual({ package: 'strong-auth-machine' });
  });

  test('describes every state, and every edge that has a description, in words', () => {
    for (const node of nodes) expect(node.description, node.id).toMatch(/^[A-Z].{8,}[.?]$/);
    const described = (value: unknown): unknown[] => {
      if (typeof value !== 'object' || value === null) return [];
      return Object.entries(value).flatMap(([key, part]) =>
        key === 'description' ? [part] : described(part),
      );
    };
    const texts = described(recoveryMachine.config);
    expect(texts.length).toBeGreaterThan(nodes.length);
    for (const text of texts) expect(text).toMatch(/^[A-Z].{8,}[.?]$/);
  });

  test('tags what a screen may want to tell apart: each step is the turn of the user, or of the SDK', () => {
    const tagged = (tag: string) => nodes.flatMap(({ key, tags }) => (tags.includes(tag) ? [key] : []));
    expect(tagged('settled')).toEqual(['resting']);
    expect(tagged('awaitingUser')).toEqual(QUESTIONS);
    expect(tagged('busy')).toEqual([
      ...['readingSteps', 'readingDevice', 'readingAccount', 'removingDevices', 'readingPhone', 'sendingSms'],
      ...['checkingCode', 'enrolling', 'withCode', 'withoutCode', 'enrollingWithPhone', 'addingPhone'],
      ...['resettingPin', 'verifyingDevice', 'changingPin'],
    ]);
  });

  test('invokes its ports under constant ids, in each step one', () => {
    const invoked = nodes.flatMap(({ key, invoke }) => invoke.map(({ id, src }) => [key, id, src]));
    const underOwnId = invoked.filter(([, id, src]) => id !== src);
    expect(underOwnId).toEqual([
      ['resending', 'resendSms', 'sendSms'],
      ['withoutCode', 'enrollWithoutCode', 'request'],
    ]);
    const stepsOf = (port: string) => invoked.flatMap(([key, id]) => (id === port ? [key] : []));
    expect(stepsOf('ask')).toEqual(QUESTIONS);
    expect(stepsOf('sendSms')).toEqual(['sending']);
    expect(stepsOf('request')).toEqual([
      'readingSteps',
      'readingDevice',
      'readingAccount',
      'removingDevices',
      'readingPhone',
      'checkingCode',
      'withCode',
      'enrollingWithPhone',
      'addingPhone',
      'resettingPin',
      'verifyingDevice',
      'changingPin',
    ]);
  });
});

test('it begins with nothing but its policy', () => {
  const { context } = createActor(recoveryMachine, { input: { policy } }).getSnapshot();
  expect(context).toEqual({
    policy,
    flow: undefined,
    reason: 'needed',
    pinAttempt: 1,
    newPinAttempt: 1,
    smsAttempt: 1,
    malformed: 0,
    sms: 0,
    purpose: undefined,
    smsRetryAt: undefined,
    hasNewPin: false,
    isStepTodo: false,
    hasRemoved: false,
    shortcut: 'untried',
    failure: undefined,
  });
});

test.each([
  ['idle', { status: 'active', value: { resting: 'idle' } }],
  ['askingPin', { status: 'active', value: { running: 'askingPin' } }],
  ['awaitingCode', { status: 'active', value: { running: { awaitingCode: 'resending' } } }],
  ['denied', { status: 'active', value: 'denied' }], // an inspector sees what is passed through
  ['closed', { status: 'done', value: 'closed' }],
  ['closed', { status: 'stopped', value: { running: 'askingPin' } }],
])('the name %s of %j', (name, snapshot) => {
  expect(recoveryStatusOf(snapshot as never)).toBe(name);
});

describe('whatever ends a flow from outside', () => {
  const ends = [
    ['reset', 'SIGNED_OUT', { resting: 'idle' }],
    ['disposed', 'DISPOSED', 'closed'],
  ] as const;

  test.each(ends)('%s tells those who wait %s, and leaves nothing to remember', (type, code, value) => {
    const request = fromCallback<RecoveryEvent, never>(() => {}) as never;
    const rejectFlow = vi.fn();
    const machine = recoveryMachine.provide({
      actors: { request },
      actions: { rejectFlow: (_, { failure }) => rejectFlow(failure.code) },
    });
    const actor = createActor(machine, { input: { policy } }).start();
    const { context } = actor.getSnapshot();
    actor.send({ type: 'flow.started', flow: 'changePin' });
    expect(actor.getSnapshot().context).toEqual({ ...context, flow: 'changePin' });
    actor.send({ type });
    expect(rejectFlow.mock.calls).toEqual([[code]]);
    expect(actor.getSnapshot()).toMatchObject({ value });
    expect(actor.getSnapshot().context).toEqual(context);
  });
});

describe('unplugged, its ports fail closed', () => {
  const answers = (...events: RecoveryEvent[]) =>
    fromCallback<RecoveryEvent, never>(({ sendBack }) => {
      const event = events.shift();
      if (event) sendBack(event);
    }) as never;
  const failureIn = (flow: RecoveryFlow, machine = recoveryMachine) => {
    const actor = createActor(machine, { input: { policy } }).start();
    actor.send({ type: 'flow.started', flow });
    const { status, failure } = toRecoveryView(actor.getSnapshot());
    return { status, ...failure };
  };

  test.each(['enrollDevice', 'unblockAccount', 'resetPin', 'changePin'] as const)(
    'no request of %s is sent',
    (flow) => {
      expect(failureIn(flow)).toEqual({ status: 'failed', code: 'ASK_FAILED', remedy: 'retry' });
    },
  );

  test('and nobody is told, in silence', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const request = answers(
      { type: 'steps.read', isTodo: false },
      { type: 'device.read', isActivated: true },
    );
    expect(failureIn('enrollDevice', recoveryMachine.provide({ actors: { request } }))).toEqual({
      status: 'done',
    });
    failureIn('enrollDevice');
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  test('nobody is asked', () => {
    const request = answers({ type: 'account.read', blockage: 'blocked' });
    const machine = recoveryMachine.provide({ actors: { request } });
    expect(failureIn('unblockAccount', machine)).toEqual({
      status: 'failed',
      code: 'ASK_FAILED',
      remedy: 'retry',
      why: 'threw',
    });
  });

  test('no SMS is sent', () => {
    const request = answers({ type: 'device.read', isActivated: true });
    const machine = recoveryMachine.provide({ actors: { request } });
    expect(failureIn('resetPin', machine)).toEqual({
      status: 'failed',
      code: 'ASK_FAILED',
      remedy: 'retry',
    });
  });
});

describe('failures', () => {
  test.each([
    [2001, 'none'],
    [2006, 'none'],
    [2101, 'none'],
    [2102, 'none'],
    [2309, 'none'],
    [2312, 'contactSupport'],
    [2313, 'contactSupport'],
    [2314, 'contactSupport'],
    [2344, 'none'],
    [2348, 'contactSupport'],
    [2000, 'retry'],
    [undefined, 'retry'],
  ] as const)('a refusal with %o: %s', (apiCode, remedy) => {
    expect(recoveryRemedyOf('REFUSED', apiCode)).toBe(remedy);
    expect(recoveryRemedyOf('OFFLINE', apiCode)).toBe('retry');
  });

  test('have the facts that were given, and no empty ones', () => {
    expect(recoveryFailureOf('CANCELLED')).toStrictEqual({ code: 'CANCELLED', remedy: 'retry' });
    expect(recoveryFailureOf('SMS_BUDGET_SPENT', { retryAt: 5 })).toStrictEqual({
      code: 'SMS_BUDGET_SPENT',
      remedy: 'wait',
      retryAt: 5,
    });
    expect(recoveryFailureOf('REFUSED', { apiCode: 2309 })).toStrictEqual({
      code: 'REFUSED',
      remedy: 'none',
      apiCode: 2309,
    });
    expect(recoveryFailureOf('ASK_FAILED', { why: 'notAnAnswer' })).toStrictEqual({
      code: 'ASK_FAILED',
      remedy: 'retry',
      why: 'notAnAnswer',
    });
  });

  test.each([
    ['CANCELLED', true],
    ['toString', false],
    ['', false],
    [2310, false],
    [undefined, false],
    [['CANCELLED'], false],
  ])('%o is a code: %s', (value, expected) => {
    expect(isRecoveryErrorCode(value)).toBe(expected);
  });
});
