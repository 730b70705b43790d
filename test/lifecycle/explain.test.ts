import { expect, test } from 'vitest';
import { COMMAND, DOORS, failed, OTP, stage, succeeded, watched } from './support.js';

const START = 1_700_000_000_000;

test('at rest it waits for nothing, and has no deadline', () => {
  const { strongAuth } = stage();
  expect(strongAuth.explain()).toEqual({
    status: 'idle',
    since: START,
    waitingFor: 'nothing: no call was made',
    calls: [],
    ensures: 0,
  });
});

test('it tells who waits for whom, and until when, in every state on the way', async () => {
  const { answer, challenged, clock, strongAuth, transport, type, requestsOf } = stage();
  clock.advance(1000);
  void watched(
    strongAuth.get<unknown>('pims.vehicle.informations', { vin: 'SECRET-VIN' }, { timeoutMs: 50_000 }),
  );
  expect(strongAuth.explain()).toMatchObject({
    status: 'calling',
    since: START + 1000,
    nextDeadline: START + 51_000,
  });
  await challenged();
  void watched(strongAuth.ensure());
  clock.advance(1000);
  const asked = strongAuth.explain();
  expect(asked).toMatchObject({
    status: 'needStrongAuth',
    waitingFor: 'the user, to enter the PIN',
    attempt: 1,
    ensures: 1,
    nextDeadline: START + 51_000,
    calls: [
      { verb: 'get', api: 'pims.vehicle.informations', phase: 'inFlight', madeAt: START + 1000, rounds: 0 },
      { verb: 'set', api: COMMAND, phase: 'waiting', rounds: 0 },
    ],
  });
  expect(`${asked}`).toBe(
    [
      'needStrongAuth for 1.0 s, waiting for the user, to enter the PIN',
      'PIN attempt 1',
      'get pims.vehicle.informations: inFlight, made 1.0 s ago, replayed 0 times',
      `set ${COMMAND} (doors): waiting, made 1.0 s ago, replayed 0 times`,
      'ensure: 1 waiting',
      'at the latest in 49.0 s something happens by itself',
    ].join('\n'),
  );
  await answer(succeeded(), 0);
  expect(strongAuth.explain().nextDeadline).toBe(START + 1000 + 120_000);
  await type('73915486');
  expect(strongAuth.explain()).toMatchObject({
    status: 'requestingOtp',
    waitingFor: 'the transport, to answer the OTP request',
    attempt: 1,
    nextDeadline: START + 2000 + 30_000,
  });
  await answer(failed(2308));
  expect(strongAuth.explain()).toMatchObject({ status: 'needStrongAuth', attempt: 2 });
  await type('73915486');
  await answer(succeeded({ otp: 'o' }));
  expect(strongAuth.explain()).toMatchObject({
    status: 'replaying',
    calls: [{ api: COMMAND, phase: 'inFlight', rounds: 1 }],
    nextDeadline: START + 2000 + 60_000,
  });
  expect(strongAuth.explain()).not.toHaveProperty('attempt'); // there is no wave any more
  expect(requestsOf(OTP)).toHaveLength(2);
  expect(transport.requests.at(-1)?.request.parameters).toEqual(DOORS);
  expect(JSON.stringify(strongAuth.explain()) + strongAuth.explain()).not.toMatch(/SECRET-VIN|73915486|lock/);
});

test('it says that an OTP request of an earlier wave is waited for', async () => {
  const { challenged, clock, pass, strongAuth, type } = stage();
  await challenged();
  await type('1234');
  clock.advance(10_000);
  strongAuth.cancel();
  await challenged();
  await type('1234');
  expect(strongAuth.explain()).toMatchObject({
    status: 'requestingOtp',
    waitingFor: 'the transport, to answer an OTP request of an earlier wave first',
    nextDeadline: START + 30_000,
  });
  await pass(20_000);
  expect(strongAuth.explain()).toMatchObject({
    ...{ status: 'requestingOtp', since: START + 10_000 }, // it is the same stay
    waitingFor: 'the transport, to answer the OTP request',
  });
});

test('it says that the app is waited for, while it cures the account', async () => {
  const { answer, challenged, strongAuth, type } = stage({ recover: () => new Promise(() => {}) });
  await challenged();
  await type('1234');
  await answer(failed(2310));
  expect(strongAuth.explain()).toMatchObject({ status: 'recovering', calls: [{ phase: 'waiting' }] });
  expect(strongAuth.explain().waitingFor).toMatch(/^the app, to /);
});

test('a call that ends is not outstanding any more, for host code that is told of its end first', () => {
  const { requests, strongAuth } = stage();
  void watched(strongAuth.get('x'));
  const told: unknown[] = [];
  requests[0]?.signal?.addEventListener('abort', () => told.push(strongAuth.explain().calls));
  strongAuth.reset();
  expect(told).toEqual([[]]);
});

test('it names calls by what their app calls them, and has no deadline where there is no limit', () => {
  const { strongAuth } = stage({ policy: { callTimeoutMs: Number.POSITIVE_INFINITY } });
  void watched(strongAuth.set(COMMAND, DOORS, { label: 'Lock the car' }));
  const explained = strongAuth.explain();
  expect(explained.calls).toMatchObject([{ api: COMMAND, action: 'doors', label: 'Lock the car' }]);
  expect(explained).not.toHaveProperty('nextDeadline');
  expect(`${explained}`).toBe(
    [
      'calling for 0.0 s, waiting for the transport, to answer the calls in flight',
      `set ${COMMAND} (doors) “Lock the car”: inFlight, made 0.0 s ago, replayed 0 times`,
    ].join('\n'),
  );
});
