import { runInNewContext } from 'node:vm';
import type { ApiMessage, StrongAuthOptions } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
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
import { Private, revoked } from './foreign-objects.js';
import { collectSurfaced, expectRest, immediate, trap } from './support.js';

/* What only looks like a result, a code or an answer: neighbours of the field cases 3, 4 and 6, which are in messages.test.ts. */

collectSurfaced();

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

describe('what host code does to a message that it is shown changes no verdict, and nothing hangs', () => {
  /** Host code that spoils the message, and gives `verdict`. */
  const spoils =
    <Verdict extends string>(verdict: Verdict) =>
    (message: ApiMessage): Verdict => {
      Object.assign(message, { status: 'FAILED', error: undefined });
      return verdict;
    };

  test('classify.call', async () => {
    const app = stage({ classify: { call: spoils('pass') } });
    const call = watched(app.strongAuth.get('x'));
    await app.answer(succeeded('fine'));
    expect([call.fate, call.value]).toEqual(['resolved', 'fine']);
  });

  test.each<[string, Partial<StrongAuthOptions>]>([
    ['classify.otp', { classify: { otp: spoils('granted') } }],
    ['grant.read', { grant: { read: spoils('token'), apply: (request) => request } }],
  ])('%s', async (_, options) => {
    const app = stage(options);
    const call = await app.challenged();
    await app.type('1234');
    await app.answer(succeeded({ otp: 'o' }));
    await app.answer(succeeded('fine'));
    expect([call.fate, call.value]).toEqual(['resolved', 'fine']);
  });
});
