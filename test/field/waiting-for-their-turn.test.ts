import { describe, expect, test } from 'vitest';
import {
  CHALLENGE,
  COMMAND,
  failed,
  GRANT,
  settleDown,
  stage,
  succeeded,
  watched,
} from '../lifecycle/support.js';
import { waiting } from './serial-replays.js';
import { collectSurfaced, expectRest } from './support.js';

/* While one has its turn, others wait: neighbours of field case 21, which is in what-is-sent.test.ts. */

collectSurfaced();

describe('21. while one has its turn', () => {
  test('reads and subscribes that waited go at once; none of them waits for a command', async () => {
    const app = await waiting(2);
    const read = watched(app.strongAuth.get('app.user'));
    await app.answer(CHALLENGE);
    const ensured = watched(app.strongAuth.ensure());
    await app.grant();
    expect([app.replayed(), app.requestsOf('app.user').length, ensured.fate]).toEqual([[0], 2, 'resolved']);
    await app.answer(
      succeeded('user'),
      app.transport.requests.indexOf(app.requestsOf('app.user')[1] as never),
    );
    expect([read.value, app.replayed()]).toEqual(['user', [0]]);
  });

  test('a command that is made now goes at once: it has not waited', async () => {
    const app = await waiting(2);
    await app.grant();
    const made = watched(app.strongAuth.set('x', {}));
    await app.answer(succeeded('now'));
    expect([made.value, app.replayed()]).toEqual(['now', [0]]);
  });

  test('one that is given up leaves the queue, and the one whose turn it is hands it on', async () => {
    const controllers = [0, 1, 2, 3].map(() => new AbortController());
    const app = await waiting(4, {}, (n) => ({ signal: controllers[n]?.signal }));
    await app.grant();
    controllers[1]?.abort();
    await settleDown();
    expect(app.replayed()).toEqual([0]);
    controllers[0]?.abort();
    await settleDown();
    expect(app.replayed()).toEqual([0, 2]);
    await app.answerReplay(succeeded(), 0); // late, of one that was given up
    expect(app.replayed()).toEqual([0, 2]);
    await app.answerReplay(succeeded());
    await app.answerReplay(succeeded());
    expect(app.fates()).toEqual(['AbortError', 'AbortError', 'resolved', 'resolved']);
    await expectRest(app);
  });

  test('one signal for all, as of a screen that goes: none is sent while it aborts', async () => {
    const controller = new AbortController();
    const own = new AbortController();
    const app = await waiting(4, {}, (n) => ({ signal: n === 3 ? own.signal : controller.signal }));
    await app.grant();
    controller.abort();
    await settleDown();
    expect(app.replayed()).toEqual([0, 3]);
    await app.answerReplay(succeeded());
    expect(app.fates()).toEqual(['AbortError', 'AbortError', 'AbortError', 'resolved']);
    await expectRest(app);
  });

  test.each<[string, (signal: AbortSignal) => AbortSignal]>([
    ['made of one with AbortSignal.any', (signal) => AbortSignal.any([signal])],
    [
      'that follow one',
      (signal) => {
        const follower = new AbortController();
        signal.addEventListener('abort', () => follower.abort());
        return follower.signal;
      },
    ],
  ])('signals %s, and so aborted one after another: none is sent in between', async (_, derive) => {
    const controller = new AbortController();
    const app = await waiting(3, {}, () => ({ signal: derive(controller.signal) }));
    await app.grant();
    controller.abort();
    await settleDown();
    expect(app.replayed()).toEqual([0]);
    expect(app.fates()).toEqual(['AbortError', 'AbortError', 'AbortError']);
    await expectRest(app);
  });

  test('deadlines of those that wait for their turn hold: they had not left', async () => {
    const app = await waiting(3, {}, (n) =>
      n === 1 ? { timeoutMs: 1000 } : n === 2 ? { maxAgeMs: 2000 } : {},
    );
    await app.grant();
    await app.pass(1000);
    expect(app.calls[1]?.error).toMatchObject({
      code: 'TIMED_OUT',
      remedy: 'retry',
      details: { sent: false },
    });
    await app.pass(1001);
    await app.answerReplay(succeeded());
    expect([app.fates(), app.replayed()]).toEqual([['resolved', 'TIMED_OUT', 'STALE'], [0]]);
    await expectRest(app);
  });

  test('the one that is out times out by its own sending, and the next goes', async () => {
    const app = await waiting(2);
    await app.grant();
    await app.pass(60_000);
    expect(app.calls[0]?.error).toMatchObject({
      code: 'TIMED_OUT',
      remedy: 'checkState',
      details: { sent: true },
    });
    expect(app.replayed()).toEqual([0, 1]);
    await app.answerReplay(succeeded());
    expect(app.fates()).toEqual(['TIMED_OUT', 'resolved']);
    await expectRest(app);
  });

  test('a whole queue that nobody answers: each has its own time, and the next goes when that is over', async () => {
    const app = await waiting(3);
    await app.grant();
    const log: unknown[] = [];
    for (let minute = 0; minute < 3; minute += 1) {
      await app.pass(59_999);
      log.push([app.replayed(), app.fates()]);
      await app.pass(1);
    }
    expect(log).toEqual([
      [[0], ['pending', 'pending', 'pending']],
      [
        [0, 1],
        ['TIMED_OUT', 'pending', 'pending'],
      ],
      [
        [0, 1, 2],
        ['TIMED_OUT', 'TIMED_OUT', 'pending'],
      ],
    ]);
    expect(app.fates()).toEqual(['TIMED_OUT', 'TIMED_OUT', 'TIMED_OUT']);
    await expectRest(app);
  });

  test('a call that a view listener makes when the last one times out has its own time too', async () => {
    const app = stage();
    const calls = [watched(app.strongAuth.get('x'))];
    const stop = app.strongAuth.view.subscribe(() => {
      stop();
      calls.push(watched(app.strongAuth.get('y')));
    });
    await app.pass(60_000);
    expect(calls.map(({ fate }) => fate)).toEqual(['TIMED_OUT', 'pending']);
    await app.answer(succeeded('y'));
    expect(calls[1]?.value).toBe('y');
    await expectRest(app);
  });

  test('one that is not to be sent again hands its turn on, one that thinks keeps it', async () => {
    let answer = (_: boolean) => {};
    const options = [
      { replay: 'never' },
      {
        replay: () =>
          new Promise<boolean>((resolve) => {
            answer = resolve;
          }),
      },
      {
        replay: () => {
          throw new Error('no');
        },
      },
      {},
    ];
    const app = await waiting(4, {}, (n) => options[n] ?? {});
    await app.grant();
    expect([app.replayed(), app.fates()[0]]).toEqual([[], 'REPLAY_DECLINED']);
    answer(true);
    await settleDown();
    expect(app.replayed()).toEqual([1]);
    await app.answerReplay(succeeded());
    await app.answerReplay(succeeded());
    expect(app.fates()).toEqual(['REPLAY_DECLINED', 'resolved', 'REPLAY_DECLINED', 'resolved']);
    await expectRest(app);
  });

  test.each(['reset', 'dispose'] as const)('%s in the middle: the others are never sent', async (how) => {
    const app = await waiting(3);
    await app.grant();
    app.strongAuth[how]();
    await settleDown();
    await app.answerReplay(succeeded());
    const code = how === 'reset' ? 'SIGNED_OUT' : 'DISPOSED';
    expect([app.fates(), app.replayed()]).toEqual([[code, code, code], [0]]);
    await expectRest(app);
  });

  test('reset by the caller of the first, when it settles: the second, if it went, is the last', async () => {
    const app = stage({ policy: { replays: 'serial' } });
    const calls = [0, 1, 2].map((n) => app.strongAuth.set(COMMAND, { n } as never));
    const fates = calls.map(watched);
    calls[0]?.then(() => app.strongAuth.reset());
    await settleDown();
    for (const index of [0, 1, 2]) await app.answer(CHALLENGE, index);
    await app.type('1234');
    await app.answer(GRANT);
    await app.answer(succeeded());
    await app.answer(succeeded());
    expect(fates.map(({ fate }) => fate)).toEqual(['resolved', 'SIGNED_OUT', 'SIGNED_OUT']);
    expect(app.requestsOf(COMMAND).slice(3).length).toBeLessThanOrEqual(2);
    await expectRest(app);
  });

  test('the status is `replaying` until the last has settled', async () => {
    const app = await waiting(3);
    await app.grant();
    const statuses: string[] = [];
    for (const index of [0, 1, 2]) {
      statuses.push(app.status);
      await app.answerReplay(index === 1 ? failed(2204) : succeeded());
    }
    expect([statuses, app.status]).toEqual([['replaying', 'replaying', 'replaying'], 'done']);
    await expectRest(app);
  });
});
