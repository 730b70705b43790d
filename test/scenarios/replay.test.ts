import {
  type ApiRequest,
  isApiError,
  isStrongAuthError,
  type ReplayOption,
  type Secret,
} from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import {
  at,
  COMMAND,
  challenge,
  DOORS,
  EVENTS,
  event,
  failed,
  OTP,
  PIN,
  settleDown,
  stage,
  succeeded,
  watch,
} from './support.js';

describe('37. Still 2302 after the limit: typed rejection, never resolved data, no loop', () => {
  test.each([1, 2, 3])('maxRounds %d', async (maxRounds) => {
    const app = stage({ policy: { maxRounds } });
    const call = await app.challenged();
    for (let round = 1; round <= maxRounds; round += 1) {
      expect(call.fate).toBe('pending');
      await app.grant();
      await app.answerCommand(challenge());
    }
    expect(isStrongAuthError(call.error)).toBe(true);
    expect(call).toMatchObject({ fate: 'STILL_CHALLENGED', value: undefined, settlements: 1 });
    expect(app.commands).toHaveLength(1 + maxRounds);
    expect(app.prompts).toHaveLength(maxRounds);
    await app.pass(10 ** 7);
    expect(app.commands).toHaveLength(1 + maxRounds);
  });

  test('send() and the thrown form as well', async () => {
    const app = stage();
    const call = watch(app.strongAuth.send({ verb: 'set', api: COMMAND, parameters: DOORS }));
    await settleDown();
    await app.fail(challenge());
    await app.grant();
    await app.fail(challenge());
    expect(call.fate).toBe('STILL_CHALLENGED');
  });

  test('the same call made again by the app is a new call', async () => {
    const app = stage();
    await app.challenged();
    await app.grant();
    await app.answerCommand(challenge());
    const again = await app.challenged();
    expect(app.prompts).toHaveLength(2);
    await app.grant();
    await app.answerCommand();
    expect(again.fate).toBe('resolved');
  });
});

describe('38. The replay fails with another error: the caller gets that error, not the 2302', () => {
  test.each([2205, 2301, 2201, '2329', 'E_CAR'])('FAILED with %j', async (code) => {
    const app = stage();
    const call = await app.challenged();
    await app.grant();
    await app.answerCommand(failed(code, 'the replay failed'));
    expect(isApiError(call.error)).toBe(true);
    expect(call.error).toMatchObject({ label: 'the replay failed', verb: 'set', api: COMMAND });
    expect(call.fate).toBe(String(code));
    expect(app.status).toBe('done');
  });

  test('the transport fails', async () => {
    const app = stage();
    const call = await app.challenged();
    await app.grant();
    const cause = new TypeError('network');
    await app.fail(cause);
    expect(call.error).toMatchObject({
      code: 'TRANSPORT_FAILED',
      remedy: 'checkState',
      details: { sent: true },
      cause,
    });
  });

  test('the replay is answered with nonsense', async () => {
    const app = stage();
    const call = await app.challenged();
    await app.grant();
    await app.answerCommand({ status: 'OK' });
    expect(call.error).toMatchObject({ code: 'PROTOCOL', details: { sent: true } });
  });

  test('the replay is never answered', async () => {
    const app = stage();
    const call = await app.challenged();
    await app.grant();
    await app.pass(60_000);
    expect(call.error).toMatchObject({ code: 'TIMED_OUT', details: { sent: true } });
    expect(app.status).toBe('done');
  });
});

describe('39. The replay uses the arguments captured at call time', () => {
  test('whatever the app does to its objects meanwhile', async () => {
    const app = stage();
    const parameters = {
      action: 'preconditioning',
      vin: 'VF3',
      programs: [{ slot: 1, on: true }],
      deep: { a: { b: 1 } },
    };
    const before = structuredClone(parameters);
    const options = { maxAgeMs: 1_000_000, replay: 'auto' as 'auto' | 'never' };
    watch(app.strongAuth.set<unknown>(COMMAND, parameters, options));
    await settleDown();
    await app.answer(challenge());
    parameters.vin = 'changed';
    parameters.programs.push({ slot: 2, on: false });
    at(parameters.programs, 0).on = false;
    parameters.deep.a.b = 2;
    options.replay = 'never';
    await app.grant();
    expect(app.commands.at(-1)?.request).toEqual({ verb: 'set', api: COMMAND, parameters: before });
  });

  test('changed right after the call, before anything was answered', async () => {
    const app = stage();
    const parameters = { n: 1 };
    watch(app.strongAuth.set<unknown>(COMMAND, parameters));
    parameters.n = 2;
    await settleDown();
    await app.answer(challenge());
    await app.grant();
    expect(app.commands.at(-1)?.request.parameters).toEqual({ n: 1 });
  });

  test('a transport that changes what it was given changes no later replay', async () => {
    const app = stage({ policy: { maxRounds: 2 } });
    watch(app.strongAuth.send({ verb: 'set', api: COMMAND, parameters: { list: [1] } }));
    await settleDown();
    await app.answer(challenge());
    await app.grant();
    (at(app.commands, 1).request.parameters as { list: number[] }).list.push(2);
    await app.answerCommand(challenge());
    await app.grant();
    expect(app.commands.at(-1)?.request.parameters).toEqual({ list: [1] });
  });

  test('a replay function that changes the request it is shown changes nothing', async () => {
    const app = stage();
    await app.challenged({
      replay: (request) => {
        (request.parameters as Record<string, unknown>).doorState = 'lock';
        return true;
      },
    });
    await app.grant();
    expect(app.commands.at(-1)?.request.parameters).toEqual(DOORS);
  });

  test('the request of send() too: verb and api', async () => {
    const app = stage();
    const request = { verb: 'get' as 'get' | 'set', api: 'pims.user', parameters: { a: 1 } };
    watch(app.strongAuth.send(request));
    await settleDown();
    request.verb = 'set';
    request.api = COMMAND;
    await app.answer(challenge());
    await app.grant();
    expect(app.requests.at(-1)?.request).toEqual({ verb: 'get', api: 'pims.user', parameters: { a: 1 } });
  });

  test('without parameters, and what is no plain data is passed on', async () => {
    const app = stage();
    watch(app.strongAuth.get('pims.user'));
    const file = new Uint8Array([1, 2]);
    const when = new Date(0);
    watch(app.strongAuth.set<unknown>(COMMAND, { file, when, nothing: undefined, zero: null }));
    await settleDown();
    await app.answer(challenge(), 0);
    await app.answer(challenge(), 1);
    await app.grant();
    const [user, command] = app.requests.slice(-2);
    expect(user?.request.parameters).toBeUndefined();
    expect(command?.request.parameters).toEqual({ file, when, nothing: undefined, zero: null });
  });

  test('circular parameters do not hang', async () => {
    const app = stage();
    const parameters: Record<string, unknown> = { n: 1 };
    parameters.self = parameters;
    watch(app.strongAuth.set<unknown>(COMMAND, parameters));
    await settleDown();
    await app.answer(challenge());
    await app.grant();
    expect(app.commands).toHaveLength(2);
    expect(app.commands[1]?.request.parameters?.n).toBe(1);
  });
});

describe("40. replay: 'never' or a confirming function is honoured for non-idempotent calls", () => {
  test("'never': REPLAY_DECLINED, after the grant", async () => {
    const app = stage();
    const never = await app.challenged({ replay: 'never' });
    const other = await app.challenged();
    await app.type(PIN);
    expect(never.fate).toBe('pending');
    await app.answerOtp();
    expect(never.error).toMatchObject({ code: 'REPLAY_DECLINED', remedy: 'retry' });
    expect(app.commands).toHaveLength(3);
    await app.answerCommand();
    expect(other.fate).toBe('resolved');
  });

  test('alone, the machine rests in done: the wave was granted', async () => {
    const app = stage();
    const call = await app.challenged({ replay: 'never' });
    await app.grant();
    expect(call.fate).toBe('REPLAY_DECLINED');
    expect(app.commands).toHaveLength(1);
    expect(app.view).toMatchObject({ status: 'done', inFlight: false });
    expect(app.clock.pending).toBe(0);
  });

  test('when the wave is denied it hears of that', async () => {
    const app = stage();
    const call = await app.challenged({ replay: 'never' });
    await app.cancel();
    expect(call.fate).toBe('CANCELLED');
  });

  test.each<[string, ReplayOption, 'sent' | 'declined']>([
    ['true', () => true, 'sent'],
    ['a promise of true', () => Promise.resolve(true), 'sent'],
    ['false', () => false, 'declined'],
    ['a promise of false', () => Promise.resolve(false), 'declined'],
    ['undefined', () => undefined as never, 'declined'],
    ['something truthy', () => 'yes' as never, 'declined'],
    [
      'a throw',
      () => {
        throw new Error('no dialog');
      },
      'declined',
    ],
    ['a rejection', () => Promise.reject(new Error('closed')), 'declined'],
  ])('a function that answers %s: %s', async (_, replay, outcome) => {
    const app = stage();
    const call = await app.challenged({ replay });
    await app.grant();
    if (outcome === 'sent') {
      expect(app.commands).toHaveLength(2);
      await app.answerCommand(succeeded(1));
      expect(call.value).toBe(1);
    } else {
      expect(call.fate).toBe('REPLAY_DECLINED');
      expect(app.commands).toHaveLength(1);
    }
    expect(app.status).toBe('done');
  });

  test('it is asked once, after the grant, with the request', async () => {
    const app = stage();
    const asked: ApiRequest[] = [];
    await app.challenged({ replay: (request): boolean => asked.push(request) > 0 });
    expect(asked).toEqual([]);
    await app.grant();
    expect(asked).toEqual([{ verb: 'set', api: COMMAND, parameters: DOORS }]);
  });

  test('it is not asked when the call was never challenged, nor when the wave is denied', async () => {
    const app = stage();
    let asked = 0;
    const replay = () => {
      asked += 1;
      return true;
    };
    await app.command({ replay });
    await app.answer(succeeded());
    await app.challenged({ replay });
    await app.cancel();
    expect(asked).toBe(0);
  });

  test('one that is still deciding holds nobody up, and its call goes when it answers', async () => {
    const app = stage();
    let decide: (answer: boolean) => void = () => {};
    const slow = await app.challenged(
      { replay: () => new Promise<boolean>((resolve) => (decide = resolve)) },
      { n: 'slow' },
    );
    const quick = await app.challenged({}, { n: 'quick' });
    await app.grant();
    expect(app.commands.slice(2).map(({ request }) => request.parameters?.n)).toEqual(['quick']);
    await app.answerCommand();
    expect(quick.fate).toBe('resolved');
    expect(app.status).toBe('replaying');
    decide(true);
    await settleDown();
    expect(app.commands.at(-1)?.request.parameters?.n).toBe('slow');
    await app.answerCommand();
    expect(slow.fate).toBe('resolved');
    expect(app.status).toBe('done');
  });

  test('aborted while it decides: not sent when it says yes', async () => {
    const app = stage();
    let decide: (answer: boolean) => void = () => {};
    const controller = new AbortController();
    const call = await app.challenged({
      signal: controller.signal,
      replay: () => new Promise<boolean>((resolve) => (decide = resolve)),
    });
    await app.grant();
    controller.abort('gone');
    decide(true);
    await settleDown();
    expect(call.error).toBe('gone');
    expect(app.commands).toHaveLength(1);
    expect(app.status).toBe('done');
  });

  test.each(['reset', 'dispose'] as const)('%s while it decides: not sent when it says yes', async (how) => {
    const app = stage();
    let decide: (answer: boolean) => void = () => {};
    const call = await app.challenged({
      replay: () => new Promise<boolean>((resolve) => (decide = resolve)),
    });
    await app.grant();
    app.strongAuth[how]();
    decide(true);
    await settleDown();
    expect(call.fate).toBe(how === 'reset' ? 'SIGNED_OUT' : 'DISPOSED');
    expect(app.commands).toHaveLength(1);
    expect(app.clock.pending).toBe(0);
  });

  test('too old when it has decided: not sent', async () => {
    const app = stage({ policy: { callTimeoutMs: Number.POSITIVE_INFINITY } });
    let decide: (answer: boolean) => void = () => {};
    const call = await app.challenged({
      maxAgeMs: 1_000,
      replay: () => new Promise<boolean>((resolve) => (decide = resolve)),
    });
    await app.grant();
    await app.pass(1_001);
    decide(true);
    await settleDown();
    expect(call.fate).toBe('STALE');
    expect(app.commands).toHaveLength(1);
  });

  test('one that never decides ends, not sent', async () => {
    const app = stage();
    const call = await app.challenged({ replay: () => new Promise<boolean>(() => {}) });
    await app.grant();
    await app.pass(60_000);
    expect(call.error).toMatchObject({ code: 'TIMED_OUT', details: { sent: false } });
    expect(app.status).toBe('done');
  });

  test('one that calls back into the client', async () => {
    const app = stage();
    const call = await app.challenged({
      replay: () => {
        app.strongAuth.cancel();
        watch(app.strongAuth.get('pims.user'));
        return true;
      },
    });
    await app.grant();
    await app.answerNext('pims.user', succeeded());
    await app.answerCommand();
    expect(call.fate).toBe('resolved');
    expect(app.status).toBe('done');
  });

  test('it is asked again in each round', async () => {
    const app = stage({ policy: { maxRounds: 2 } });
    let asked = 0;
    await app.challenged({
      replay: () => {
        asked += 1;
        return true;
      },
    });
    await app.grant();
    await app.answerCommand(challenge());
    await app.grant();
    expect(asked).toBe(2);
  });
});

describe("41. The prompt is answered after the call's max age: STALE, not sent", () => {
  test('by the policy: 5 minutes', async () => {
    const app = stage({ policy: { pinEntryTimeoutMs: 1_000_000 } });
    const call = await app.challenged();
    await app.pass(300_001);
    await app.grant();
    expect(call.error).toMatchObject({ code: 'STALE', remedy: 'retry' });
    expect(app.commands).toHaveLength(1);
    expect(app.view).toMatchObject({ status: 'done' });
  });

  test('exactly that old it is sent', async () => {
    const app = stage({ policy: { pinEntryTimeoutMs: 1_000_000 } });
    await app.challenged();
    await app.pass(300_000);
    await app.grant();
    expect(app.commands).toHaveLength(2);
  });

  test('the option of the call wins, in both directions', async () => {
    const app = stage({ policy: { maxAgeMs: 10_000 } });
    const short = await app.challenged({ maxAgeMs: 1_000 }, { n: 'short' });
    const normal = await app.challenged({}, { n: 'normal' });
    const long = await app.challenged({ maxAgeMs: Number.POSITIVE_INFINITY }, { n: 'long' });
    await app.pass(5_000);
    await app.grant();
    expect(app.commands.slice(3).map(({ request }) => request.parameters?.n)).toEqual(['normal', 'long']);
    expect([short.fate, normal.fate, long.fate]).toEqual(['STALE', 'pending', 'pending']);
  });

  test('it is the age since the call was made, not since it was challenged', async () => {
    const app = stage();
    const call = await app.command({ maxAgeMs: 10_000 });
    await app.pass(9_000);
    await app.answer(challenge());
    await app.pass(1_001);
    await app.grant();
    expect(call.fate).toBe('STALE');
  });

  test('a stale call is not asked about', async () => {
    const app = stage();
    let asked = 0;
    const call = await app.challenged({
      maxAgeMs: 1_000,
      replay: () => {
        asked += 1;
        return true;
      },
    });
    await app.pass(1_001);
    await app.grant();
    expect(call.fate).toBe('STALE');
    expect(asked).toBe(0);
  });

  test('all of them stale: the grant still counts', async () => {
    const app = stage();
    const calls = [await app.challenged({ maxAgeMs: 0 }), await app.challenged({ maxAgeMs: 0 })];
    await app.pass(1);
    await app.grant();
    expect(calls.map(({ fate }) => fate)).toEqual(['STALE', 'STALE']);
    expect(app.view.lastGrantAt).toBe(app.clock.now());
    expect(app.status).toBe('done');
  });
});

describe('42. Logout or account switch while prompting: flush; never replay as the new user', () => {
  test.each(['needStrongAuth', 'requestingOtp', 'replaying', 'calling'])('from %s', async (from) => {
    const app = stage();
    const call = from === 'calling' ? await app.command() : await app.challenged();
    if (from === 'requestingOtp' || from === 'replaying') await app.type(PIN);
    if (from === 'replaying') await app.answerOtp();
    expect(app.status).toBe(from);
    const sent = app.requests.length;
    app.strongAuth.reset('switched account');
    await settleDown();
    expect(call.error).toMatchObject({
      code: 'SIGNED_OUT',
      remedy: 'signIn',
      details: { reason: 'switched account' },
    });
    expect(app.view).toMatchObject({ status: 'idle', waiting: 0, inFlight: false });
    expect(app.view).not.toHaveProperty('failure');
    expect(app.clock.pending).toBe(0);
    if (from === 'needStrongAuth') expect(app.prompts[0]?.signal.aborted).toBe(true);

    // Everything that was under way answers late, as for the user before.
    if (from === 'needStrongAuth') await app.type(PIN);
    for (const request of app.requests.slice())
      request.resolve(from === 'requestingOtp' ? succeeded() : challenge());
    await app.pass(10 ** 6);
    expect(app.requests).toHaveLength(sent);
    expect(app.status).toBe('idle');
    expect(call.settlements).toBe(1);
  });

  test('the next user has a clean slate: a prompt, attempts and a wave of their own', async () => {
    const app = stage();
    const straggler = await app.command();
    await app.challenged();
    await app.type('0000');
    await app.answerOtp(failed(2308));
    app.strongAuth.reset();
    await settleDown();
    expect(straggler.fate).toBe('SIGNED_OUT');
    expect((straggler.error as { details: object }).details).toEqual({});
    const call = await app.challenged({}, { user: 'new' });
    expect(app.prompts.at(-1)).toMatchObject({ attempt: 1, attemptsLeft: 2, reason: 'strongAuthNeeded' });
    expect(app.prompts.at(-1)?.calls).toHaveLength(1);
    await app.answer(challenge(), 0); // of the user before
    expect(app.view.waiting).toBe(1);
    await app.grant();
    expect(app.commands.filter(({ request }) => request.parameters?.user === 'new')).toHaveLength(2);
    expect(app.commands).toHaveLength(4);
    await app.answerNext(COMMAND, succeeded());
    expect(call.fate).toBe('resolved');
  });

  test('a wave of the next user is not taken for one that ended before: stragglers of the old do not replay', async () => {
    const app = stage();
    for (let n = 0; n < 3; n += 1) {
      await app.challenged();
      await app.cancel();
    }
    app.strongAuth.reset();
    const call = await app.challenged();
    expect(app.prompts).toHaveLength(4);
    expect(call.fate).toBe('pending');
  });

  test('subscriptions of the user before end', async () => {
    const app = stage();
    const events: unknown[] = [];
    const pending = app.strongAuth.subscribe(EVENTS, {}, (one) => events.push(one));
    at(app.registrations, 0).emit(succeeded());
    const subscription = await pending;
    app.strongAuth.reset();
    at(app.registrations, 0).emit(event('of the old user'));
    await settleDown();
    expect(events).toEqual([]);
    await subscription.unsubscribe();
  });

  test('reset() at rest and twice', async () => {
    const app = stage();
    app.strongAuth.reset();
    app.strongAuth.reset();
    expect(app.status).toBe('idle');
    await app.challenged();
    await app.cancel();
    app.strongAuth.reset();
    expect(app.status).toBe('idle');
    expect(app.view.failure).toBeUndefined();
  });

  test('reset() from the rejection handler of a reset call: the new call is one of the new user', async () => {
    const app = stage();
    const again: ReturnType<typeof watch>[] = [];
    const call = app.strongAuth.set(COMMAND, DOORS);
    call.catch(() => again.push(watch(app.strongAuth.set(COMMAND, DOORS))));
    await settleDown();
    await app.answer(challenge());
    app.strongAuth.reset();
    await settleDown();
    expect(again.map(({ fate }) => fate)).toEqual(['pending']);
    expect(app.commands).toHaveLength(2);
    await app.answer(succeeded(1));
    expect(again[0]?.value).toBe(1);
  });
});

describe.each(['reset', 'dispose'] as const)(
  '42, variant: %s() from code that the client calls while it replays',
  (how) => {
    const code = how === 'reset' ? 'SIGNED_OUT' : 'DISPOSED';

    test.each(['replay', 'prepareReplay'])('from %s: nothing is replayed after it', async (where) => {
      const app = stage(
        where === 'prepareReplay'
          ? {
              prepareReplay: (request) => {
                app.strongAuth[how]();
                return request;
              },
            }
          : {},
      );
      const replay = (): boolean => {
        app.strongAuth[how]();
        return true;
      };
      const one = await app.challenged(where === 'replay' ? { replay } : {});
      const two = await app.challenged();
      await app.grant();
      expect([one.fate, two.fate]).toEqual([code, code]);
      expect(app.commands).toHaveLength(2);
      expect(app.clock.pending).toBe(0);
    });

    test('from the transport, at the first replay: the others are not sent', async () => {
      const app = stage();
      const send = app.transport.send;
      let isGranted = false;
      app.transport.send = (request, options) => {
        const answer = send(request, options);
        if (isGranted && request.api === COMMAND) app.strongAuth[how]();
        return answer;
      };
      const calls = [await app.challenged(), await app.challenged(), await app.challenged()];
      await app.type(PIN);
      isGranted = true;
      await app.answerOtp();
      expect(calls.map(({ fate }) => fate)).toEqual([code, code, code]);
      expect(app.commands).toHaveLength(4);
      expect(app.clock.pending).toBe(0);
    });

    test('a call made right after reset() in the same breath is one of the new user', async () => {
      if (how === 'dispose') return;
      const app = stage();
      let fresh: ReturnType<typeof watch> | undefined;
      await app.challenged({
        replay: () => {
          app.strongAuth.reset();
          fresh = watch(app.strongAuth.get('pims.user'));
          return true;
        },
      });
      await app.grant();
      expect(app.requestsOf('pims.user')).toHaveLength(1);
      await app.answerNext('pims.user', succeeded('new'));
      expect(fresh?.value).toBe('new');
    });
  },
);

describe('43. Calls that join while the prompt is open show up in what the prompt names, live', () => {
  test('join and leave', async () => {
    const app = stage();
    const controller = new AbortController();
    await app.challenged({ signal: controller.signal });
    const prompt = at(app.prompts, 0);
    expect(prompt.calls).toEqual([{ verb: 'set', api: COMMAND, action: 'doors' }]);
    watch(app.strongAuth.get<unknown>('pims.vehicle.privacy', { action: 'show' }));
    await settleDown();
    expect(prompt.calls).toHaveLength(1); // sent, not challenged
    await app.answer(challenge());
    expect(prompt.calls).toEqual([
      { verb: 'set', api: COMMAND, action: 'doors' },
      { verb: 'get', api: 'pims.vehicle.privacy', action: 'show' },
    ]);
    expect(app.view.prompt?.calls).toEqual(prompt.calls);
    controller.abort();
    await settleDown();
    expect(prompt.calls).toEqual([{ verb: 'get', api: 'pims.vehicle.privacy', action: 'show' }]);
    expect(app.view.prompt?.calls).toEqual(prompt.calls);
  });

  test('the view tells its listeners when one joins or leaves', async () => {
    const app = stage();
    const controller = new AbortController();
    const seen: number[] = [];
    app.strongAuth.view.subscribe(({ prompt }) => prompt && seen.push(prompt.calls.length));
    await app.challenged();
    await app.challenged({ signal: controller.signal });
    controller.abort();
    await settleDown();
    expect(seen).toContain(2);
    expect(seen.at(-1)).toBe(1);
  });

  test('what it names holds no parameters, and cannot be changed into the client', async () => {
    const app = stage();
    await app.challenged({}, { vin: 'VF3SECRET' });
    const { calls } = at(app.prompts, 0);
    expect(JSON.stringify(calls)).not.toContain('VF3SECRET');
    expect(() => (calls as unknown[]).push('x')).toThrow(TypeError);
    expect(at(app.prompts, 0).calls).toHaveLength(1);
  });

  test('a subscription that waits is named as such', async () => {
    const app = stage();
    watch(app.strongAuth.subscribe<unknown>(EVENTS, { action: 'watch' }, () => {}));
    at(app.registrations, 0).emit(challenge());
    await settleDown();
    expect(at(app.prompts, 0).calls).toEqual([{ verb: 'subscribe', api: EVENTS, action: 'watch' }]);
  });
});

describe('44. The OTP fails: waiters are rejected with the cause of it, not sent with old credentials', () => {
  test.each([2201, 2202, 2301, 2310, 2311, 9999])('%d', async (code) => {
    const app = stage();
    const calls = [await app.challenged(), await app.challenged()];
    await app.type(PIN);
    await app.answerOtp(failed(code));
    for (const call of calls) {
      expect(isStrongAuthError(call.error)).toBe(true);
      expect(call.error).toMatchObject({ details: { otpCode: code } });
      expect(call.settlements).toBe(1);
    }
    expect(app.commands).toHaveLength(2);
    await app.pass(10 ** 6);
    expect(app.commands).toHaveLength(2);
  });
});

describe('45. 2302 in a subscribe ack: subscribed again once, no duplicate events', () => {
  test('both registrations bring the same event: it is delivered once', async () => {
    const app = stage();
    const events: unknown[] = [];
    const subscribed = watch(app.strongAuth.subscribe<unknown>(EVENTS, { a: 1 }, (one) => events.push(one)));
    expect(app.registrations).toHaveLength(1);
    at(app.registrations, 0).emit(challenge());
    await settleDown();
    expect(subscribed.fate).toBe('pending');
    expect(app.prompts).toHaveLength(1);
    await app.grant();
    expect(app.registrations).toHaveLength(2);
    expect(at(app.registrations, 1)).toMatchObject({ api: EVENTS, parameters: { a: 1 } });
    at(app.registrations, 1).emit(succeeded());
    await settleDown();
    expect(subscribed.fate).toBe('resolved');
    at(app.registrations, 0).emit(event(1));
    at(app.registrations, 1).emit(event(1));
    at(app.registrations, 1).emit(event(2));
    expect(events).toEqual([{ result: 1 }, { result: 2 }]);
  });

  test('challenged again: STILL_CHALLENGED, no third registration', async () => {
    const app = stage();
    const subscribed = watch(app.strongAuth.subscribe(EVENTS, {}, () => {}));
    at(app.registrations, 0).emit(challenge());
    await settleDown();
    await app.grant();
    at(app.registrations, 1).emit(challenge());
    await settleDown();
    expect(subscribed.fate).toBe('STILL_CHALLENGED');
    expect(app.registrations).toHaveLength(2);
    expect(app.prompts).toHaveLength(1);
  });

  test('the challenge is thrown, or rejects', async () => {
    for (const how of ['throws', 'rejects']) {
      let registrations = 0;
      const heard: unknown[] = [];
      const app = stage({
        transport: {
          send: () => Promise.resolve(succeeded({ otp: '1' })),
          subscribe: (_, onMessage) => {
            registrations += 1;
            if (registrations > 1) {
              onMessage(succeeded());
              onMessage(event('e'));
              return undefined;
            }
            if (how === 'throws') throw challenge();
            return Promise.reject(challenge());
          },
        },
      });
      const subscribed = watch(app.strongAuth.subscribe(EVENTS, {}, (one) => heard.push(one)));
      await settleDown();
      await app.type(PIN);
      await settleDown();
      expect([how, subscribed.fate, registrations, heard]).toEqual([how, 'resolved', 2, [{ result: 'e' }]]);
    }
  });

  test('it shares the wave of the others', async () => {
    const app = stage();
    const call = await app.challenged();
    const subscribed = watch(app.strongAuth.subscribe(EVENTS, {}, () => {}));
    at(app.registrations, 0).emit(challenge());
    await settleDown();
    expect(app.prompts).toHaveLength(1);
    await app.grant();
    at(app.registrations, 1).emit(succeeded());
    await app.answerCommand();
    expect([call.fate, subscribed.fate]).toEqual(['resolved', 'resolved']);
  });

  test('cancelled: rejected, never registered again, and nothing delivered', async () => {
    const app = stage();
    const events: unknown[] = [];
    const subscribed = watch(app.strongAuth.subscribe(EVENTS, {}, (one) => events.push(one)));
    at(app.registrations, 0).emit(challenge());
    await settleDown();
    await app.cancel();
    at(app.registrations, 0).emit(event(1));
    expect(subscribed.fate).toBe('CANCELLED');
    expect(app.registrations).toHaveLength(1);
    expect(events).toEqual([]);
  });

  test('2302 in a RESULT is an event with an error, no challenge', async () => {
    const app = stage();
    const events: { error?: unknown }[] = [];
    watch(app.strongAuth.subscribe(EVENTS, {}, (one) => events.push(one)));
    at(app.registrations, 0).emit(succeeded());
    await settleDown();
    at(app.registrations, 0).emit({ status: 'RESULT', error: { code: 2302 } });
    await settleDown();
    expect(events).toMatchObject([{ error: { code: 2302 } }]);
    expect(app.prompts).toHaveLength(0);
  });
});

describe('the order of replays', () => {
  test('is the order of the calls, whichever way they were challenged, subscriptions among them', async () => {
    const app = stage();
    const order: string[] = [];
    const send = app.transport.send;
    app.transport.send = (request, options) => {
      order.push(String(request.parameters?.n ?? request.api));
      return send(request, options);
    };
    const subscribe = app.transport.subscribe;
    app.transport.subscribe = (request, emit, options) => {
      order.push('subscribe');
      subscribe(request, emit, options);
    };
    const replays = stage({ transport: app.transport, enterPin: app.user.enterPin });
    watch(replays.strongAuth.set<unknown>(COMMAND, { n: 1 }));
    watch(replays.strongAuth.subscribe(EVENTS, {}, () => {}));
    watch(replays.strongAuth.set<unknown>(COMMAND, { n: 3 }));
    await settleDown();
    at(app.requests, 1).resolve(challenge());
    at(app.registrations, 0).emit(challenge());
    await settleDown();
    at(app.requests, 0).resolve(challenge());
    await settleDown();
    order.length = 0;
    await app.grant();
    expect(order).toEqual([OTP, '1', 'subscribe', '3']);
  });
});

describe('prepareReplay', () => {
  const withOtp = (request: ApiRequest, otp: Secret): ApiRequest => ({
    ...request,
    parameters: { ...request.parameters, otp: otp.reveal() },
  });

  test('returns the request to send; the first sending has no OTP', async () => {
    const app = stage({ prepareReplay: withOtp });
    const call = await app.challenged();
    await app.grant();
    expect(app.commands.map(({ request }) => request.parameters)).toEqual([
      DOORS,
      { ...DOORS, otp: '918273' },
    ]);
    await app.answerCommand();
    expect(call.fate).toBe('resolved');
  });

  test('asynchronous', async () => {
    const app = stage({ prepareReplay: async (request, otp) => withOtp(request, otp) });
    await app.challenged();
    await app.grant();
    expect(app.commands.at(-1)?.request.parameters?.otp).toBe('918273');
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('no OTP field');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no'))],
    ['returns nothing', () => undefined as never],
  ])('that %s: TRANSPORT_FAILED, not sent', async (_, prepareReplay) => {
    const app = stage({ prepareReplay });
    const call = await app.challenged();
    await app.grant();
    expect(call.error).toMatchObject({ code: 'TRANSPORT_FAILED', details: { sent: false } });
    expect((call.error as Error).cause).toBeUndefined();
    expect(app.commands).toHaveLength(1);
    expect(app.status).toBe('done');
  });

  test('the secret cannot be printed, and is forgotten when its calls have settled', async () => {
    const kept: Secret[] = [];
    const app = stage({
      prepareReplay: (request, otp) => {
        kept.push(otp);
        return withOtp(request, otp);
      },
    });
    await app.challenged();
    await app.grant();
    const secret = at(kept, 0);
    const { inspect } = await import('node:util');
    for (const text of [
      String(secret),
      `${secret}`,
      JSON.stringify({ secret }),
      inspect(secret, { showHidden: true, depth: 10 }),
      JSON.stringify(Object.entries(secret)),
    ]) {
      expect(text).not.toContain('918273');
    }
    expect(secret.reveal()).toBe('918273');
    await app.answerCommand();
    expect(() => secret.reveal()).toThrow(TypeError);
  });

  test('a straggler gets it too', async () => {
    const app = stage({ prepareReplay: withOtp });
    await app.command({}, { n: 'straggler' });
    await app.challenged();
    await app.grant();
    await app.answer(challenge(), 0);
    expect(app.commands.at(-1)?.request.parameters).toMatchObject({ n: 'straggler', otp: '918273' });
  });

  test('the next wave brings its own OTP', async () => {
    const app = stage({ prepareReplay: withOtp });
    for (const otp of ['one', 'two']) {
      await app.challenged();
      await app.type(PIN);
      await app.answerOtp(succeeded({ otp }));
      expect(app.commands.at(-1)?.request.parameters?.otp).toBe(otp);
      await app.answerCommand();
    }
  });

  test('stale, declined and aborted calls are not prepared', async () => {
    let prepared = 0;
    const app = stage({
      prepareReplay: (request) => {
        prepared += 1;
        return request;
      },
    });
    await app.challenged({ maxAgeMs: 0 });
    await app.challenged({ replay: 'never' });
    await app.pass(1);
    await app.grant();
    expect(prepared).toBe(0);
  });
});
