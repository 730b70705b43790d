import { describe, expect, test } from 'vitest';
import {
  CHALLENGE,
  COMMAND,
  GRANT,
  OTP,
  settleDown,
  stage,
  succeeded,
  watched,
} from '../lifecycle/support.js';
import { waiting } from './serial-replays.js';
import { collectSurfaced, expectRest } from './support.js';

/* A challenge in the middle of serial replays: neighbours of field case 21, which is in what-is-sent.test.ts. */

collectSurfaced();

describe('21. a second wave in the middle', () => {
  test('those in the queue go on, each settles once, and newcomers get in line behind them', async () => {
    const app = await waiting(3);
    await app.grant();
    const late = [
      watched(app.strongAuth.set(COMMAND, { n: 8 } as never)),
      watched(app.strongAuth.set(COMMAND, { n: 9 } as never)),
    ];
    await settleDown();
    const newcomers = () =>
      app.requestsOf(COMMAND).filter(({ request }) => Number(request.parameters?.n) > 7);
    for (const request of newcomers()) request.resolve(CHALLENGE);
    await settleDown();
    expect([app.status, app.user.prompts.length]).toEqual(['needStrongAuth', 2]);
    expect(app.user.prompts[1]?.prompt.calls).toHaveLength(2); // the queue has been granted
    app.requestsOf(COMMAND)[3]?.resolve(succeeded()); // the first of the queue, while the user types
    await settleDown();
    expect(app.requestsOf(COMMAND).at(-1)?.request.parameters?.n).toBe(1);
    await app.grant();
    expect(newcomers()).toHaveLength(2); // the queue comes first
    const order: unknown[] = [];
    for (let left = 4; left > 0; left -= 1) {
      const last = app.requestsOf(COMMAND).at(-1);
      order.push(last?.request.parameters?.n);
      last?.resolve(succeeded());
      await settleDown();
    }
    expect(order).toEqual([1, 2, 8, 9]);
    expect([...app.fates(), ...late.map(({ fate }) => fate)]).toEqual(Array(5).fill('resolved'));
    expect([...app.calls, ...late].map(({ settlements }) => settlements)).toEqual(Array(5).fill(1));
    await expectRest(app);
  });

  test.each<[string, (app: Awaited<ReturnType<typeof waiting>>) => unknown, string]>([
    ['declined', ({ type }) => type(null), 'CANCELLED'],
    ['cancelled', ({ strongAuth }) => strongAuth.cancel(), 'CANCELLED'],
    ['timed out', ({ pass }) => pass(120_000), 'PIN_ENTRY_TIMED_OUT'],
  ])('that is %s ends only those that wait for it', async (_, happens, code) => {
    const app = await waiting(2, { policy: { callTimeoutMs: Number.POSITIVE_INFINITY } });
    await app.grant();
    const other = watched(app.strongAuth.set(COMMAND, { n: 9 } as never));
    await app.answer(CHALLENGE);
    await happens(app);
    await settleDown();
    expect([other.fate, app.fates()]).toEqual([code, ['pending', 'pending']]);
    app.requestsOf(COMMAND)[2]?.resolve(succeeded());
    await settleDown();
    await app.answer(succeeded());
    expect(app.fates()).toEqual(['resolved', 'resolved']);
    await expectRest(app);
  });

  /** `unlock`, which comes after the PIN, and `lock`; `unlock` is challenged again in its turn. */
  async function challengedInItsTurn() {
    const app = stage({ policy: { replays: 'serial' } });
    const first = watched(app.strongAuth.get('x'));
    await app.answer(CHALLENGE);
    const calls = (['unlock', 'lock'] as const).map((doorState) =>
      watched(app.strongAuth.set(COMMAND, { action: 'doors', doorState })),
    );
    await app.type('1234');
    for (const request of app.requestsOf(COMMAND)) request.resolve(CHALLENGE);
    await settleDown();
    app.requestsOf(OTP).at(-1)?.resolve(GRANT);
    await settleDown();
    app.requestsOf('x').at(-1)?.resolve(succeeded());
    app.requestsOf(COMMAND)[2]?.resolve(CHALLENGE);
    await settleDown();
    const sent = () => app.requestsOf(COMMAND).map(({ request }) => request.parameters?.doorState);
    return { ...app, first, calls, sent, fates: () => calls.map(({ fate }) => fate) };
  }

  test('one that is challenged again in its turn keeps it: the car ends as it was asked last', async () => {
    const app = await challengedInItsTurn();
    expect([app.user.prompts.length, app.sent()]).toEqual([2, ['unlock', 'lock', 'unlock']]);
    await app.type('1234');
    app.requestsOf(OTP).at(-1)?.resolve(GRANT);
    await settleDown();
    for (const index of [3, 4]) {
      app.requestsOf(COMMAND)[index]?.resolve(succeeded());
      await settleDown();
    }
    expect(app.sent()).toEqual(['unlock', 'lock', 'unlock', 'unlock', 'lock']);
    expect(app.fates()).toEqual(['resolved', 'resolved']);
    await expectRest(app);
  });

  test.each<[string, (app: Awaited<ReturnType<typeof challengedInItsTurn>>) => unknown, string]>([
    ['declined', ({ type }) => type(null), 'CANCELLED'],
    ['cancelled', ({ strongAuth }) => strongAuth.cancel(), 'CANCELLED'],
    ['timed out', ({ pass }) => pass(120_000), 'PIN_ENTRY_TIMED_OUT'],
  ])(
    'its prompt is %s: it has settled, and the one behind it, which was granted, goes',
    async (_, ends, code) => {
      const app = await challengedInItsTurn();
      await ends(app);
      await settleDown();
      expect([app.fates(), app.sent().slice(3)]).toEqual([[code, 'pending'], ['lock']]);
      app.requestsOf(COMMAND)[3]?.resolve(succeeded());
      await settleDown();
      expect(app.fates()).toEqual([code, 'resolved']);
      await expectRest(app);
    },
  );

  test('one behind it is given up meanwhile, and nothing is left in flight', async () => {
    const controller = new AbortController();
    const app = await waiting(2, { policy: { maxRounds: 2 } }, (n) =>
      n === 1 ? { signal: controller.signal } : {},
    );
    await app.grant();
    await app.answerReplay(CHALLENGE);
    controller.abort();
    await settleDown();
    expect([app.strongAuth.view.getSnapshot().inFlight, app.fates()]).toEqual([
      false,
      ['pending', 'AbortError'],
    ]);
    app.strongAuth.cancel();
    await settleDown();
    expect([app.status, app.fates()]).toEqual(['cancelled', ['CANCELLED', 'AbortError']]);
    await expectRest(app);
  });

  test.each(['reset', 'dispose'] as const)(
    '%s while it waits for its second prompt: nothing is sent',
    async (how) => {
      const app = await challengedInItsTurn();
      app.strongAuth[how]();
      await settleDown();
      const code = how === 'reset' ? 'SIGNED_OUT' : 'DISPOSED';
      expect([app.fates(), app.sent().length]).toEqual([[code, code], 3]);
      await expectRest(app);
    },
  );

  test('one that is challenged after its last replay hands its turn on', async () => {
    const app = await waiting(2);
    await app.grant();
    await app.answerReplay(CHALLENGE);
    await app.answerReplay(succeeded());
    expect([app.fates(), app.user.prompts.length]).toEqual([['STILL_CHALLENGED', 'resolved'], 1]);
    await expectRest(app);
  });

  test('where a command may be replayed twice, each settles once, whichever is challenged again', async () => {
    for (const challengedAgain of [[0], [1], [2], [0, 1, 2]]) {
      const app = await waiting(3, { policy: { maxRounds: 2 } });
      await app.grant();
      const seen = new Set<unknown>();
      for (let step = 0; step < 20 && app.fates().includes('pending'); step += 1) {
        const open = app.requestsOf(COMMAND).find(({ isAnswered }) => !isAnswered);
        if (open) {
          const n = open.request.parameters?.n as number;
          const isAgain = challengedAgain.includes(n) && !seen.has(n);
          seen.add(n);
          open.resolve(isAgain ? CHALLENGE : succeeded(n));
          await settleDown();
        } else await app.grant();
      }
      expect(app.calls.map(({ value, settlements }) => [value, settlements])).toEqual([
        [0, 1],
        [1, 1],
        [2, 1],
      ]);
      await expectRest(app);
    }
  });
});
