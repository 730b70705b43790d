import { type ApiRequest, isApiError, type Secret } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import {
  at,
  COMMAND,
  challenge,
  DOORS,
  EVENTS,
  failed,
  OTP,
  PIN,
  settleDown,
  stage,
  succeeded,
  watch,
} from './support.js';

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
    watch(app.strongAuth.send<unknown>({ verb: 'set', api: COMMAND, parameters: { list: [1] } }));
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
    const request = { verb: 'get' as 'get' | 'set', api: 'app.user', parameters: { a: 1 } };
    watch(app.strongAuth.send(request));
    await settleDown();
    request.verb = 'set';
    request.api = COMMAND;
    await app.answer(challenge());
    await app.grant();
    expect(app.requests.at(-1)?.request).toEqual({ verb: 'get', api: 'app.user', parameters: { a: 1 } });
  });

  test('without parameters, and what is no plain data is passed on', async () => {
    const app = stage();
    watch(app.strongAuth.get('app.user'));
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
