import { runInNewContext } from 'node:vm';
import { MessageChannel } from 'node:worker_threads';
import { type ApiParameters, createStrongAuth } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { CHALLENGE, OTP, settleDown, stage, succeeded, watched } from '../lifecycle/support.js';
import { sent } from './sendings.js';
import { collectSurfaced } from './support.js';

/* What is sent is what was asked: neighbours of the field cases 15 and 16, which are in what-is-sent.test.ts. */

collectSurfaced();

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
      'a Map of another realm',
      () => runInNewContext('new Map([["k", 1]])'),
      (v: Map<string, number>) => v.set('k', 9),
      (v) => JSON.stringify([...v]),
    ],
    [
      'a list of another realm',
      () => runInNewContext('[1, { a: 1 }, null]'),
      (v: unknown[]) => v.push(9),
      (v) => JSON.stringify(v),
    ],
    [
      'members that are no data',
      () => [null, undefined, new Map([[null, null]]), new Set([undefined])],
      (v: unknown[]) => v.fill(9),
      (v: [null, undefined, Map<null, null>, Set<undefined>]) => [v[0], v[1], [...v[2]], [...v[3]]],
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

  test.each<[string, (value: object) => object]>([
    ['a plain object', (value) => value],
    ['a field of a plain object', (value) => ({ n: 1, value })],
    ['a member of a list', (value) => ({ list: [value] })],
  ])('%s is read once, when the call is made', async (_, place) => {
    let reads = 0;
    const value = {
      get next() {
        reads += 1;
        if (reads > 1) throw new Error('read twice');
        return { page: 2 };
      },
    };
    const { call, sendings } = await sent(place(value));
    const expected = JSON.stringify(place({ next: { page: 2 } }));
    expect([call.fate, ...sendings.map((each) => JSON.stringify(each))]).toEqual([
      'resolved',
      expected,
      expected,
    ]);
  });

  test('a name __proto__ is a name', async () => {
    const value = JSON.parse('{ "__proto__": { "isAdmin": true }, "a": 1 }');
    const { sendings } = await sent({ value });
    expect(sendings.map((each) => JSON.stringify(each))).toEqual(Array(2).fill(JSON.stringify({ value })));
    expect((sendings[1]?.value as { isAdmin?: boolean } | undefined)?.isAdmin).toBeUndefined();
    const fields = (of: unknown) => Object.getOwnPropertyDescriptors(of as object);
    expect(fields(sendings[1]?.value)).toEqual(fields(value)); // a transport can change it like any other
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

  test('a call without parameters has none for classify and for replay', async () => {
    const seen: unknown[] = [];
    const app = stage({
      classify: {
        call(_, request) {
          seen.push(request);
          return seen.length === 1 ? 'challenge' : 'pass';
        },
      },
    });
    const call = watched(app.strongAuth.get('x', undefined, { replay: (request) => seen.push(request) > 0 }));
    await app.answer(succeeded());
    await app.type('1234');
    await app.answer(succeeded({ otp: 'o' }));
    await app.answer(succeeded('done'));
    expect(call.value).toBe('done');
    expect(seen).toEqual(Array(3).fill({ verb: 'get', api: 'x' }));
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
