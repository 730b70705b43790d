import { describe, expect, test } from 'vitest';
import {
  CHALLENGE,
  COMMAND,
  DOORS,
  failed,
  OTP,
  settleDown,
  stage,
  succeeded,
  turn,
  watched,
} from './support.js';

/*
 * The host's own code runs in the middle of things: in a listener, an inspector, a classifier, a `replay`, a transport. Whatever
 * it does there counts from that line on.
 */

describe('a call that is ended while it is being opened, judged or replayed', () => {
  test('by a listener of the view, before it is sent: it is not sent', async () => {
    const app = stage();
    const controller = new AbortController();
    app.strongAuth.view.subscribe(({ status }) => status === 'calling' && controller.abort());
    const call = watched(app.strongAuth.set(COMMAND, DOORS, { signal: controller.signal }));
    await settleDown();
    expect(call.fate).toBe('AbortError');
    expect(app.transport.requests).toHaveLength(0);
    expect(app.status).toBe('done');
  });

  test.each([
    ['as the machine hears of its challenge', 'call.challenged', 'done'],
    ['as the machine has opened the wave', 'hold', 'cancelled'],
  ])('by an inspector, %s: nobody is left waiting', async (_, at, status) => {
    const controller = new AbortController();
    const app = stage({
      inspect: (inspected) => {
        const name =
          inspected.type === '@xstate.event'
            ? inspected.event.type
            : inspected.type === '@xstate.action' && inspected.action.type;
        if (name === at) controller.abort();
      },
    });
    const call = watched(app.strongAuth.set(COMMAND, DOORS, { signal: controller.signal }));
    await app.answer(CHALLENGE);
    expect(call).toMatchObject({ fate: 'AbortError', settlements: 1 });
    expect(app.user.prompts.every(({ prompt }) => prompt.signal.aborted)).toBe(true);
    expect(app.status).toBe(status);
    expect(app.clock.pending).toBe(0);
  });

  test.each([
    ['refuses it, since its replay was challenged, too', 'refuse', true],
    ['sends it again, since it was challenged after the grant', 'replayStraggler', false],
  ])('by an inspector, as the machine %s: nothing is done about it', async (_, at, wasWaiting) => {
    const controller = new AbortController();
    const app = stage({
      inspect: (inspected) => {
        if (inspected.type === '@xstate.action' && inspected.action.type === at) controller.abort();
      },
    });
    const call = watched(app.strongAuth.get('app.user', undefined, { signal: controller.signal }));
    if (wasWaiting) await app.answer(CHALLENGE);
    else await app.challenged();
    await app.type('1234');
    await app.answer(succeeded({ otp: 'x' }));
    await app.answer(CHALLENGE, wasWaiting ? -1 : 0);
    expect(call).toMatchObject({ fate: 'AbortError', settlements: 1 });
    expect(app.strongAuth.actor.getSnapshot().error).toBeUndefined();
    if (!wasWaiting) await app.answer(succeeded());
    expect([app.status, app.requestsOf('app.user').length]).toEqual(['done', wasWaiting ? 2 : 1]);
  });

  test('by its caller, while its `replay` thinks: what it then says is not acted upon', async () => {
    const facts: string[] = [];
    const app = stage({ onEvent: ({ type }) => facts.push(type) });
    const controller = new AbortController();
    let decide: (answer: boolean) => void = () => {};
    const call = await app.challenged({
      signal: controller.signal,
      replay: () =>
        new Promise((resolve) => {
          decide = resolve;
        }),
    });
    await app.type('1234');
    await app.answer(succeeded({ otp: 'x' }));
    expect(app.strongAuth.explain().calls).toMatchObject([{ phase: 'deciding', rounds: 0 }]);
    controller.abort();
    decide(true);
    await settleDown();
    expect([call.fate, app.status, app.requestsOf(COMMAND).length]).toEqual(['AbortError', 'done', 1]);
    expect(facts).not.toContain('replayed');
    void watched(app.strongAuth.get('app.user'));
    expect([app.status, app.strongAuth.explain().calls.length]).toEqual(['calling', 1]);
    await app.answer(succeeded());
    expect([app.status, app.clock.pending]).toEqual(['done', 0]);
  });

  test('by its classifier: its verdict opens nothing', async () => {
    const controller = new AbortController();
    const app = stage({
      classify: {
        call: () => {
          controller.abort();
          return 'challenge';
        },
      },
    });
    const call = watched(app.strongAuth.set(COMMAND, DOORS, { signal: controller.signal }));
    await app.answer(succeeded());
    expect(call.fate).toBe('AbortError');
    expect(app.user.prompts).toHaveLength(0);
    expect(app.status).toBe('done');
  });

  test('by the `replay` of the call before it: it is not sent, and nothing is left of it', async () => {
    const app = stage();
    const controller = new AbortController();
    await app.challenged({
      replay: () => {
        controller.abort();
        return true;
      },
    });
    const second = await app.challenged({ signal: controller.signal });
    await app.type('1234');
    await app.answer(succeeded({ otp: 'x' }));
    expect(second.fate).toBe('AbortError');
    expect(app.requestsOf(COMMAND)).toHaveLength(3);
    await app.answer(succeeded());
    expect(app.status).toBe('done');
    expect(app.strongAuth.explain().calls).toEqual([]);
  });
});

describe('reset()', () => {
  test('then a call in the same breath: the call is of the next user, and the machine knows of it', async () => {
    const app = stage();
    let fresh: ReturnType<typeof watched> | undefined;
    const old = await app.challenged({
      replay: () => {
        app.strongAuth.reset();
        fresh = watched(app.strongAuth.get('app.user'));
        return true;
      },
    });
    await app.type('1234');
    await app.answer(succeeded({ otp: 'x' }));
    expect(old.fate).toBe('SIGNED_OUT');
    expect(app.status).toBe('calling');
    await app.answer(succeeded('new'));
    expect(fresh?.value).toBe('new');
    expect(app.status).toBe('done');
  });

  test('then ensure() in the same breath: its wave is not ended by the waiters of before', async () => {
    const app = stage();
    let fresh: ReturnType<typeof watched> | undefined;
    const waiting = await app.challenged();
    let isDone = false;
    app.strongAuth.view.subscribe(({ status }) => {
      if (status !== 'requestingOtp' || isDone) return;
      isDone = true;
      app.strongAuth.reset();
      fresh = watched(app.strongAuth.ensure());
    });
    await app.type('1234');
    expect(waiting.fate).toBe('SIGNED_OUT');
    expect(fresh?.fate).toBe('pending');
    expect(app.status).toBe('needStrongAuth');
  });

  test('sent to the machine by the host itself ends everything all the same', async () => {
    const app = stage();
    app.strongAuth.reset(); // announced by itself, and done with
    const call = await app.challenged();
    app.strongAuth.actor.send({ type: 'reset' });
    await settleDown();
    expect(call.fate).toBe('SIGNED_OUT');
    expect(Object.keys((call.error as { details: object }).details)).toEqual([]);
    const next = await app.challenged();
    expect(next.fate).toBe('pending');
  });
});

describe('who waits', () => {
  test('and leaves is not among the calls any more, and the others stay', async () => {
    const app = stage();
    const controller = new AbortController();
    await app.challenged();
    await app.challenged({ signal: controller.signal });
    controller.abort();
    expect(app.strongAuth.explain().calls).toHaveLength(1);
    expect(app.strongAuth.view.getSnapshot()).toMatchObject({ status: 'needStrongAuth', waiting: 1 });
  });

  test('with ensure() counts like a call: the wave goes on until the last has left', async () => {
    const app = stage();
    const [first, second] = [new AbortController(), new AbortController()];
    const call = await app.challenged({ signal: first.signal });
    const ensured = watched(app.strongAuth.ensure({ signal: second.signal }));
    first.abort();
    await settleDown();
    expect([call.fate, ensured.fate, app.status]).toEqual(['AbortError', 'pending', 'needStrongAuth']);
    second.abort();
    await turn();
    expect([ensured.fate, app.status]).toEqual(['AbortError', 'cancelled']);
  });
});

test('a call sent after one grant and challenged after the next is a straggler of the second wave', async () => {
  const app = stage();
  await app.challenged();
  await app.type('1234');
  await app.answer(succeeded({ otp: 'x' }));
  const late = watched(app.strongAuth.get('app.late'));
  const lateRequest = app.transport.requests.length - 1;
  await app.answer(succeeded(), 2); // the replay of the first call
  app.clock.advance(1);
  await app.challenged();
  await app.type('1234');
  await app.answer(succeeded({ otp: 'y' }));
  await app.answer(CHALLENGE, lateRequest);
  expect(app.user.prompts).toHaveLength(2);
  expect(app.requestsOf('app.late')).toHaveLength(2);
  await app.answer(succeeded('in time'));
  expect(late.value).toBe('in time');
});

describe('the replay', () => {
  test('keeps the order of the calls when a `replay` answers at once', async () => {
    const app = stage();
    const make = (n: number, replay: 'auto' | (() => boolean)) => {
      app.strongAuth.get(`app.n${n}`, {}, { replay });
      return app.answer(CHALLENGE);
    };
    await make(1, () => true);
    await make(2, 'auto');
    await app.type('1234');
    await app.answer(succeeded({ otp: 'x' }));
    const apis = app.transport.requests.map(({ request }) => request.api);
    expect(apis).toEqual(['app.n1', 'app.n2', OTP, 'app.n1', 'app.n2']);
  });

  test.each([
    ['never', undefined],
    ['null', undefined],
    ['a thenable that is none', undefined],
    ['a throw', 'closed'],
    ['a rejection', 'closed'],
  ])('%s declines; the cause is what the app threw', async (how, cause) => {
    const answers: Record<string, unknown> = {
      never: 'never',
      null: () => null,
      'a thenable that is none': () => ({ then: 1 }),
      'a throw': () => {
        throw new Error('closed');
      },
      'a rejection': () => Promise.reject(new Error('closed')),
    };
    const app = stage();
    const call = await app.challenged({ replay: answers[how] as 'never' });
    await app.type('1234');
    await app.answer(succeeded({ otp: 'x' }));
    expect(call.fate).toBe('REPLAY_DECLINED');
    expect((call.error as Error).cause).toEqual(cause === undefined ? undefined : new Error(cause));
  });

  test('is the same request without parameters, too', async () => {
    const app = stage();
    app.strongAuth.get('app.user');
    await app.answer(CHALLENGE);
    await app.type('1234');
    await app.answer(succeeded({ otp: 'x' }));
    expect(app.transport.requests.at(-1)?.request).toStrictEqual({ verb: 'get', api: 'app.user' });
  });
});

describe('prepareReplay', () => {
  test.each([[null], ['x'], [{ verb: 'get' }], [{ api: 'x' }], [{ verb: 1, api: 'x' }], [undefined]])(
    'that makes %o is no request: not sent',
    async (prepared) => {
      const app = stage({ prepareReplay: () => prepared as never });
      const call = await app.challenged();
      await app.type('1234');
      await app.answer(succeeded({ otp: 'x' }));
      expect(call.error).toMatchObject({ code: 'TRANSPORT_FAILED', details: { sent: false } });
      expect(app.requestsOf(COMMAND)).toHaveLength(1);
    },
  );

  test.each([[undefined], [{}], [{ otp: '' }], [{ token: 'x' }], ['x']])(
    'is not asked when the grant brings no OTP, which denies the wave: %o',
    async (result) => {
      let asked = 0;
      const app = stage({
        prepareReplay: (request) => {
          asked += 1;
          return request;
        },
      });
      const call = await app.challenged();
      await app.type('1234');
      await app.answer(succeeded(result));
      expect([call.fate, asked, app.status]).toEqual(['PROTOCOL', 0, 'failed']);
      expect(call.error).toMatchObject({ details: { sent: false }, remedy: 'retry' });
    },
  );

  test('has nothing to prepare with when 2316 grants', async () => {
    const app = stage({ prepareReplay: () => null as never });
    const call = await app.challenged();
    await app.type('1234');
    await app.answer(failed(2316));
    expect(call.fate).toBe('PROTOCOL');
  });

  test("leaves a first sending's own error its cause", async () => {
    const app = stage({ prepareReplay: (request) => request });
    const call = watched(app.strongAuth.get('app.user'));
    const cause = new Error('cable');
    await app.fail(cause);
    expect((call.error as Error).cause).toBe(cause);
  });
});

test('nothing is cleared that was never set', async () => {
  const { createManualClock } = await import('strong-auth-machine/simulator');
  const clock = createManualClock(0);
  const strict = {
    ...clock,
    now: clock.now,
    setTimeout: clock.setTimeout,
    clearTimeout(id: unknown) {
      if (id === undefined) throw new Error('there is no such timer');
      clock.clearTimeout(id as never);
    },
  };
  const app = stage({ clock: strict, policy: { callTimeoutMs: Number.POSITIVE_INFINITY } });
  const call = watched(app.strongAuth.get('app.user'));
  await app.answer(succeeded(1));
  expect(call.value).toBe(1);
  app.strongAuth.reset();
  app.strongAuth.dispose();
});

describe('a signal of an old host, which gives no reason', () => {
  const signal = (aborted: boolean) => {
    const listeners = new Set<() => void>();
    return {
      aborted,
      reason: undefined,
      addEventListener: (_: 'abort', listener: () => void) => void listeners.add(listener),
      removeEventListener: (_: 'abort', listener: () => void) => void listeners.delete(listener),
      abort: () => {
        for (const listener of listeners) listener();
      },
      listeners,
    };
  };

  test('ends the call with an AbortError', async () => {
    const app = stage();
    const old = signal(false);
    const calls = [old, signal(true)].map((one) =>
      watched(app.strongAuth.get('app.user', {}, { signal: one as never })),
    );
    old.abort();
    await settleDown();
    for (const call of calls) {
      expect(call.fate).toBe('AbortError');
      expect((call.error as Error).message).toBe('The call was aborted');
    }
    expect(app.transport.requests).toHaveLength(1);
  });

  test('is not listened to once its call is over', async () => {
    const app = stage();
    const old = signal(false);
    app.strongAuth.get('app.user', {}, { signal: old as never });
    expect(old.listeners.size).toBe(1);
    await app.answer(succeeded());
    expect(old.listeners.size).toBe(0);
  });
});
