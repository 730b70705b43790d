import { runInNewContext } from 'node:vm';
import { MessageChannel } from 'node:worker_threads';
import {
  type ApiError,
  createStrongAuth,
  isApiError,
  isStrongAuthError,
  reviveError,
  StrongAuthError,
} from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { COMMAND, failed, settleDown, stage, watched } from '../lifecycle/support.js';
import { collectSurfaced, trap } from './support.js';

/* Errors that are stored, sent and revived: neighbours of field case 50, which is in errors.test.ts. */

collectSurfaced();

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
    ['an ApiError whose verb is none', () => ({ name: 'ApiError', code: 1, verb: 1, api: 'x' })],
    ['an ApiError whose API is none', () => ({ name: 'ApiError', code: 1, verb: 'get', api: 1 })],
    ['an ApiError without a code', () => ({ name: 'ApiError', verb: 'get', api: 'x' })],
    ['an ApiError whose code is none', () => ({ name: 'ApiError', verb: 'get', api: 'x', code: true })],
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

  test('what is no text where a text belongs is left out', () => {
    const call = { verb: 'get', api: 'x', action: 7 };
    const cancelled = reviveError({ name: 'StrongAuthError', code: 'CANCELLED', ...call });
    expect(cancelled).toMatchObject({ verb: 'get', api: 'x' });
    expect(cancelled).not.toHaveProperty('action');
    const refused = reviveError({ name: 'ApiError', code: 2204, ...call, label: 7, transactionId: 7 });
    expect(refused).toMatchObject({ code: 2204, label: '', transactionId: undefined });
  });

  test('as data they have no field without a value, which some stores refuse', async () => {
    const app = stage();
    const calls = [watched(app.strongAuth.get('x')), watched(app.strongAuth.get('x'))];
    await app.answer({ status: 'FAILED', error: { code: 2204 } }, 0);
    await app.fail(new Error('cable'), 1);
    const ensured = watched(app.strongAuth.ensure());
    await app.type(null);
    const errors = [...calls, ensured].map(({ error }) => error as ApiError);
    for (const error of errors) expect(error.toJSON()).toStrictEqual(facts(error));
    expect(errors.map((error) => Object.keys(error.toJSON()).sort())).toEqual([
      ['api', 'category', 'code', 'details', 'label', 'message', 'name', 'verb'],
      ['api', 'code', 'details', 'message', 'name', 'remedy', 'verb'],
      ['code', 'details', 'message', 'name', 'remedy'],
    ]);
  });

  test('an SDK that runs in a worker answers existing code with the envelope it had there', async () => {
    const app = stage();
    const refused = watched(app.strongAuth.get('x'));
    await app.answer({ transactionId: 't', status: 'FAILED', error: { code: 2001, label: 'No', tries: 2 } });
    const inWorker = JSON.stringify(refused.error);
    const answers: unknown[] = [];
    const strongAuth = createStrongAuth({
      transport: {
        send: async () => undefined,
        lifecycle: async () => {
          throw reviveError(JSON.parse(inWorker));
        },
      },
      enterPin: async () => null,
    });
    strongAuth.asPims().initialize({}, (message) => answers.push(message));
    await settleDown();
    expect(answers).toEqual([
      { transactionId: 't', status: 'FAILED', error: { code: 2001, label: 'No', tries: 2 } },
    ]);
  });

  test.each([
    ['ApiError', isApiError, isStrongAuthError],
    ['StrongAuthError', isStrongAuthError, isApiError],
  ])('an %s of another copy of the package is known', (name, isOfThisKind, isOther) => {
    const foreign = Object.defineProperty(new Error('x'), Symbol.for(`strong-auth-machine.${name}`), {
      value: true,
    });
    expect([isOfThisKind(foreign), isOther(foreign), reviveError(foreign)]).toEqual([true, false, foreign]);
  });

  test.each<[unknown]>([[undefined], [null], ['ApiError'], [7], [{}], [new Error('x')]])(
    '%o is no error of ours',
    (value) => {
      expect([isApiError(value), isStrongAuthError(value)]).toEqual([false, false]);
    },
  );
});
