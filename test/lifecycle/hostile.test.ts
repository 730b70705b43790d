import { once } from 'node:events';
import { createStrongAuth } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { CHALLENGE, COMMAND, failed, OTP, settleDown, stage, succeeded, watched } from './support.js';

/** Runs `provoke`, and takes the errors that surface by themselves before the test runner does. */
async function surfaced(provoke: () => unknown): Promise<unknown> {
  const listeners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  const error = once(process, 'uncaughtException');
  try {
    await provoke();
    const [first] = await error;
    return first;
  } finally {
    for (const listener of listeners) process.on('uncaughtException', listener);
  }
}

describe('parameters', () => {
  const replayed = async (parameters: Record<string, unknown>) => {
    const { answer, strongAuth, transport, type } = stage();
    const call = watched(strongAuth.set<unknown>(COMMAND, parameters));
    await settleDown();
    if (call.fate !== 'pending') return { call, again: undefined, sent: transport.requests.length };
    await answer(CHALLENGE);
    await type('1234');
    await answer(succeeded({ otp: 'o' }));
    return { call, again: transport.requests.at(-1)?.request.parameters, sent: transport.requests.length };
  };

  test('that are cyclic are replayed with their cycle', async () => {
    const parameters: Record<string, unknown> = { action: 'x', list: [] };
    parameters.self = parameters;
    (parameters.list as unknown[]).push(parameters.list);
    const { again } = await replayed(parameters);
    expect(again).not.toBe(parameters);
    expect(again?.self).toBe(again);
    const [inner] = (again?.list ?? []) as unknown[];
    expect(inner).toBe(again?.list);
  });

  test('with __proto__ as a key pollute nothing', async () => {
    const { again } = await replayed(
      JSON.parse('{"action":"x","__proto__":{"polluted":1},"in":{"__proto__":{"polluted":1}}}'),
    );
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(Object.keys(again ?? {})).toEqual(['action', '__proto__', 'in']);
    expect(Object.getPrototypeOf(again)).toBe(Object.prototype);
  });

  test('of ten megabytes, frozen, or a thousand levels deep are replayed whole', async () => {
    const big = 'x'.repeat(10_000_000);
    let deep: Record<string, unknown> = { end: true };
    for (let level = 0; level < 1000; level += 1) deep = { deep };
    const parameters = Object.freeze({ action: 'x', big, frozen: Object.freeze([1]), deep });
    expect((await replayed(parameters)).again).toEqual(parameters);
  });

  test('that throw when they are read reject the call before anything is sent', async () => {
    for (const cause of [new Error('trap'), new TypeError('trap')]) {
      const trap = () => {
        throw cause;
      };
      for (const parameters of [
        new Proxy({}, { ownKeys: trap }),
        Object.defineProperty({}, 'x', { enumerable: true, get: trap }),
      ]) {
        const { call, sent } = await replayed(parameters as Record<string, unknown>);
        expect([String(call.error), sent]).toEqual(['TypeError: the parameters cannot be read', 0]);
        expect((call.error as Error).cause).toBe(cause);
      }
    }
  });

  test('that are data of a built-in class are copied, other instances passed on', async () => {
    class Car {}
    const [date, map, car] = [new Date(0), new Map([[1, 2]]), new Car()];
    const { again } = await replayed({ date, map, car, missing: undefined, call: trapless });
    expect(again).toEqual({ date, map, car, missing: undefined, call: trapless });
    expect([again?.map === map, again?.date === date, again?.car === car]).toEqual([false, false, true]);
  });
});
const trapless = () => 1;

describe('a transport', () => {
  test.each([
    ['a function', () => () => {}],
    ['a symbol', () => Symbol('x')],
    ['nothing at all', () => undefined],
    ['a plain value', () => 5],
    [
      'a thenable that throws',
      () => ({
        then: () => {
          throw new Error('then');
        },
      }),
    ],
    [
      'a thenable that answers twice',
      () => ({
        then: (resolve: (value: unknown) => void) => {
          resolve(succeeded(1));
          resolve(CHALLENGE);
        },
      }),
    ],
  ])('that yields %s ends the call once, and the next call works', async (_, yields) => {
    let isHostile = true;
    const strongAuth = createStrongAuth({
      transport: { send: () => (isHostile ? yields() : Promise.resolve(succeeded('fine'))) as never },
      enterPin: async () => null,
    });
    const call = watched(strongAuth.get('x'));
    await settleDown();
    expect(call.settlements).toBe(1);
    expect(['PROTOCOL', 'TRANSPORT_FAILED', 'resolved']).toContain(call.fate);
    isHostile = false;
    expect(await strongAuth.get('x')).toBe('fine');
    expect(strongAuth.view.getSnapshot().status).toBe('done');
  });

  test.each(['constructor', 'toString', '__proto__'])(
    'whose code on the OTP is %s is any other refusal',
    async (code) => {
      const { answer, challenged, type } = stage();
      const call = await challenged();
      await type('1234');
      await answer(failed(code));
      expect(call.fate).toBe('OTP_REFUSED');
    },
  );

  test('that echoes the PIN as an error code does not get it into the error', async () => {
    for (const code of [73915486, '73915486']) {
      const { answer, challenged, type } = stage();
      const call = await challenged();
      await type('73915486');
      await answer(failed(code));
      expect([call.fate, JSON.stringify(call.error)]).toEqual([
        'OTP_REFUSED',
        expect.not.stringContaining('73915486'),
      ]);
    }
  });
});

describe('a PIN', () => {
  test('of a megabyte is never sent', async () => {
    const { challenged, requestsOf, type, user } = stage();
    await challenged();
    await type('1'.repeat(1_000_000));
    expect([requestsOf(OTP).length, user.prompts.length]).toEqual([0, 2]);
  });
});

describe("the host's own callbacks", () => {
  test('a fact listener that throws disturbs nobody, and its error surfaces', async () => {
    const { strongAuth, answer } = stage({
      onEvent: () => {
        throw new Error('a listener');
      },
    });
    let call: ReturnType<typeof watched> | undefined;
    const error = await surfaced(() => {
      call = watched(strongAuth.get('x'));
    });
    expect(String(error)).toBe('Error: a listener');
    await surfaced(() => answer(succeeded(1)));
    expect([call?.fate, strongAuth.view.getSnapshot().status]).toEqual(['resolved', 'done']);
  });

  test('an inspector that throws disturbs nobody', async () => {
    let calls = 0;
    let strongAuth: ReturnType<typeof createStrongAuth> | undefined;
    await surfaced(() => {
      strongAuth = createStrongAuth({
        transport: { send: async () => succeeded(1) },
        enterPin: async () => null,
        inspect: () => {
          calls += 1;
          if (calls === 1) throw new Error('an inspector');
        },
      });
    });
    expect(await strongAuth?.get('x')).toBe(1);
  });

  test('a subscriber that throws disturbs nobody', async () => {
    let register: ((message: unknown) => void) | undefined;
    const strongAuth = createStrongAuth({
      transport: {
        send: async () => succeeded(),
        subscribe(_, onMessage) {
          register = onMessage;
        },
      },
      enterPin: async () => null,
    });
    const events: unknown[] = [];
    const subscription = strongAuth.subscribe('x', {}, (event) => {
      events.push(event);
      if (events.length === 1) throw new Error('a subscriber');
    });
    register?.(succeeded());
    await subscription;
    await surfaced(() => register?.({ status: 'RESULT', result: 1 }));
    register?.({ status: 'RESULT', result: 2 });
    expect(events).toEqual([{ result: 1 }, { result: 2 }]);
  });

  test.each(['cancel', 'reset', 'dispose'] as const)(
    '%s from within the PIN entry ends the wave',
    async (method) => {
      const strongAuth: ReturnType<typeof createStrongAuth> = createStrongAuth({
        transport: { send: async () => CHALLENGE },
        enterPin: async () => {
          strongAuth[method]();
          return '1234';
        },
      });
      const code = { cancel: 'CANCELLED', reset: 'SIGNED_OUT', dispose: 'DISPOSED' }[method];
      await expect(strongAuth.set<unknown>(COMMAND)).rejects.toMatchObject({ code });
    },
  );

  test('a call made while the others are being rejected belongs to the time after', async () => {
    const { answer, strongAuth, transport, user } = stage();
    const pims = strongAuth.asPims();
    const seen: unknown[] = [];
    pims.set(COMMAND, { action: 'horn' }, (message) => {
      seen.push(message);
      pims.set(COMMAND, { action: 'warning' }, (next) => seen.push(next));
    });
    await answer(CHALLENGE);
    strongAuth.cancel();
    await settleDown();
    expect(transport.requests).toHaveLength(2);
    await answer(CHALLENGE);
    expect([seen.length, user.prompts.length, strongAuth.view.getSnapshot().status]).toEqual([
      1,
      2,
      'needStrongAuth',
    ]);
  });

  test('a replay function may cancel, reset or dispose', async () => {
    for (const method of ['cancel', 'reset', 'dispose'] as const) {
      const { answer, challenged, strongAuth, transport, type } = stage();
      const call = await challenged({
        replay: () => {
          strongAuth[method]();
          return true;
        },
      });
      const other = await challenged();
      await type('1234');
      await answer(succeeded({ otp: 'o' }));
      for (const request of transport.requests) request.resolve(succeeded());
      await settleDown();
      expect([call.settlements, other.settlements]).toEqual([1, 1]);
      expect(['done', 'idle', 'closed']).toContain(strongAuth.view.getSnapshot().status);
    }
  });
});

test('hours that pass in a sleep end what they must, and send nothing stale', async () => {
  const { answer, challenged, clock, requestsOf, strongAuth, type } = stage({
    policy: { pinEntryTimeoutMs: 2 ** 31 - 1 },
  });
  const call = await challenged();
  const other = watched(strongAuth.get('x'));
  clock.advance(6 * 3_600_000);
  await settleDown();
  expect(other.fate).toBe('TIMED_OUT');
  await type('1234');
  await answer(succeeded({ otp: 'o' }));
  expect([call.fate, requestsOf(COMMAND).length, strongAuth.view.getSnapshot().status]).toEqual([
    'STALE',
    1,
    'done',
  ]);
});
