import { Duplex, PassThrough } from 'node:stream';
import { runInNewContext } from 'node:vm';
import { MessageChannel } from 'node:worker_threads';
import { createDraft, enableMapSet, finishDraft } from 'immer';
import { type ApiParameters, createStrongAuth, type StrongAuthOptions } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { markRaw, reactive, readonly, shallowReactive } from 'vue';
import { CHALLENGE, COMMAND, OTP, settleDown, stage, succeeded, watched } from '../lifecycle/support.js';
import { collectSurfaced, expectRest } from './support.js';

/* What is sent is what was asked: neighbours of the field cases 15 to 20, which are in what-is-sent.test.ts. */

collectSurfaced();
enableMapSet();

/** Makes a call, has it challenged `times` times, changes its parameters meanwhile, and gives what was sent each time. */
async function sent(
  parameters: object,
  change: () => unknown = () => {},
  options: Partial<StrongAuthOptions> = {},
  times = 1,
) {
  const app = stage({ policy: { maxRounds: times }, ...options });
  const call = watched(app.strongAuth.set('x', parameters as ApiParameters));
  change();
  for (let round = 0; round < times; round += 1) {
    await app.answer(CHALLENGE);
    change();
    await app.type('1234');
    await app.answer(succeeded({ otp: 'o' }));
  }
  const last = app.requestsOf('x').at(-1);
  if (!last?.isAnswered) await app.answer(succeeded());
  return {
    app,
    call,
    sendings: app.requestsOf('x').map(({ request }) => request.parameters as Record<string, unknown>),
  };
}

describe('15. more that is changed while the PIN is asked, and sent as it was', () => {
  const offset = () => new Uint8Array(Uint8Array.of(9, 1, 2, 9).buffer, 1, 2);
  test.each<[string, () => unknown, (value: never) => unknown, (value: never) => unknown]>([
    ['a BigInt64Array', () => BigInt64Array.of(1n), (v: BigInt64Array) => v.fill(9n), (v) => [...v]],
    ['a part of a buffer', offset, (v: Uint8Array) => v.fill(9), (v) => [...v]],
    [
      'a DataView of a part',
      () => new DataView(offset().buffer, 1, 2),
      (v: DataView) => v.setUint8(0, 9),
      (v: DataView) => [v.byteLength, v.getUint8(0)],
    ],
    [
      'a SharedArrayBuffer',
      () => new SharedArrayBuffer(2),
      (v: SharedArrayBuffer) => new Uint8Array(v).fill(9),
      (v: SharedArrayBuffer) => [...new Uint8Array(v)],
    ],
    [
      'bytes of a SharedArrayBuffer',
      () => new Uint8Array(new SharedArrayBuffer(2)),
      (v: Uint8Array) => v.fill(9),
      (v) => [...v],
    ],
    [
      'a Map of Maps, and its keys',
      () => new Map([[{ k: 1 }, new Map([['a', [1]]])]]),
      (v: Map<{ k: number }, Map<string, number[]>>) => {
        for (const [key, inner] of v) {
          key.k = 9;
          inner.get('a')?.push(9);
        }
      },
      (v: Map<unknown, Map<string, unknown>>) => [...v].map(([key, inner]) => [key, [...inner]]),
    ],
    [
      'a Set of another realm',
      () => runInNewContext('new Set([{ a: 1 }])'),
      (v: Set<{ a: number }>) => [...v].map((member) => Object.assign(member, { a: 9 })),
      (v) => JSON.stringify([...v]),
    ],
    [
      'bytes of another realm',
      () => runInNewContext('Uint8Array.of(1)'),
      (v: Uint8Array) => v.fill(9),
      (v) => [...v],
    ],
    [
      'an object without a prototype',
      () => Object.assign(Object.create(null), { a: { b: 1 } }),
      (v: { a: { b: number } }) => Object.assign(v.a, { b: 9 }),
      (v) => JSON.stringify(v),
    ],
    [
      'a sealed one',
      () => Object.seal({ list: [1, { a: 1 }] }),
      (v: { list: unknown[] }) => v.list.push(9),
      (v) => JSON.stringify(v),
    ],
    [
      'a getter, which is read at the call',
      () => ({
        n: 1,
        get next() {
          return (this as { n: number }).n;
        },
      }),
      (v: { n: number }) => Object.assign(v, { n: 9 }),
      (v: { next: number }) => v.next,
    ],
  ])('%s', async (_, make, change, read) => {
    const value = make();
    const before = read(make() as never);
    const { sendings } = await sent({ value }, () => change(value as never));
    expect(sendings.map(({ value: each }) => read(each as never))).toEqual([before, before]);
  });

  test('a Set that holds itself, and a Map whose key is itself', async () => {
    const set = new Set<unknown>();
    set.add(set);
    const map = new Map<unknown, unknown>();
    map.set(map, [map]);
    const { sendings } = await sent({ set, map }, () => set.clear());
    const last = sendings[1] as unknown as { set: Set<unknown>; map: Map<unknown, [unknown]> };
    expect(last.set.has(last.set)).toBe(true);
    expect(last.map.get(last.map)?.[0]).toBe(last.map);
    expect([last.set === set, last.map === map]).toEqual([false, false]);
  });

  test('a name __proto__ is a name', async () => {
    const value = JSON.parse('{ "__proto__": { "isAdmin": true }, "a": 1 }');
    const { sendings } = await sent({ value });
    expect(sendings.map((each) => JSON.stringify(each))).toEqual(Array(2).fill(JSON.stringify({ value })));
    expect((sendings[1]?.value as { isAdmin?: boolean } | undefined)?.isAdmin).toBeUndefined();
  });
});

describe('15. an instance is sent as it is, with its own idea of how it is serialised', () => {
  class Registry extends Map<string, number> {
    toJSON() {
      return Object.fromEntries(this);
    }
  }
  class Tags extends Set<string> {
    toJSON() {
      return [...this].join();
    }
  }
  class Route extends Array<number> {
    readonly name: string;
    constructor(name: string) {
      super();
      this.name = name.toUpperCase();
    }
    toJSON() {
      return this.name;
    }
  }
  class Secretive {
    readonly #vin = 'V';
    get vin() {
      return this.#vin;
    }
    toJSON() {
      return this.vin;
    }
  }
  test.each<[string, object, unknown]>([
    ['a Map with a toJSON', new Registry([['a', 1]]), { a: 1 }],
    ['a Set with a toJSON', new Tags(['a', 'b']), 'a,b'],
    ['a list with a constructor and a toJSON', new Route('home'), 'HOME'],
    ['a class with private fields', new Secretive(), 'V'],
    [
      'a plain object with a toJSON',
      {
        n: 5,
        toJSON() {
          return (this as { n?: number }).n;
        },
      },
      5,
    ],
    ['a URL', new URL('http://x/'), 'http://x/'],
    ['a boxed number', new Number(5), 5],
    [
      'a proxy that knows only its own fields',
      new Proxy(
        { a: 1 },
        {
          get(target, name, receiver) {
            if (!(name in target) && name !== 'toJSON') throw new Error(`no field ${String(name)}`);
            return Reflect.get(target, name, receiver);
          },
        },
      ),
      { a: 1 },
    ],
  ])('%s', async (_, value, expected) => {
    const { call, sendings } = await sent({ value });
    expect(call.fate).toBe('resolved');
    expect(sendings.map((each) => JSON.parse(JSON.stringify(each)))).toEqual(
      Array(2).fill({ value: expected }),
    );
  });

  test('what yields in a plain object still yields', async () => {
    const value = {
      *[Symbol.iterator]() {
        yield 1;
        yield 2;
      },
    };
    const { call, sendings } = await sent({ value });
    expect(call.fate).toBe('resolved');
    expect(sendings.map((each) => [...(each.value as Iterable<number>)])).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });
});

describe('16. what a transport does to its request changes no later sending', () => {
  const parameters = () => ({
    deep: { list: [1, { a: 1 }] },
    map: new Map([['k', { v: 1 }]]),
    bytes: Uint8Array.of(1),
  });
  type Sent = ReturnType<typeof parameters>;
  const told = ({ deep, map, bytes }: Sent) => JSON.stringify([deep, [...map], [...bytes]]);

  test.each<[string, (sent: Sent, request: object) => unknown]>([
    [
      'it changes what is deep inside',
      ({ deep, map, bytes }) => {
        deep.list.push(9);
        map.clear();
        bytes.fill(9);
      },
    ],
    ['it freezes it', (given) => Object.freeze(given.deep.list)],
    ['it replaces it', (_, request) => Object.assign(request, { api: 'y', verb: 'get', parameters: {} })],
    [
      'it transfers its bytes',
      ({ bytes }) => {
        const { port1 } = new MessageChannel();
        port1.postMessage(bytes, [bytes.buffer as ArrayBuffer]);
        port1.close();
      },
    ],
    [
      'it empties it',
      (given) => {
        for (const name of Object.keys(given)) delete (given as Record<string, unknown>)[name];
      },
    ],
  ])('%s, three times', async (_, harm) => {
    const seen: string[] = [];
    let strength = 0;
    const strongAuth = createStrongAuth({
      policy: { maxRounds: 2 },
      transport: {
        async send(request) {
          if (request.api === OTP) {
            strength += 1;
            return succeeded({ otp: 'o' });
          }
          seen.push(`${request.verb} ${request.api} ${told(request.parameters as never)}`);
          harm(request.parameters as never, request);
          return strength < 2 ? CHALLENGE : succeeded();
        },
      },
      enterPin: async () => '1234',
    });
    await strongAuth.set('x', parameters());
    expect(seen).toEqual(Array(3).fill(`set x ${told(parameters())}`));
  });

  test('nor what prepareReplay and classify do to it', async () => {
    const parameters = { a: { b: 1 } };
    const deep = (request: { parameters?: ApiParameters | undefined }) => request.parameters?.a as object;
    const { sendings } = await sent(
      parameters,
      undefined,
      {
        classify: { call: (_, request) => Object.assign(deep(request), { b: 9 }) as never },
        prepareReplay: (request) => {
          Object.assign(deep(request), { otp: Object.keys(deep(request)).length });
          return request;
        },
      },
      2,
    );
    const replayed = { a: { b: 1, otp: 1 } };
    expect(sendings).toEqual([{ a: { b: 1 } }, replayed, replayed]);
    expect(parameters).toEqual({ a: { b: 1 } });
  });

  test('one object for three commands, one of which is challenged', async () => {
    const app = stage();
    const reused = { n: 0 };
    for (const n of [1, 2, 3]) watched(app.strongAuth.set('x', Object.assign(reused, { n })));
    await settleDown();
    await app.answer(CHALLENGE, 1);
    reused.n = 9;
    await app.type('1234');
    await app.answer(succeeded({ otp: 'o' }));
    expect(app.requestsOf('x').map(({ request }) => request.parameters?.n)).toEqual([1, 2, 3, 2]);
  });
});

describe('17. proxies of state libraries cross postMessage', () => {
  const binding = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(from, name) {
        const value: unknown = Reflect.get(from, name);
        return typeof value === 'function' ? value.bind(from) : value;
      },
    });
  test.each<[string, () => object, unknown]>([
    ['readonly', () => readonly({ a: { b: 1 } }), { a: { b: 1 } }],
    ['shallow, around a reactive one', () => shallowReactive({ a: reactive({ b: 1 }) }), { a: { b: 1 } }],
    [
      'reactive, with a raw part',
      () => reactive({ raw: markRaw({ a: 1 }), list: [{ b: 1 }] }),
      { raw: { a: 1 }, list: [{ b: 1 }] },
    ],
    [
      'reactive Maps in a reactive Map',
      () => ({ m: reactive(new Map([['a', new Map([['b', { c: 1 }]])]])) }),
      { m: new Map([['a', new Map([['b', { c: 1 }]])]]) },
    ],
    ['a proxy that binds, of a Map', () => ({ m: binding(new Map([['a', 1]])) }), { m: new Map([['a', 1]]) }],
    ['a proxy that binds, of a Set', () => ({ s: binding(new Set([1])) }), { s: new Set([1]) }],
    [
      'a proxy of a proxy of a list',
      () => ({ list: new Proxy(new Proxy([1, [2]], {}), {}) }),
      { list: [1, [2]] },
    ],
    [
      'a draft',
      () => createDraft({ a: { b: [1] }, m: new Map([['k', { v: 1 }]]) }),
      { a: { b: [1] }, m: new Map([['k', { v: 1 }]]) },
    ],
    ['of another realm', () => ({ p: new Proxy(runInNewContext('({ a: [1] })'), {}) }), { p: { a: [1] } }],
  ])('%s', async (_, make, expected) => {
    const { port1, port2 } = new MessageChannel();
    const strongAuth = createStrongAuth({
      transport: {
        send: ({ parameters }) =>
          new Promise((resolve) => {
            port2.once('message', (clone) => resolve(succeeded(clone)));
            port1.postMessage(parameters);
          }),
      },
      enterPin: async () => null,
    });
    const result = await strongAuth.set<unknown>('x', make() as ApiParameters);
    port1.close();
    expect(result).toEqual(expected);
  });

  test('a draft that is finished while its call waits is sent again as it was', async () => {
    const draft = createDraft({ a: { b: 1 } });
    let isFinished = false;
    const { call, sendings } = await sent(draft, () => {
      if (!isFinished) finishDraft(draft);
      isFinished = true;
    });
    expect([call.fate, sendings]).toEqual(['resolved', [{ a: { b: 1 } }, { a: { b: 1 } }]]);
  });
});

describe('18. more that can be read only once', () => {
  const form = new FormData();
  form.set('a', '1');
  test.each<[string, () => unknown]>([
    [
      'a plain async iterable',
      () => ({
        async *[Symbol.asyncIterator]() {
          yield 1;
        },
      }),
    ],
    [
      'an async iterable of a class',
      () =>
        new (class {
          async *[Symbol.asyncIterator]() {
            yield 1;
          }
        })(),
    ],
    ['a PassThrough', () => new PassThrough()],
    ['a Duplex', () => new Duplex({ read() {}, write() {} })],
    ['the readable side of a TransformStream', () => new TransformStream().readable],
    [
      'a stream of another make',
      () =>
        new (class {
          getReader() {}
        })(),
    ],
    [
      'a Response that was read',
      () => {
        const response = new Response('a');
        void response.text();
        return response;
      },
    ],
    ['the entries of a FormData', () => form.entries()],
    ['the values of a list', () => [1].values()],
    ['the matches of a text', () => 'aa'.matchAll(/a/g)],
    ['a generator of another realm', () => runInNewContext('(function* () { yield 1 })()')],
    ['one in a Map', () => new Map([['a', [1].values()]])],
    ['one in a Set in a list', () => [new Set([[1].values()])]],
    ['one that is a key', () => new Map([[new Blob(['a']).stream(), 1]])],
  ])('%s is sent once: REPLAY_DECLINED', async (_, make) => {
    const { app, call, sendings } = await sent({ body: make() });
    expect(call.error).toMatchObject({ code: 'REPLAY_DECLINED', remedy: 'retry' });
    expect(sendings).toHaveLength(1);
    await expectRest(app);
  });

  test('nobody but the transport reads it', async () => {
    const app = stage();
    const call = watched(app.strongAuth.set('x', { deep: [[1, 2].values()] } as never));
    await settleDown();
    const [request] = app.requestsOf('x').map(({ request: { parameters } }) => parameters);
    const { deep } = request as { deep: [Iterable<number>] };
    expect([...deep[0]]).toEqual([1, 2]);
    await app.answer(succeeded());
    expect(call.fate).toBe('resolved'); // never challenged, so never sent again
  });

  test('nobody is asked whether to send it again', async () => {
    const asked: string[] = [];
    const app = stage({
      prepareReplay(request) {
        asked.push('prepareReplay');
        return request;
      },
    });
    const call = watched(
      app.strongAuth.set('x', { body: [1].values() } as never, { replay: () => asked.push('replay') > 0 }),
    );
    await app.answer(CHALLENGE);
    await app.type('1234');
    await app.answer(succeeded({ otp: 'o' }));
    expect([call.fate, asked]).toEqual(['REPLAY_DECLINED', []]);
  });

  test('those that wait beside it are sent again', async () => {
    const app = stage();
    const once = watched(app.strongAuth.set('x', { body: [1].values() } as never));
    const other = watched(app.strongAuth.set('y', {}));
    await settleDown();
    for (const index of [0, 1]) await app.answer(CHALLENGE, index);
    await app.type('1234');
    await app.answer(succeeded({ otp: 'o' }));
    await app.answer(succeeded());
    expect([once.fate, other.fate]).toEqual(['REPLAY_DECLINED', 'resolved']);
  });

  test.each<[string, () => unknown]>([
    ['a File', () => new File(['a'], 'a.txt')],
    ['Headers', () => new Headers({ a: '1' })],
    ['a Response that nobody has read', () => new Response('a')],
    [
      'an iterable of a class',
      () =>
        new (class {
          *[Symbol.iterator]() {
            yield 1;
          }
        })(),
    ],
    [
      'a plain object with fields named like those of a stream',
      () => ({ pipe: 'steel', next: 1, bodyUsed: true }),
    ],
  ])('%s can be read again, and is sent again', async (_, make) => {
    const { call, sendings } = await sent({ body: make() });
    expect([call.fate, sendings.length]).toEqual(['resolved', 2]);
  });
});

describe('19. more lists', () => {
  test.each<[string, () => unknown[]]>([
    ['with holes in lists with holes', () => Object.assign([], { 1: Object.assign([], { 2: [undefined] }) })],
    ['with more than their members', () => Object.assign([1, 2], { total: 2 })],
    ['that end in a hole', () => Object.assign([1], { length: 3 })],
    ['of another realm', () => runInNewContext('Object.assign([1, [2]], { 5: null })')],
    ['that are arguments of a match', () => /(a)(b)?/.exec('a') as unknown[]],
    ['with numbers that JSON does not know', () => [Number.NaN, -0, Number.POSITIVE_INFINITY]],
  ])('%s are the same JSON both times', async (_, make) => {
    const { sendings } = await sent({ list: make() });
    const expected = JSON.stringify({ list: make() });
    expect(sendings.map((each) => JSON.stringify(each))).toEqual([expected, expected]);
  });

  test('keep their holes, which postMessage tells from undefined', async () => {
    const { sendings } = await sent({ list: Object.assign([1], { 2: 3 }) });
    expect(sendings.map(({ list }) => 1 in (list as number[]))).toEqual([false, false]);
  });

  test.each<[string, () => unknown[] | Float64Array, unknown, unknown]>([
    ['a million numbers', () => Array.from({ length: 10 ** 6 }, (_, index) => index), 9, 9],
    ['a million fractions', () => Float64Array.from({ length: 10 ** 6 }, (_, index) => index), 9, 9],
    ['a million texts', () => Array.from({ length: 10 ** 6 }, (_, index) => `${index}`), '9', '9'],
    [
      '100,000 objects',
      () => Array.from({ length: 10 ** 5 }, (_, index) => ({ index })),
      { index: 9 },
      { index: 9 },
    ],
  ])('of %s are copied', async (_, make, first, second) => {
    const list = make();
    const { sendings } = await sent({ list }, () => {
      (list as unknown[])[9] = 'changed';
    });
    expect(sendings.map((each) => (each.list as unknown[])[9])).toEqual([first, second]);
  });
});

describe('20. parameters that cannot be read, and those that come to be so', () => {
  const deep = (wrap: (inner: unknown) => unknown) => {
    let inner: unknown = {};
    for (let level = 0; level < 8000; level += 1) inner = wrap(inner);
    return { inner };
  };
  const revoked = () => {
    const { proxy, revoke } = Proxy.revocable<unknown[]>([], {});
    revoke();
    return proxy;
  };
  const trap = () => {
    throw new Error('trap');
  };
  test.each<[string, () => object]>([
    ['8,000 lists deep', () => deep((inner) => [inner])],
    ['8,000 Maps deep', () => deep((inner) => new Map([['inner', inner]]))],
    ['8,000 Sets deep', () => deep((inner) => new Set([inner]))],
    ['8,000 keys deep', () => deep((inner) => new Map([[inner, 1]]))],
    ['8,000 proxies deep', () => deep((inner) => reactive({ inner }))],
    ['a revoked proxy in a Map', () => ({ map: new Map([['a', revoked()]]) })],
    ['a revoked proxy as a key', () => ({ map: new Map([[revoked(), 1]]) })],
    ['a revoked proxy in a Set in a list', () => ({ list: [new Set([revoked()])] })],
    [
      'a getter deep inside that throws',
      () => ({
        a: {
          b: {
            get c() {
              return trap();
            },
          },
        },
      }),
    ],
    ['a proxy that does not name its fields', () => ({ a: new Proxy({}, { ownKeys: trap }) })],
    ['a list whose member throws', () => ({ list: Object.defineProperty([1], 0, { get: trap }) })],
  ])('%s: a TypeError at the call, nothing is sent, others go on', async (_, make) => {
    const app = stage();
    const calls = [
      watched(app.strongAuth.set('x', make() as ApiParameters)),
      watched(app.strongAuth.send({ verb: 'get', api: 'x', parameters: make() as ApiParameters })),
      watched(app.strongAuth.subscribe('x', make() as ApiParameters, () => {})),
    ];
    const answers: unknown[] = [];
    app.strongAuth.asPims().set('x', make() as ApiParameters, (message) => answers.push(message));
    const other = watched(app.strongAuth.set('y', { fine: true }));
    await settleDown();
    expect(calls.map(({ error }) => (error as Error).name)).toEqual(Array(3).fill('TypeError'));
    expect(answers).toMatchObject([{ status: 'FAILED', error: { code: 2000 } }]);
    expect(app.transport.requests).toHaveLength(1);
    await app.answer(succeeded());
    expect(other.fate).toBe('resolved');
    await expectRest(app);
  });

  test('1,500 levels are sent, both times', async () => {
    let inner: object = {};
    for (let level = 0; level < 1500; level += 1) inner = { inner };
    const { call, sendings } = await sent(inner);
    expect([call.fate, sendings.length]).toEqual(['resolved', 2]);
  });

  test('a field of a class that throws when it is read a second time is no business of ours', async () => {
    let reads = 0;
    class Once {
      get next() {
        reads += 1;
        return reads > 1 ? trap() : undefined;
      }
    }
    const { call } = await sent({ once: new Once() });
    expect(call.fate).toBe('resolved');
  });

  class Car {
    plate = 'P';
  }
  test.each<[string, (proxy: object) => object]>([
    ['at the top', (proxy) => proxy],
    ['in a field', (car) => ({ car })],
    ['in a Map', (car) => ({ map: new Map([['car', car]]) })],
    ['in a Set in a list', (car) => ({ list: [new Set([car])] })],
  ])('an instance that is revoked while its call waits, %s', async (_, wrap) => {
    const { proxy, revoke } = Proxy.revocable(new Car(), {});
    const app = stage();
    const call = watched(app.strongAuth.set('x', wrap(proxy) as ApiParameters));
    await app.answer(CHALLENGE);
    const other = await app.challenged();
    revoke();
    await app.type('1234');
    await app.answer(succeeded({ otp: 'o' }));
    await app.answer(succeeded());
    expect(call.error).toMatchObject({ code: 'TRANSPORT_FAILED', remedy: 'retry', details: { sent: false } });
    expect([other.fate, app.requestsOf('x').length, app.requestsOf(COMMAND).length]).toEqual([
      'resolved',
      1,
      2,
    ]);
    await expectRest(app);
  });

  test('one whose `replay` would be asked with it', async () => {
    const { proxy, revoke } = Proxy.revocable(new Car(), {});
    const app = stage();
    const call = watched(app.strongAuth.set('x', { car: proxy } as never, { replay: () => true }));
    await app.answer(CHALLENGE);
    revoke();
    await app.type('1234');
    await app.answer(succeeded({ otp: 'o' }));
    expect(['REPLAY_DECLINED', 'TRANSPORT_FAILED']).toContain(call.fate);
    expect(app.requestsOf('x')).toHaveLength(1);
    await expectRest(app);
  });

  test('plain data that is revoked while its call waits had been copied', async () => {
    const { proxy, revoke } = Proxy.revocable({ list: [1] }, {});
    const { call, sendings } = await sent({ proxy }, revoke);
    expect([call.fate, sendings]).toEqual(['resolved', Array(2).fill({ proxy: { list: [1] } })]);
  });
});
