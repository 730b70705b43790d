import { runInNewContext } from 'node:vm';
import { createStrongAuth, fromPims } from 'strong-auth-machine';
import { createSimulator } from 'strong-auth-machine/simulator';
import { describe, expect, test } from 'vitest';
import { COMMAND, DOORS, OTP, settleDown, stage, succeeded, watched } from '../lifecycle/support.js';

/* Messages from hosts that are not plain objects: field cases 1 to 7, and their neighbours. */

class Envelope {
  constructor(
    private readonly given: string,
    private readonly wrong: unknown,
  ) {}
  get status() {
    return this.given;
  }
  get error() {
    return this.wrong;
  }
}
class Wrong {
  constructor(private readonly number: unknown) {}
  get code() {
    return this.number;
  }
  get label() {
    return 'Need Strong Authentication';
  }
}

/** The ways in which a host hands over FAILED with a code; the last four are not in the list of the field. */
const shapes: Record<string, (code: unknown) => unknown> = {
  'inherited fields': (code) => Object.create({ status: 'FAILED', error: { code } }),
  'a class of getters': (code) => new Envelope('FAILED', new Wrong(code)),
  'a proxy without own keys': (code) =>
    new Proxy(
      {},
      {
        get: (_, name) => ({ status: 'FAILED', error: { code } })[name as 'status'],
        ownKeys: () => [],
      },
    ),
  'a host object that is a function': (code) =>
    Object.assign(() => {}, { status: 'FAILED', error: { code } }),
  'an object of another realm': (code) =>
    runInNewContext('({ status: "FAILED", error: { code } })', { code }),
  'an object without a prototype': (code) =>
    Object.assign(Object.create(null), {
      status: 'FAILED',
      error: Object.assign(Object.create(null), { code }),
    }),
  'a frozen one': (code) => Object.freeze({ status: 'FAILED', error: Object.freeze({ code }) }),
  'an error that is an Error': (code) => ({
    status: 'FAILED',
    error: Object.assign(new Error('no'), { code }),
  }),
};

describe('1. FAILED with 2302 is a challenge, whatever object says it', () => {
  test.each(Object.entries(shapes))('%s', async (_, shape) => {
    const app = stage();
    const call = watched(app.strongAuth.set(COMMAND, DOORS));
    await app.answer(shape('2302'));
    expect([call.fate, app.user.prompts.length]).toEqual(['pending', 1]);
    await app.type('1234');
    await app.answer(succeeded({ otp: 'o' }));
    await app.answer(succeeded({ locked: true }));
    expect(call.value).toEqual({ locked: true });
  });

  test.each(Object.entries(shapes))('any other code is that error: %s', async (_, shape) => {
    const app = stage();
    const call = watched(app.strongAuth.set(COMMAND, DOORS));
    await app.answer(shape('2202'));
    expect(call.error).toMatchObject({ name: 'ApiError', code: 2202 });
  });

  test.each(Object.entries(shapes))('on the OTP too: %s', async (_, shape) => {
    const app = stage();
    const call = await app.challenged();
    await app.type('1234');
    await app.answer(shape('2308'));
    expect([call.fate, app.user.prompts[1]?.prompt.reason]).toEqual(['pending', 'pinRejected']);
  });

  test.each(Object.entries(shapes))('thrown instead of resolved: %s', async (_, shape) => {
    const app = stage();
    watched(app.strongAuth.set(COMMAND, DOORS));
    await app.fail(shape(2302));
    expect(app.user.prompts).toHaveLength(1);
  });
});

describe('2. a RESULT whose error is such an object is delivered', () => {
  test.each(Object.entries(shapes))('%s', async (_, shape) => {
    const events: unknown[] = [];
    let emit = (_: unknown) => {};
    const strongAuth = createStrongAuth({
      enterPin: async () => null,
      transport: {
        send: async () => succeeded(),
        subscribe(_request, onMessage) {
          emit = onMessage;
          onMessage(succeeded());
        },
      },
    });
    await strongAuth.subscribe('pims.vehicle.event', {}, (event) => events.push(event));
    const { error } = shape('2204') as { error: unknown };
    emit({ status: 'RESULT', error });
    emit({ status: 'RESULT', result: 1 });
    expect(events).toMatchObject([{ error: { name: 'ApiError', code: 2204 } }, { result: 1 }]);
  });
});

describe('3. a result that is a thenable settles the caller', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  test.each<[string, object]>([
    ['that never answers', { then() {} }],
    ['that answers for itself', { then: (resolve: (value: string) => void) => resolve('forged') }],
    ['that is a function', Object.assign(() => {}, { then() {} })],
    [
      'whose then throws',
      Object.defineProperty({}, 'then', {
        get() {
          throw new Error('trap');
        },
      }),
    ],
    ['that is a proxy which was revoked', proxy],
    ['that is a promise', Promise.resolve('later')],
  ])('%s: PROTOCOL', async (_, result) => {
    const app = stage();
    const call = watched(app.strongAuth.get('x'));
    await app.answer({ status: 'SUCCEEDED', result });
    expect(call.error).toMatchObject({ code: 'PROTOCOL', remedy: 'checkState', details: { sent: true } });
    const next = watched(app.strongAuth.get('x'));
    await app.answer(succeeded(1));
    expect(next.value).toBe(1);
  });
});

describe('4. codes that mean 2302', () => {
  test.each<[unknown]>([
    ['2302.0'],
    [2302n],
    [new String('2302')],
    [new Number(2302)],
    [Object(2302n)],
    [' 2302 '],
    ['+2302'],
    [runInNewContext('new String("2302")')],
  ])('%o', async (code) => {
    const app = stage();
    watched(app.strongAuth.set(COMMAND, DOORS));
    await app.answer({ status: 'FAILED', error: { code } });
    expect(app.user.prompts).toHaveLength(1);
  });

  test.each<[unknown]>([['2302x'], ['0x8FE'], ['2,302'], [2302.5], [Number.NaN], [-2302]])(
    '%o is another code',
    async (code) => {
      const app = stage();
      const call = watched(app.strongAuth.set(COMMAND, DOORS));
      await app.answer({ status: 'FAILED', error: { code } });
      expect(call.error).toMatchObject({ name: 'ApiError' });
      expect(app.user.prompts).toHaveLength(0);
    },
  );

  test.each<[unknown]>([[Symbol('2302')], [{}], [[2302, 1]], [() => 2302], [true], [null]])(
    'no code at all is no message',
    async (code) => {
      const app = stage();
      const call = watched(app.strongAuth.set(COMMAND, DOORS));
      await app.answer({ status: 'FAILED', error: { code } });
      expect(call.fate).toBe('PROTOCOL');
    },
  );
});

describe('nothing but SUCCEEDED is a success', () => {
  test.each<[unknown]>([
    ['succeeded'],
    [new String('SUCCEEDED')],
    ['SUCCEEDED '],
    [200],
    [true],
    [{ toString: () => 'SUCCEEDED' }],
  ])('a status of %o', async (status) => {
    const app = stage();
    const call = watched(app.strongAuth.set(COMMAND, DOORS));
    await app.answer({ status, result: { locked: true } });
    expect(call.fate).toBe('PROTOCOL');
  });
});

describe('5. asPims() without a callback throws nothing anywhere', () => {
  test.each(['get', 'set', 'subscribe', 'unsubscribe'] as const)('%s', async (verb) => {
    const simulator = createSimulator({ strongSession: true });
    const pims = createStrongAuth({ transport: fromPims(simulator), enterPin: simulator.enterPin }).asPims();
    (pims[verb] as (...args: unknown[]) => void)(COMMAND, DOORS);
    (pims[verb] as (...args: unknown[]) => void)(COMMAND, DOORS, 'no function');
    await settleDown(40);
    expect(simulator.effects.requests.length).toBeGreaterThan(0);
  });
});

describe('6. an answer to the OTP is judged at once, whatever its fields do', () => {
  const throwing = () => {
    throw new Error('trap');
  };
  test.each<[string, unknown, string]>([
    [
      'a label that is a symbol',
      { status: 'FAILED', error: { code: 2101, label: Symbol('pin') } },
      'pinMalformed',
    ],
    [
      'a label whose toString throws',
      { status: 'FAILED', error: { code: 2101, label: { toString: throwing } } },
      'pinMalformed',
    ],
    [
      'a label that throws when it is read',
      {
        status: 'FAILED',
        error: Object.defineProperty({ code: 2308 }, 'label', { get: throwing, enumerable: true }),
      },
      'pinRejected',
    ],
    [
      'a boxed label',
      { status: 'FAILED', error: { code: 2101, label: new String('Invalid pinCode') } },
      'pinMalformed',
    ],
  ])('%s', async (_, answer, reason) => {
    const app = stage();
    await app.challenged();
    await app.type('1234');
    await app.answer(answer);
    expect(app.user.prompts[1]?.prompt.reason).toBe(reason);
  });

  test('a status that can be read once', async () => {
    let reads = 0;
    const app = stage();
    const call = await app.challenged();
    await app.type('1234');
    await app.answer({
      get status() {
        reads += 1;
        if (reads > 1) throw new Error('read twice');
        return 'FAILED';
      },
      error: { code: 2310 },
    });
    expect([call.fate, reads]).toEqual(['ACCOUNT_BLOCKED', 1]);
  });
});

describe('7. what a transport refuses before anything has left was not sent', () => {
  const parameters = { action: 'doors', odometer: 10n } as never;

  test('a BigInt that a JSON bridge refuses', async () => {
    const strongAuth = createStrongAuth({
      transport: { send: (request) => Promise.resolve(JSON.stringify(request)) },
      enterPin: async () => null,
    });
    const call = watched(strongAuth.set(COMMAND, parameters));
    await settleDown();
    expect(call.error).toMatchObject({ code: 'TRANSPORT_FAILED', remedy: 'retry', details: { sent: false } });
  });

  test('through fromPims, from an SDK that throws at once', async () => {
    const simulator = createSimulator();
    const sdk = { ...simulator, set: (_: string, given: unknown) => void JSON.stringify(given) };
    const strongAuth = createStrongAuth({ transport: fromPims(sdk), enterPin: simulator.enterPin });
    const call = watched(strongAuth.set(COMMAND, parameters));
    await settleDown();
    expect(call.error).toMatchObject({ code: 'TRANSPORT_FAILED', details: { sent: false } });
  });

  test('one that rejects may have sent it', async () => {
    const app = stage();
    const call = watched(app.strongAuth.set(COMMAND, DOORS));
    await app.fail(new TypeError('network'));
    expect(call.error).toMatchObject({
      code: 'TRANSPORT_FAILED',
      remedy: 'checkState',
      details: { sent: true },
    });
  });

  test('an envelope that is thrown at once is still an answer', async () => {
    let isFirst = true;
    const prompts: unknown[] = [];
    const strongAuth = createStrongAuth({
      transport: {
        send(request) {
          if (request.api === OTP || !isFirst) return Promise.resolve(succeeded({ otp: 'o' }));
          isFirst = false;
          throw { status: 'FAILED', error: { code: '2302' } };
        },
      },
      enterPin: async (prompt) => {
        prompts.push(prompt);
        return '1234';
      },
    });
    await strongAuth.set(COMMAND, DOORS);
    expect(prompts).toHaveLength(1);
  });
});
