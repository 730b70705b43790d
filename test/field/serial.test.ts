import {
  type ApiRequest,
  createStrongAuth,
  isStrongAuthError,
  type StrongAuthOptions,
} from 'strong-auth-machine';
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
  type Watched,
  watched,
} from '../lifecycle/support.js';
import { collectSurfaced, expectRest } from './support.js';

/* One after another: neighbours of field case 21, which is in what-is-sent.test.ts. */

collectSurfaced();

/** `count` commands that wait for one PIN. */
async function waiting(
  count: number,
  options: Partial<StrongAuthOptions> = {},
  optionsOf: (n: number) => object = () => ({}),
) {
  const app = stage({ ...options, policy: { replays: 'serial', ...options.policy } });
  const calls: Watched[] = [];
  for (let n = 0; n < count; n += 1) {
    calls.push(watched(app.strongAuth.set(COMMAND, { n } as never, optionsOf(n))));
    await settleDown();
    await app.answer(CHALLENGE);
  }
  const replays = () => app.requestsOf(COMMAND).slice(count);
  return {
    ...app,
    get status() {
      return app.status;
    },
    calls,
    async grant() {
      await app.type('1234');
      app.requestsOf(OTP).at(-1)?.resolve(GRANT);
      await settleDown();
    },
    /** Which have been sent again, in order. */
    replayed: () => replays().map(({ request }) => request.parameters?.n),
    async answerReplay(message: unknown, index = -1) {
      replays().at(index)?.resolve(message);
      await settleDown();
    },
    fates: () => calls.map(({ fate }) => fate),
  };
}

describe('21. a back end that takes one command at a time', () => {
  /** Refuses a command that comes while another runs; counts what it has executed. */
  function oneAtATime(latencies: (n: number) => number, outcome: (n: number) => unknown = () => succeeded()) {
    const car = { isBusy: false, executed: [] as number[], refused: 0, isStrong: false };
    const send = async ({ api, parameters }: ApiRequest) => {
      if (api === OTP) {
        car.isStrong = true;
        return GRANT;
      }
      const n = Number(parameters?.n);
      if (!car.isStrong) return CHALLENGE;
      if (car.isBusy) {
        car.refused += 1;
        return failed(2205, 'busy');
      }
      car.isBusy = true;
      await new Promise((resolve) => setTimeout(resolve, latencies(n)));
      car.isBusy = false;
      car.executed.push(n);
      const answer = outcome(n);
      if (answer instanceof Error) throw answer;
      return answer;
    };
    return { car, send };
  }

  test.each<[string, (n: number) => number]>([
    ['the first is the slowest', (n) => 12 - 2 * n],
    ['the last is the slowest', (n) => 2 * n],
    ['all are as fast', () => 1],
    ['one connection is slow', (n) => (n % 2 ? 1 : 10)],
  ])('five wait, five are executed, in their order: %s', async (_, latencies) => {
    const { car, send } = oneAtATime(latencies);
    const strongAuth = createStrongAuth({
      policy: { replays: 'serial' },
      transport: { send },
      enterPin: () => turn().then(() => '1234'),
    });
    await Promise.all([0, 1, 2, 3, 4].map((n) => strongAuth.set('car', { n })));
    expect(car).toMatchObject({ executed: [0, 1, 2, 3, 4], refused: 0 });
    expect(strongAuth.view.getSnapshot().status).toBe('done');
  });

  test('whatever each comes to', async () => {
    const outcomes = [
      failed(2204),
      new Error('cable'),
      'nonsense',
      { status: 'SUCCEEDED', result: { then() {} } },
    ];
    const { car, send } = oneAtATime(
      () => 1,
      (n) => outcomes[n] ?? succeeded(n),
    );
    const strongAuth = createStrongAuth({
      policy: { replays: 'serial' },
      transport: { send },
      enterPin: () => turn().then(() => '1234'),
    });
    const settled = await Promise.allSettled(
      [0, 1, 2, 3, 4].map((n) => strongAuth.set<unknown>('car', { n })),
    );
    const codes = settled.map((each) => (each.status === 'fulfilled' ? each.value : each.reason.code));
    expect(codes).toEqual([2204, 'TRANSPORT_FAILED', 'PROTOCOL', 'PROTOCOL', 4]);
    expect(car).toMatchObject({ executed: [0, 1, 2, 3, 4], refused: 0 });
  });

  test('with a token that takes its time to be put in, and requests that are prepared', async () => {
    const { car, send } = oneAtATime((n) => 6 - n);
    const strongAuth = createStrongAuth({
      policy: { replays: 'serial' },
      transport: { send },
      enterPin: () => turn().then(() => '1234'),
      prepareReplay: (request) => turn().then(() => request),
      grant: { read: () => 'token', apply: (request) => turn().then(() => request) },
    });
    await Promise.all([0, 1, 2, 3, 4].map((n) => strongAuth.set('car', { n })));
    expect(car).toMatchObject({ executed: [0, 1, 2, 3, 4], refused: 0 });
  });

  test('two connections of any latency: what was asked last is what the car ends with', async () => {
    for (const latencies of [
      [30, 5],
      [5, 30],
      [1, 1],
      [20, 10],
    ]) {
      for (const orders of [
        ['unlock', 'lock'],
        ['lock', 'unlock'],
      ] as const) {
        let [isStrong, doors, sent] = [false, '', 0];
        const strongAuth = createStrongAuth({
          policy: { replays: 'serial' },
          transport: {
            async send({ api, parameters }) {
              if (api === OTP) {
                isStrong = true;
                return GRANT;
              }
              if (!isStrong) return CHALLENGE;
              sent += 1;
              await new Promise((resolve) => setTimeout(resolve, latencies[sent - 1]));
              doors = String(parameters?.doorState);
              return succeeded();
            },
          },
          enterPin: () => turn().then(() => '1234'),
        });
        await Promise.all(orders.map((doorState) => strongAuth.set(COMMAND, { action: 'doors', doorState })));
        expect(doors).toBe(orders[1]);
      }
    }
  });
});

describe('21. while one has its turn', () => {
  test('reads and subscribes that waited go at once; none of them waits for a command', async () => {
    const app = await waiting(2);
    const read = watched(app.strongAuth.get('pims.user'));
    await app.answer(CHALLENGE);
    const ensured = watched(app.strongAuth.ensure());
    await app.grant();
    expect([app.replayed(), app.requestsOf('pims.user').length, ensured.fate]).toEqual([[0], 2, 'resolved']);
    await app.answer(
      succeeded('user'),
      app.transport.requests.indexOf(app.requestsOf('pims.user')[1] as never),
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

test('21. one command at a time, whoever fails, gives up or resets: a hundred mixed queues', async () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let round = 0; round < 100; round += 1) {
    const controllers = Array.from({ length: 5 }, () => new AbortController());
    const app = await waiting(5, {}, (n) => ({ signal: controllers[n]?.signal }));
    await app.grant();
    for (let step = 0; step < 30 && app.fates().includes('pending'); step += 1) {
      const open = app.requestsOf(COMMAND).filter(({ isAnswered, signal }) => !isAnswered && !signal.aborted);
      expect(open.length).toBeLessThanOrEqual(1);
      switch (random(8)) {
        case 0:
          controllers[random(5)]?.abort();
          break;
        case 1:
          open[0]?.reject(new Error('cable'));
          break;
        case 2:
          open[0]?.resolve(CHALLENGE);
          break;
        case 3:
          if (random(6) === 0) app.strongAuth.reset();
          break;
        case 4:
          if (random(4) === 0) app.clock.advance(60_000);
          break;
        default:
          open[0]?.resolve(random(2) ? succeeded() : failed(2204));
      }
      await settleDown();
    }
    app.clock.advance(600_000);
    await settleDown();
    app.clock.advance(600_000);
    await settleDown();
    expect(app.calls.map(({ settlements }) => settlements)).toEqual([1, 1, 1, 1, 1]);
    expect(app.calls.every(({ error }) => !error || isStrongAuthError(error) || error instanceof Error)).toBe(
      true,
    );
    const replayed = app.replayed();
    expect(replayed).toEqual([...new Set(replayed)].sort());
    await expectRest(app);
  }
});
