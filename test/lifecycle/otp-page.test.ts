import { createStrongAuth, fromPims, type Pims } from 'strong-auth-machine';
import { createSimulator } from 'strong-auth-machine/simulator';
import { describe, expect, test } from 'vitest';
import { CHALLENGE, COMMAND, DOORS, failed, OTP, settleDown, stage, succeeded, watched } from './support.js';

describe("the story of the SDK's own page", () => {
  test('on a callback SDK written by hand', async () => {
    const seen: unknown[] = [];
    let hasSession = false;
    const answer = (callback: (message: unknown) => void, message: unknown) =>
      void setTimeout(() => callback(message), 0);
    const sdk: Pims = {
      get(api, parameters, callback) {
        seen.push(['get', api, parameters]);
        hasSession = true;
        answer(callback, {
          transactionId: '953cfefb-bc72',
          status: 'SUCCEEDED',
          result: { otp: 'otp_code' },
        });
      },
      set(api, parameters, callback) {
        seen.push(['set', api, parameters]);
        answer(callback, hasSession ? succeeded({ done: true }) : CHALLENGE);
      },
      subscribe: () => {},
      unsubscribe: () => {},
    };
    const strongAuth = createStrongAuth({ transport: fromPims(sdk), enterPin: async () => '123456' });
    expect(await strongAuth.set(COMMAND, DOORS)).toEqual({ done: true });
    expect(seen).toEqual([
      ['set', COMMAND, DOORS],
      ['get', OTP, { action: 'withPIN', pinCode: '123456' }],
      ['set', COMMAND, DOORS],
    ]);
  });

  test('on the simulator: the doors are locked by one command', async () => {
    const simulator = createSimulator({ pin: '0987' });
    const strongAuth = createStrongAuth({ transport: fromPims(simulator), enterPin: simulator.enterPin });
    await strongAuth.set(COMMAND, DOORS);
    expect(simulator.car.isLocked).toBe(true);
    expect(simulator.effects.requests.map(({ api, outcome }) => [api, outcome])).toEqual([
      [COMMAND, 2302],
      [OTP, 'SUCCEEDED'],
      [COMMAND, 'SUCCEEDED'],
    ]);
    expect(simulator.effects).toMatchObject({ executions: 2, prompts: 1 });
    expect(simulator.effects.executionsOf({ api: COMMAND })).toBe(1);
  });

  test('the states are those of the lifecycle, in order', async () => {
    const simulator = createSimulator({ device: { refuses: 2317, until: 'reset' } });
    const strongAuth = createStrongAuth({ transport: fromPims(simulator), enterPin: simulator.enterPin });
    const seen: unknown[] = [];
    strongAuth.actor.subscribe(({ value }) => {
      const name = JSON.stringify(value).replace(/[{}"]/g, '').replaceAll(':', '.');
      if (seen.at(-1) !== name) seen.push(name);
    });
    await strongAuth.set(COMMAND, DOORS);
    expect(seen).toEqual([
      'working.calling',
      'wave.needStrongAuth',
      'wave.requestingOtp.queued',
      'wave.requestingOtp.withPin',
      'wave.requestingOtp.resetStep',
      'working.replaying',
      'resting.done',
    ]);
  });
});

describe.each([
  [2312, 'DEVICE_UNKNOWN'],
  [2317, 'FORBIDDEN'],
] as const)('%i on the OTP', (code, ending) => {
  test('asks once more with resetStep and the same PIN, without a prompt', async () => {
    const { answer, challenged, requestsOf, type, user } = stage();
    const call = await challenged();
    await type('0987');
    await answer(failed(code));
    expect(requestsOf(OTP).map(({ request }) => request.parameters)).toEqual([
      { action: 'withPIN', pinCode: '0987' },
      { action: 'withPIN', pinCode: '0987', resetStep: true },
    ]);
    await answer(succeeded({ otp: 'o' }));
    await answer(succeeded());
    expect([call.fate, user.prompts.length]).toEqual(['resolved', 1]);
  });

  test(`again after the reset step it ends as ${ending}`, async () => {
    const { answer, challenged, requestsOf, strongAuth, type } = stage();
    const call = await challenged();
    await type('1234');
    await answer(failed(String(code)));
    await answer(failed(code));
    expect(call.error).toMatchObject({ code: ending, remedy: 'enrollDevice', details: { otpCode: code } });
    expect(requestsOf(OTP)).toHaveLength(2);
    expect(strongAuth.view.getSnapshot()).toMatchObject({ status: 'failed', failure: { code: ending } });
  });

  test('passes through when a call itself is answered with it', async () => {
    const { answer, strongAuth, user } = stage();
    const call = watched(strongAuth.set(COMMAND, DOORS));
    await answer(failed(code));
    expect(call.error).toMatchObject({ name: 'ApiError', code, verb: 'set', api: COMMAND });
    expect(user.prompts).toHaveLength(0);
  });
});

test('after a wrong PIN the reset step is not had again in the same wave', async () => {
  const { answer, challenged, requestsOf, type } = stage();
  const call = await challenged();
  await type('1111');
  await answer(failed(2312));
  await answer(failed(2308));
  await type('2222');
  await answer(failed(2312));
  expect(call.fate).toBe('DEVICE_UNKNOWN');
  expect(requestsOf(OTP)).toHaveLength(3);
});

test.each([
  [2310, 'ACCOUNT_BLOCKED', 'unblockAccount'],
  [2301, 'SIGN_IN_REQUIRED', 'signIn'],
  [2202, 'OFFLINE', 'retry'],
  [2201, 'OUTCOME_UNKNOWN', 'retry'],
  [2203, 'OUTCOME_UNKNOWN', 'retry'],
  [2204, 'OUTCOME_UNKNOWN', 'retry'],
  [2302, 'OTP_REFUSED', 'retry'],
  [2309, 'OTP_REFUSED', 'none'],
  [2313, 'OTP_REFUSED', 'enrollDevice'],
  [9999, 'OTP_REFUSED', 'retry'],
] as const)('%i on the OTP ends the wave as %s, remedy %s', async (otpCode, code, remedy) => {
  const { answer, challenged, type, user } = stage();
  const call = await challenged();
  await type('1234');
  await answer(failed(otpCode, 'a label of the SDK'));
  expect(call.error).toMatchObject({ code, remedy, details: { otpCode } });
  expect(call.error).not.toHaveProperty('cause');
  expect(String(call.error)).not.toContain('a label of the SDK');
  expect(user.prompts).toHaveLength(1);
});

test('2316 grants: the operation succeeded, only the synchronisation failed', async () => {
  const { answer, challenged, type } = stage();
  const call = await challenged();
  await type('1234');
  await answer(failed(2316));
  await answer(succeeded({ ok: 1 }));
  expect([call.fate, call.value]).toEqual(['resolved', { ok: 1 }]);
});

test('100 calls challenged at once: one prompt, one OTP, 100 replays in the order of the calls', async () => {
  const { answer, requestsOf, strongAuth, transport, type, user } = stage();
  const calls = Array.from({ length: 100 }, (_, n) =>
    watched(strongAuth.set<unknown>(COMMAND, { action: 'horn', n })),
  );
  // Challenged in another order than they were made in.
  for (const request of [...transport.requests].reverse()) request.resolve(CHALLENGE);
  await settleDown();
  expect(strongAuth.view.getSnapshot().waiting).toBe(100);
  await type('1234');
  await answer(succeeded({ otp: 'o' }));
  const replays = requestsOf(COMMAND).slice(100);
  expect(replays.map(({ request }) => request.parameters?.n)).toEqual(calls.map((_, n) => n));
  for (const [n, replay] of replays.entries()) replay.resolve(succeeded({ n }));
  await settleDown();
  expect(calls.map(({ value }) => value)).toEqual(calls.map((_, n) => ({ n })));
  expect([user.prompts.length, requestsOf(OTP).length]).toEqual([1, 1]);
});
