import { createStrongAuth, type StrongAuthFact } from 'strong-auth-machine';
import { describe, expect, test, vi } from 'vitest';
import {
  CHALLENGE,
  failed,
  GRANT,
  settleDown,
  stage,
  succeeded,
  surfaced,
  turn,
  watched,
} from '../lifecycle/support.js';
import { expectWell } from './support.js';

/* Answers, signals, events and budget stores that throw or never end: the field cases 36, 37, 39, 39d, 41 and 42. */

describe('36. answers that throw when they are looked at end their own call; the actor goes on', () => {
  const trap = () => {
    throw new Error('trap');
  };
  const hostile: Record<string, () => unknown> = {
    'a then that throws': () => Object.defineProperty({}, 'then', { get: trap }),
    'a promise whose own then throws': () => Object.assign(Promise.resolve(true), { then: trap }),
    'a promise whose own then answers twice, and throws': () =>
      Object.assign(Promise.resolve(true), {
        then(resolve: (value: unknown) => void) {
          resolve('first');
          resolve('second');
          trap();
        },
      }),
    'a proxy that throws at everything': () =>
      new Proxy({}, { get: trap, has: trap, ownKeys: trap, getPrototypeOf: trap }),
    'a rejected promise': () => Promise.reject(new Error('trap')),
    'a throw': trap,
  };
  const rows = Object.entries(hostile);

  test.each(rows)('from replay: %s', async (_, answer) => {
    const app = stage();
    const call = await app.challenged({ replay: answer as never });
    const other = await app.challenged();
    await app.type('1234');
    await app.answer(GRANT);
    await app.answer(succeeded('other'));
    expect([call.fate, other.value]).toEqual(['REPLAY_DECLINED', 'other']);
    await expectWell(app);
  });

  test.each(rows)('from prepareReplay: %s', async (_, answer) => {
    const app = stage({ prepareReplay: answer as never });
    const call = await app.challenged();
    await app.type('1234');
    await app.answer(GRANT);
    await settleDown();
    expect(call.error).toMatchObject({ code: 'TRANSPORT_FAILED', details: { sent: false } });
    await expectWell(app);
  });

  test.each(rows)('from the transport: %s', async (_, answer) => {
    const app = stage();
    const { send } = app.transport;
    app.transport.send = answer as never;
    const call = watched(app.strongAuth.get('x'));
    await settleDown(30);
    expect(call.fate).not.toBe('pending');
    app.transport.send = send;
    const next = watched(app.strongAuth.get('x'));
    await app.answer(succeeded(1));
    expect(next.value).toBe(1);
    await expectWell(app);
  });

  // A promise that rejects where none is asked for is for whoever made it to hear of.
  test.each(rows.filter(([name]) => name !== 'a rejected promise'))(
    'from classify: %s',
    async (_, answer) => {
      const app = stage({ classify: { call: answer as never, otp: answer as never } });
      const call = watched(app.strongAuth.get('x'));
      await app.answer(failed(2204));
      expect(call.fate).toBe('2204');
      await expectWell(app);
    },
  );

  test.each(rows)('from enterPin: %s', async (name, answer) => {
    const app = stage({ enterPin: answer as never });
    let call: ReturnType<typeof watched> | undefined;
    const ask = async () => {
      call = await app.challenged();
      await settleDown(30);
    };
    // What it throws is a defect of the host, which has to see it.
    if (name.endsWith('answers twice, and throws')) {
      await ask(); // the first answer counts: it is no PIN, so the user is asked again, five times
    } else expect(await surfaced(ask)).toMatchObject({ message: 'trap' });
    expect(call?.fate).toBe('PIN_ENTRY_FAILED');
    await expectWell(app);
  });
});

describe('37. a signal that is none is refused at the call; one that misbehaves ends nothing but it', () => {
  test.each<[string, object]>([
    ['cannot be taken back from', { aborted: false, addEventListener() {} }],
    ['does not say whether it has aborted', { addEventListener() {}, removeEventListener() {} }],
    ['is a controller', new AbortController()],
  ])('that %s: TypeError', async (_, signal) => {
    const app = stage();
    const call = watched(app.strongAuth.get('x', {}, { signal: signal as never }));
    await settleDown();
    expect([(call.error as Error).name, app.transport.requests.length]).toEqual(['TypeError', 0]);
    await app.pass(120_000);
    await expectWell(app);
  });

  test('whose listening throws: TypeError', async () => {
    const app = stage();
    const signal = {
      aborted: false,
      addEventListener() {
        throw new Error('no');
      },
      removeEventListener() {},
    };
    const call = watched(app.strongAuth.get('x', {}, { signal: signal as never }));
    await settleDown();
    expect((call.error as Error).name).toBe('TypeError');
    await expectWell(app);
  });

  test('that calls back at once, or twice: the call is aborted, once', async () => {
    const app = stage();
    const signal = {
      aborted: false,
      reason: 'at once',
      addEventListener(_: string, listener: () => void) {
        listener();
        listener();
      },
      removeEventListener() {},
    };
    const call = watched(app.strongAuth.get('x', {}, { signal: signal as never }));
    await settleDown();
    expect([call.error, call.settlements, app.transport.requests.length]).toEqual(['at once', 1, 0]);
    await expectWell(app);
  });
});

describe('39. a host without AbortController, and listeners of prompt.signal that throw', () => {
  test('missing when the client is made: a TypeError that names it', () => {
    vi.stubGlobal('AbortController', undefined);
    expect(() => stage()).toThrow(/AbortController/);
  });

  test('gone when the user is to be asked: typed, and the client lives', async () => {
    const app = stage();
    let call: ReturnType<typeof watched> | undefined;
    await surfaced(async () => {
      call = watched(app.strongAuth.get('x'));
      vi.stubGlobal('AbortController', undefined);
      app.transport.requests[0]?.resolve(CHALLENGE);
      await settleDown();
      vi.unstubAllGlobals();
    });
    expect(call?.fate).toBe('PIN_ENTRY_FAILED');
    await app.challenged();
    expect(app.user.prompts).toHaveLength(1);
    await expectWell(app);
  });

  test('a listener that throws, in a host that lets it: it surfaces, and the wave ends', async () => {
    class Throwing extends AbortController {
      override abort() {
        super.abort();
        throw new Error('a listener');
      }
    }
    vi.stubGlobal('AbortController', Throwing);
    const app = stage();
    const call = await app.challenged();
    expect(await surfaced(() => app.strongAuth.cancel())).toMatchObject({ message: 'a listener' });
    await settleDown();
    expect([call.fate, app.status]).toEqual(['CANCELLED', 'cancelled']);
    await expectWell(app);
  });
});

describe('39d. a RESULT whose fields throw is dropped, and nothing is uncaught', () => {
  test.each(['result', 'error'])('%s', async (field) => {
    const facts: StrongAuthFact[] = [];
    let emit = (_: unknown) => {};
    const strongAuth = createStrongAuth({
      onEvent: (fact) => facts.push(fact),
      enterPin: async () => null,
      transport: {
        send: async () => succeeded(),
        subscribe(_request, onMessage) {
          emit = onMessage;
          onMessage(succeeded());
        },
      },
    });
    const events: unknown[] = [];
    await strongAuth.subscribe('events', {}, (event) => events.push(event));
    emit(
      Object.defineProperty({ status: 'RESULT' }, field, {
        get() {
          throw new Error('trap');
        },
      }),
    );
    emit({ status: 'RESULT', result: 'next' });
    await settleDown();
    expect(events).toEqual([{ result: 'next' }]);
    expect(facts.filter(({ type }) => type === 'eventDropped')).toMatchObject([{ api: 'events' }]);
  });
});

describe('41. a budget store that misbehaves: budgetStoreFailed, and no stuck prompt', () => {
  const forever = () => new Promise<never>(() => {});
  const stores: Record<string, { load?: () => unknown; save?: () => unknown }> = {
    'loads nonsense': { load: () => 'nonsense' },
    'loads an object': { load: async () => ({ length: 1 }) },
    'loads what are no times': { load: () => ['yesterday', Number.NaN] },
    'never loads': { load: forever },
    'rejects to load': { load: () => Promise.reject(new Error('disk')) },
    'loads a list that throws': {
      load: () =>
        [1].map(() => 0) &&
        new Proxy([1], {
          get: () => {
            throw new Error('trap');
          },
        }),
    },
    'throws when it saves': {
      save: () => {
        throw new Error('disk');
      },
    },
    'rejects to save': { save: () => Promise.reject(new Error('disk')) },
  };
  test.each(Object.entries(stores))('that %s', async (_, store) => {
    const facts: string[] = [];
    const app = stage({
      onEvent: ({ type }) => facts.push(type),
      policy: {
        otpBudget: { max: 1, perMs: 1000, store: { load: () => [], save: () => {}, ...store } as never },
      },
    });
    const call = await app.challenged();
    await app.pass(2_000);
    expect(app.user.prompts).toHaveLength(1);
    await app.type('1234');
    await app.answer(GRANT);
    await app.answer(succeeded());
    expect([call.fate, app.clock.pending]).toEqual(['resolved', 0]);
    expect(facts.filter((type) => type === 'budgetStoreFailed')).toHaveLength(1);
    await expectWell(app);
  });

  test('one that rejects late is heard of once, and one that loads late is counted', async () => {
    for (const late of ['rejects', 'loads'] as const) {
      const facts: string[] = [];
      let answer = () => {};
      const load = () =>
        new Promise<number[]>((resolve, reject) => {
          answer = () => (late === 'loads' ? resolve([1_700_000_000_000]) : reject(new Error('late')));
        });
      const app = stage({
        onEvent: ({ type }) => facts.push(type),
        policy: { otpBudget: { max: 1, perMs: 3_600_000, store: { load, save() {} } } },
      });
      await app.challenged();
      await app.pass(2_000);
      answer();
      await settleDown();
      app.strongAuth.cancel();
      const next = await app.challenged();
      expect(next.fate).toBe(late === 'loads' ? 'OTP_BUDGET_SPENT' : 'pending');
      expect(facts.filter((type) => type === 'budgetStoreFailed')).toHaveLength(1);
    }
  });

  test('cancelled while the store loads: no timer is left, and nobody is asked when it has loaded', async () => {
    let answer = (_: number[]) => {};
    const load = () =>
      new Promise<number[]>((resolve) => {
        answer = resolve;
      });
    const app = stage({ policy: { otpBudget: { max: 1, perMs: 1000, store: { load, save() {} } } } });
    await app.challenged();
    app.strongAuth.cancel();
    expect(app.clock.pending).toBe(0);
    answer([]);
    await settleDown();
    expect(app.user.prompts).toHaveLength(0);
  });
});

test('42. a thousand calls on one signal: no warning of too many listeners, and all of them end', async () => {
  const warnings: unknown[] = [];
  const note = (warning: unknown) => warnings.push(warning);
  process.on('warning', note);
  const app = stage();
  const controller = new AbortController();
  const calls = Array.from({ length: 1000 }, () =>
    watched(app.strongAuth.get('x', {}, { signal: controller.signal })),
  );
  controller.abort();
  await turn();
  process.off('warning', note);
  expect(warnings).toEqual([]);
  expect(calls.every(({ fate, settlements }) => fate === 'AbortError' && settlements === 1)).toBe(true);
  await expectWell(app);
});
