import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { MessageChannel } from 'node:worker_threads';
import {
  type ApiError,
  createStrongAuth,
  fromPims,
  isApiError,
  isStrongAuthError,
  reviveError,
  StrongAuthError,
} from 'strong-auth-machine';
import { createSimulator } from 'strong-auth-machine/simulator';
import { describe, expect, test } from 'vitest';
import { CHALLENGE, COMMAND, failed, settleDown, stage, succeeded, watched } from '../lifecycle/support.js';
import { type App, collectSurfaced, expectRest, trap } from './support.js';

/* What errors say: neighbours of the field cases 44 to 46 and 49 to 52, which are in errors.test.ts. */

collectSurfaced();

const THIS_FILE = basename(fileURLToPath(import.meta.url));

describe('a stack names the line of the caller, where the engine can give one', () => {
  const ways: [string, (app: App) => Promise<unknown>, (app: App) => unknown][] = [
    [
      'set(), the transport fails',
      async (app) => await app.strongAuth.set(COMMAND, { action: 'horn' }),
      (app) => app.fail(new Error('cable')),
    ],
    [
      'get(), the SDK says FAILED',
      async (app) => await app.strongAuth.get('x'),
      (app) => app.answer(failed(2204)),
    ],
    [
      'send()',
      async (app) => await app.strongAuth.send({ verb: 'get', api: 'x' }),
      (app) => app.answer('nonsense'),
    ],
    ['set(), time is over', async (app) => await app.strongAuth.set('x', {}), (app) => app.pass(60_000)],
    [
      'set(), declined',
      async (app) => await app.strongAuth.set('x', {}),
      async (app) => {
        await app.answer(CHALLENGE);
        await app.type(null);
      },
    ],
    [
      'set(), refused after the PIN',
      async (app) => await app.strongAuth.set('x', {}),
      async (app) => {
        await app.answer(CHALLENGE);
        await app.type('1234');
        await app.answer(failed(2310));
      },
    ],
    [
      'set(), its replay fails',
      async (app) => await app.strongAuth.set('x', {}),
      async (app) => {
        await app.answer(CHALLENGE);
        await app.type('1234');
        await app.answer(succeeded({ otp: 'o' }));
        await app.answer(failed(2204));
      },
    ],
    ['set(), signed out', async (app) => await app.strongAuth.set('x', {}), (app) => app.strongAuth.reset()],
    [
      'set(), disposed of',
      async (app) => await app.strongAuth.set('x', {}),
      (app) => app.strongAuth.dispose(),
    ],
    ['ensure()', async (app) => await app.strongAuth.ensure(), (app) => app.strongAuth.cancel()],
    ['subscribe()', async (app) => await app.strongAuth.subscribe('x', {}, () => {}), () => {}],
    [
      'a misspelt option',
      async (app) => await app.strongAuth.get('x', {}, { timeout: 1 } as never),
      () => {},
    ],
    [
      'after dispose()',
      async (app) => {
        app.strongAuth.dispose();
        await app.strongAuth.get('x');
      },
      () => {},
    ],
  ];
  test.each(ways)('%s', async (_, call, happens) => {
    const app = stage();
    const caught = call(app).catch((error: Error) => error);
    await settleDown();
    await happens(app);
    await settleDown();
    const error = (await caught) as Error;
    expect(error.stack).toContain(THIS_FILE);
    expect(error.stack?.startsWith(`${error.name}: ${error.message}`)).toBe(true);
  });

  test('each of three calls that wait for one wave, its own line', async () => {
    const app = stage();
    async function lockTheDoors() {
      await app.strongAuth.set('x', { n: 1 });
    }
    async function blowTheHorn() {
      await app.strongAuth.set('x', { n: 2 });
    }
    const [locking, blowing] = [lockTheDoors(), blowTheHorn()].map((made) =>
      made.catch((error: Error) => error),
    );
    await settleDown();
    for (const index of [0, 1]) await app.answer(CHALLENGE, index);
    app.strongAuth.cancel();
    const stacks = [((await locking) as Error).stack, ((await blowing) as Error).stack];
    expect(stacks.map((stack) => [stack?.includes('lockTheDoors'), stack?.includes('blowTheHorn')])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  test('in an engine that has no such thing, errors are errors all the same', async () => {
    const { captureStackTrace } = Error;
    Error.captureStackTrace = undefined as never;
    try {
      const app = stage();
      const call = watched(app.strongAuth.get('x'));
      await app.fail(new Error('cable'));
      expect(call.fate).toBe('TRANSPORT_FAILED');
    } finally {
      Error.captureStackTrace = captureStackTrace;
    }
  });
});

describe('44. whatever ends a call, its error names it', () => {
  const named = { verb: 'set', api: COMMAND, action: 'horn' };
  const horn = (app: App, options?: object) =>
    watched(app.strongAuth.set(COMMAND, { action: 'horn' }, options));
  const ends: [string, (app: App) => unknown][] = [
    [
      'INTERACTION_REQUIRED',
      async (app) => {
        const call = horn(app, { interactive: false });
        await app.answer(CHALLENGE);
        return call;
      },
    ],
    [
      'QUEUE_FULL',
      async (app) => {
        await app.challenged();
        const call = horn(app);
        await app.answer(CHALLENGE);
        return call;
      },
    ],
    [
      'STALE',
      async (app) => {
        const call = horn(app, { maxAgeMs: 1 });
        await app.pass(2);
        await app.answer(CHALLENGE);
        return call;
      },
    ],
    [
      'REPLAY_DECLINED',
      async (app) => {
        const call = horn(app, { replay: 'never' });
        await app.answer(CHALLENGE);
        await app.type('1234');
        await app.answer(succeeded({ otp: 'o' }));
        return call;
      },
    ],
    [
      'STILL_CHALLENGED',
      async (app) => {
        const call = horn(app);
        await app.answer(CHALLENGE);
        await app.type('1234');
        await app.answer(succeeded({ otp: 'o' }));
        await app.answer(CHALLENGE);
        return call;
      },
    ],
    [
      'TIMED_OUT',
      async (app) => {
        const call = horn(app);
        await app.pass(60_000);
        return call;
      },
    ],
    [
      'SIGNED_OUT',
      async (app) => {
        const call = horn(app);
        app.strongAuth.reset();
        await settleDown();
        return call;
      },
    ],
    [
      'PROTOCOL',
      async (app) => {
        const call = horn(app);
        await app.answer({ status: 'FAILED' });
        return call;
      },
    ],
  ];
  test.each(ends)('%s', async (code, end) => {
    const app = stage({ policy: { maxWaiting: 1 } });
    const { error } = (await end(app)) as { error: Error };
    expect(error).toMatchObject({ code, ...named });
    expect(error.message).toContain(`set ${COMMAND} (horn)`);
    expect(JSON.parse(JSON.stringify(error))).toMatchObject(named);
  });

  test('of an unsubscribe and a subscribe, too', async () => {
    const app = stage();
    const calls = [
      watched(app.strongAuth.subscribe('x', { action: 'listen' }, () => {})),
      watched(app.strongAuth.send({ verb: 'unsubscribe', api: 'x' })),
    ];
    await app.fail(new Error('cable'));
    expect(calls.map(({ error }) => error)).toMatchObject([
      { verb: 'subscribe', api: 'x', action: 'listen' },
      { verb: 'unsubscribe', api: 'x' },
    ]);
    expect(calls[1]?.error).not.toHaveProperty('action');
  });

  test('an action that throws when it is read names nothing, and ends nothing else', async () => {
    class Command {
      get action() {
        return trap();
      }
    }
    const app = stage();
    const call = watched(app.strongAuth.set('x', new Command() as never));
    await app.fail(new Error('cable'));
    expect((call.error as Error).message).toMatch(/^set x: /);
    const waiting = watched(app.strongAuth.set('x', new Command() as never));
    await app.answer(CHALLENGE);
    expect(app.user.prompts[0]?.prompt.calls).toEqual([{ verb: 'set', api: 'x' }]);
    expect(app.strongAuth.explain().calls).toMatchObject([{ verb: 'set', api: 'x' }]);
    app.strongAuth.cancel();
    await settleDown();
    expect(waiting.fate).toBe('CANCELLED');
    await expectRest(app);
  });

  test('nothing else of the parameters is in it', async () => {
    const app = stage();
    const parameters = { action: 'horn', vin: 'VF3-SECRET', nested: { pin: '4711' } };
    const call = watched(app.strongAuth.set('x', parameters, { label: 'Horn of my car' }));
    await app.answer(failed(2204));
    const { error } = call as { error: Error };
    expect(JSON.stringify(error) + error.message + error.stack).not.toMatch(/SECRET|4711/);
  });
});

describe('45. whether it may have been executed', () => {
  const facts: [string, (app: App) => Promise<{ error: unknown }>, object][] = [
    [
      'its own time is over while it is out',
      async (app) => {
        const call = watched(app.strongAuth.set('x', {}, { timeoutMs: 5 }));
        await app.pass(5);
        return call;
      },
      { code: 'TIMED_OUT', remedy: 'checkState', details: { sent: true } },
    ],
    [
      'its own time is over while its replay is out',
      async (app) => {
        const call = await app.challenged({ timeoutMs: 500 });
        await app.type('1234');
        await app.answer(succeeded({ otp: 'o' }));
        await app.pass(500);
        return call;
      },
      { code: 'TIMED_OUT', remedy: 'checkState', details: { sent: true } },
    ],
    [
      'its own time is over while `replay` thinks',
      async (app) => {
        const call = await app.challenged({ timeoutMs: 500, replay: () => new Promise(() => {}) });
        await app.type('1234');
        await app.answer(succeeded({ otp: 'o' }));
        await app.pass(500);
        return call;
      },
      { code: 'TIMED_OUT', remedy: 'retry', details: { sent: false } },
    ],
    [
      'its replay fails on the way',
      async (app) => {
        const call = await app.challenged();
        await app.type('1234');
        await app.answer(succeeded({ otp: 'o' }));
        await app.fail(new Error('cable'));
        return call;
      },
      { code: 'TRANSPORT_FAILED', remedy: 'checkState', details: { sent: true } },
    ],
    [
      'its replay is answered with nonsense',
      async (app) => {
        const call = await app.challenged();
        await app.type('1234');
        await app.answer(succeeded({ otp: 'o' }));
        await app.answer({ status: 'DONE' });
        return call;
      },
      { code: 'PROTOCOL', remedy: 'checkState', details: { sent: true } },
    ],
    [
      'the OTP holds nothing for its replay',
      async (app) => {
        const call = await app.challenged();
        await app.type('1234');
        await app.answer(succeeded());
        return call;
      },
      { code: 'PROTOCOL', remedy: 'retry', details: { sent: false } },
    ],
  ];
  test.each(facts)('%s', async (name, happens, expected) => {
    const isAboutOtp = name.startsWith('the OTP');
    const app = stage(isAboutOtp ? { prepareReplay: (request) => request } : {});
    const { error } = await happens(app);
    expect(error).toMatchObject(expected);
    for (const request of app.transport.requests) request.resolve(succeeded());
    await settleDown();
    await expectRest(app);
  });
});

describe('46. background calls', () => {
  test('one that is challenged while a wave runs joins it, and ends as it ends', async () => {
    const app = stage();
    await app.challenged();
    const poll = await app.challenged({ interactive: false });
    expect([poll.fate, app.user.prompts.length]).toEqual(['pending', 1]);
    app.strongAuth.cancel();
    await settleDown();
    expect(poll.error).toMatchObject({ code: 'CANCELLED', remedy: 'retry' });
  });

  test('a straggler after a grant is sent again, without a prompt', async () => {
    const app = stage();
    const poll = watched(app.strongAuth.get('x', {}, { interactive: false }));
    await app.challenged();
    await app.type('1234');
    await app.answer(succeeded({ otp: 'o' }));
    await app.answer(CHALLENGE, 0);
    await app.answer(succeeded('fresh'));
    expect([poll.value, app.user.prompts.length]).toEqual(['fresh', 1]);
  });

  test('a hundred of them open no prompt, and a foreground call then does', async () => {
    const app = stage();
    const polls = Array.from({ length: 100 }, () =>
      watched(app.strongAuth.get('x', {}, { interactive: false })),
    );
    for (let index = 0; index < 100; index += 1) app.transport.requests[index]?.resolve(CHALLENGE);
    await settleDown();
    expect(new Set(polls.map(({ fate }) => fate))).toEqual(new Set(['INTERACTION_REQUIRED']));
    expect(app.user.prompts).toHaveLength(0);
    await app.challenged();
    expect(app.user.prompts).toHaveLength(1);
  });
});

describe('49. details of all makes', () => {
  async function detailsOf(more: object): Promise<Record<string, unknown>> {
    const app = stage();
    const call = watched(app.strongAuth.get('x'));
    await app.answer({ status: 'FAILED', error: { code: 2204, label: 'Busy', ...more } });
    return (call.error as ApiError).details;
  }
  test.each<[string, unknown, unknown]>([
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['a date of another realm', runInNewContext('new Date(0)'), '1970-01-01T00:00:00.000Z'],
    ['a BigInt beyond numbers', 2n ** 70n, `${2n ** 70n}`],
    ['boxed values', [new Number(1), new String('a'), new Boolean(true)], [1, 'a', true]],
    ['bytes', Uint8Array.of(1, 2), [1, 2]],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ['a frozen list with a hole', Object.freeze(Object.assign([1], { 2: 3 })), [1, null, 3]],
    ['null', null, null],
  ])('%s', async (_, value, expected) => {
    expect((await detailsOf({ value })).value).toEqual(expected);
  });

  test.each<[string, () => unknown]>([
    ['a function', () => () => 1],
    ['a symbol', () => Symbol('s')],
    ['undefined', () => undefined],
    [
      'a proxy that was revoked',
      () => {
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        return proxy;
      },
    ],
  ])('%s is left out, or holds nothing', async (_, make) => {
    const details = await detailsOf({ value: make(), tries: 2 });
    expect(details.tries).toBe(2);
    expect([undefined, {}]).toContainEqual(details.value);
  });

  test('what contains itself, in all ways, is JSON', async () => {
    const map = new Map<unknown, unknown>();
    map.set('self', map);
    const list: unknown[] = [map];
    list.push(list, { list });
    expect(() => JSON.stringify(list)).toThrow();
    const details = await detailsOf({ list, tries: 2 });
    expect(() => JSON.stringify(details)).not.toThrow();
    expect(details.tries).toBe(2);
  });

  test('names of objects of their own change no prototype, and then is no thenable', async () => {
    const details = await detailsOf(
      JSON.parse('{ "__proto__": { "isAdmin": true }, "then": "x", "tries": 2 }'),
    );
    expect((details as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    expect([details.tries, typeof details.then]).toEqual([2, 'undefined']);
  });

  test('of an event of a subscription', async () => {
    const events: unknown[] = [];
    const strongAuth = createStrongAuth({
      transport: {
        send: async () => succeeded(),
        subscribe(_request, onMessage) {
          onMessage(succeeded());
          onMessage({ status: 'RESULT', error: { code: 2204, retryAfter: 30 } });
        },
      },
      enterPin: async () => null,
    });
    await strongAuth.subscribe('x', {}, (event) => events.push(event));
    expect(events).toMatchObject([{ error: { code: 2204, details: { retryAfter: 30 }, verb: 'subscribe' } }]);
  });

  test('cannot be changed', async () => {
    const details = await detailsOf({ tries: 2 });
    expect(() => Object.assign(details, { tries: 9 })).toThrow(TypeError);
  });
});

describe('50. errors on more ways', () => {
  async function errors(): Promise<(ApiError | StrongAuthError)[]> {
    const app = stage();
    const deep = { a: { b: { c: { d: { e: { f: 1 } } } } } };
    const refused = watched(app.strongAuth.set(COMMAND, { action: 'horn' }));
    await app.answer({
      transactionId: 't',
      status: 'FAILED',
      error: { code: 2329, label: 'No', deep, at: new Date(0) },
    });
    const numberless = watched(app.strongAuth.get('x'));
    await app.answer({ status: 'FAILED', error: { code: Number.NaN } });
    const stale = await app.challenged({ timeoutMs: 5 });
    await app.pass(5);
    const blocked = await app.challenged();
    await app.type('1234');
    await app.answer(failed(2310));
    return [refused, numberless, stale, blocked].map(({ error }) => error as ApiError);
  }
  const facts = (error: unknown) => JSON.parse(JSON.stringify(error));

  test.each<[string, (error: ApiError | StrongAuthError) => unknown]>([
    ['twice', (error) => facts(reviveError(facts(error)))],
    ['in another realm', (error) => runInNewContext('JSON.parse(text)', { text: JSON.stringify(error) })],
    ['frozen', (error) => Object.freeze(facts(error))],
    [
      'with maps of names',
      (error) =>
        JSON.parse(JSON.stringify(error), (_, value) =>
          value && typeof value === 'object' && !Array.isArray(value)
            ? Object.assign(Object.create(null), value)
            : value,
        ),
    ],
    ['as a proxy', (error) => new Proxy(facts(error), {})],
    ['with fields that nobody knows', (error) => ({ ...facts(error), stack: 's', more: { a: 1 } })],
  ])('%s', async (_, cross) => {
    for (const error of await errors()) {
      const revived = reviveError(cross(error));
      expect(revived).toBeInstanceOf(Error);
      expect(facts(revived)).toEqual(facts(error));
      expect(revived?.constructor).toBe(error.constructor);
    }
  });

  test('over a MessageChannel', async () => {
    const { port1, port2 } = new MessageChannel();
    for (const error of await errors()) {
      const received = new Promise<unknown>((resolve) => port2.once('message', resolve));
      port1.postMessage(error.toJSON());
      expect(facts(reviveError(await received))).toEqual(facts(error));
    }
    port1.close();
  });

  test('by a reviver of JSON, wherever they are in the text', async () => {
    const [refused, , , blocked] = await errors();
    const text = JSON.stringify({ results: [{ reason: refused }, { deep: { reason: blocked } }], code: 1 });
    const data = JSON.parse(text, (_, value) => reviveError(value) ?? value);
    expect(isApiError(data.results[0].reason)).toBe(true);
    expect(isStrongAuthError(data.results[1].deep.reason)).toBe(true);
    expect(data.code).toBe(1);
  });

  test('from Promise.any and allSettled, whose JSON keeps nothing of what is in an AggregateError', async () => {
    const app = stage();
    const any = Promise.any([app.strongAuth.get('x'), app.strongAuth.get('y')]).catch(
      (error: unknown) => error,
    );
    await app.answer(failed(2204), 0);
    await app.fail(new Error('cable'), 1);
    const aggregate = (await any) as AggregateError;
    expect(aggregate).toBeInstanceOf(AggregateError);
    expect([isApiError(aggregate), isStrongAuthError(aggregate), reviveError(facts(aggregate))]).toEqual([
      ...[false, false, undefined],
    ]);
    const revived = facts(aggregate.errors).map(reviveError);
    expect(revived).toMatchObject([
      { code: 2204, api: 'x' },
      { code: 'TRANSPORT_FAILED', api: 'y' },
    ]);
  });

  test('the cause stays behind, and nothing of the request crosses', async () => {
    const app = stage();
    const call = watched(app.strongAuth.set('x', { vin: 'VF3-SECRET' }));
    await app.fail(new Error('VF3-SECRET'));
    expect((call.error as Error).cause).toBeInstanceOf(Error);
    expect(JSON.stringify(call.error)).not.toContain('SECRET');
    expect(reviveError(facts(call.error))?.cause).toBeUndefined();
  });

  test.each<[string, () => unknown]>([
    [
      'a proxy that was revoked',
      () => {
        const { proxy, revoke } = Proxy.revocable({ name: 'ApiError' }, {});
        revoke();
        return proxy;
      },
    ],
    [
      'a name that throws',
      () => ({
        get name() {
          return trap();
        },
      }),
    ],
    ['an ApiError without a call', () => ({ name: 'ApiError', code: 1 })],
    ['a code of Object', () => ({ name: 'StrongAuthError', code: 'toString' })],
    ['a code of __proto__', () => ({ name: 'StrongAuthError', code: '__proto__' })],
    ['a list', () => [{ name: 'StrongAuthError', code: 'CANCELLED' }]],
    ['a symbol', () => Symbol('ApiError')],
    ['a cloned Error', () => structuredClone(new StrongAuthError('CANCELLED', {}))],
  ])('%s is none of ours, and throws nothing', (_, make) => {
    const data = make();
    expect([reviveError(data), isApiError(data), isStrongAuthError(data)]).toEqual([undefined, false, false]);
  });

  test('details that are wrong revive an error without them', () => {
    for (const details of [undefined, null, 7, 'x', () => 1]) {
      const revived = reviveError({ name: 'StrongAuthError', code: 'TIMED_OUT', details });
      expect(revived).toMatchObject({ code: 'TIMED_OUT', details: {} });
    }
  });

  test('an error of another copy of the package is known', () => {
    const foreign = Object.defineProperty(new Error('x'), Symbol.for('strong-auth-machine.StrongAuthError'), {
      value: true,
    });
    expect([isStrongAuthError(foreign), reviveError(foreign)]).toEqual([true, foreign]);
  });
});

describe('51 and 52. more that makes no sense', () => {
  const fine = { transport: { send: async () => succeeded() }, enterPin: async () => null };
  const simulator = createSimulator();
  class Sdk {
    get() {}
    set() {}
    subscribe() {}
    unsubscribe() {}
  }
  test.each<[string, unknown]>([
    ['an SDK that is a class', new Sdk()],
    ['an SDK that is a function', Object.assign(() => {}, { get() {}, set() {} })],
    ['the facade of another client', createStrongAuth(fine).asPims()],
    ['an SDK without a prototype', Object.assign(Object.create(null), { get() {}, set() {} })],
  ])('%s given as transport: says fromPims(sdk)', (_, transport) => {
    expect(() => createStrongAuth({ ...fine, transport: transport as never })).toThrow(/fromPims\(sdk\)/);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['fromPims itself', fromPims],
    ['a promise of a transport', Promise.resolve(fine.transport)],
    ['a function', async () => succeeded()],
  ])('%s given as transport: TypeError that says what it lacks', (_, transport) => {
    expect(() => createStrongAuth({ ...fine, transport: transport as never })).toThrow(
      /transport must have a send\(\)/,
    );
  });

  test.each<[string, object, RegExp]>([
    ['a store that is misspelt', { policy: { otpBudget: { max: 1, perMs: 1, stroe: {} } } }, /otpBudget/],
    [
      'a store without save',
      { policy: { otpBudget: { max: 1, perMs: 1, store: { load: () => [] } } } },
      /otpBudget/,
    ],
    ['a classifier that is none', { classify: { call: 'challenge' } }, /classify\.call must be a function/],
    ['a classifier that is a function', { classify: () => 'pass' }, /classify/],
    ['a grant that is half', { grant: { apply: (request: unknown) => request } }, /grant/],
    ['a requestOtp that is none', { requestOtp: {} }, /requestOtp/],
    ['a misspelt phase of classify', { classify: { calls() {} } }, /classify.calls is no phase/],
    ['enterPin in another case', { enterPIN: async () => '1234' }, /enterPIN is no option/],
    ['a policy in the wrong place', { maxPinAttempts: 3 }, /maxPinAttempts is no option/],
    ['a policy that is null', { policy: null }, /policy/],
    ['a policy of call options', { policy: { timeoutMs: 5 } }, /timeoutMs/],
    ['a clock without now', { clock: { setTimeout() {}, clearTimeout() {} } }, /now/],
  ])('of a client: %s', (_, options, message) => {
    expect(() => createStrongAuth({ ...fine, ...options } as never)).toThrow(TypeError);
    expect(() => createStrongAuth({ ...fine, ...options } as never)).toThrow(message);
  });

  test.each<[string, unknown, RegExp]>([
    ['one of the policy', { maxRounds: 2 }, /maxRounds is no option/],
    ['one in another case', { timeoutMS: 5 }, /timeoutMS is no option/],
    ['a time that no timer holds', { timeoutMs: 2 ** 31 }, /timeoutMs/],
    ['a time below nothing', { maxAgeMs: -1 }, /maxAgeMs/],
    ['a time that is none', { maxAgeMs: Number.NaN }, /maxAgeMs/],
    ['a time as text', { timeoutMs: '5' }, /timeoutMs/],
    ['a replay of another kind', { replay: true }, /replay/],
    ['null', null, /object/],
    ['a signal itself', new AbortController().signal, /is no option/],
    ['a misspelt one of the defaults', Object.create({ replays: 'never' }), /replays is no option/],
    ['a text', 'auto', /object/],
  ])('of a call: %s is refused, nothing is sent', async (_, options, message) => {
    const app = stage();
    const attempts = [
      app.strongAuth.get('x', {}, options as never),
      app.strongAuth.send({ verb: 'get', api: 'x' }, options as never),
      app.strongAuth.subscribe('x', {}, () => {}, options as never),
    ];
    for (const attempt of attempts) {
      const error = await attempt.catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).toMatch(message);
    }
    expect(app.transport.requests).toHaveLength(0);
    await expectRest(app);
  });

  test.each<[string, object]>([
    ['inherited', Object.create({ replay: 'never' })],
    [
      'a getter of a class',
      new (class {
        get replay() {
          return 'never';
        }
      })(),
    ],
    ['without a prototype', Object.assign(Object.create(null), { replay: 'never' })],
    ['frozen', Object.freeze({ replay: 'never' })],
  ])('options of a call that are %s are heeded', async (_, options) => {
    const app = stage();
    const call = await app.challenged(options);
    await app.type('1234');
    await app.answer(succeeded({ otp: 'o' }));
    expect([call.fate, app.requestsOf(COMMAND).length]).toEqual(['REPLAY_DECLINED', 1]);
  });

  test('an option that is undefined is as if it were not there', async () => {
    const app = stage();
    const call = watched(
      app.strongAuth.get(
        'x',
        {},
        { signal: undefined, timeoutMs: undefined, replay: undefined, label: undefined },
      ),
    );
    await app.answer(succeeded(1));
    expect(call.value).toBe(1);
  });

  test('the SDK is not touched while it is looked at', () => {
    createStrongAuth({ transport: fromPims(simulator), enterPin: async () => null });
    expect(simulator.effects.requests).toHaveLength(0);
  });
});
