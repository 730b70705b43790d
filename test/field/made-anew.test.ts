import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { defer, exhaustMap, from, Observable, Subject, switchMap } from 'rxjs';
import { type CallOptions, createStrongAuth, fromPims } from 'strong-auth-machine';
import { createSimulator } from 'strong-auth-machine/simulator';
import { describe, expect, test } from 'vitest';
import {
  CHALLENGE,
  COMMAND,
  failed,
  GRANT,
  OTP,
  stage,
  succeeded,
  turn,
  type Watched,
  watched,
} from '../lifecycle/support.js';
import { type App, collectSurfaced, expectRest, immediate } from './support.js';

/* Calls that are given up and made anew while the user types: neighbours of field case 27, by libraries and by hand. */

collectSurfaced();

const isOneOpen = ({ user }: App) =>
  user.prompts.length === 1 && user.prompts[0]?.prompt.signal.aborted === false;

/** The user gives the PIN, and whatever is replayed succeeds. */
async function finish(app: App, result: unknown = 'done') {
  await app.type('1234');
  await app.answer(GRANT);
  for (const { isAnswered, resolve } of [...app.transport.requests])
    if (!isAnswered) resolve(succeeded(result));
  await immediate();
}

describe('TanStack Query', () => {
  function open(app: App, keys: readonly string[]) {
    const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    const observers = keys.map((key) => {
      const observer = new QueryObserver(client, {
        queryKey: ['car', key],
        queryFn: ({ signal }) => app.strongAuth.get<unknown>(key, {}, { signal }),
      });
      return { observer, leave: observer.subscribe(() => {}) };
    });
    const close = async () => {
      for (const { leave } of observers) leave();
      client.clear();
      await turn();
    };
    return { client, observers, close };
  }
  const challengeAll = async ({ transport }: App) => {
    for (const { isAnswered, resolve } of [...transport.requests]) if (!isAnswered) resolve(CHALLENGE);
    await immediate();
  };

  test('invalidateQueries ten times in one turn', async () => {
    const app = stage();
    const { client, observers, close } = open(app, ['x']);
    await immediate();
    await challengeAll(app);
    for (let time = 0; time < 10; time += 1) void client.invalidateQueries({ queryKey: ['car'] });
    await turn();
    await challengeAll(app);
    expect(isOneOpen(app)).toBe(true);
    await finish(app, 'fresh');
    expect(observers[0]?.observer.getCurrentResult().data).toBe('fresh');
    await close();
    await expectRest(app);
  });

  test('invalidateQueries of three queries that all wait', async () => {
    const app = stage();
    const { client, observers, close } = open(app, ['x', 'y', 'z']);
    await immediate();
    await challengeAll(app);
    for (let time = 0; time < 3; time += 1) {
      await client.cancelQueries({ queryKey: ['nothing'] });
      void client.invalidateQueries({ queryKey: ['car'] });
      await turn();
      await challengeAll(app);
    }
    expect(isOneOpen(app)).toBe(true);
    await finish(app, 'fresh');
    expect(observers.map(({ observer }) => observer.getCurrentResult().data)).toEqual([
      'fresh',
      'fresh',
      'fresh',
    ]);
    await close();
    await expectRest(app);
  });

  test('refetch with cancelRefetch, resetQueries, and a query that is watched anew in the same turn', async () => {
    const app = stage();
    const { client, observers, close } = open(app, ['x']);
    await immediate();
    await challengeAll(app);
    const ways: readonly (() => unknown)[] = [
      () => observers[0]?.observer.refetch({ cancelRefetch: true }),
      () => client.resetQueries({ queryKey: ['car'] }),
      () => client.refetchQueries({ queryKey: ['car'] }, { cancelRefetch: true }),
    ];
    for (const again of ways) {
      void Promise.resolve(again()).catch(() => {});
      await turn();
      await challengeAll(app);
      expect(isOneOpen(app)).toBe(true);
    }
    await finish(app, 'fresh');
    expect(observers[0]?.observer.getCurrentResult().data).toBe('fresh');
    await close();
    await expectRest(app);
  });

  test('cancelQueries, and no more: the prompt closes', async () => {
    const app = stage();
    const { client, close } = open(app, ['x']);
    await immediate();
    await challengeAll(app);
    await client.cancelQueries({ queryKey: ['car'] });
    await turn();
    expect([isOneOpen(app), app.status]).toEqual([false, 'cancelled']);
    await close();
    await expectRest(app);
  });

  test('on the simulator: one prompt, one OTP, whatever is invalidated', async () => {
    const simulator = createSimulator();
    let asked = 0;
    let type = (_: string) => {};
    const strongAuth = createStrongAuth({
      transport: fromPims(simulator),
      enterPin: () => {
        asked += 1;
        return new Promise((resolve) => {
          type = resolve;
        });
      },
    });
    const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    const observer = new QueryObserver(client, {
      queryKey: ['horn'],
      queryFn: ({ signal }) => strongAuth.set(COMMAND, { action: 'horn' }, { signal }).then(() => 'honked'),
    });
    const leave = observer.subscribe(() => {});
    const nextPrompt = async () => {
      for (let at = 0; at < 50 && strongAuth.view.getSnapshot().status !== 'needStrongAuth'; at += 1)
        await turn();
    };
    await nextPrompt();
    for (let time = 0; time < 5; time += 1) {
      void client.invalidateQueries({ queryKey: ['horn'] });
      await turn();
      await turn();
    }
    type('1234');
    for (let at = 0; at < 50 && observer.getCurrentResult().data === undefined; at += 1) await turn();
    expect([observer.getCurrentResult().data, asked, simulator.car.horns]).toEqual(['honked', 1, 1]);
    leave();
    client.clear();
    strongAuth.dispose();
  });
});

describe('RxJS', () => {
  const toObservable = (app: App, api: string) =>
    new Observable<unknown>((observer) => {
      const controller = new AbortController();
      app.strongAuth.get<unknown>(api, {}, { signal: controller.signal }).then(
        (value) => {
          observer.next(value);
          observer.complete();
        },
        (error) => observer.error(error),
      );
      return () => controller.abort();
    });

  test('switchMap, ten clicks in one turn', async () => {
    const app = stage();
    const clicks = new Subject<string>();
    const results: unknown[] = [];
    clicks.pipe(switchMap((api) => toObservable(app, api))).subscribe((value) => results.push(value));
    clicks.next('first');
    await app.answer(CHALLENGE);
    for (let click = 0; click < 10; click += 1) clicks.next(`click ${click}`);
    await turn();
    await app.answer(CHALLENGE);
    expect(isOneOpen(app)).toBe(true);
    expect(app.user.prompts[0]?.prompt.calls.map(({ api }) => api)).toEqual(['click 9']);
    await finish(app, 'last');
    expect(results).toEqual(['last']);
    await expectRest(app);
  });

  test('switchMap, a click in each of ten turns', async () => {
    const app = stage();
    const clicks = new Subject<string>();
    const results: unknown[] = [];
    clicks.pipe(switchMap((api) => toObservable(app, api))).subscribe((value) => results.push(value));
    for (let click = 0; click < 10; click += 1) {
      clicks.next(`click ${click}`);
      await turn();
      await app.answer(CHALLENGE);
    }
    expect(isOneOpen(app)).toBe(true);
    await finish(app, 'last');
    expect(results).toEqual(['last']);
    await expectRest(app);
  });

  test('switchMap to another inner promise of several calls', async () => {
    const app = stage();
    const clicks = new Subject<void>();
    const results: unknown[] = [];
    clicks
      .pipe(
        switchMap(() => defer(() => from(Promise.resolve())).pipe(switchMap(() => toObservable(app, 'x')))),
      )
      .subscribe((value) => results.push(value));
    clicks.next();
    await immediate();
    await app.answer(CHALLENGE);
    clicks.next(); // the new call is made a few promises later
    await turn();
    await app.answer(CHALLENGE);
    expect(isOneOpen(app)).toBe(true);
    await finish(app, 'last');
    expect(results).toEqual(['last']);
    await expectRest(app);
  });

  test('exhaustMap: the clicks meanwhile count for nothing', async () => {
    const app = stage();
    const clicks = new Subject<string>();
    const results: unknown[] = [];
    clicks.pipe(exhaustMap((api) => toObservable(app, api))).subscribe((value) => results.push(value));
    for (const api of ['first', 'second', 'third']) clicks.next(api);
    await app.answer(CHALLENGE);
    expect(isOneOpen(app)).toBe(true);
    await finish(app, 'first');
    expect(results).toEqual(['first']);
    await expectRest(app);
  });
});

describe('by hand', () => {
  /** A wave whose only waiter can be given up. */
  async function waitsAlone(options: CallOptions = {}) {
    const app = stage();
    const controller = new AbortController();
    const call = await app.challenged({ ...options, signal: controller.signal });
    return { app, call, giveUp: () => controller.abort() };
  }

  const anew: Record<string, (app: App) => Watched> = {
    'another API': ({ strongAuth }) => watched(strongAuth.get('y')),
    'a set': ({ strongAuth }) => watched(strongAuth.set(COMMAND, { action: 'horn' })),
    'as data': ({ strongAuth }) => watched(strongAuth.send({ verb: 'get', api: 'y' })),
    'a background call': ({ strongAuth }) => watched(strongAuth.get('y', {}, { interactive: false })),
    'by asPims()': ({ strongAuth }) =>
      watched(new Promise((resolve) => strongAuth.asPims().get('y', {}, resolve))),
  };
  test.each(Object.entries(anew))('a call made anew as %s joins the prompt that is open', async (_, make) => {
    const { app, giveUp } = await waitsAlone();
    giveUp();
    const call = make(app);
    await turn();
    await app.answer(CHALLENGE);
    expect([isOneOpen(app), app.status, call.fate]).toEqual([true, 'needStrongAuth', 'pending']);
    await finish(app);
    expect([call.fate, app.requestsOf(OTP).length]).toEqual(['resolved', 1]);
    await expectRest(app);
  });

  test('a subscribe made anew', async () => {
    const { app, giveUp } = await waitsAlone();
    let acknowledge = (_: unknown) => {};
    app.transport.subscribe = (_request, onMessage) => {
      acknowledge = onMessage;
    };
    giveUp();
    const call = watched(app.strongAuth.subscribe('events', {}, () => {}));
    await turn();
    acknowledge(CHALLENGE);
    await immediate();
    expect(isOneOpen(app)).toBe(true);
    await finish(app);
    acknowledge(succeeded());
    await immediate();
    expect(call.fate).toBe('resolved');
  });

  test('one of several that wait is given up: nothing changes but the list', async () => {
    const { app, giveUp } = await waitsAlone({ label: 'first' });
    const other = await app.challenged({ label: 'second' });
    giveUp();
    await turn();
    app.clock.advance(0);
    expect(isOneOpen(app)).toBe(true);
    expect(app.user.prompts[0]?.prompt.calls.map(({ label }) => label)).toEqual(['second']);
    await finish(app);
    expect(other.fate).toBe('resolved');
    await expectRest(app);
  });

  test('all of several are given up, and made anew', async () => {
    const app = stage();
    let controller = new AbortController();
    const make = () =>
      ['x', 'y', 'z'].map((api) => watched(app.strongAuth.get(api, {}, { signal: controller.signal })));
    const answerAll = async (message: unknown) => {
      for (const { isAnswered, resolve } of [...app.transport.requests]) if (!isAnswered) resolve(message);
      await immediate();
    };
    let calls = make();
    await answerAll(CHALLENGE);
    for (let run = 0; run < 5; run += 1) {
      controller.abort();
      controller = new AbortController();
      calls = make();
      await turn();
      await answerAll(CHALLENGE);
    }
    expect(isOneOpen(app)).toBe(true);
    await finish(app);
    expect(calls.map(({ fate }) => fate)).toEqual(['resolved', 'resolved', 'resolved']);
    await expectRest(app);
  });

  test('of those made anew one succeeds at once, the other is challenged: the prompt stays', async () => {
    const { app, giveUp } = await waitsAlone();
    giveUp();
    const calls = [watched(app.strongAuth.get('x')), watched(app.strongAuth.get('y'))];
    await turn();
    app.requestsOf('x')[0]?.resolve(succeeded());
    await immediate();
    expect(isOneOpen(app)).toBe(true);
    app.requestsOf('y')[0]?.resolve(CHALLENGE);
    await immediate();
    expect(isOneOpen(app)).toBe(true);
    await finish(app);
    expect(calls.map(({ fate }) => fate)).toEqual(['resolved', 'resolved']);
    await expectRest(app);
  });

  test('it is given up again before it was challenged, and nobody comes: the prompt closes', async () => {
    const { app, giveUp } = await waitsAlone();
    const controller = new AbortController();
    giveUp();
    const call = watched(app.strongAuth.get('y', {}, { signal: controller.signal }));
    await turn();
    controller.abort();
    await turn();
    app.clock.advance(0);
    await immediate();
    expect([call.fate, isOneOpen(app), app.status]).toEqual(['AbortError', false, 'cancelled']);
    await expectRest(app);
  });

  test('it is given up again and made anew again before it was challenged: the prompt stays', async () => {
    const { app, giveUp } = await waitsAlone();
    let controller = new AbortController();
    giveUp();
    let call = watched(app.strongAuth.get('y', {}, { signal: controller.signal }));
    for (let run = 0; run < 3; run += 1) {
      await turn(); // in a turn of its own, before the answer has come
      controller.abort();
      controller = new AbortController();
      call = watched(app.strongAuth.get('y', {}, { signal: controller.signal }));
    }
    await turn();
    expect(isOneOpen(app)).toBe(true);
    await app.answer(CHALLENGE);
    await finish(app);
    expect([call.fate, app.user.prompts.length]).toEqual(['resolved', 1]);
    await expectRest(app);
  });

  test('the user declines meanwhile: the new call shares that, and nobody is asked twice', async () => {
    const { app, giveUp } = await waitsAlone();
    giveUp();
    const call = watched(app.strongAuth.get('y'));
    await turn();
    await app.type(null);
    expect(app.status).toBe('calling');
    await app.answer(CHALLENGE);
    expect([call.fate, app.user.prompts.length]).toEqual(['CANCELLED', 1]);
    await expectRest(app);
  });

  test('given up while the OTP is requested, and made anew: no second prompt, no second OTP', async () => {
    const { app, giveUp } = await waitsAlone();
    await app.type('1234');
    giveUp();
    const call = watched(app.strongAuth.get('y'));
    await turn();
    await app.answer(CHALLENGE);
    app.requestsOf(OTP)[0]?.resolve(GRANT);
    await immediate();
    await app.answer(succeeded('done'));
    expect([call.value, app.user.prompts.length, app.requestsOf(OTP).length]).toEqual(['done', 1, 1]);
    await expectRest(app);
  });

  test('given up while the OTP is requested, and nobody comes: a late grant changes nothing', async () => {
    const { app, giveUp } = await waitsAlone();
    await app.type('1234');
    giveUp();
    await turn();
    expect(app.status).toBe('cancelled');
    app.requestsOf(OTP)[0]?.resolve(GRANT);
    await immediate();
    expect([app.status, app.strongAuth.view.getSnapshot().lastGrantAt]).toEqual(['cancelled', undefined]);
    await expectRest(app);
  });

  test.each(['cancel', 'reset', 'dispose'] as const)('%s() in between ends it at once', async (how) => {
    const { app, giveUp } = await waitsAlone();
    giveUp();
    const call = watched(app.strongAuth.get('y'));
    app.strongAuth[how]();
    await immediate();
    expect(isOneOpen(app)).toBe(false);
    if (how === 'cancel') await app.answer(succeeded());
    expect(call.settlements).toBe(1);
    await expectRest(app);
  });

  test('a wrong PIN meanwhile: the retry prompt waits for the new call, too', async () => {
    const { app, giveUp } = await waitsAlone();
    giveUp();
    const call = watched(app.strongAuth.get('y'));
    await turn();
    await app.type('1111');
    app.requestsOf(OTP)[0]?.resolve(failed(2308));
    await immediate();
    expect(app.user.prompts.map(({ prompt }) => prompt.signal.aborted)).toEqual([false, false]);
    app.requestsOf('y')[0]?.resolve(CHALLENGE);
    await immediate();
    await finish(app);
    expect([call.fate, app.user.prompts.length]).toEqual(['resolved', 2]);
    await expectRest(app);
  });

  test('a timeout signal, and the app asks again when it hears of it', async () => {
    const app = stage();
    const ask = async (): Promise<unknown> => {
      try {
        return await app.strongAuth.get('x', {}, { signal: AbortSignal.timeout(5) });
      } catch {
        return app.strongAuth.get<unknown>('x');
      }
    };
    const call = watched(ask());
    await immediate();
    await app.answer(CHALLENGE);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(isOneOpen(app)).toBe(true);
    await app.answer(CHALLENGE);
    await finish(app, 'second');
    expect(call.value).toBe('second');
    await expectRest(app);
  });

  test('by a manual clock that stands still, too: the turn of the loop counts', async () => {
    const { app, giveUp } = await waitsAlone();
    giveUp();
    await turn();
    expect([app.status, app.clock.pending]).toEqual(['cancelled', 0]);
    await expectRest(app);
  });
});

describe('32. what enterPin itself asks for', () => {
  const asks: Record<string, (app: App) => Promise<unknown>> = {
    'a get that is challenged': ({ strongAuth }) => strongAuth.get('x'),
    'a set that is challenged': ({ strongAuth }) => strongAuth.set(COMMAND, { action: 'horn' }),
    'a background call': ({ strongAuth }) => strongAuth.get('x', {}, { interactive: false }),
    'an ensure': ({ strongAuth }) => strongAuth.ensure(),
    'three at once': ({ strongAuth }) =>
      Promise.all([strongAuth.ensure(), strongAuth.get('x'), strongAuth.get('y')]),
  };
  test.each(Object.entries(asks))('%s settles, and the PIN is asked for', async (_, ask) => {
    const heard: unknown[] = [];
    const app = stage({
      enterPin: async () => {
        heard.push(await ask(app).catch((error) => error.code));
        return '1234';
      },
    });
    const call = await app.challenged();
    for (let round = 0; round < 3; round += 1) {
      for (const { request, isAnswered, resolve } of [...app.transport.requests])
        if (!isAnswered) resolve(request.api === OTP ? GRANT : round === 0 ? CHALLENGE : succeeded('done'));
      await immediate();
    }
    expect([heard, call.value]).toEqual([['INTERACTION_REQUIRED'], 'done']);
    await expectRest(app);
  });

  test('in each attempt of a wave', async () => {
    const heard: unknown[] = [];
    const app = stage({
      policy: { maxPinAttempts: 3 },
      enterPin: async ({ attempt }) => {
        heard.push(await app.strongAuth.ensure().catch((error) => error.code));
        return attempt < 3 ? '1111' : '1234';
      },
    });
    const call = await app.challenged();
    await app.answer(failed(2308));
    await app.answer(failed(2308));
    await app.answer(GRANT);
    await app.answer(succeeded('done'));
    expect([heard.length, new Set(heard), call.value]).toEqual([
      3,
      new Set(['INTERACTION_REQUIRED']),
      'done',
    ]);
    await expectRest(app);
  });

  test('a call of another client is none of its business', async () => {
    const other = stage();
    const app = stage({
      enterPin: async () => {
        await other.strongAuth.get('x');
        return '1234';
      },
    });
    const call = await app.challenged();
    await other.answer(CHALLENGE);
    await finish(other);
    await app.answer(GRANT);
    await app.answer(succeeded('done'));
    expect([call.value, other.user.prompts.length]).toEqual(['done', 1]);
    await expectRest(app);
    await expectRest(other);
  });

  test('one that is made by it and challenged after the PIN was given waits for the next answer like any other', async () => {
    let made: Watched | undefined;
    const app = stage({
      enterPin: async () => {
        made ??= watched(app.strongAuth.get('x'));
        return '1234';
      },
    });
    const call = await app.challenged();
    app.requestsOf('x')[0]?.resolve(CHALLENGE);
    await immediate();
    app.requestsOf(OTP)[0]?.resolve(GRANT);
    await immediate();
    for (const { isAnswered, resolve } of [...app.transport.requests])
      if (!isAnswered) resolve(succeeded('done'));
    await immediate();
    expect([call.value, made?.value]).toEqual(['done', 'done']);
    await expectRest(app);
  });
});
