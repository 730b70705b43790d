import { type ApiRequest, createStrongAuth, isStrongAuthError } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { CHALLENGE, COMMAND, failed, GRANT, OTP, settleDown, succeeded, turn } from '../lifecycle/support.js';
import { waiting } from './serial-replays.js';
import { collectSurfaced, expectRest } from './support.js';

/* A back end is given one command at a time: neighbours of field case 21, which is in what-is-sent.test.ts. */

collectSurfaced();

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
