import { Readable } from 'node:stream';
import { runInNewContext } from 'node:vm';
import { type ApiParameters, createStrongAuth } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { reactive } from 'vue';
import { CHALLENGE, COMMAND, OTP, settleDown, stage, succeeded, watched } from '../lifecycle/support.js';

/* What is sent is what was asked: field cases 15 to 21, and their neighbours. */

/** Makes a call, changes its parameters while it is out, and has it replayed. */
async function sentTwice(parameters: ApiParameters, change: () => void) {
  const app = stage();
  const call = watched(app.strongAuth.set(COMMAND, parameters as never));
  const [first] = app.requestsOf(COMMAND);
  change();
  await app.answer(CHALLENGE);
  change();
  await app.type('1234');
  await app.answer(succeeded({ otp: 'o' }));
  const second = app.requestsOf(COMMAND)[1];
  await app.answer(succeeded());
  return { call, first: first?.request.parameters, second: second?.request.parameters };
}

describe('15. what is changed while the PIN is asked is sent as it was at the call, both times', () => {
  const date = () => new Date(0);
  test.each<[string, () => unknown, (value: never) => void, (value: never) => unknown]>([
    ['a Date', date, (value: Date) => value.setFullYear(1999), (value: Date) => value.getTime()],
    [
      'a Map',
      () => new Map([['a', 1]]),
      (value: Map<string, number>) => value.set('a', 2),
      (value) => [...value],
    ],
    ['a Set', () => new Set([1]), (value: Set<number>) => value.add(2), (value) => [...value]],
    ['a Uint8Array', () => Uint8Array.of(1, 2), (value: Uint8Array) => value.fill(9), (value) => [...value]],
    ['a Buffer', () => Buffer.from([1, 2]), (value: Buffer) => value.fill(9), (value) => [...value]],
    [
      'a Float64Array',
      () => Float64Array.of(1.5),
      (value: Float64Array) => value.fill(9),
      (value) => [...value],
    ],
    [
      'a DataView',
      () => new DataView(Uint8Array.of(1).buffer),
      (value: DataView) => value.setUint8(0, 9),
      (value: DataView) => value.getUint8(0),
    ],
    [
      'an ArrayBuffer',
      () => Uint8Array.of(1).buffer,
      (value: ArrayBuffer) => new Uint8Array(value).fill(9),
      (value) => [...new Uint8Array(value)],
    ],
    [
      'a Map in a Set in a list',
      () => [new Set([new Map([[1, { a: 1 }]])])],
      (value: [Set<Map<number, { a: number }>>]) => [...value[0]][0]?.set(1, { a: 2 }),
      (value: [Set<Map<number, unknown>>]) => [...([...value[0]][0] ?? [])],
    ],
    [
      'a Date of another realm',
      () => runInNewContext('new Date(0)'),
      (value: Date) => value.setFullYear(1999),
      (value: Date) => value.getTime(),
    ],
  ])('%s', async (_, make, change, read) => {
    const value = make();
    const before = read(make() as never);
    const { first, second } = await sentTwice({ action: 'x', value }, () => change(value as never));
    expect([read(first?.value as never), read(second?.value as never)]).toEqual([before, before]);
  });

  test('a Map that contains itself', async () => {
    const value = new Map<string, unknown>();
    value.set('self', value);
    const { second } = await sentTwice({ value }, () => value.clear());
    const copied = second?.value as Map<string, unknown> | undefined;
    expect(copied?.get('self')).toBe(copied);
  });

  test('an instance of a class is passed on as it is', async () => {
    class Car {
      #vin = 'V';
      vin() {
        return this.#vin;
      }
    }
    const car = new Car();
    const { first, second } = await sentTwice({ car }, () => {});
    expect([first?.car, second?.car]).toEqual([car, car]);
    expect((second?.car as Car | undefined)?.vin()).toBe('V');
  });

  test('a transport that changes what it is given changes no replay', async () => {
    const sent: unknown[] = [];
    let isStrong = false;
    const strongAuth = createStrongAuth({
      transport: {
        async send({ api, parameters }) {
          if (api === OTP) {
            isStrong = true;
            return succeeded({ otp: 'o' });
          }
          sent.push(JSON.stringify(parameters));
          Object.assign(parameters as object, { token: 'old', nested: 1 });
          return isStrong ? succeeded() : CHALLENGE;
        },
      },
      enterPin: async () => '1234',
    });
    await strongAuth.set('x', { a: { b: 1 } });
    expect(sent).toEqual(['{"a":{"b":1}}', '{"a":{"b":1}}']);
  });
});

test('16. one object reused for unlock and lock, a transport that serialises later: unlock, lock', async () => {
  const sent: unknown[] = [];
  const strongAuth = createStrongAuth({
    transport: {
      async send({ parameters }) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        sent.push(parameters?.doorState);
        return succeeded();
      },
    },
    enterPin: async () => null,
  });
  const reused = { action: 'doors', doorState: 'unlock' } as {
    action: 'doors';
    doorState: 'lock' | 'unlock';
  };
  const first = strongAuth.set(COMMAND, reused);
  reused.doorState = 'lock';
  await Promise.all([first, strongAuth.set(COMMAND, reused)]);
  expect(sent).toEqual(['unlock', 'lock']);
});

describe('17. a reactive proxy crosses postMessage', () => {
  const crossing = () =>
    createStrongAuth({
      transport: { send: async (request) => succeeded(structuredClone(request.parameters)) },
      enterPin: async () => null,
    });
  test.each<[string, () => object, unknown]>([
    ['of an object', () => reactive({ a: { b: [1] } }), { a: { b: [1] } }],
    ['of a Map', () => ({ map: reactive(new Map([['a', 1]])) }), { map: new Map([['a', 1]]) }],
    ['of a Set', () => ({ set: reactive(new Set([1])) }), { set: new Set([1]) }],
    ['of a list', () => ({ list: reactive([1, { a: 1 }]) }), { list: [1, { a: 1 }] }],
    ['made by hand', () => new Proxy({ a: 1 }, {}), { a: 1 }],
  ])('%s', async (_, make, expected) => {
    expect(await crossing().set('x', make() as ApiParameters)).toEqual(expected);
  });
});

describe('18. what can be read only once is sent once: REPLAY_DECLINED', () => {
  test.each<[string, () => unknown]>([
    [
      'a generator',
      () =>
        (function* () {
          yield 1;
        })(),
    ],
    [
      'an async generator',
      () =>
        (async function* () {
          yield 1;
        })(),
    ],
    ['an iterator of a Map', () => new Map([[1, 2]]).entries()],
    ['a Readable of Node', () => Readable.from(['a'])],
    ['a ReadableStream', () => new Blob(['a']).stream()],
    [
      'a plain iterator',
      () => ({
        next: () => ({ done: true, value: 1 }),
        [Symbol.iterator]() {
          return this;
        },
      }),
    ],
    [
      'a Request whose body was used',
      () => {
        const used = new Request('http://x/', { method: 'POST', body: 'a' });
        void used.text();
        return used;
      },
    ],
    ['one deep inside', () => ({ a: [{ b: new Blob(['a']).stream() }] })],
  ])('%s', async (_, make) => {
    const { call, first, second } = await sentTwice({ body: make() }, () => {});
    expect(call.error).toMatchObject({ code: 'REPLAY_DECLINED', remedy: 'retry' });
    expect([first !== undefined, second]).toEqual([true, undefined]);
  });

  test('a Request that the first sending has used up', async () => {
    const app = stage();
    const body = new Request('http://x/', { method: 'POST', body: 'a' });
    const call = watched(app.strongAuth.set('x', { body } as never));
    await (app.requestsOf('x')[0]?.request.parameters?.body as Request | undefined)?.text();
    await app.answer(CHALLENGE);
    await app.type('1234');
    await app.answer(succeeded({ otp: 'o' }));
    expect([call.fate, app.requestsOf('x').length]).toEqual(['REPLAY_DECLINED', 1]);
  });

  test.each<[string, () => unknown]>([
    ['a Blob', () => new Blob(['a'])],
    ['a FormData', () => new FormData()],
    ['a URLSearchParams', () => new URLSearchParams('a=1')],
    ['a Request that nobody has read', () => new Request('http://x/')],
  ])('%s can be read again, and is replayed', async (_, make) => {
    const { call, second } = await sentTwice({ body: make() }, () => {});
    expect([call.fate, second !== undefined]).toEqual(['resolved', true]);
  });
});

describe('19. lists', () => {
  test.each<[string, unknown[]]>([
    ['with holes only', new Array(3)],
    ['with a hole', Object.assign([1], { 2: 3 })],
    ['with undefined', [undefined, null]],
  ])('%s are the same JSON on the replay', async (_, list) => {
    const { first, second } = await sentTwice({ list }, () => {});
    expect(JSON.stringify(second)).toBe(JSON.stringify({ list }));
    expect(JSON.stringify(first)).toBe(JSON.stringify({ list }));
  });

  test('of a million numbers are copied', async () => {
    const list = Array.from({ length: 10 ** 6 }, (_, index) => index);
    const { second } = await sentTwice({ list }, () => {
      list[7] = -1;
    });
    expect((second?.list as number[] | undefined)?.[7]).toBe(7);
  });
});

describe('20. parameters that cannot be read end their own call, typed; others go on', () => {
  const nested = (depth: number) => {
    let inner: object = {};
    for (let level = 0; level < depth; level += 1) inner = { inner };
    return inner as ApiParameters;
  };
  const throwing = Object.defineProperty({}, 'a', {
    enumerable: true,
    get() {
      throw new Error('trap');
    },
  });
  const gone = Proxy.revocable({}, {});
  gone.revoke();
  test.each<[string, ApiParameters, RegExp]>([
    ['8,000 deep', nested(8000), /^the parameters are nested deeper than 2000 levels$/],
    ['100,000 deep', nested(100_000), /^the parameters are nested deeper than 2000 levels$/],
    ['a getter that throws', throwing as ApiParameters, /^the parameters cannot be read$/],
    ['a proxy that was revoked', gone.proxy as ApiParameters, /^the parameters cannot be read$/],
    ['one deep inside', { a: [{ b: gone.proxy }] }, /^the parameters cannot be read$/],
  ])('%s: a TypeError at the call, and nothing is sent', async (_, parameters, message) => {
    const app = stage();
    const call = watched(app.strongAuth.set('x', parameters));
    const other = watched(app.strongAuth.set('x', { fine: true }));
    await settleDown();
    expect([(call.error as Error).name, app.transport.requests.length]).toEqual(['TypeError', 1]);
    expect((call.error as Error).message).toMatch(message);
    await app.answer(succeeded());
    expect(other.fate).toBe('resolved');
  });

  test('a proxy that is revoked while its call waits', async () => {
    class Car {}
    const { proxy, revoke } = Proxy.revocable(new Car(), {});
    const app = stage();
    const call = watched(app.strongAuth.set('x', { car: proxy }));
    await app.answer(CHALLENGE);
    const other = await app.challenged();
    revoke();
    await app.type('1234');
    await app.answer(succeeded({ otp: 'o' }));
    await app.answer(succeeded());
    expect(call.error).toMatchObject({ code: 'TRANSPORT_FAILED', details: { sent: false } });
    expect(other.fate).toBe('resolved');
  });
});

describe('21. commands that waited go again one after another: replays: serial', () => {
  test('unlock and lock on two connections: the car ends locked', async () => {
    for (const [replays, ends] of [
      ['serial', 'lock'],
      ['parallel', 'unlock'],
    ] as const) {
      let [isStrong, doors] = [false, ''];
      const latencies = [30, 5];
      const strongAuth = createStrongAuth({
        policy: { replays },
        transport: {
          async send({ api, parameters }) {
            if (api === OTP) {
              isStrong = true;
              return succeeded({ otp: 'o' });
            }
            if (!isStrong) return CHALLENGE;
            await new Promise((resolve) => setTimeout(resolve, latencies.shift()));
            doors = String(parameters?.doorState);
            return succeeded();
          },
        },
        enterPin: () => new Promise((resolve) => setTimeout(resolve, 5, '1234')),
      });
      const order = (doorState: 'lock' | 'unlock') => strongAuth.set(COMMAND, { action: 'doors', doorState });
      await Promise.all([order('unlock'), order('lock')]);
      expect(doors).toBe(ends);
    }
  });

  async function waiting(count: number, options: Parameters<typeof stage>[0] = {}) {
    const app = stage({ policy: { replays: 'serial' }, ...options });
    const controllers = Array.from({ length: count }, () => new AbortController());
    const calls = [];
    for (const { signal } of controllers) calls.push(await app.challenged({ signal }));
    const read = watched(app.strongAuth.get('app.user'));
    await app.answer(CHALLENGE);
    await app.type('1234');
    await app.answer(succeeded({ otp: 'o' }));
    const commands = () => app.requestsOf(COMMAND).slice(count);
    const answerCommand = async (message: unknown) => {
      commands().at(-1)?.resolve(message);
      await settleDown();
    };
    return { ...app, calls, read, controllers, commands, answerCommand };
  }

  test('one command at a time per car: five wait, five are executed; a read goes at once', async () => {
    const { calls, commands, answerCommand, requestsOf, strongAuth } = await waiting(5);
    expect(requestsOf('app.user')).toHaveLength(2);
    for (let done = 1; done <= 5; done += 1) {
      expect(commands()).toHaveLength(done);
      await answerCommand(succeeded(done));
    }
    expect(calls.map(({ value }) => value)).toEqual([1, 2, 3, 4, 5]);
    expect(strongAuth.view.getSnapshot().status).toBe('replaying'); // the read is still out
  });

  test('whatever becomes of one, the next goes', async () => {
    const { calls, commands, answerCommand, controllers, clock, pass } = await waiting(5);
    await answerCommand({ status: 'FAILED', error: { code: 2204 } });
    expect(commands()).toHaveLength(2);
    await answerCommand('nonsense');
    expect(commands()).toHaveLength(3);
    controllers[3]?.abort(); // its turn has not come
    controllers[2]?.abort(); // it is its turn
    await settleDown();
    expect([commands().length, calls[3]?.fate]).toEqual([4, 'AbortError']);
    await pass(60_000);
    expect(calls.map(({ fate }) => fate)).toEqual([
      '2204',
      'PROTOCOL',
      'AbortError',
      'AbortError',
      'TIMED_OUT',
    ]);
    expect(clock.pending).toBe(0);
  });

  test('reset in the middle: those whose turn has not come are never sent', async () => {
    const { calls, commands, strongAuth, clock } = await waiting(3);
    strongAuth.reset();
    await settleDown();
    expect([commands().length, clock.pending]).toEqual([1, 0]);
    expect(calls.map(({ fate }) => fate)).toEqual(['SIGNED_OUT', 'SIGNED_OUT', 'SIGNED_OUT']);
  });

  test('how long a turn is waited for does not count as being in flight', async () => {
    const { calls, answerCommand, pass } = await waiting(3);
    for (let turn = 0; turn < 3; turn += 1) {
      await pass(50_000);
      await answerCommand(succeeded(turn));
    }
    expect(calls.map(({ fate }) => fate)).toEqual(['resolved', 'resolved', 'resolved']);
  });
});
