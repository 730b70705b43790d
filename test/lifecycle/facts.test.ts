import type { StrongAuthFact } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { CHALLENGE, COMMAND, DOORS, failed, OTP, settleDown, stage, succeeded, watched } from './support.js';

const START = 1_700_000_000_000;

/** A stage whose facts are kept, with times counted from its beginning. */
function told(options: Parameters<typeof stage>[0] = {}) {
  const facts: unknown[] = [];
  const app = stage({
    onEvent: ({ at, ...fact }: StrongAuthFact) => facts.push({ at: at - START, ...fact }),
    ...options,
  });
  return { ...app, facts, app };
}
const call = { id: 1, verb: 'set', api: COMMAND };

describe('the facts of a lifecycle, each once and in order', () => {
  test('granted at the second attempt', async () => {
    const { app, facts } = told();
    app.strongAuth.set(COMMAND, DOORS);
    await app.pass(10);
    await app.answer(CHALLENGE);
    await app.pass(100);
    await app.type('1111');
    await app.pass(5);
    await app.answer(failed(2308));
    await app.pass(200);
    await app.type('1234');
    await app.pass(7);
    await app.answer(succeeded({ otp: 'x' }));
    await app.pass(30);
    await app.answer(succeeded());
    expect(facts).toStrictEqual([
      { at: 0, type: 'callStarted', ...call },
      { at: 10, type: 'challenged', ...call, rounds: 0 },
      { at: 10, type: 'pinRequested', attempt: 1, attemptsLeft: 2, reason: 'strongAuthNeeded', waiting: 1 },
      { at: 110, type: 'pinAnswered', outcome: 'given', durationMs: 100 },
      { at: 110, type: 'otpRequested', resetStep: false },
      { at: 115, type: 'otpDenied', verdict: 'pinRejected', otpCode: 2308, durationMs: 5 },
      { at: 115, type: 'pinRequested', attempt: 2, attemptsLeft: 1, reason: 'pinRejected', waiting: 1 },
      { at: 315, type: 'pinAnswered', outcome: 'given', durationMs: 200 },
      { at: 315, type: 'otpRequested', resetStep: false },
      { at: 322, type: 'otpGranted', durationMs: 7 },
      { at: 322, type: 'replayed', ...call, rounds: 1 },
      { at: 352, type: 'settled', ...call, outcome: 'succeeded', durationMs: 352, rounds: 1 },
    ]);
  });

  test('denied after the reset step', async () => {
    const { app, facts } = told();
    const made = watched(app.strongAuth.set(COMMAND, DOORS));
    await app.answer(CHALLENGE);
    await app.type('1234');
    await app.answer(failed(2312));
    await app.answer(failed(2312));
    expect(made.fate).toBe('DEVICE_UNKNOWN');
    expect(facts.slice(4)).toEqual([
      { at: 0, type: 'otpRequested', resetStep: false },
      { at: 0, type: 'otpDenied', verdict: 'resetNeeded', otpCode: 2312, durationMs: 0 },
      { at: 0, type: 'otpRequested', resetStep: true },
      { at: 0, type: 'otpDenied', verdict: 'resetNeeded', otpCode: 2312, durationMs: 0 },
      { at: 0, type: 'waveDenied', code: 'DEVICE_UNKNOWN', rejected: 1 },
      {
        at: 0,
        type: 'settled',
        ...call,
        outcome: 'failed',
        code: 'DEVICE_UNKNOWN',
        durationMs: 0,
        rounds: 0,
      },
    ]);
  });

  test('an OTP without an answer has no code', async () => {
    const { app, facts } = told();
    await app.challenged();
    await app.type('1234');
    await app.fail(new Error('offline'));
    const [denied] = facts.filter((fact) => (fact as StrongAuthFact).type === 'otpDenied');
    expect(denied).toStrictEqual({ at: 0, type: 'otpDenied', verdict: 'OUTCOME_UNKNOWN', durationMs: 0 });
  });

  test('an aborted call settles once, and a late answer is no news', async () => {
    const { app, facts } = told();
    const controller = new AbortController();
    const made = watched(app.strongAuth.set(COMMAND, DOORS, { signal: controller.signal }));
    controller.abort();
    await settleDown();
    await app.answer(failed(2000));
    expect(made).toMatchObject({ fate: 'AbortError', settlements: 1 });
    expect(facts).toStrictEqual([
      { at: 0, type: 'callStarted', ...call },
      { at: 0, type: 'settled', ...call, outcome: 'aborted', durationMs: 0, rounds: 0 },
    ]);
  });

  test('a failed call tells its code', async () => {
    const { app, facts } = told();
    app.strongAuth.set(COMMAND, DOORS).catch(() => {});
    await app.answer(failed('E_CAR'));
    expect(facts.at(-1)).toEqual({
      at: 0,
      type: 'settled',
      ...call,
      outcome: 'failed',
      code: 'E_CAR',
      durationMs: 0,
      rounds: 0,
    });
  });

  test('a budget whose store fails, and a subscription: dropped nonsense, then its end', async () => {
    let emit: (message: unknown) => void = () => {};
    const facts: StrongAuthFact[] = [];
    const app = stage({
      onEvent: (fact) => facts.push(fact),
      policy: {
        otpBudget: {
          max: 1,
          perMs: 1000,
          store: { load: () => Promise.reject(new Error('disk')), save: () => {} },
        },
      },
    });
    app.transport.subscribe = (_, onMessage) => {
      emit = onMessage;
    };
    const subscribed = app.strongAuth.subscribe<unknown>('pims.vehicle.event', {}, () => {});
    emit(succeeded());
    const subscription = await subscribed;
    for (const message of ['nonsense', succeeded(), 'nonsense']) emit(message);
    subscription.unsubscribe();
    await app.challenged();
    const types = facts.map(({ type }) => type);
    expect(types.filter((type) => type === 'eventDropped')).toHaveLength(2);
    expect(facts).toContainEqual({ at: START, type: 'eventDropped', api: 'pims.vehicle.event' });
    expect(facts).toContainEqual({ at: START, type: 'subscriptionEnded', api: 'pims.vehicle.event' });
    expect(facts).toContainEqual({ at: START, type: 'budgetStoreFailed' });
  });
});

test('the machine hears of the first start and the last landing, not of every call', async () => {
  const events: string[] = [];
  const app = stage({
    inspect: (event) => {
      if (event.type === '@xstate.event') events.push(event.event.type);
    },
  });
  for (let n = 0; n < 3; n += 1) app.strongAuth.get('app.user');
  for (const index of [0, 1, 2]) await app.answer(succeeded(1), index);
  expect(events.filter((type) => type.startsWith('calls.'))).toEqual(['calls.started', 'calls.landed']);
});

test("an app's own OTP request is passed on as it was, and its PIN is kept nowhere", async () => {
  const app = stage();
  const parameters = { action: 'withPIN', pinCode: '4821' } as { action: 'withPIN'; pinCode: string };
  const call = watched(app.strongAuth.get(OTP, parameters));
  parameters.pinCode = '';
  expect(app.transport.requests[0]?.request.parameters).toEqual({ action: 'withPIN', pinCode: '4821' });
  expect(JSON.stringify(app.strongAuth.explain())).not.toContain('4821');
  await app.answer(CHALLENGE);
  expect([call.fate, app.user.prompts.length]).toEqual(['2302', 0]);
});
