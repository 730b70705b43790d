import { createStrongAuth, fromPims } from 'strong-auth-machine';
import { createSimulator } from 'strong-auth-machine/simulator';
import { describe, expect, test } from 'vitest';
import { COMMAND, stage, succeeded, watched } from '../lifecycle/support.js';
import { collectSurfaced, expectRest } from './support.js';

/* What makes no sense is refused: neighbours of the field cases 51 and 52, which are in errors.test.ts. */

collectSurfaced();

describe('51 and 52. more that makes no sense', () => {
  const fine = { transport: { send: async () => succeeded() }, enterPin: async () => null };
  const simulator = createSimulator();
  class Sdk {
    get() {}
    set() {}
    subscribe() {}
    unsubscribe() {}
  }
  test.each<[string, unknown]>([
    ['an SDK that is a class', new Sdk()],
    ['an SDK that is a function', Object.assign(() => {}, { get() {}, set() {} })],
    ['the facade of another client', createStrongAuth(fine).asPims()],
    ['an SDK without a prototype', Object.assign(Object.create(null), { get() {}, set() {} })],
  ])('%s given as transport: says fromPims(sdk)', (_, transport) => {
    expect(() => createStrongAuth({ ...fine, transport: transport as never })).toThrow(/fromPims\(sdk\)/);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['fromPims itself', fromPims],
    ['a promise of a transport', Promise.resolve(fine.transport)],
    ['a function', async () => succeeded()],
  ])('%s given as transport: TypeError that says what it lacks', (_, transport) => {
    expect(() => createStrongAuth({ ...fine, transport: transport as never })).toThrow(
      /transport must have a send\(\)/,
    );
  });

  test.each<[string, object, RegExp]>([
    ['a store that is misspelt', { policy: { otpBudget: { max: 1, perMs: 1, stroe: {} } } }, /otpBudget/],
    [
      'a store without save',
      { policy: { otpBudget: { max: 1, perMs: 1, store: { load: () => [] } } } },
      /otpBudget/,
    ],
    ['a classifier that is none', { classify: { call: 'challenge' } }, /classify\.call must be a function/],
    ['a classifier that is a function', { classify: () => 'pass' }, /classify/],
    ['a grant that is half', { grant: { apply: (request: unknown) => request } }, /grant/],
    ['a requestOtp that is none', { requestOtp: {} }, /requestOtp/],
    ['a misspelt phase of classify', { classify: { calls() {} } }, /classify.calls is no phase/],
    ['enterPin in another case', { enterPIN: async () => '1234' }, /enterPIN is no option/],
    ['a policy in the wrong place', { maxPinAttempts: 3 }, /maxPinAttempts is no option/],
    ['a policy that is null', { policy: null }, /policy/],
    ['a policy of call options', { policy: { timeoutMs: 5 } }, /timeoutMs/],
    [
      'an inherited policy that is misspelt',
      { policy: Object.create({ maxPinAttempt: 3 }) },
      /maxPinAttempt is/,
    ],
    [
      'an inherited policy that is nonsense',
      { policy: Object.create({ maxPinAttempts: 0 }) },
      /maxPinAttempts/,
    ],
    ['a clock without now', { clock: { setTimeout() {}, clearTimeout() {} } }, /now/],
    [
      'a clock whose monotonic is none',
      { clock: { setTimeout() {}, clearTimeout() {}, now: Date.now, monotonic: 5 } },
      /monotonic/,
    ],
  ])('of a client: %s', (_, options, message) => {
    expect(() => createStrongAuth({ ...fine, ...options } as never)).toThrow(TypeError);
    expect(() => createStrongAuth({ ...fine, ...options } as never)).toThrow(message);
  });

  test('of a client: an inherited name that is misspelt is refused', () => {
    expect(() => createStrongAuth(Object.create({ ...fine, onevent() {} }))).toThrow('onevent is no option');
  });

  test.each<[string, object]>([
    ['inherited', Object.create({ maxPinAttempts: 5 })],
    [
      'a getter of a class',
      new (class {
        get maxPinAttempts() {
          return 5;
        }
      })(),
    ],
    ['frozen', Object.freeze({ maxPinAttempts: 5 })],
  ])('a policy that is %s is heeded', async (_, policy) => {
    const app = stage({ policy });
    await app.challenged();
    expect(app.strongAuth.view.getSnapshot().prompt?.attemptsLeft).toBe(5);
  });

  test.each<[string, unknown, RegExp]>([
    ['one of the policy', { maxRounds: 2 }, /maxRounds is no option/],
    ['one in another case', { timeoutMS: 5 }, /timeoutMS is no option/],
    ['a time that no timer holds', { timeoutMs: 2 ** 31 }, /timeoutMs/],
    ['a time below nothing', { maxAgeMs: -1 }, /maxAgeMs/],
    ['a time that is none', { maxAgeMs: Number.NaN }, /maxAgeMs/],
    ['a time as text', { timeoutMs: '5' }, /timeoutMs/],
    ['a replay of another kind', { replay: true }, /replay/],
    ['null', null, /object/],
    ['a signal itself', new AbortController().signal, /is no option/],
    ['a misspelt one of the defaults', Object.create({ replays: 'never' }), /replays is no option/],
    ['a text', 'auto', /object/],
  ])('of a call: %s is refused, nothing is sent', async (_, options, message) => {
    const app = stage();
    const attempts = [
      app.strongAuth.get('x', {}, options as never),
      app.strongAuth.send({ verb: 'get', api: 'x' }, options as never),
      app.strongAuth.subscribe('x', {}, () => {}, options as never),
    ];
    for (const attempt of attempts) {
      const error = await attempt.catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(TypeError);
      expect((error as Error).message).toMatch(message);
    }
    expect(app.transport.requests).toHaveLength(0);
    await expectRest(app);
  });

  test.each<[string, object]>([
    ['inherited', Object.create({ replay: 'never' })],
    [
      'a getter of a class',
      new (class {
        get replay() {
          return 'never';
        }
      })(),
    ],
    ['without a prototype', Object.assign(Object.create(null), { replay: 'never' })],
    ['frozen', Object.freeze({ replay: 'never' })],
  ])('options of a call that are %s are heeded', async (_, options) => {
    const app = stage();
    const call = await app.challenged(options);
    await app.type('1234');
    await app.answer(succeeded({ otp: 'o' }));
    expect([call.fate, app.requestsOf(COMMAND).length]).toEqual(['REPLAY_DECLINED', 1]);
  });

  test('an option that is undefined is as if it were not there', async () => {
    const app = stage();
    const call = watched(
      app.strongAuth.get(
        'x',
        {},
        { signal: undefined, timeoutMs: undefined, replay: undefined, label: undefined },
      ),
    );
    await app.answer(succeeded(1));
    expect(call.value).toBe(1);
  });

  test('the SDK is not touched while it is looked at', () => {
    createStrongAuth({ transport: fromPims(simulator), enterPin: async () => null });
    expect(simulator.effects.requests).toHaveLength(0);
  });
});
