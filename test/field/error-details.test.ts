import { runInNewContext } from 'node:vm';
import { type ApiError, createStrongAuth } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { stage, succeeded, watched } from '../lifecycle/support.js';
import { collectSurfaced } from './support.js';

/* The details that an error keeps of an answer: neighbours of field case 49, which is in errors.test.ts. */

collectSurfaced();

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
