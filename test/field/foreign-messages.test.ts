import { runInNewContext } from 'node:vm';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { type ApiMessage, type ApiRequest, createStrongAuth } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { reactive } from 'vue';
import {
  CHALLENGE,
  COMMAND,
  DOORS,
  failed,
  settleDown,
  stage,
  succeeded,
  watched,
} from '../lifecycle/support.js';
import { collectSurfaced, expectRest, immediate, trap } from './support.js';

/* Messages from hosts that are not plain objects: neighbours of the field cases 1 to 7, which are in messages.test.ts. */

const surfaced = collectSurfaced();

const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const refusing = (handler: ProxyHandler<object>) => (code: unknown) =>
  new Proxy({ status: 'FAILED', error: new Proxy({ code }, handler) }, handler);

class Private {
  readonly #status = 'FAILED';
  readonly #error: object;
  constructor(code: unknown) {
    this.#error = new (class {
      readonly #code = code;
      get code() {
        return this.#code;
      }
    })();
  }
  get status() {
    return this.#status;
  }
  get error() {
    return this.#error;
  }
}

/** The ways in which a host hands over FAILED with a code. */
const shapes: Record<string, (code: unknown) => unknown> = {
  'a class with private fields': (code) => new Private(code),
  'a proxy that does not name its fields': refusing({ ownKeys: trap }),
  'a proxy that does not show its prototype': refusing({ getPrototypeOf: trap }),
  'a proxy that can only be read by name': refusing({
    ...{ ownKeys: trap, has: trap, getPrototypeOf: trap, getOwnPropertyDescriptor: trap },
  }),
  'an object two prototypes above': (code) =>
    Object.create(Object.create(Object.create({ status: 'FAILED', error: Object.create({ code }) }))),
  'a sealed one without a prototype': (code) =>
    Object.seal(Object.assign(Object.create(null), { status: 'FAILED', error: Object.seal({ code }) })),
  'an Error with an Error in it': (code) =>
    Object.assign(new Error('no'), { status: 'FAILED', error: Object.assign(new RangeError(), { code }) }),
  'a reactive one': (code) => reactive({ status: 'FAILED', error: { code } }),
  'a class of another realm': (code) =>
    runInNewContext(
      'new (class { get status() { return "FAILED" } get error() { return new (class { get code() { return code } })() } })()',
      { code },
    ),
  'JSON whose reviver made maps of names': (code) =>
    JSON.parse(JSON.stringify({ status: 'FAILED', error: { code } }), (_, value) =>
      typeof value === 'object' ? Object.assign(Object.create(null), value) : value,
    ),
  'a function with getters': (code) =>
    Object.defineProperties(() => {}, {
      status: { get: () => 'FAILED' },
      error: { get: () => Object.assign(() => {}, { code }) },
    }),
  'one with fields around it that throw': (code) => ({
    get transactionId() {
      return trap();
    },
    status: 'FAILED',
    error: Object.defineProperty({ code }, 'label', { get: trap, enumerable: true }),
    get result() {
      return trap();
    },
    get more() {
      return trap();
    },
  }),
  'one whose error has a list that lies about its length': (code) => ({
    status: 'FAILED',
    error: { code, list: new Proxy([], { get: (_, name) => (name === 'length' ? Symbol('n') : trap()) }) },
  }),
};
const everyShape = Object.entries(shapes);

describe('1. FAILED is read by name, whatever else the object does', () => {
  test.each(everyShape)('2302: %s', async (_, shape) => {
    const app = stage();
    const call = await (async () => {
      const made = watched(app.strongAuth.set(COMMAND, DOORS));
      await app.answer(shape('2302'));
      return made;
    })();
    expect([call.fate, app.user.prompts.length]).toEqual(['pending', 1]);
    await app.type('1234');
    await app.answer(succeeded({ otp: 'o' }));
    await app.answer(succeeded({ locked: true }));
    expect(call.value).toEqual({ locked: true });
    await expectRest(app);
  });

  test.each(everyShape)('another code, thrown and resolved: %s', async (_, shape) => {
    const app = stage();
    const calls = [watched(app.strongAuth.get('x')), watched(app.strongAuth.get('x'))];
    await app.answer(shape(2202), 0);
    await app.fail(shape(2202), 1);
    expect(calls.map(({ error }) => error)).toMatchObject([
      { name: 'ApiError', code: 2202 },
      { name: 'ApiError', code: 2202 },
    ]);
  });

  test.each(everyShape)('on the OTP, resolved and thrown: %s', async (_, shape) => {
    const app = stage();
    const call = await app.challenged();
    await app.type('1111');
    await app.answer(shape('2308'));
    await app.type('2222');
    await app.fail(shape(2310));
    expect([app.user.prompts.length, call.fate]).toEqual([2, 'ACCOUNT_BLOCKED']);
  });

  test.each(everyShape)('as the acknowledgement of a subscribe: %s', async (_, shape) => {
    const answers = [shape('2302'), succeeded()];
    let prompts = 0;
    const strongAuth = createStrongAuth({
      transport: {
        send: async () => succeeded({ otp: 'o' }),
        subscribe: (_request, onMessage) => onMessage(answers.shift()),
      },
      enterPin: async () => {
        prompts += 1;
        return '1234';
      },
    });
    await strongAuth.subscribe('pims.vehicle.event', {}, () => {});
    expect([prompts, answers.length]).toEqual([1, 0]);
  });
});

describe('1. a success stays one, whatever else the object does', () => {
  test.each<[string, object]>([
    [
      'does not name its fields',
      new Proxy({ status: 'SUCCEEDED', result: { locked: true } }, { ownKeys: trap }),
    ],
    [
      'holds an error too',
      { status: 'SUCCEEDED', result: { locked: true }, error: { code: 2302, label: 'stale' } },
    ],
    [
      'has an error that throws',
      {
        status: 'SUCCEEDED',
        result: { locked: true },
        get error() {
          return trap();
        },
      },
    ],
    ['is of another realm', runInNewContext('({ status: "SUCCEEDED", result: { locked: true } })')],
    ['inherits it all', Object.create({ status: 'SUCCEEDED', result: { locked: true } })],
  ])('one that %s', async (_, message) => {
    const app = stage();
    const call = watched(app.strongAuth.set(COMMAND, DOORS));
    await app.answer(message);
    expect(call.value).toEqual({ locked: true });
  });

  test.each<[string, object]>([
    [
      'throws',
      {
        status: 'SUCCEEDED',
        get result() {
          return trap();
        },
      },
    ],
    ['is a proxy that was revoked', { status: 'SUCCEEDED', result: revoked() }],
  ])('one whose result %s: nobody knows what came of it', async (_, message) => {
    const app = stage();
    const call = watched(app.strongAuth.set(COMMAND, DOORS));
    await app.answer(message);
    expect(call.error).toMatchObject({ code: 'PROTOCOL', remedy: 'checkState', details: { sent: true } });
    await expectRest(app);
  });
});

describe('1. a message is read once', () => {
  /** Counts how often each field is read. */
  function counting(fields: object) {
    const reads: Record<string, number> = {};
    const message = new Proxy(fields, {
      get(target, name, receiver) {
        if (typeof name === 'string') reads[name] = (reads[name] ?? 0) + 1;
        return Reflect.get(target, name, receiver);
      },
    });
    return { message, reads };
  }
  test.each<[string, object, string[]]>([
    [
      'a success',
      { status: 'SUCCEEDED', result: 1, transactionId: 't' },
      ['status', 'result', 'transactionId'],
    ],
    ['a failure', { status: 'FAILED', error: { code: 2204 } }, ['status', 'error']],
    ['a challenge', { status: 'FAILED', error: { code: 2302 } }, ['status', 'error']],
    ['a status that is none', { status: 'DONE', result: 1 }, ['status']],
  ])('%s', async (_, fields, names) => {
    const { message, reads } = counting(fields);
    const app = stage();
    watched(app.strongAuth.get('x'));
    await app.answer(message);
    expect(names.map((name) => reads[name])).toEqual(names.map(() => 1));
  });

  test('its code, too, and the answer to the OTP', async () => {
    const { message: error, reads } = counting({ code: '2308', label: 'Wrong' });
    const app = stage();
    await app.challenged();
    await app.type('1111');
    await app.answer({ status: 'FAILED', error });
    expect([app.user.prompts.length, reads.code, reads.label]).toEqual([2, 1, 1]);
  });
});

describe('1. over a MessageChannel, which clones', () => {
  /** A transport over a port: answers come back as clones, or not at all. */
  function overPort(port: MessagePort) {
    const waiting = new Map<number, (message: unknown) => void>();
    let last = 0;
    port.on('message', ({ id, message }) => waiting.get(id)?.(message));
    return {
      send: (request: ApiRequest) =>
        new Promise<unknown>((resolve) => {
          last += 1;
          waiting.set(last, resolve);
          port.postMessage({ id: last, request });
        }),
    };
  }

  test('a challenged call goes through, with its date, its map and its bytes', async () => {
    const { port1, port2 } = new MessageChannel();
    const received: unknown[] = [];
    let isStrong = false;
    port2.on('message', ({ id, request }: { id: number; request: ApiRequest }) => {
      const isOtp = request.api !== COMMAND;
      if (!isOtp) received.push(request.parameters);
      const message = isOtp || isStrong ? succeeded({ at: new Date(0), tags: new Set([1]) }) : CHALLENGE;
      isStrong ||= isOtp;
      port2.postMessage({ id, message });
    });
    const strongAuth = createStrongAuth({ transport: overPort(port1), enterPin: async () => '1234' });
    const parameters = { at: new Date(5), map: new Map([[1, { a: 1 }]]), bytes: Uint8Array.of(1) };
    const result = await strongAuth.set<unknown>(COMMAND, reactive(parameters) as never);
    port1.close();
    expect(result).toEqual({ at: new Date(0), tags: new Set([1]) });
    expect(received).toEqual([parameters, parameters]);
  });

  test('what cannot be cloned was not sent, if the port throws at once', async () => {
    const { port1 } = new MessageChannel();
    const transport = overPort(port1);
    const strongAuth = createStrongAuth({
      transport: {
        send(request) {
          structuredClone(request);
          return transport.send(request);
        },
      },
      enterPin: async () => null,
    });
    const call = watched(strongAuth.set('x', { callback: () => {} }));
    await settleDown();
    port1.close();
    expect(call.error).toMatchObject({ code: 'TRANSPORT_FAILED', details: { sent: false }, remedy: 'retry' });
  });
});

describe('2. events of a subscription', () => {
  async function subscribed() {
    const events: unknown[] = [];
    const facts: string[] = [];
    let emit = (_: unknown) => {};
    const strongAuth = createStrongAuth({
      enterPin: async () => null,
      onEvent: ({ type }) => facts.push(type),
      transport: {
        send: async () => succeeded(),
        subscribe(_request, onMessage) {
          emit = onMessage;
          onMessage(succeeded());
        },
      },
    });
    await strongAuth.subscribe('pims.vehicle.event', {}, (event) => events.push(event));
    return { events, facts, emit };
  }

  test.each(everyShape)('an error is delivered: %s', async (_, shape) => {
    const { events, emit } = await subscribed();
    const { error } = shape('2204') as { error: unknown };
    emit({ status: 'RESULT', error });
    emit({ status: 'RESULT', result: 1 });
    expect(events).toMatchObject([{ error: { name: 'ApiError', code: 2204 } }, { result: 1 }]);
  });

  test.each<[string, () => unknown]>([
    ['a result that is a thenable', () => ({ status: 'RESULT', result: { then() {} } })],
    [
      'a result that throws',
      () => ({
        status: 'RESULT',
        get result() {
          return trap();
        },
      }),
    ],
    ['an error without a code', () => ({ status: 'RESULT', error: {} })],
    ['a proxy that was revoked', revoked],
    ['no object', () => 'RESULT'],
  ])('%s is dropped, said, and disturbs no other', async (_, make) => {
    const { events, facts, emit } = await subscribed();
    emit(make());
    emit({ status: 'RESULT', result: 1 });
    await settleDown();
    expect(events).toEqual([{ result: 1 }]);
    expect(facts.filter((type) => type === 'eventDropped')).toHaveLength(1);
  });

  test('2302 in an event is an error like any other: it opens no prompt', async () => {
    const { events, emit } = await subscribed();
    emit({ status: 'RESULT', error: { code: '2302' } });
    expect(events).toMatchObject([{ error: { code: 2302 } }]);
  });
});

describe('3. results that only look like promises', () => {
  test.each<[string, unknown]>([
    ['a field `then` that is no function', { then: 'later' }],
    ['an async iterable', { async *[Symbol.asyncIterator]() {} }],
    ['a function', () => 1],
    ['a proxy around a list', new Proxy([1], {})],
    ['null', null],
  ])('%s is a result', async (_, result) => {
    const app = stage();
    const call = watched(app.strongAuth.get('x'));
    await app.answer({ status: 'SUCCEEDED', result });
    expect([call.fate, call.value]).toEqual(['resolved', result]);
  });

  test.each<[string, () => object]>([
    ['an inherited `then`', () => Object.create({ then() {} })],
    [
      'an accessor that throws when it is read again',
      () => {
        let reads = 0;
        return {
          get then() {
            reads += 1;
            return reads > 1 ? trap() : () => {};
          },
        };
      },
    ],
    ['a thenable of another realm', () => runInNewContext('({ then(resolve) { resolve(1) } })')],
    ['a proxy that answers every name', () => new Proxy({}, { get: () => () => {} })],
  ])('%s: PROTOCOL, for send() and behind asPims() too', async (_, make) => {
    const app = stage();
    const answers: unknown[] = [];
    const call = watched(app.strongAuth.get('x'));
    const sent = watched(app.strongAuth.send({ verb: 'get', api: 'x' }));
    app.strongAuth.asPims().get('x', {}, (message) => answers.push(message));
    await settleDown();
    for (const index of [0, 1, 2]) await app.answer({ status: 'SUCCEEDED', result: make() }, index);
    expect([call.fate, sent.fate]).toEqual(['PROTOCOL', 'PROTOCOL']);
    expect(answers).toMatchObject([{ status: 'FAILED', error: { code: 2000 } }]);
    await expectRest(app);
  });
});

describe('4. more codes', () => {
  test.each<[unknown]>([
    ['\t2302\n'],
    ['02302'],
    ['2302.000'],
    [{ valueOf: () => '2302' }],
    [Object.assign(Object.create(null), { valueOf: () => 2302 })],
    [runInNewContext('Object(2302n)')],
    [runInNewContext('new Number(2302)')],
  ])('%o is 2302', async (code) => {
    const app = stage();
    watched(app.strongAuth.set(COMMAND, DOORS));
    await app.answer({ status: 'FAILED', error: { code } });
    expect(app.user.prompts).toHaveLength(1);
  });

  test.each<[string, unknown, number | string]>([
    ['-0', -0, 0],
    ['-0 as text', '-0', 0],
    ['NaN', Number.NaN, 'NaN'],
    ['infinity', Number.POSITIVE_INFINITY, 'Infinity'],
    ['a text of 400 digits', '9'.repeat(400), '9'.repeat(400)],
    ['a BigInt of 400 digits', 10n ** 400n, `1${'0'.repeat(400)}`],
    ['a text with a space within', '23 02', '23 02'],
    ['digits of another script', '２３０２', '２３０２'],
    ['an empty text', '', ''],
  ])('%s is a code, and JSON carries it', async (_, code, expected) => {
    const app = stage();
    const call = watched(app.strongAuth.get('x'));
    await app.answer({ status: 'FAILED', error: { code } });
    expect(call.error).toMatchObject({ name: 'ApiError' });
    expect(JSON.parse(JSON.stringify(call.error)).code).toBe(expected);
    expect(app.user.prompts).toHaveLength(0);
  });

  test.each<[string, unknown]>([
    ['a boxed symbol', Object(Symbol('2302'))],
    ['what throws when it is unboxed', { valueOf: trap }],
    ['a proxy that was revoked', revoked()],
    ['a list of one', [2302]],
    ['a promise', Promise.resolve(2302)],
  ])('%s is none', async (_, code) => {
    const app = stage();
    const call = watched(app.strongAuth.get('x'));
    await app.answer({ status: 'FAILED', error: { code } });
    expect([call.fate, app.user.prompts.length]).toEqual(['PROTOCOL', 0]);
    await expectRest(app);
  });
});

describe('what a transport throws is an answer only if it is one', () => {
  test.each<[string, unknown]>([
    ['an AggregateError that holds a challenge', new AggregateError([CHALLENGE, { error: { code: 2302 } }])],
    ['a DOMException with a code', new DOMException('2302', 'AbortError')],
    ['an Error with a bare code', Object.assign(new Error(), { code: 2302 })],
    ['an Error whose cause is a challenge', new Error('x', { cause: CHALLENGE })],
    ['a success', succeeded()],
    ['a proxy that was revoked', revoked()],
    ['undefined', undefined],
    ['a text', '2302'],
  ])('%s is not', async (_, thrown) => {
    const app = stage();
    const call = watched(app.strongAuth.set(COMMAND, DOORS));
    await app.fail(thrown);
    const { cause, ...error } = call.error as Error & { code: string; details: object; cause: unknown };
    expect(error).toMatchObject({ code: 'TRANSPORT_FAILED', details: { sent: true } });
    expect(cause === thrown).toBe(true); // not by its fields: one of them has none that can be read
    expect(app.user.prompts).toHaveLength(0);
  });

  test('an Error that carries the SDK’s error is', async () => {
    const app = stage();
    watched(app.strongAuth.set(COMMAND, DOORS));
    await app.fail(Object.assign(new Error('2302'), { error: Object.assign(new Error(), { code: '2302' }) }));
    expect(app.user.prompts).toHaveLength(1);
  });
});

test('of an error that holds a megabyte of bytes no more than a part is kept', async () => {
  const app = stage();
  const call = watched(app.strongAuth.get('x'));
  const error = {
    code: 2204,
    view: new DataView(new ArrayBuffer(9)),
    raw: Buffer.alloc(2 ** 20, 7),
    tries: 2,
  };
  await app.answer({ status: 'FAILED', error });
  const { details } = call.error as { details: { raw: number[]; view: unknown; tries: number } };
  expect([details.raw[0], details.raw.length <= 1000, details.view, details.tries]).toEqual([7, true, [], 2]);
});

describe('5. asPims() without a callback, when things go wrong', () => {
  test.each<[string, (app: ReturnType<typeof stage>) => unknown]>([
    [
      'initialize and release',
      ({ strongAuth }) => {
        const pims = strongAuth.asPims() as unknown as Record<string, (...args: unknown[]) => void>;
        pims.initialize?.({});
        pims.release?.();
      },
    ],
    ['no arguments at all', ({ strongAuth }) => (strongAuth.asPims().get as () => void)()],
    ['null for a callback', ({ strongAuth }) => strongAuth.asPims().set('x', {}, null as never)],
    [
      'parameters that throw',
      ({ strongAuth }) =>
        (strongAuth.asPims().set as (...args: unknown[]) => void)('x', {
          get a() {
            return trap();
          },
        }),
    ],
    [
      'a call that fails',
      async ({ strongAuth, fail }) => {
        (strongAuth.asPims().set as (...args: unknown[]) => void)('x', {});
        await settleDown();
        await fail(new Error('cable'));
      },
    ],
    [
      'a call that is denied',
      async ({ strongAuth, answer, type }) => {
        (strongAuth.asPims().set as (...args: unknown[]) => void)('x', {});
        await settleDown();
        await answer(CHALLENGE);
        await type(null);
      },
    ],
    [
      'a client that was disposed of',
      ({ strongAuth }) => {
        strongAuth.dispose();
        (strongAuth.asPims().set as (...args: unknown[]) => void)('x', {});
      },
    ],
  ])('%s: nothing is thrown anywhere', async (_, happens) => {
    const app = stage();
    await happens(app);
    await immediate();
    expect(surfaced).toEqual([]);
    for (const request of app.transport.requests) request.resolve(succeeded());
    await immediate();
    await expectRest(app);
  });

  test('a callback that throws surfaces, and the next call works', async () => {
    const app = stage();
    app.strongAuth.asPims().get('x', {}, trap);
    await settleDown();
    await app.answer(succeeded());
    await immediate();
    expect(surfaced.splice(0)).toMatchObject([{ message: 'trap' }]);
    await expectRest(app);
  });
});

describe('6. answers to the OTP that cannot be judged', () => {
  test.each<[string, () => unknown]>([
    ['a proxy that was revoked', revoked],
    [
      'a status that throws',
      () => ({
        get status() {
          return trap();
        },
      }),
    ],
    ['a status with a toString', () => ({ status: { toString: () => 'SUCCEEDED' } })],
    ['a boxed SUCCEEDED', () => ({ status: new String('SUCCEEDED') })],
    ['a success whose result is a thenable', () => ({ status: 'SUCCEEDED', result: { then() {} } })],
    [
      'a success whose result throws',
      () => ({
        status: 'SUCCEEDED',
        get result() {
          return trap();
        },
      }),
    ],
    [
      'a FAILED whose code throws',
      () => ({
        status: 'FAILED',
        error: {
          get code() {
            return trap();
          },
        },
      }),
    ],
    ['an event', () => ({ status: 'RESULT', result: { otp: 'o' } })],
    ['nothing', () => undefined],
  ])('%s: OUTCOME_UNKNOWN at once, and nothing is sent again', async (_, make) => {
    const app = stage();
    const call = await app.challenged();
    await app.type('1234');
    await app.answer(make());
    expect(call.error).toMatchObject({ code: 'OUTCOME_UNKNOWN', remedy: 'retry' });
    expect((call.error as Error).cause).toBeUndefined();
    expect(app.requestsOf(COMMAND)).toHaveLength(1);
    await expectRest(app);
  });

  test.each<[string, object, string]>([
    [
      'a label of another realm',
      { code: 2101, label: runInNewContext('new String("Invalid action")') },
      'OTP_REFUSED',
    ],
    ['a label that is a list', { code: 2102, label: ['action'] }, 'pinMalformed'],
    [
      'attempts that throw',
      Object.defineProperty({ code: 2308 }, 'attemptsLeft', { get: trap, enumerable: true }),
      'pinRejected',
    ],
    ['attempts that are a symbol', { code: 2308, attemptsLeft: Symbol('1') }, 'pinRejected'],
    ['a field named __proto__', JSON.parse('{ "code": 2308, "__proto__": { "code": 2310 } }'), 'pinRejected'],
  ])('%s', async (_, error, outcome) => {
    const app = stage();
    const call = await app.challenged();
    await app.type('1234');
    await app.answer({ status: 'FAILED', error });
    expect(app.user.prompts[1]?.prompt.reason ?? call.fate).toBe(outcome);
  });
});

describe('7. thrown at once, so it was not sent', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  test.each<[string, object]>([
    ['a toJSON that throws', { a: { toJSON: trap } }],
    ['an object that contains itself', cyclic],
    ['a BigInt deep inside', { a: [{ b: new Map([[1, 2]]), c: 3n }] }],
  ])('%s, over JSON', async (_, parameters) => {
    const strongAuth = createStrongAuth({
      transport: { send: (request) => Promise.resolve(JSON.parse(JSON.stringify(request))) },
      enterPin: async () => null,
    });
    const call = watched(strongAuth.set('x', parameters as never));
    await settleDown();
    expect(call.error).toMatchObject({
      ...{ code: 'TRANSPORT_FAILED', remedy: 'retry', details: { sent: false } },
      cause: expect.any(Error),
    });
  });

  test('an async transport may have sent it before it threw', async () => {
    const strongAuth = createStrongAuth({
      transport: { send: async (request) => JSON.stringify(request) },
      enterPin: async () => null,
    });
    await expect(strongAuth.set('x', { n: 1n })).rejects.toMatchObject({
      ...{ code: 'TRANSPORT_FAILED', remedy: 'checkState', details: { sent: true } },
    });
  });

  test('of a subscribe', async () => {
    const strongAuth = createStrongAuth({
      transport: { send: async () => succeeded(), subscribe: trap },
      enterPin: async () => null,
    });
    await expect(strongAuth.subscribe('x', {}, () => {})).rejects.toMatchObject({
      ...{ code: 'TRANSPORT_FAILED', details: { sent: false } },
    });
  });

  test('of a replay: it had been challenged, and so not executed', async () => {
    const sent: string[] = [];
    const strongAuth = createStrongAuth({
      transport: {
        send({ api }) {
          sent.push(api);
          if (sent.length === 1) return Promise.resolve(CHALLENGE);
          return api === COMMAND ? trap() : Promise.resolve(succeeded({ otp: 'o' }));
        },
      },
      enterPin: async () => '1234',
    });
    await expect(strongAuth.set(COMMAND, DOORS)).rejects.toMatchObject({
      ...{ code: 'TRANSPORT_FAILED', remedy: 'retry', details: { sent: false } },
    });
    expect(sent).toHaveLength(3);
  });

  test('of the OTP: the wave ends, and the PIN is in no error', async () => {
    let isFirst = true;
    const strongAuth = createStrongAuth({
      transport: {
        send(request) {
          if (!isFirst) throw new Error(JSON.stringify(request));
          isFirst = false;
          return Promise.resolve(CHALLENGE);
        },
      },
      enterPin: async () => '47114711',
    });
    const error = await strongAuth.set(COMMAND, DOORS).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect(JSON.stringify(error) + (error as Error).stack + String((error as Error).cause)).not.toContain(
      '4711',
    );
  });
});

test('a classifier sees the plain message, and what it does to it harms nobody', async () => {
  const seen: ApiMessage[] = [];
  const app = stage({
    classify: {
      call(message) {
        seen.push(message);
        Object.assign(message, { status: 'SUCCEEDED', result: 'forged', error: undefined });
        return trap();
      },
    },
  });
  const call = watched(app.strongAuth.get('x'));
  await app.answer(new Private('2302'));
  expect(seen).toHaveLength(1);
  expect(call.fate).not.toBe('pending');
  const next = watched(app.strongAuth.get('x'));
  await app.answer(failed(2204));
  expect(next.fate).not.toBe('pending');
  await immediate();
  expect(app.user.prompts).toHaveLength(0);
});
