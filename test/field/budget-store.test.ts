import { runInNewContext } from 'node:vm';
import type { OtpBudgetStore, StrongAuth } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { GRANT, OTP, stage, succeeded, watched } from '../lifecycle/support.js';
import { type App, collectSurfaced, expectRest, HOUR, immediate, trap } from './support.js';

/* Stores of the OTP budget: neighbours of field case 41. */

collectSurfaced();
const NOW = 1_700_000_000_000;
const forever = () => new Promise<never>(() => {});

function stageWith(store: Record<string, unknown>, max = 1) {
  const facts: string[] = [];
  const app = stage({
    onEvent: ({ type }) => facts.push(type),
    policy: {
      otpBudget: {
        max,
        perMs: HOUR,
        store: { load: () => [], save: () => {}, ...store } as unknown as OtpBudgetStore,
      },
    },
  });
  return Object.assign(app, { failures: () => facts.filter((type) => type === 'budgetStoreFailed').length });
}

/** A wave from the challenge to the execution. */
async function succeedsWithPin(app: App) {
  const call = await app.challenged();
  await app.pass(2_000);
  await app.type('1234');
  await app.answer(GRANT);
  await app.answer(succeeded('done'));
  expect([call.value, app.clock.pending]).toEqual(['done', 0]);
}

describe('41. it loads what is no list of times: budgetStoreFailed, and the user is asked', () => {
  const given: Record<string, () => unknown> = {
    undefined: () => undefined,
    null: () => null,
    'a text': () => '[1]',
    'a list in JSON': () => JSON.stringify([NOW]),
    'a typed array': () => new Float64Array([NOW]),
    'a Set': () => new Set([NOW]),
    'an iterator': () => [NOW][Symbol.iterator](),
    'a list of texts': () => [String(NOW)],
    'a list of Dates': () => [new Date(NOW)],
    'a list of BigInts': () => [BigInt(NOW)],
    'a list with holes': () => new Array(3),
    'a list of objects that throw': () => [new Proxy({}, { get: trap, has: trap, getPrototypeOf: trap })],
    'a list of symbols': () => [Symbol('time')],
    'a list whose first member throws': () => Object.defineProperty([NOW], 0, { get: trap }),
    'a list whose length throws': () =>
      new Proxy([NOW], { get: (list, key) => (key === 'length' ? trap() : Reflect.get(list, key)) }),
    'a list that cannot be iterated': () => Object.assign([NOW], { [Symbol.iterator]: trap }),
    'a list that was revoked': () => {
      const { proxy, revoke } = Proxy.revocable([NOW], {});
      revoke();
      return proxy;
    },
    'a thenable that throws': () => ({ then: trap }),
    'a thenable whose then is a getter that throws': () => Object.defineProperty({}, 'then', { get: trap }),
    'a promise whose own then throws': () => Object.assign(Promise.resolve([]), { then: trap }),
    'a promise of a promise that rejects': () => Promise.resolve(Promise.reject(new Error('disk'))),
    'a promise of nonsense': async () => ({ times: [NOW] }),
  };
  test.each(Object.entries(given))('%s', async (_, load) => {
    const app = stageWith({ load });
    await succeedsWithPin(app);
    expect(app.failures()).toBe(1);
    await expectRest(app);
  });
});

describe('it loads a list of times, in a way of its own: they count', () => {
  const given: Record<string, () => unknown> = {
    'a frozen list': () => Object.freeze([NOW]),
    'a list of another realm': () => runInNewContext('[1700000000000]'),
    'a list of a class': () => class Times extends Array<number> {}.from([NOW]),
    'a list whose member is a getter': () => Object.defineProperty([0], 0, { get: () => NOW }),
    'a reactive proxy': () => new Proxy([NOW], {}),
    'a thenable that answers at once, twice': () => ({
      then(resolve: (times: number[]) => void) {
        resolve([NOW]);
        resolve([]);
      },
    }),
    'a thenable that answers, and then throws': () => ({
      then(resolve: (times: number[]) => void) {
        resolve([NOW]);
        trap();
      },
    }),
    'a hundred thousand times': () => Array.from({ length: 100_000 }, (_, index) => NOW - index),
  };
  test.each(Object.entries(given))('%s', async (_, load) => {
    const app = stageWith({ load });
    const call = await app.challenged();
    expect([call.fate, app.user.prompts.length, app.failures()]).toEqual(['OTP_BUDGET_SPENT', 0, 0]);
    await expectRest(app);
  });

  test('a list that the store keeps, and changes later, is its own', async () => {
    const times: number[] = [];
    const app = stageWith({ load: () => times });
    await succeedsWithPin(app);
    times.push(NOW, NOW);
    app.clock.advance(HOUR);
    await succeedsWithPin(app);
    await expectRest(app);
  });
});

describe('it takes its time', () => {
  test.each([0, 1_999])('%i ms: the prompt comes then, and no earlier', async (ms) => {
    let answer = (_: number[]) => {};
    const app = stageWith({
      load: () =>
        new Promise<number[]>((resolve) => {
          answer = resolve;
        }),
    });
    await app.challenged();
    await app.pass(ms);
    expect(app.user.prompts).toHaveLength(0);
    answer([]);
    await immediate();
    expect([app.user.prompts.length, app.failures()]).toEqual([1, 0]);
    await app.type(null);
    await expectRest(app);
  });

  test('two seconds: the prompt comes without it', async () => {
    const app = stageWith({ load: forever });
    await app.challenged();
    await app.pass(2_000);
    expect([app.user.prompts.length, app.failures()]).toEqual([1, 1]);
    await app.type(null);
    await expectRest(app);
  });

  test('waves that come and go while it loads ask it once, and the last one is asked', async () => {
    let loads = 0;
    let answer = (_: number[]) => {};
    const app = stageWith({
      load() {
        loads += 1;
        return new Promise<number[]>((resolve) => {
          answer = resolve;
        });
      },
    });
    for (let wave = 0; wave < 3; wave += 1) {
      await app.challenged();
      app.strongAuth.cancel();
      expect(app.clock.pending).toBe(0);
    }
    const call = await app.challenged();
    answer([]);
    await immediate();
    expect([loads, call.fate, app.user.prompts.length]).toEqual([1, 'pending', 1]);
    await app.type(null);
    await expectRest(app);
  });

  test.each(['cancel', 'reset', 'dispose'] as const)(
    '%s() meanwhile: nobody is asked, and no timer is left',
    async (how) => {
      let reject = (_: unknown) => {};
      const app = stageWith({
        load: () =>
          new Promise((_resolve, fail) => {
            reject = fail;
          }),
      });
      const call = await app.challenged();
      app.strongAuth[how]();
      await immediate();
      expect([call.settlements, app.clock.pending]).toEqual([1, 0]);
      reject(new Error('late'));
      await immediate();
      expect(app.user.prompts).toHaveLength(0);
      await expectRest(app);
    },
  );
});

describe('it does not save', () => {
  const saves: Record<string, () => unknown> = {
    throws: trap,
    rejects: () => Promise.reject(new Error('disk')),
    'rejects late': () => new Promise((_, reject) => setImmediate(() => reject(new Error('disk')))),
    'a thenable that throws': () => ({ then: trap }),
    'a promise whose own then throws': () => Object.assign(Promise.resolve(), { then: trap }),
  };
  test.each(Object.entries(saves))('%s: the count goes on in memory', async (_, save) => {
    const app = stageWith({ save });
    await succeedsWithPin(app);
    await immediate();
    expect(app.failures()).toBe(1);
    const call = await app.challenged();
    expect(call.fate).toBe('OTP_BUDGET_SPENT');
    await expectRest(app);
  });

  test('it never answers: nobody waits for it', async () => {
    const app = stageWith({ save: forever });
    await succeedsWithPin(app);
    expect(app.failures()).toBe(0);
    await expectRest(app);
  });

  test('it changes the list that it is given: the count is ours', async () => {
    const app = stageWith({
      save(times: number[]) {
        times.length = 0;
      },
    });
    await succeedsWithPin(app);
    expect((await app.challenged()).fate).toBe('OTP_BUDGET_SPENT');
    await expectRest(app);
  });
});

describe('it calls back into the client', () => {
  const deeds: Record<string, (strongAuth: StrongAuth) => void> = {
    'cancel()': ({ cancel }) => cancel(),
    'reset()': ({ reset }) => reset(),
    'dispose()': ({ dispose }) => dispose(),
  };
  const cases = Object.entries(deeds).flatMap(([name, deed]) =>
    (['load', 'save'] as const).map((method) => [name, method, deed] as const),
  );
  test.each(cases)('%s from %s: no OTP request leaves', async (_, method, deed) => {
    let isDone = false;
    const app = stageWith({
      [method]() {
        if (!isDone) {
          isDone = true;
          deed(app.strongAuth);
        }
        return [];
      },
    });
    const call = await app.challenged();
    if (method === 'save') await app.type('1234');
    await immediate();
    expect([isDone, call.settlements, app.requestsOf(OTP).length]).toEqual([true, 1, 0]);
    expect(app.user.prompts.every(({ prompt }) => prompt.signal.aborted || method === 'save')).toBe(true);
    await expectRest(app);
  });

  test('a call, and an ensure, from both: each settles once', async () => {
    const made: ReturnType<typeof watched>[] = [];
    const more = () => {
      if (made.length < 4) made.push(watched(app.strongAuth.get('more')), watched(app.strongAuth.ensure()));
      return [];
    };
    const app = stageWith({ load: more, save: more }, 10);
    const call = await app.challenged();
    for (let round = 0; round < 6; round += 1) {
      app.user.prompts.at(-1)?.resolve('1234');
      await immediate();
      for (const { request, isAnswered, resolve } of [...app.transport.requests])
        if (!isAnswered) resolve(request.api === OTP ? GRANT : succeeded('done'));
      await immediate();
    }
    expect([call, ...made].map(({ fate, settlements }) => [fate, settlements])).toEqual(
      [call, ...made].map(() => ['resolved', 1]),
    );
    await expectRest(app);
  });
});
