import { createPinPad, createStrongAuth, type StrongAuth, type StrongAuthFact } from 'strong-auth-machine';
import { statusOf } from 'strong-auth-machine/machine';
import { describe, expect, test, vi } from 'vitest';
import {
  CHALLENGE,
  COMMAND,
  failed,
  GRANT,
  OTP,
  settleDown,
  stage,
  succeeded,
  surfaced,
  turn,
  watched,
} from '../lifecycle/support.js';
import type { App } from './support.js';

/* Host code in the middle of things: field cases 35 to 43, and their neighbours. */

/** What host code may do to the client that calls it. */
const deeds: Record<string, (strongAuth: StrongAuth) => void> = {
  cancels: (strongAuth) => strongAuth.cancel(),
  resets: (strongAuth) => strongAuth.reset(),
  'disposes of it': (strongAuth) => strongAuth.dispose(),
  'makes a call': (strongAuth) => void watched(strongAuth.get('more')),
  'asks for a grant': (strongAuth) => void watched(strongAuth.ensure()),
  'recovers it': (strongAuth) => strongAuth.recovered(),
  throws: () => {
    throw new Error('host code');
  },
};

/** Nothing of a client may be left over, and its machine must be well. */
async function expectWell({ strongAuth, clock }: App) {
  const { actor } = strongAuth;
  expect(['active', 'done']).toContain(actor.getSnapshot().status);
  expect(statusOf(actor.getSnapshot())).toBe(strongAuth.view.getSnapshot().status);
  strongAuth.dispose();
  await turn();
  expect(clock.pending).toBe(0);
}

describe('35. reset() or dispose() from host code, while an ensure() waits: it settles', () => {
  const places = ['transport.send', 'replay', 'prepareReplay', 'classify', 'grant.apply'] as const;
  const cases = places.flatMap((place) =>
    (['reset', 'dispose'] as const).map((how) => [place, how] as const),
  );
  test.each(cases)('from %s: %s', async (place, how) => {
    let isArmed = false;
    const end = () => {
      if (!isArmed) return;
      isArmed = false;
      app.strongAuth[how]();
    };
    const app = stage({
      ...(place === 'prepareReplay' && {
        prepareReplay: (request) => {
          end();
          return request;
        },
      }),
      ...(place === 'classify' && {
        classify: {
          call: (message) => {
            end();
            return message.status === 'FAILED' ? 'challenge' : 'pass';
          },
        },
      }),
      ...(place === 'grant.apply' && {
        grant: {
          read: () => 'token',
          apply: (request) => {
            end();
            return request;
          },
        },
      }),
    });
    if (place === 'transport.send') {
      const { send } = app.transport;
      app.transport.send = (request, options) => {
        if (request.api !== OTP) end();
        return send(request, options);
      };
    }
    const call = await app.challenged({
      replay: () => {
        if (place === 'replay') end();
        return true;
      },
    });
    const ensured = watched(app.strongAuth.ensure());
    const last = await app.challenged();
    await app.type('1234');
    isArmed = true;
    await app.answer(GRANT);
    if (place === 'classify') await app.answer(CHALLENGE);
    await settleDown();
    expect(isArmed).toBe(false);
    const fate = how === 'reset' ? 'SIGNED_OUT' : 'DISPOSED';
    for (const { fate: own, settlements } of [call, last, ensured])
      expect([['resolved', fate].includes(own), settlements]).toEqual([true, 1]);
    await expectWell(app);
  });
});

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

describe('38. a view listener that ends things at the landing of a subscribe: no event after it, the SDK is told', () => {
  test.each(['reset', 'dispose', 'abort'] as const)('%s', async (how) => {
    const sent: string[] = [];
    let emit = (_: unknown) => {};
    const controller = new AbortController();
    const strongAuth = createStrongAuth({
      enterPin: async () => null,
      transport: {
        async send({ verb }) {
          sent.push(verb);
          return succeeded();
        },
        subscribe(_request, onMessage) {
          emit = onMessage;
        },
      },
    });
    const events: unknown[] = [];
    const subscribed = watched(
      strongAuth.subscribe('events', {}, (event) => events.push(event), { signal: controller.signal }),
    );
    strongAuth.view.subscribe(({ status }) => {
      if (status !== 'done') return;
      if (how === 'abort') controller.abort();
      else strongAuth[how]();
    });
    emit({ status: 'RESULT', result: 'early' });
    emit(succeeded());
    emit({ status: 'RESULT', result: 'late' });
    await settleDown();
    expect([events, sent, subscribed.fate]).toEqual([[], ['unsubscribe'], 'resolved']);
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

describe('39a. whoever cancels when the status becomes requestingOtp: no OTP request leaves, no PIN is sent', () => {
  const ways: Record<string, (app: App, controller: AbortController) => void> = {
    cancel: ({ strongAuth }) => strongAuth.cancel(),
    reset: ({ strongAuth }) => strongAuth.reset(),
    dispose: ({ strongAuth }) => strongAuth.dispose(),
  };
  const cases = Object.entries(ways).flatMap(([how, end]) =>
    (['view.subscribe', 'actor.subscribe', 'inspect'] as const).map((where) => [how, where, end] as const),
  );
  test.each(cases)('%s from %s', async (_, where, end) => {
    let isOver = false;
    const controller = new AbortController();
    const facts: StrongAuthFact['type'][] = [];
    const look = (status: string) => {
      if (status !== 'requestingOtp' || isOver) return;
      isOver = true;
      end(app, controller);
    };
    const app: App = stage({
      onEvent: (fact) => facts.push(fact.type),
      policy: { otpBudget: { max: 1, perMs: 1000 } },
      ...(where === 'inspect' && {
        inspect: (event) => {
          if (event.type === '@xstate.snapshot' && 'value' in event.snapshot)
            look(statusOf(event.snapshot as never));
        },
      }),
    });
    if (where === 'view.subscribe') app.strongAuth.view.subscribe(({ status }) => look(status));
    if (where === 'actor.subscribe') app.strongAuth.actor.subscribe((snapshot) => look(statusOf(snapshot)));
    const call = await app.challenged({ signal: controller.signal });
    await app.type('1234');
    await turn();
    expect([isOver, call.settlements, app.requestsOf(OTP).length]).toEqual([true, 1, 0]);
    expect(facts).not.toContain('otpRequested');
    expect(JSON.stringify(app.transport.requests.map(({ request }) => request))).not.toContain('1234');
    await expectWell(app);
  });
});

test('39b. cancel(), ensure() and the abort of an older waiting call in one piece of host code: the ensure has a wave of its own', async () => {
  const app = stage();
  const controller = new AbortController();
  const call = await app.challenged({ signal: controller.signal });
  let ensured: ReturnType<typeof watched> | undefined;
  const subscription = app.strongAuth.actor.subscribe((snapshot) => {
    if (statusOf(snapshot) !== 'requestingOtp') return;
    subscription.unsubscribe();
    app.strongAuth.cancel();
    ensured = watched(app.strongAuth.ensure());
    controller.abort();
  });
  await app.type('1234');
  await turn();
  expect([call.settlements, ensured?.fate, app.status, app.user.prompts.length]).toEqual([
    1,
    'pending',
    'needStrongAuth',
    2,
  ]);
  await app.type('1234');
  await app.answer(GRANT);
  expect(ensured?.fate).toBe('resolved');
});

test('39c. after reset() inside a replay, a new subscribe that is challenged at once: it settles', async () => {
  const app = stage();
  let subscribed: ReturnType<typeof watched> | undefined;
  let registrations = 0;
  app.transport.subscribe = (_request, onMessage) => {
    registrations += 1;
    onMessage(registrations === 1 ? CHALLENGE : succeeded());
  };
  const call = await app.challenged({
    replay: () => {
      app.strongAuth.reset();
      subscribed = watched(app.strongAuth.subscribe('events', {}, () => {}));
      return true;
    },
  });
  await app.type('1234');
  await app.answer(GRANT);
  await settleDown();
  expect([call.fate, subscribed?.fate, app.status]).toEqual(['SIGNED_OUT', 'pending', 'needStrongAuth']);
  await app.type('1234');
  await app.answer(GRANT);
  expect([subscribed?.fate, registrations, app.requestsOf(COMMAND).length]).toEqual(['resolved', 2, 1]);
  await expectWell(app);
});

test('39e. a slow call is in flight while those that waited are replayed and settle: calling, not replaying', async () => {
  const app = stage();
  const slow = watched(app.strongAuth.get('slow'));
  const call = await app.challenged();
  await app.type('1234');
  await app.answer(GRANT);
  expect(app.status).toBe('replaying');
  await app.answer(succeeded(1));
  expect([call.value, app.status]).toEqual([1, 'calling']);
  expect(app.strongAuth.explain().waitingFor).toContain('calls in flight');
  await app.answer(succeeded(2), 0);
  expect([slow.value, app.status]).toEqual([2, 'done']);
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

test('40. unsubscribe() that nobody waits for, then reset() or dispose(): no unhandled rejection', async () => {
  const rejections: unknown[] = [];
  const note = (reason: unknown) => rejections.push(reason);
  process.on('unhandledRejection', note);
  try {
    for (const end of ['reset', 'dispose'] as const) {
      const app = stage();
      app.transport.subscribe = (_request, onMessage) => onMessage(succeeded());
      const subscription = await app.strongAuth.subscribe('events', {}, () => {});
      void subscription.unsubscribe();
      app.strongAuth[end]();
      await turn();
      await expect(subscription.unsubscribe()).rejects.toMatchObject({ name: 'StrongAuthError' });
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  } finally {
    process.off('unhandledRejection', note);
  }
  expect(rejections).toEqual([]);
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

describe("43. @@observable of a view, as Solid's from and others use it", () => {
  type Observed = { '@@observable'(): { subscribe(observer: unknown): { unsubscribe(): void } } };
  const pad = createPinPad();
  test.each<[string, (app: App) => unknown]>([
    ['the client', ({ strongAuth }) => strongAuth.view],
    ['a pad', () => pad.view],
  ])('of %s: a plain function hears what there is, and each change', async (name, viewOf) => {
    const app = name === 'a pad' ? stage({ enterPin: pad.enterPin }) : stage();
    const heard: unknown[] = [];
    const { unsubscribe } = (viewOf(app) as Observed)
      ['@@observable']()
      .subscribe((view: unknown) => heard.push(view));
    const before = heard.length;
    await app.challenged();
    expect([before, heard.length > before]).toEqual([1, true]);
    unsubscribe();
    const { length } = heard;
    app.strongAuth.cancel();
    expect(heard).toHaveLength(length);
  });

  test.each([[{}], [{ next: undefined }], [undefined]])('an observer of %o harms nobody', (observer) => {
    const { strongAuth } = stage();
    expect(() =>
      (strongAuth.view as unknown as Observed)['@@observable']().subscribe(observer),
    ).not.toThrow();
  });
});

describe('listeners that do something at every change: the machine stays well, and every call settles once', () => {
  const places = {
    'view.subscribe': (app: App, act: () => void) => app.strongAuth.view.subscribe(act),
    'actor.subscribe': (app: App, act: () => void) => app.strongAuth.actor.subscribe(act),
  };
  const cases = Object.entries(places).flatMap(([place, listen]) =>
    Object.entries(deeds)
      .filter(([name]) => name !== 'throws')
      .map(([name, deed]) => [place, name, listen, deed] as const),
  );
  test.each(cases)('%s %s', async (_, __, listen, deed) => {
    for (let at = 1; at <= 8; at += 1) {
      const app = stage();
      let changes = 0;
      listen(app, () => {
        changes += 1;
        if (changes === at) deed(app.strongAuth);
      });
      const controller = new AbortController();
      const calls = [
        watched(app.strongAuth.set(COMMAND, { action: 'horn' })),
        watched(app.strongAuth.get('x', {}, { signal: controller.signal })),
        watched(app.strongAuth.ensure()),
      ];
      app.transport.requests[0]?.resolve(CHALLENGE);
      await settleDown();
      if (app.user.prompts.length > 0) await app.type('1234');
      for (const { request, isAnswered, resolve } of [...app.transport.requests])
        if (request.api === OTP && !isAnswered) resolve(GRANT);
      await settleDown();
      for (const { isAnswered, resolve } of [...app.transport.requests])
        if (!isAnswered) resolve(succeeded(1));
      await settleDown();
      app.strongAuth.dispose();
      await settleDown();
      expect(calls.map(({ settlements }) => settlements)).toEqual([1, 1, 1]);
      await expectWell(app);
    }
  });
});

describe('a subscriber that says the same whenever it is notified comes to an end', () => {
  test.each<[string, (app: App) => void]>([
    ['cancels', ({ strongAuth }) => strongAuth.cancel()],
    ['finds the account well', ({ strongAuth }) => strongAuth.recovered()],
    [
      'does both',
      ({ strongAuth }) => {
        strongAuth.cancel();
        strongAuth.recovered();
      },
    ],
  ])('actor.subscribe, and it %s', async (_, deed) => {
    const app = stage();
    const call = await app.challenged();
    await app.type('1234');
    await app.answer(failed(2310));
    expect(app.status).toBe('failed');
    app.strongAuth.actor.subscribe(() => deed(app));
    deed(app);
    const next = watched(app.strongAuth.get('x'));
    await app.answer(CHALLENGE);
    await settleDown();
    app.strongAuth.cancel();
    await settleDown();
    expect([call.settlements, next.settlements]).toEqual([1, 1]);
    await expectWell(app);
  });

  test('an inspector that cancels whatever it sees: the machine goes on', async () => {
    let cancel = () => {};
    const app = stage({ inspect: () => cancel() });
    cancel = app.strongAuth.cancel;
    const call = watched(app.strongAuth.get('x'));
    await app.answer(succeeded('well'));
    expect([call.value, app.strongAuth.actor.getSnapshot().status]).toEqual(['well', 'active']);
    await expectWell(app);
  });

  test('it still cancels each wave, also in the transition that opens it', async () => {
    const app = stage({ onEvent: ({ type }) => type === 'challenged' && app.strongAuth.cancel() });
    app.strongAuth.cancel(); // ignored: nobody waits
    const call = watched(app.strongAuth.get('x'));
    app.strongAuth.cancel(); // ignored
    await app.answer(CHALLENGE);
    await settleDown();
    const { settlements } = call;
    app.strongAuth.actor.subscribe(() => app.strongAuth.cancel());
    const second = watched(app.strongAuth.ensure());
    await settleDown();
    expect([settlements <= 1, second.fate]).toEqual([true, 'CANCELLED']);
    app.strongAuth.dispose();
    await settleDown();
    await expectWell(app);
  });
});
