import { isStrongAuthError } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import {
  at,
  COMMAND,
  challenge,
  createManualClock,
  createScriptedUser,
  failed,
  GRANT,
  OTP,
  PIN,
  settleDown,
  stage,
  succeeded,
  watch,
} from './support.js';

describe('8. Two calls in flight both get 2302: 1 prompt, 1 OTP, 2 replays, both resolve', () => {
  test('challenged one after the other', async () => {
    const app = stage();
    const one = await app.command({}, { n: 1 });
    const two = await app.command({}, { n: 2 });
    await app.answer(challenge(), 0);
    await app.answer(challenge(), 1);
    expect(app.prompts).toHaveLength(1);
    await app.grant();
    expect(app.otps).toHaveLength(1);
    expect(app.commands.map(({ request }) => request.parameters?.n)).toEqual([1, 2, 1, 2]);
    await app.answer(succeeded({ n: 1 }), -2);
    await app.answer(succeeded({ n: 2 }), -1);
    expect(one).toMatchObject({ fate: 'resolved', value: { n: 1 }, settlements: 1 });
    expect(two).toMatchObject({ fate: 'resolved', value: { n: 2 }, settlements: 1 });
    expect(app.status).toBe('done');
  });

  test('challenged in the same turn, and answered in reverse', async () => {
    const app = stage();
    const calls = [
      await app.command({}, { n: 0 }),
      await app.command({}, { n: 1 }),
      await app.command({}, { n: 2 }),
    ];
    for (const index of [2, 0, 1]) at(app.requests, index).resolve(challenge());
    await settleDown();
    expect(app.prompts).toHaveLength(1);
    expect(app.prompts[0]?.calls).toHaveLength(3);
    await app.grant();
    // In the order the app made them, not the order of the challenges.
    expect(app.commands.slice(3).map(({ request }) => request.parameters?.n)).toEqual([0, 1, 2]);
    for (const n of [2, 1, 0]) await app.answer(succeeded({ n }), 4 + n);
    expect(calls.map(({ value }) => value)).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
    expect(app.otps).toHaveLength(1);
  });

  test('one answered well, one failed on the replay: each its own answer', async () => {
    const app = stage();
    const one = await app.challenged({}, { n: 1 });
    const two = await app.challenged({}, { n: 2 });
    await app.grant();
    await app.answer(failed(2205), -2);
    expect(one.fate).toBe('2205');
    expect(two.fate).toBe('pending');
    await app.answer(succeeded(), -1);
    expect(two.fate).toBe('resolved');
  });

  test('1000 calls: one prompt, one OTP, each replayed once', async () => {
    const app = stage();
    const calls = Array.from({ length: 1000 }, (_, n) => watch(app.strongAuth.set<unknown>(COMMAND, { n })));
    for (const request of app.requests.slice()) request.resolve(challenge());
    await settleDown();
    await app.grant();
    expect(app.commands).toHaveLength(2000);
    app.commands.slice(1000).forEach((request, n) => {
      request.resolve(succeeded(n));
    });
    await settleDown();
    expect(
      calls.every(
        ({ fate, value, settlements }, n) => fate === 'resolved' && value === n && settlements === 1,
      ),
    ).toBe(true);
    expect(app.prompts).toHaveLength(1);
    expect(app.otps).toHaveLength(1);
  });
});

describe('9. A new call while prompting joins or waits; it never opens or blanks a prompt', () => {
  test('it is sent at once and settles by itself if it is not challenged', async () => {
    const app = stage();
    const waiting = await app.challenged();
    const other = watch(app.strongAuth.get('pims.vehicle.informations', { action: 'refresh' }));
    await settleDown();
    expect(app.requestsOf('pims.vehicle.informations')).toHaveLength(1);
    expect(app.view).toMatchObject({ status: 'needStrongAuth', inFlight: true });
    await app.answer(succeeded({ fuel: 3 }));
    expect(other).toMatchObject({ fate: 'resolved', value: { fuel: 3 } });
    expect(waiting.fate).toBe('pending');
    expect(app.prompts).toHaveLength(1);
    expect(app.prompts[0]?.signal.aborted).toBe(false);
    expect(app.view).toMatchObject({ status: 'needStrongAuth', waiting: 1, inFlight: false });
    expect(app.view.prompt).toMatchObject({ attempt: 1, reason: 'strongAuthNeeded' });
  });

  test('challenged, it joins', async () => {
    const app = stage();
    const first = await app.challenged();
    const second = await app.challenged();
    expect(app.prompts).toHaveLength(1);
    expect(app.prompts[0]?.signal.aborted).toBe(false);
    expect(app.view.waiting).toBe(2);
    await app.grant();
    await app.answerCommand();
    await app.answerCommand();
    expect([first.fate, second.fate]).toEqual(['resolved', 'resolved']);
    expect(app.otps).toHaveLength(1);
  });

  test('challenged while the OTP is requested, it joins too', async () => {
    const app = stage();
    await app.challenged();
    await app.type(PIN);
    const late = await app.challenged();
    expect(app.status).toBe('requestingOtp');
    await app.answerOtp();
    expect(app.commands).toHaveLength(4);
    await app.answerCommand();
    await app.answerCommand();
    expect(late.fate).toBe('resolved');
    expect(app.prompts).toHaveLength(1);
    expect(app.otps).toHaveLength(1);
  });

  test('it joins after a wrong PIN: the prompt of the second attempt stays as it is', async () => {
    const app = stage();
    await app.challenged();
    await app.type('0000');
    await app.answerOtp(failed(2308));
    const prompt = app.prompts.at(-1);
    await app.challenged();
    expect(app.prompts).toHaveLength(2);
    expect(prompt).toMatchObject({ attempt: 2, attemptsLeft: 1, reason: 'pinRejected' });
    expect(prompt?.calls).toHaveLength(2);
    expect(app.view.prompt).toMatchObject({ attempt: 2, reason: 'pinRejected' });
  });

  test('a second ensure() joins', async () => {
    const app = stage();
    const one = watch(app.strongAuth.ensure());
    const two = watch(app.strongAuth.ensure());
    await settleDown();
    expect(app.prompts).toHaveLength(1);
    await app.grant();
    expect([one.fate, two.fate]).toEqual(['resolved', 'resolved']);
    expect(app.otps).toHaveLength(1);
  });
});

describe('10. A straggler 2302 that lands after success: silent replay, no prompt', () => {
  test('while the others are replayed', async () => {
    const app = stage();
    const straggler = await app.command({}, { n: 'straggler' });
    const call = await app.challenged();
    await app.grant();
    await app.answer(challenge(), 0);
    expect(app.prompts).toHaveLength(1);
    expect(app.commands.at(-1)?.request.parameters).toMatchObject({ n: 'straggler' });
    await app.answer(succeeded('straggler'));
    await app.answerCommand();
    expect(straggler).toMatchObject({ fate: 'resolved', value: 'straggler' });
    expect(call.fate).toBe('resolved');
    expect(app.otps).toHaveLength(1);
  });

  test('after the others have settled', async () => {
    const app = stage();
    const straggler = await app.command();
    await app.challenged();
    await app.grant();
    await app.answer(succeeded());
    expect(app.status).toBe('calling');
    await app.answer(challenge(), 0);
    await app.answerCommand();
    expect(straggler.fate).toBe('resolved');
    expect(app.prompts).toHaveLength(1);
    expect(app.status).toBe('done');
  });

  test('sent while the prompt was open, challenged after the grant', async () => {
    const app = stage();
    await app.challenged();
    const straggler = await app.command({}, { n: 2 });
    await app.grant();
    await app.answer(challenge(), 1);
    expect(app.commands.at(-1)?.request.parameters).toMatchObject({ n: 2 });
    await app.answerCommand();
    await app.answerCommand();
    expect(straggler.fate).toBe('resolved');
    expect(app.prompts).toHaveLength(1);
  });

  test('in the background: replayed as well', async () => {
    const app = stage();
    const straggler = await app.command({ interactive: false });
    await app.challenged();
    await app.grant();
    await app.answer(challenge(), 0);
    await app.answer(succeeded());
    expect(straggler.fate).toBe('resolved');
    expect(app.prompts).toHaveLength(1);
  });

  test('its replay counts as a round', async () => {
    const app = stage();
    const straggler = await app.command();
    await app.challenged();
    await app.grant();
    await app.answer(challenge(), 0);
    await app.answer(challenge());
    expect(straggler.fate).toBe('STILL_CHALLENGED');
    expect(app.prompts).toHaveLength(1);
  });

  test("it obeys 'never' and maxAgeMs", async () => {
    const app = stage();
    const never = await app.command({ replay: 'never' });
    const old = await app.command({ maxAgeMs: 1_000 });
    await app.challenged();
    await app.grant();
    await app.pass(1_001);
    await app.answer(challenge(), 0);
    await app.answer(challenge(), 1);
    expect([never.fate, old.fate]).toEqual(['REPLAY_DECLINED', 'STALE']);
    expect(app.commands).toHaveLength(4);
    expect(app.prompts).toHaveLength(1);
  });

  test.each([
    ['a cancel', 'CANCELLED', 'cancelled'],
    ['a denial', 'OFFLINE', 'failed'],
    ['a block', 'ACCOUNT_BLOCKED', 'failed'],
  ])('after %s it shares that outcome, without a prompt', async (_, code, rest) => {
    const app = stage();
    const straggler = await app.command();
    const call = await app.challenged();
    if (code === 'CANCELLED') await app.cancel();
    else {
      await app.type(PIN);
      await app.answerOtp(failed(code === 'OFFLINE' ? 2202 : 2310));
    }
    expect(call.fate).toBe(code);
    expect(app.status).toBe('calling');
    await app.answer(challenge(), 0);
    expect(straggler.fate).toBe(code);
    expect(app.prompts).toHaveLength(1);
    expect(app.commands).toHaveLength(2);
    expect(app.status).toBe(rest);
    expect(app.view.failure?.code).toBe(code);
  });

  test('of the wave before, arriving while another wave runs, it joins that one', async () => {
    const app = stage({ policy: { maxRounds: 2 } });
    const straggler = await app.command({}, { n: 'straggler' });
    const call = await app.challenged();
    await app.grant();
    await app.answer(challenge()); // the replay is challenged: the second wave
    expect(app.prompts).toHaveLength(2);
    await app.answer(challenge(), 0);
    expect(app.view.waiting).toBe(2);
    await app.grant();
    await app.answerCommand();
    await app.answerCommand();
    expect([straggler.fate, call.fate]).toEqual(['resolved', 'resolved']);
    expect(app.prompts).toHaveLength(2);
    expect(app.otps).toHaveLength(2);
  });

  test('after an ensure() that was granted while it was under way', async () => {
    const app = stage();
    const straggler = await app.command();
    const ensured = watch(app.strongAuth.ensure());
    await settleDown();
    await app.grant();
    expect(ensured.fate).toBe('resolved');
    await app.answer(challenge(), 0);
    await app.answerCommand();
    expect(straggler.fate).toBe('resolved');
    expect(app.prompts).toHaveLength(1);
  });
});

describe('11. The OTP request goes through the same wrapped transport and is itself challenged: fails typed, no deadlock', () => {
  test.each([2302, '2302'])('%j on the OTP', async (code) => {
    const app = stage();
    const call = await app.challenged();
    const other = await app.challenged();
    await app.type(PIN);
    await app.answerOtp(failed(code));
    expect(isStrongAuthError(call.error)).toBe(true);
    expect(call.error).toMatchObject({ code: 'OTP_REFUSED', details: { otpCode: 2302 } });
    expect(other.fate).toBe('OTP_REFUSED');
    expect(app.prompts).toHaveLength(1);
    expect(app.otps).toHaveLength(1);
    expect(app.commands).toHaveLength(2);
    expect(app.status).toBe('failed');
  });

  test('thrown by the transport', async () => {
    const app = stage();
    const call = await app.challenged();
    await app.type(PIN);
    await app.fail(challenge());
    expect(call.error).toMatchObject({ code: 'OTP_REFUSED', details: { otpCode: 2302 } });
  });

  test('a classifier that calls every 2302 a challenge does not make a loop of it', async () => {
    const app = stage({ classify: { call: () => 'challenge' } });
    const call = await app.challenged();
    await app.type(PIN);
    await app.answerOtp(challenge());
    expect(call.fate).toBe('OTP_REFUSED');
    expect(app.prompts).toHaveLength(1);
  });

  test('a transport that needs a protected call of the same client for the OTP: ends at the OTP timeout', async () => {
    const user = createScriptedUser();
    const clock = createManualClock(0);
    const sent: string[] = [];
    const app = stage({
      enterPin: user.enterPin,
      clock,
      transport: {
        async send({ api }) {
          sent.push(api);
          if (api !== OTP) return challenge();
          await app.strongAuth.get('app.token');
          return GRANT;
        },
      },
    });
    const call = watch(app.strongAuth.set<unknown>(COMMAND));
    await settleDown();
    at(user.prompts, 0).resolve(PIN);
    await settleDown();
    expect(sent).toEqual([COMMAND, OTP, 'app.token']);
    clock.advance(30_000);
    await settleDown();
    expect(call.fate).toBe('OUTCOME_UNKNOWN');
    expect(app.status).toBe('failed');
    expect(sent).toHaveLength(3);
    expect(clock.pending).toBe(0);
  });
});
