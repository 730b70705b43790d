import { Duplex, PassThrough } from 'node:stream';
import { runInNewContext } from 'node:vm';
import type { ApiParameters } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { reactive } from 'vue';
import { CHALLENGE, COMMAND, settleDown, stage, succeeded, watched } from '../lifecycle/support.js';
import { sent } from './sendings.js';
import { collectSurfaced, expectRest } from './support.js';

/* What can be read only once, or never: neighbours of the field cases 18 and 20, which are in what-is-sent.test.ts. */

collectSurfaced();

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
      'a stream of an older make',
      () =>
        new (class {
          pipe() {}
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

  const nested = (levels: number) => {
    let inner: object = {};
    for (let level = 0; level < levels; level += 1) inner = { inner };
    return inner as ApiParameters;
  };

  test('2,000 levels are sent, both times', async () => {
    const { call, sendings } = await sent(nested(2000));
    expect([call.fate, sendings.length]).toEqual(['resolved', 2]);
  });

  test('one level more is refused in words that say so', async () => {
    const app = stage();
    const call = watched(app.strongAuth.set('x', nested(2001)));
    await settleDown();
    expect(call.error).toEqual(new TypeError('the parameters are nested deeper than 2000 levels'));
    expect(app.transport.requests).toHaveLength(0);
  });

  test('parameters that yield later are themselves sent once', async () => {
    const { call, sendings } = await sent({ async *[Symbol.asyncIterator]() {} });
    expect([call.fate, sendings.length]).toEqual(['REPLAY_DECLINED', 1]);
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
