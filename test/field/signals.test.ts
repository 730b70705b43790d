import { type CallOptions, createStrongAuth } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { CHALLENGE, COMMAND, GRANT, OTP, stage, succeeded, turn, watched } from '../lifecycle/support.js';
import { type App, collectSurfaced, expectRest, immediate, trap } from './support.js';

/* The signals of calls: neighbours of the field cases 37 and 42. */

const surfaced = collectSurfaced();

/** Everything that takes a signal. */
const takers: Record<string, (app: App, signal: AbortSignal) => Promise<unknown>> = {
  get: ({ strongAuth }, signal) => strongAuth.get('x', {}, { signal }),
  set: ({ strongAuth }, signal) => strongAuth.set(COMMAND, { action: 'horn' }, { signal }),
  send: ({ strongAuth }, signal) => strongAuth.send({ verb: 'get', api: 'x' }, { signal }),
  subscribe: ({ strongAuth }, signal) => strongAuth.subscribe('events', {}, () => {}, { signal }),
  ensure: ({ strongAuth }, signal) => strongAuth.ensure({ signal }),
};
const staged = () => {
  const app = stage();
  app.transport.subscribe = () => {};
  return app;
};

/** An AbortSignal as an old host or a polyfill has it: no EventTarget, and no reason. */
class Polyfill {
  aborted = false;
  readonly listeners: ((event: object) => void)[] = [];
  addEventListener(type: string, listener: (event: object) => void) {
    if (type === 'abort') this.listeners.push(listener);
  }
  removeEventListener(_: string, listener: (event: object) => void) {
    const at = this.listeners.indexOf(listener);
    if (at >= 0) this.listeners.splice(at, 1);
  }
  abort() {
    this.aborted = true;
    for (const listener of [...this.listeners]) listener({ type: 'abort' });
  }
}
const asSignal = (signal: object) => signal as AbortSignal;

describe.each(Object.entries(takers))('%s', (_, take) => {
  describe('what is no signal is refused with a TypeError, and nothing is sent', () => {
    const noSignals: Record<string, unknown> = {
      null: null,
      'a string': 'abort',
      'an EventTarget': new EventTarget(),
      'one whose aborted is a text': Object.assign(new Polyfill(), { aborted: 'no' }),
      'one whose aborted throws': Object.defineProperty(new Polyfill(), 'aborted', { get: trap }),
      'one that throws at everything': new Proxy({}, { get: trap, has: trap }),
      'one that cannot be listened to': Object.assign(new Polyfill(), { addEventListener: trap }),
      'one without removeEventListener': { aborted: false, addEventListener() {} },
      'one whose aborted throws from the second time on': (() => {
        let times = 0;
        return Object.defineProperty(new Polyfill(), 'aborted', {
          get: () => (times++ === 0 ? false : trap()),
        });
      })(),
    };
    test.each(Object.entries(noSignals))('%s', async (_name, signal) => {
      const app = staged();
      const call = watched(take(app, signal as AbortSignal));
      await immediate();
      expect((call.error as Error)?.name).toBe('TypeError');
      expect((call.error as Error).message).toMatch(/options\.signal/);
      expect([app.transport.requests.length, app.user.prompts.length]).toEqual([0, 0]);
      app.clock.advance(200_000);
      await expectRest(app);
    });
  });

  describe('a signal that has aborted, or does at once: the reason, and nothing is sent', () => {
    const reasons: readonly unknown[] = [
      undefined,
      null,
      0,
      '',
      'gone',
      new RangeError('gone'),
      Symbol('gone'),
    ];
    test.each(reasons.map((reason) => [reason]))('for %o', async (reason) => {
      const app = staged();
      const call = watched(take(app, AbortSignal.abort(reason)));
      await immediate();
      if (reason === undefined) expect((call.error as Error).name).toBe('AbortError');
      else expect(call.error).toBe(reason);
      expect(call.settlements).toBe(1);
      await expectRest(app);
    });

    test('a polyfill that gives no reason: an AbortError', async () => {
      const app = staged();
      const signal = new Polyfill();
      signal.abort();
      const call = watched(take(app, asSignal(signal)));
      await immediate();
      expect([(call.error as Error).name, signal.listeners.length]).toEqual(['AbortError', 0]);
      await expectRest(app);
    });

    test('one whose reason throws: an AbortError, and what it throws surfaces', async () => {
      const app = staged();
      const signal = Object.defineProperty(new Polyfill(), 'reason', { get: trap });
      const call = watched(take(app, asSignal(signal)));
      signal.abort();
      await immediate();
      expect((call.error as Error).name).toBe('AbortError');
      expect(surfaced.splice(0)).toMatchObject([{ message: 'trap' }]);
      await immediate();
    });

    test.each([1, 2, 3])('one that calls back while it is listened to, %i times', async (times) => {
      const app = staged();
      const signal = new Polyfill();
      signal.addEventListener = (_type, listener) => {
        signal.aborted = true;
        for (let time = 0; time < times; time += 1) listener({});
      };
      const call = watched(take(app, asSignal(signal)));
      await immediate();
      expect([(call.error as Error).name, call.settlements]).toEqual(['AbortError', 1]);
      expect(app.transport.requests).toHaveLength(0);
      await expectRest(app);
    });
  });

  test('a polyfill that aborts later ends it, and is listened to no more', async () => {
    const app = staged();
    const signal = new Polyfill();
    const call = watched(take(app, asSignal(signal)));
    await immediate();
    expect([call.fate, signal.listeners.length]).toEqual(['pending', 1]);
    signal.abort();
    signal.abort();
    await turn();
    app.clock.advance(0);
    await immediate();
    expect([call.settlements, signal.listeners.length]).toEqual([1, 0]);
    await expectRest(app);
  });

  test('one whose removeEventListener throws: the call is not the worse for it', async () => {
    const app = staged();
    const signal = Object.assign(new Polyfill(), { removeEventListener: trap });
    const call = watched(take(app, asSignal(signal)));
    await immediate();
    signal.abort();
    await turn();
    app.clock.advance(0);
    await immediate();
    expect([(call.error as Error).name, call.settlements]).toEqual(['AbortError', 1]);
    expect(surfaced.splice(0)).toMatchObject([{ message: 'trap' }]);
    await expectRest(app);
  });

  test('AbortSignal.timeout and AbortSignal.any', async () => {
    const app = staged();
    const controller = new AbortController();
    const any = (AbortSignal as unknown as { any(of: AbortSignal[]): AbortSignal }).any([
      controller.signal,
      new AbortController().signal,
    ]);
    const timed = watched(take(app, AbortSignal.timeout(5)));
    const call = watched(take(app, any));
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect((timed.error as Error).name).toBe('TimeoutError');
    expect(call.fate).toBe('pending');
    controller.abort('by the other');
    await turn();
    app.clock.advance(0);
    await immediate();
    expect(call.error).toBe('by the other');
    await expectRest(app);
  });
});

/** A controller of the platform whose listeners are counted. */
function counted() {
  const controller = new AbortController();
  const { signal } = controller;
  const { addEventListener, removeEventListener } = signal;
  const listeners = new Set<unknown>();
  let most = 0;
  Object.assign(signal, {
    addEventListener(...args: Parameters<typeof addEventListener>) {
      listeners.add(args[1]);
      most = Math.max(most, listeners.size);
      addEventListener.apply(signal, args);
    },
    removeEventListener(...args: Parameters<typeof removeEventListener>) {
      listeners.delete(args[1]);
      removeEventListener.apply(signal, args);
    },
  });
  return { controller, signal, left: () => listeners.size, most: () => most };
}

describe('42. many calls on one signal: one listener, no warning, and none is left', () => {
  test.each([50, 1000])('%i calls in flight, then aborted', async (count) => {
    const app = staged();
    const { controller, signal, left, most } = counted();
    const calls = Array.from({ length: count }, () => watched(app.strongAuth.get('x', {}, { signal })));
    controller.abort('gone');
    await immediate();
    expect(calls.every(({ error, settlements }) => error === 'gone' && settlements === 1)).toBe(true);
    expect([most(), left()]).toEqual([1, 0]);
    await expectRest(app);
  });

  test.each([50, 1000])('%i calls that wait for one PIN, and are executed', async (count) => {
    const app = staged();
    const { controller, signal, left, most } = counted();
    const calls = Array.from({ length: count }, () => watched(app.strongAuth.get('x', {}, { signal })));
    const answerAll = async (message: unknown) => {
      for (const { isAnswered, resolve } of [...app.transport.requests]) if (!isAnswered) resolve(message);
      await immediate();
    };
    await answerAll(CHALLENGE);
    expect(most()).toBe(1);
    await app.type('1234');
    await app.answer(GRANT);
    await answerAll(succeeded());
    expect(calls.every(({ fate, settlements }) => fate === 'resolved' && settlements === 1)).toBe(true);
    expect([most(), left()]).toEqual([1, 0]);
    controller.abort(); // who has settled hears nothing of it
    await expectRest(app);
  });

  test('one after another on the same signal, for the life of a screen', async () => {
    const app = staged();
    const { signal, left, most } = counted();
    for (let call = 0; call < 100; call += 1) {
      const made = watched(app.strongAuth.get('x', {}, { signal }));
      await app.answer(succeeded(call));
      expect([made.value, left()]).toEqual([call, 0]);
    }
    expect(most()).toBe(1);
    await expectRest(app);
  });

  test('calls, an ensure, and subscriptions of two clients: one listener each', async () => {
    const [a, b] = [staged(), staged()];
    const { controller, signal, left, most } = counted();
    const calls = [a, b].flatMap((app) => Object.values(takers).map((take) => watched(take(app, signal))));
    expect(most()).toBeLessThanOrEqual(2);
    controller.abort('gone');
    await turn();
    for (const { clock } of [a, b]) clock.advance(0);
    await immediate();
    expect(calls.map(({ error }) => error)).toEqual(calls.map(() => 'gone'));
    expect(left()).toBe(0);
    await expectRest(a);
    await expectRest(b);
  });

  test('a running subscription listens for as long as it runs', async () => {
    const app = staged();
    let emit = (_: unknown) => {};
    app.transport.subscribe = (_request, onMessage) => {
      emit = onMessage;
      onMessage(succeeded());
    };
    const { controller, signal, left } = counted();
    const events: unknown[] = [];
    await app.strongAuth.subscribe('events', {}, (event) => events.push(event), { signal });
    expect(left()).toBe(1);
    emit({ status: 'RESULT', result: 1 });
    controller.abort();
    emit({ status: 'RESULT', result: 2 });
    expect([events.length, left()]).toEqual([1, 0]);
    expect(app.requestsOf('events').map(({ request }) => request.verb)).toEqual(['unsubscribe']);
    await app.answer(succeeded());
    await expectRest(app);
  });
});

describe('listeners of one signal that act on each other', () => {
  test('a listener of the app makes a call on the aborted signal: it is turned away', async () => {
    const app = staged();
    const controller = new AbortController();
    const { signal } = controller;
    let next: ReturnType<typeof watched> | undefined;
    signal.addEventListener('abort', () => {
      next = watched(app.strongAuth.get('y', {}, { signal }));
    });
    const call = watched(app.strongAuth.get('x', {}, { signal }));
    controller.abort('gone');
    await immediate();
    expect([call.error, next?.error]).toEqual(['gone', 'gone']);
    expect(app.transport.requests.map(({ request }) => request.api)).toEqual(['x']);
    await expectRest(app);
  });

  test.each(['cancel', 'reset', 'dispose'] as const)('a listener of the app: %s()', async (how) => {
    for (const isFirst of [true, false]) {
      const app = staged();
      const controller = new AbortController();
      const { signal } = controller;
      const listen = () => signal.addEventListener('abort', () => app.strongAuth[how]());
      if (isFirst) listen();
      const calls = [
        await app.challenged({ signal }),
        await app.challenged({ signal }),
        await app.challenged(),
      ];
      if (!isFirst) listen();
      controller.abort('gone');
      await immediate();
      expect(calls.map(({ settlements }) => settlements)).toEqual([1, 1, 1]);
      expect(app.requestsOf(OTP)).toHaveLength(0);
      await expectRest(app);
    }
  });

  test('the transport aborts the signal of the call that it is given', async () => {
    const app = staged();
    const controller = new AbortController();
    const { send } = app.transport;
    app.transport.send = (request, sending) => {
      if (request.api === 'x') controller.abort('by the transport');
      return send(request, sending);
    };
    const call = watched(app.strongAuth.get('x', {}, { signal: controller.signal }));
    await immediate();
    expect([call.error, call.settlements]).toEqual(['by the transport', 1]);
    await app.answer(CHALLENGE);
    expect(app.user.prompts).toHaveLength(0);
    await expectRest(app);
  });
});

describe('AbortController goes away after the client was made: typed, and the client lives', () => {
  const without = async <T>(run: () => T | Promise<T>): Promise<T> => {
    const { AbortController: own } = globalThis;
    Object.assign(globalThis, { AbortController: undefined });
    try {
      return await run();
    } finally {
      Object.assign(globalThis, { AbortController: own });
    }
  };

  test('a transport that reads the signal of a call: TRANSPORT_FAILED', async () => {
    const app = staged();
    const { send } = app.transport;
    app.transport.send = (request, sending) => {
      void sending.signal;
      return send(request, sending);
    };
    const call = await without(async () => {
      const made = watched(app.strongAuth.get('x'));
      await immediate();
      return made;
    });
    expect(call.error).toMatchObject({ code: 'TRANSPORT_FAILED', details: { sent: false } });
    await expectRest(app);
  });

  test('a transport that reads the signal of the OTP request: OUTCOME_UNKNOWN', async () => {
    const app = staged();
    const { send } = app.transport;
    app.transport.send = (request, sending) => {
      if (request.api === OTP) void sending.signal;
      return send(request, sending);
    };
    const call = await app.challenged();
    await without(() => app.type('1234'));
    await immediate();
    expect(call.fate).toBe('OUTCOME_UNKNOWN');
    await expectRest(app);
  });

  test('nobody reads a signal: nothing is missed', async () => {
    const app = staged();
    const options: CallOptions = { label: 'no signal' };
    const call = await app.challenged(options);
    await app.type('1234');
    await without(async () => {
      await app.answer(GRANT);
      await app.answer(succeeded('done'));
    });
    expect(call.value).toBe('done');
    await expectRest(app);
  });

  test('a host that never had one: a TypeError that names it', async () => {
    await without(() => {
      expect(() =>
        createStrongAuth({ transport: { send: async () => 1 }, enterPin: async () => '' }),
      ).toThrow(/AbortController/);
    });
  });
});

describe('a signal that ends the client when it is looked at', () => {
  test.each([
    ['reset', 'SIGNED_OUT'],
    ['dispose', 'DISPOSED'],
  ] as const)('%s, before a replay: nothing is sent any more', async (how, code) => {
    let isArmed = false;
    const signal = new Polyfill();
    Object.defineProperty(signal, 'aborted', {
      get() {
        if (isArmed) app.strongAuth[how]();
        return false;
      },
    });
    const app = stage();
    const call = watched(app.strongAuth.set(COMMAND, { action: 'horn' }, { signal: asSignal(signal) }));
    await turn();
    app.requestsOf(COMMAND)[0]?.resolve(CHALLENGE);
    await turn();
    await app.type('1234');
    isArmed = true;
    app.requestsOf(OTP)[0]?.resolve(GRANT);
    await turn();
    isArmed = false;
    expect([call.fate, app.requestsOf(COMMAND).length]).toEqual([code, 1]);
    await expectRest(app);
  });
});
