import { runInNewContext } from 'node:vm';
import { type ApiError, createStrongAuth, reviveError, type StrongAuthOptions } from 'strong-auth-machine';
import { errors } from 'strong-auth-machine/pims';
import { describe, expect, test } from 'vitest';
import { failed, GRANT, stage, succeeded, watched } from '../lifecycle/support.js';
import { collectSurfaced, immediate, trap } from './support.js';

/* The details that an error keeps of an answer: neighbours of field case 49, which is in errors.test.ts. */

const surfaced = collectSurfaced();

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
    const { inner } = await detailsOf({ inner: JSON.parse('{ "__proto__": { "isAdmin": true }, "a": 1 }') });
    expect((inner as { isAdmin?: boolean }).isAdmin).toBeUndefined();
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

  /** How many fields and members a value has, and those in it. */
  const count = (value: unknown): number =>
    typeof value === 'object' && value !== null
      ? Object.values(value).reduce<number>((sum, part) => sum + 1 + count(part), 0)
      : 0;
  const many = 5000;
  const list = () => Array.from({ length: many }, (_, index) => index);
  const fields = () => Object.fromEntries(list().map((index) => [`f${index}`, index]));
  test.each<[string, object]>([
    ['a list', { value: list() }],
    ['the fields of an object', { value: fields() }],
    ['lists in a list', { value: list().map(() => [1, 2]) }],
    ['objects in a list', { value: list().map(() => ({ a: 1, b: { c: 2 } })) }],
    ['the fields of a class', { value: Object.assign(new (class Car {})(), fields()) }],
    ['bytes', { value: new Uint8Array(many) }],
  ])('are 1,000 values at most: %s', async (_, more) => {
    const { value, tries } = await detailsOf({ ...more, tries: 2 });
    expect([count(value), tries]).toEqual([1000, 2]);
  });

  test('are 1,000 values at most for each part: a sub-code, the data of a challenge', async () => {
    expect(((await detailsOf({ subCode: list() })).subCode as unknown[]).length).toBe(1000);
    const app = stage({ classify: { call: () => ({ challenge: list() }) } });
    await app.challenged();
    expect(app.user.prompts[0]?.prompt.calls[0]?.challenge).toHaveLength(1000);
  });

  test.each<[string, (inner: unknown) => object, (outer: never) => unknown]>([
    ['objects', (inner) => ({ inner }), ({ inner }: { inner: unknown }) => inner],
    ['lists', (inner) => [inner], ([inner]: unknown[]) => inner],
  ])('are five %s deep at most', async (_, wrap, unwrap) => {
    let value: unknown = 'the bottom';
    for (let level = 0; level < 10; level += 1) value = wrap(value);
    let found = (await detailsOf({ value })).value;
    let levels = 0;
    for (; found; levels += 1) found = unwrap(found as never);
    expect(levels).toBe(5);
  });

  test('do not show what an object hides: the stack of an error in it, a getter that is not listed', async () => {
    const car = Object.assign(new (class Car {})(), { a: 1 });
    const hiding = Object.defineProperty(car, 'hidden', { get: () => 'hidden' });
    const value = { error: new Error('secret'), hiding, list: [() => 1], call: () => 1 };
    expect((await detailsOf({ value })).value).toStrictEqual({ error: {}, hiding: { a: 1 }, list: [null] });
  });

  test('are no names that a library added to every object', () => {
    class Car {
      plate = 'P';
    }
    Object.assign(Object.prototype, { added: 'by a library' });
    try {
      const revived = reviveError({ name: 'StrongAuthError', code: 'CANCELLED', details: new Car() });
      expect(Object.keys(revived?.details ?? {})).toEqual(['plate']);
    } finally {
      delete (Object.prototype as { added?: unknown }).added;
    }
  });

  test('of a proxy that is its own prototype come to an end', async () => {
    const proxy: object = new Proxy({ a: 1 }, { getPrototypeOf: () => proxy });
    expect((await detailsOf({ value: proxy })).value).toEqual({ a: 1 });
  });

  test.each<[string, unknown, unknown]>([
    ['a date that is none', new Date(Number.NaN), Number.NaN],
    ['an object that says it is a date', { [Symbol.toStringTag]: 'Date', a: 1 }, { a: 1 }],
    ['a method `valueOf` that throws', { valueOf: trap, a: 1 }, { a: 1 }],
    ['a field `valueOf` that is no method', { valueOf: 7, a: 1 }, { valueOf: 7, a: 1 }],
  ])('are read all the same: %s', async (_, value, expected) => {
    expect((await detailsOf({ value })).value).toEqual(expected);
  });

  test('hold nothing but what the SDK said beside its code and its label', async () => {
    expect(await detailsOf({})).toStrictEqual({});
    expect(await detailsOf({ call: () => 1 })).toStrictEqual({});
    expect(await detailsOf({ subCode: 7 })).toStrictEqual({ subCode: 7 });
  });

  test('cannot be changed', async () => {
    const details = await detailsOf({ tries: 2 });
    expect(() => Object.assign(details, { tries: 9 })).toThrow(TypeError);
  });
});

describe('what the SDK said of a failed call is in its error', () => {
  async function refused(error: object): Promise<ApiError> {
    const app = stage();
    const call = watched(app.strongAuth.get('x'));
    await app.answer({ status: 'FAILED', error });
    return call.error as ApiError;
  }

  test.each<[string, object, string, string]>([
    ['its label', { label: 'The car sleeps' }, 'The car sleeps', 'get x failed with 2204: The car sleeps'],
    [
      'its label, in the message without spaces around it',
      { label: ' No\n' },
      ' No\n',
      'get x failed with 2204: No',
    ],
    ['no label', {}, '', 'get x failed with 2204'],
  ])('%s', async (_, more, label, message) => {
    const error = await refused({ code: 2204, ...more });
    expect([error.label, error.message]).toEqual([label, message]);
  });

  test('the category of every code is that of the catalogue', async () => {
    const app = stage();
    for (const { code, category } of errors) {
      if (code === 2302) continue; // opens a prompt
      const call = watched(app.strongAuth.get('x'));
      await app.answer(failed(code));
      expect(call.error).toMatchObject({ code, category });
    }
  });

  test.each([1999, 2400, 429, 0, 'E_CAR'])(
    'the category of %s, which no catalogue has, is unknown',
    async (code) => {
      expect(await refused({ code })).toMatchObject({ code, category: 'unknown' });
    },
  );
});

describe('what the package knows of the end of a wave is in its errors, and nothing else', () => {
  const retryAt = 1_700_000_900_000;
  test.each<[string, unknown, object, Partial<StrongAuthOptions>?]>([
    ['CANCELLED', undefined, {}],
    ['ACCOUNT_BLOCKED', failed(2310), { otpCode: 2310 }],
    ['OUTCOME_UNKNOWN', 'nonsense', {}],
    ['THROTTLED', { status: 'FAILED', error: { code: 429, retryAfter: 900 } }, { otpCode: 429, retryAt }],
    ['PROTOCOL', succeeded(), { sent: false }, { prepareReplay: (request) => request }],
  ])('%s', async (code, answer, details, options) => {
    const app = stage(options);
    const call = await app.challenged();
    await app.type(answer === undefined ? null : '1234');
    if (answer !== undefined) await app.answer(answer);
    expect(call.error).toMatchObject({ code });
    expect((call.error as ApiError).details).toStrictEqual(details);
  });

  test.each<[string, () => unknown]>([
    [
      'threw',
      () => {
        throw new Error('no keyboard');
      },
    ],
    ['notAString', () => 1234],
  ])('PIN_ENTRY_FAILED: %s', async (why, enterPin) => {
    const app = stage({ enterPin: enterPin as never });
    const call = await app.challenged();
    expect(call.error).toMatchObject({ code: 'PIN_ENTRY_FAILED' });
    expect((call.error as ApiError).details).toStrictEqual({ why });
    await immediate();
    expect(surfaced.splice(0)).toHaveLength(why === 'threw' ? 1 : 0);
  });

  test('OTP_BUDGET_SPENT: when the limit leaves room again, and that it is the app’s own', async () => {
    const app = stage({ policy: { otpBudget: { max: 1, perMs: 900_000 } } });
    await app.challenged();
    await app.type('1234');
    await app.answer(GRANT);
    await app.answer(succeeded());
    const call = await app.challenged();
    expect(call.error).toMatchObject({ code: 'OTP_BUDGET_SPENT' });
    expect((call.error as ApiError).details).toStrictEqual({ retryAt, local: true });
  });
});
