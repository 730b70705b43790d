import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { defer, exhaustMap, from, Observable, Subject, switchMap } from 'rxjs';
import { createStrongAuth, fromPims } from 'strong-auth-machine';
import { createSimulator } from 'strong-auth-machine/simulator';
import { describe, expect, test } from 'vitest';
import { CHALLENGE, COMMAND, stage, turn } from '../lifecycle/support.js';
import { finish, isOneOpen } from './open-prompt.js';
import { type App, collectSurfaced, expectRest, immediate } from './support.js';

/* Calls that libraries give up and make anew: neighbours of field case 27, which is in one-prompt-for-calls-made-anew.test.ts. */

collectSurfaced();

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
