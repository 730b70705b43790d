import { runInNewContext } from 'node:vm';
import { MessageChannel } from 'node:worker_threads';
import { createDraft, enableMapSet, finishDraft } from 'immer';
import { type ApiParameters, createStrongAuth } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { markRaw, reactive, readonly, shallowReactive } from 'vue';
import { succeeded } from '../lifecycle/support.js';
import { sent } from './sendings.js';
import { collectSurfaced } from './support.js';

/* Instances, proxies and lists are sent: neighbours of the field cases 15, 17 and 19, which are in what-is-sent.test.ts. */

collectSurfaced();
enableMapSet();

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

  test.each<[string, (value: object) => object, (sending: Record<string, unknown>) => unknown]>([
    ['in a plain object', (value) => ({ value }), ({ value }) => value],
    ['in the parameters themselves', (value) => value, (sending) => sending],
  ])('what yields %s still yields', async (_, wrap, unwrap) => {
    const value = {
      *[Symbol.iterator]() {
        yield 1;
        yield 2;
      },
    };
    const { call, sendings } = await sent(wrap(value));
    expect(call.fate).toBe('resolved');
    expect(sendings.map((each) => [...(unwrap(each) as Iterable<number>)])).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  test('what has methods named like those of a built-in class is sent as it is', async () => {
    class Moment {
      getTime = () => 5;
    }
    class Shelf {
      *entries() {
        yield ['a', 1];
      }
      *[Symbol.iterator]() {
        yield 'a';
      }
    }
    class Tape {
      slice() {
        return 'cut';
      }
    }
    class Instant {
      getTime() {
        return 5;
      }
    }
    const things = [new Moment(), new Instant(), new Shelf(), new Tape()];
    const { sendings } = await sent({ things });
    for (const { things: same } of sendings)
      for (const [index, thing] of things.entries()) expect((same as unknown[])[index]).toBe(thing);
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
