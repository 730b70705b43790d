import { runInNewContext } from 'node:vm';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { type ApiRequest, createStrongAuth } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { reactive } from 'vue';
import { CHALLENGE, COMMAND, DOORS, settleDown, stage, succeeded, watched } from '../lifecycle/support.js';
import { Private, revoked } from './foreign-objects.js';
import { collectSurfaced, expectRest, trap } from './support.js';

/* Messages and events that are no plain objects: neighbours of the field cases 1 and 2, which are in messages.test.ts. */

collectSurfaced();

const refusing = (handler: ProxyHandler<object>) => (code: unknown) =>
  new Proxy({ status: 'FAILED', error: new Proxy({ code }, handler) }, handler);

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
