import { createStrongAuth, fromPims, isApiError, type Pims } from 'strong-auth-machine';
import { createSimulator } from 'strong-auth-machine/simulator';
import { describe, expect, test } from 'vitest';
import { CHALLENGE, COMMAND, DOORS, failed, settleDown, stage, succeeded, watched } from './support.js';

describe('a challenge', () => {
  test.each([
    ['a number', CHALLENGE],
    ['a string', failed('2302')],
  ])('is known by its code as %s', async (_, message) => {
    const { answer, strongAuth, user } = stage();
    void watched(strongAuth.set(COMMAND, DOORS));
    await answer(message);
    expect(user.prompts).toHaveLength(1);
  });

  test.each([
    ['an envelope', CHALLENGE],
    ['an error with an envelope in it', Object.assign(new Error('bridge'), { error: { code: '2302' } })],
  ])('may be thrown as %s', async (_, thrown) => {
    const { fail, strongAuth, user } = stage();
    void watched(strongAuth.set(COMMAND, DOORS));
    await fail(thrown);
    expect(user.prompts).toHaveLength(1);
  });

  test('is no bare code: that is the transport failing', async () => {
    const { fail, strongAuth, user } = stage();
    const call = watched(strongAuth.set(COMMAND, DOORS));
    const thrown = Object.assign(new Error('no'), { code: 2302 });
    await fail(thrown);
    expect(call.error).toMatchObject({ code: 'TRANSPORT_FAILED', details: { sent: true }, cause: thrown });
    expect(user.prompts).toHaveLength(0);
  });
});

describe('nonsense', () => {
  test.each([
    undefined,
    null,
    '',
    'SUCCEEDED',
    42,
    [],
    {},
    { status: 'PENDING' },
    { status: 'FAILED' },
    { status: 'FAILED', error: null },
    { status: 'FAILED', error: {} },
    { status: 'RESULT', result: {} },
    { error: { code: 2302 } },
    {
      status: 'SUCCEEDED',
      get result() {
        throw new Error('trap');
      },
    },
    {
      status: 'FAILED',
      error: {
        get code() {
          throw new Error('trap');
        },
      },
    },
  ])('%# ends the call with PROTOCOL, and the next call works', async (message) => {
    const { answer, strongAuth } = stage();
    const call = watched(strongAuth.get('x'));
    await answer(message);
    expect(call.error).toMatchObject({ code: 'PROTOCOL', details: { sent: true } });
    const next = watched(strongAuth.get('x'));
    await answer(succeeded({ fine: true }));
    expect(next.value).toEqual({ fine: true });
  });

  test('on the OTP ends the wave with OUTCOME_UNKNOWN', async () => {
    const { answer, challenged, type } = stage();
    const call = await challenged();
    await type('1234');
    await answer('nonsense');
    expect(call.fate).toBe('OUTCOME_UNKNOWN');
  });
});

test('a synchronous throw counts as a rejection', async () => {
  const strongAuth = createStrongAuth({
    transport: {
      send: () => {
        throw failed('2301', 'Need Basic Authentication');
      },
    },
    enterPin: async () => null,
  });
  const error = await strongAuth.get('x').catch((reason) => reason);
  expect(isApiError(error)).toBe(true);
  expect(error).toMatchObject({ code: 2301, category: 'pims', transactionId: 't' });
});

test('the first callback counts, later ones are ignored', async () => {
  const sdk: Pims = {
    get(_, __, callback) {
      callback(succeeded({ n: 1 }));
      callback(CHALLENGE);
      callback(succeeded({ n: 2 }));
    },
    set: () => {},
    subscribe: () => {},
    unsubscribe: () => {},
  };
  const strongAuth = createStrongAuth({ transport: fromPims(sdk), enterPin: async () => null });
  expect(await strongAuth.get('x')).toEqual({ n: 1 });
  expect(strongAuth.view.getSnapshot().status).toBe('done');
});

test('a replay takes the parameters as they were when the call was made', async () => {
  const { answer, strongAuth, transport, type } = stage();
  const parameters = { action: 'preconditioning', programs: [{ hour: 9 }], ['__proto__']: 1 };
  void watched(strongAuth.set<unknown>(COMMAND, parameters));
  parameters.action = 'horn';
  (parameters.programs[0] as { hour: number }).hour = 10;
  await answer(CHALLENGE);
  await type('1234');
  await answer(succeeded({ otp: 'o' }));
  expect(transport.requests.at(-1)?.request.parameters).toMatchObject({
    action: 'preconditioning',
    programs: [{ hour: 9 }],
  });
});

describe('asPims', () => {
  /** Code as an app has it that was written for the raw SDK. */
  function lockWith(pims: Required<Pims>): Promise<unknown> {
    return new Promise((resolve) => pims.set(COMMAND, DOORS, resolve));
  }

  test('gives strong authentication to code written for the raw SDK', async () => {
    const simulator = createSimulator();
    const strongAuth = createStrongAuth({ transport: fromPims(simulator), enterPin: simulator.enterPin });
    expect(await lockWith(strongAuth.asPims())).toMatchObject({
      status: 'SUCCEEDED',
      transactionId: expect.any(String),
    });
    expect(simulator.car.isLocked).toBe(true);
    // The SDK's own refusal comes as it came.
    expect(await lockWith(strongAuth.asPims())).toMatchObject({ status: 'FAILED', error: { code: 2361 } });
  });

  test('tells a denied wave as 2302, a deadline as 2201, the rest as 2000', async () => {
    const { pass, strongAuth } = stage();
    const pims = strongAuth.asPims();
    const denied = lockWith(pims);
    strongAuth.reset();
    expect(await denied).toMatchObject({
      status: 'FAILED',
      error: { code: 2000, strongAuth: { code: 'SIGNED_OUT', remedy: 'signIn' } },
    });
    const late = lockWith(pims);
    await pass(60_000);
    expect(await late).toMatchObject({ error: { code: 2201, strongAuth: { code: 'TIMED_OUT' } } });
  });

  test('a cancelled prompt is 2302 with what helps', async () => {
    const { answer, strongAuth } = stage();
    const message = lockWith(strongAuth.asPims());
    await answer(CHALLENGE);
    strongAuth.cancel();
    expect(await message).toMatchObject({
      error: { code: 2302, strongAuth: { code: 'CANCELLED', remedy: 'retry' } },
    });
  });

  test('delivers the acknowledgement before the events, and passes initialize and release on', async () => {
    const simulator = createSimulator();
    const pims = createStrongAuth({ transport: fromPims(simulator), enterPin: simulator.enterPin }).asPims();
    const messages: unknown[] = [];
    pims.initialize({}, (message) => messages.push(message));
    pims.subscribe('pims.vehicle.event', { type: ['remoteChargeFinished'] }, (message) =>
      messages.push(message),
    );
    await settleDown(60);
    simulator.emit('pims.vehicle.event', { result: { notification: 'remoteChargeFinished' } });
    expect(messages).toMatchObject([{ status: 'SUCCEEDED' }, { status: 'SUCCEEDED' }, { status: 'RESULT' }]);
    pims.unsubscribe('pims.vehicle.event', {}, (message) => messages.push(message));
    await settleDown();
    expect(simulator.emit('pims.vehicle.event', { result: {} })).toBe(false);
    expect(messages.at(-1)).toMatchObject({ status: 'SUCCEEDED' });
  });
});
