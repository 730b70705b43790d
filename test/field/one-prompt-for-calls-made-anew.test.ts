import { QueryClient, QueryObserver } from '@tanstack/query-core';
import { Observable, Subject, switchMap } from 'rxjs';
import { describe, expect, test } from 'vitest';
import {
  CHALLENGE,
  COMMAND,
  failed,
  GRANT,
  OTP,
  settleDown,
  stage,
  succeeded,
  turn,
  watched,
} from '../lifecycle/support.js';

/* A call that is given up and made anew in one turn keeps its prompt: field case 27. */

/** Whether the first prompt is open, and no other one was opened. */
const isOpen = ({ user }: ReturnType<typeof stage>) =>
  user.prompts.length === 1 && !user.prompts[0]?.prompt.signal.aborted;

describe('27. the last waiter leaves, and a call is made anew in the same turn: the prompt stays, the same one', () => {
  test('an effect that runs again ten times', async () => {
    const app = stage();
    let controller = new AbortController();
    let call = await app.challenged({ signal: controller.signal });
    for (let run = 0; run < 10; run += 1) {
      controller.abort();
      controller = new AbortController();
      call = watched(app.strongAuth.set(COMMAND, { action: 'horn' }, { signal: controller.signal }));
    }
    await turn();
    expect(isOpen(app)).toBe(true);
    await app.answer(CHALLENGE);
    await app.type('1234');
    await app.answer(GRANT);
    await app.answer(succeeded('once'));
    expect([call.value, app.user.prompts.length, app.requestsOf(OTP).length]).toEqual(['once', 1, 1]);
    expect(app.clock.pending).toBe(0);
  });

  test('invalidateQueries of TanStack Query while the user types', async () => {
    const app = stage();
    const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    const observer = new QueryObserver(client, {
      queryKey: ['car'],
      queryFn: ({ signal }) => app.strongAuth.get<unknown>('car', {}, { signal }),
    });
    const stop = observer.subscribe(() => {});
    await settleDown();
    await app.answer(CHALLENGE);
    for (let time = 0; time < 3; time += 1) {
      void client.invalidateQueries({ queryKey: ['car'] });
      await turn();
      await app.answer(CHALLENGE);
    }
    expect(isOpen(app)).toBe(true);
    await app.type('1234');
    await app.answer(GRANT);
    await app.answer(succeeded('fresh'));
    await turn();
    expect(observer.getCurrentResult().data).toBe('fresh');
    stop();
    client.clear();
  });

  test('switchMap of RxJS', async () => {
    const app = stage();
    const clicks = new Subject<number>();
    const results: unknown[] = [];
    clicks
      .pipe(
        switchMap(
          (n) =>
            new Observable((observer) => {
              const controller = new AbortController();
              app.strongAuth.get('x', { n }, { signal: controller.signal }).then(
                (value) => observer.next(value),
                () => {},
              );
              return () => controller.abort();
            }),
        ),
      )
      .subscribe((value) => results.push(value));
    clicks.next(1);
    await app.answer(CHALLENGE);
    clicks.next(2);
    await turn();
    await app.answer(CHALLENGE);
    expect(isOpen(app)).toBe(true);
    await app.type('1234');
    await app.answer(GRANT);
    await app.answer(succeeded('second'));
    expect(results).toEqual(['second']);
  });

  test('an ensure() that is made anew', async () => {
    const app = stage();
    const controller = new AbortController();
    void watched(app.strongAuth.ensure({ signal: controller.signal }));
    await settleDown();
    controller.abort();
    void watched(app.strongAuth.ensure());
    await turn();
    expect(isOpen(app)).toBe(true);
  });

  test('promises in between are the same turn', async () => {
    const app = stage();
    const controller = new AbortController();
    await app.challenged({ signal: controller.signal });
    controller.abort();
    await settleDown(30);
    void watched(app.strongAuth.get('x'));
    await turn();
    expect(isOpen(app)).toBe(true);
  });

  test.each<[string, (app: ReturnType<typeof stage>) => unknown]>([
    ['succeeds', ({ answer }) => answer(succeeded())],
    ['fails', ({ answer }) => answer(failed(2204))],
    ['times out', ({ pass }) => pass(60_000)],
  ])('the new call %s without needing it: the prompt closes', async (_, settle) => {
    const app = stage();
    const controller = new AbortController();
    await app.challenged({ signal: controller.signal });
    controller.abort();
    void watched(app.strongAuth.get('x'));
    await turn();
    expect(isOpen(app)).toBe(true);
    await settle(app);
    expect([isOpen(app), app.status, app.clock.pending]).toEqual([false, 'cancelled', 0]);
  });

  test('nobody comes: it closes when the turn ends, and a call of the next turn asks anew', async () => {
    const app = stage();
    const controller = new AbortController();
    await app.challenged({ signal: controller.signal });
    controller.abort();
    await turn();
    expect([isOpen(app), app.status]).toEqual([false, 'cancelled']);
    await app.challenged();
    expect(app.user.prompts).toHaveLength(2);
  });

  test('an effect that runs again in each of ten turns, before the SDK has answered', async () => {
    const app = stage();
    let controller = new AbortController();
    let call = await app.challenged({ signal: controller.signal });
    for (let run = 0; run < 10; run += 1) {
      controller.abort();
      controller = new AbortController();
      call = watched(app.strongAuth.set(COMMAND, { action: 'horn' }, { signal: controller.signal }));
      await turn();
      expect(isOpen(app)).toBe(true);
    }
    await app.answer(CHALLENGE);
    await app.type('1234');
    await app.answer(GRANT);
    await app.answer(succeeded('once'));
    expect([call.value, app.user.prompts.length, app.requestsOf(OTP).length]).toEqual(['once', 1, 1]);
    expect(app.clock.pending).toBe(0);
  });

  test('two calls are made anew, and one of them once more: the prompt stays until that one is judged', async () => {
    const app = stage();
    const [first, second] = [new AbortController(), new AbortController()];
    await app.challenged({ signal: first.signal });
    first.abort();
    void watched(app.strongAuth.get('other'));
    void watched(app.strongAuth.get('x', {}, { signal: second.signal }));
    await turn();
    second.abort();
    const call = watched(app.strongAuth.get('x'));
    await turn();
    await app.answer(succeeded(), 1); // the other
    expect(isOpen(app)).toBe(true);
    await app.answer(CHALLENGE);
    expect([isOpen(app), call.fate, app.strongAuth.view.getSnapshot().waiting]).toEqual([true, 'pending', 1]);
  });

  test('the new call is given up before it was judged, and nobody comes: it closes when that turn ends', async () => {
    const app = stage();
    const [first, second] = [new AbortController(), new AbortController()];
    await app.challenged({ signal: first.signal });
    first.abort();
    void watched(app.strongAuth.get('x', {}, { signal: second.signal }));
    await turn();
    second.abort();
    expect(isOpen(app)).toBe(true);
    await turn();
    expect([isOpen(app), app.status, app.clock.pending]).toEqual([false, 'cancelled', 0]);
  });

  test('by its deadline, or by cancel(), it closes at once', async () => {
    for (const how of ['deadline', 'cancel'] as const) {
      const app = stage();
      await app.challenged({ timeoutMs: 1000 });
      if (how === 'cancel') app.strongAuth.cancel();
      else await app.pass(1000);
      void watched(app.strongAuth.get('x'));
      expect(isOpen(app)).toBe(false);
    }
  });

  test('the PIN is given meanwhile: the new call, challenged after the grant, is replayed without a prompt', async () => {
    const app = stage();
    const controller = new AbortController();
    await app.challenged({ signal: controller.signal });
    controller.abort();
    const call = watched(app.strongAuth.get('x'));
    await turn();
    await app.type('1234');
    await app.answer(GRANT);
    await app.answer(CHALLENGE, 1);
    await app.answer(succeeded('late'));
    expect([call.value, app.user.prompts.length]).toEqual(['late', 1]);
  });
});

describe('a call that is given up while the machine hears of it', () => {
  /** A client with an inspector that aborts the second `ensure` when the machine is about to hear of it. */
  const begun = () => {
    const [first, second] = [new AbortController(), new AbortController()];
    let heard = 0;
    const app = stage({
      inspect: ({ type, event }: { type: string; event?: { type: string } }) => {
        if (type !== '@xstate.event' || event?.type !== 'ensure.requested') return;
        heard += 1;
        if (heard === 2) second.abort();
      },
    });
    const ensure = (controller?: AbortController) =>
      watched(app.strongAuth.ensure(controller && { signal: controller.signal }));
    return { app, ensure, first, second };
  };
  test('leaves the prompt to those who wait', async () => {
    const { app, ensure, second } = begun();
    const waiting = ensure();
    await settleDown();
    const gone = ensure(second);
    await turn();
    expect([waiting.fate, gone.fate, isOpen(app)]).toEqual(['pending', 'AbortError', true]);
    await app.grant();
    expect(waiting.fate).toBe('resolved');
  });

  test('leaves the prompt open for the rest of the turn in which the last waiter left', async () => {
    const { app, ensure, first, second } = begun();
    ensure(first);
    await settleDown();
    first.abort();
    ensure(second);
    const anew = ensure();
    await turn();
    expect([anew.fate, isOpen(app)]).toEqual(['pending', true]);
    await app.grant();
    expect([anew.fate, app.user.prompts.length]).toEqual(['resolved', 1]);
  });

  test('closes the prompt if nobody else waits, at the end of the turn', async () => {
    const { app, ensure, first, second } = begun();
    ensure(first);
    await settleDown();
    first.abort();
    ensure(second);
    await turn();
    expect([isOpen(app), app.status, app.clock.pending]).toEqual([false, 'cancelled', 0]);
  });
});
