import { fromPims, type Pims, type PimsCallback } from 'strong-auth-machine';
import { createSimulator } from 'strong-auth-machine/simulator';
import {
  type BridgeUnderTest,
  ConformanceError,
  checkLiveTransport,
  checkTransport,
  liveTransportChecks,
  type TransportReport,
  transportChecks,
} from 'strong-auth-machine/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wrongBridges } from './wrong-bridges.js';

const idsOf = (checks: readonly { readonly id: string }[]) => checks.map(({ id }) => id);
const failuresOf = ({ results }: TransportReport) => results.filter(({ passed, waits }) => !passed && !waits);

/** A bridge that keeps a caller waiting costs the patience of each check that waits for it. */
const HURRY = { patienceMs: 150, settleMs: 5 };

describe('the SDK’s own surface, through fromPims', () => {
  const checks = transportChecks({ createTransport: fromPims, lifecycle: true });

  test.each(checks)('$title', ({ run }) => run());

  test('passes in a report that can be read', async () => {
    const report = await checkTransport({ createTransport: fromPims, lifecycle: true });
    expect(report.passed).toBe(true);
    expect(idsOf(report.results)).toEqual(idsOf(checks));
    expect(report.text).toMatch(/^Transport: \d+ checks, \d+ passed\.\n/);
  });
});

describe.each([
  { version: '2.3', subscription: { api: 'pims.vehicle.signal' } },
  { version: '2.0', subscription: { api: 'pims.vehicle.signal' } },
  { brand: 'PSA', subscription: { api: 'pims.vehicle.signal' } },
  { brand: 'O2X', subscription: { api: 'pims.vehicle.event', parameters: { actionType: 'O2X' } } },
  { brand: 'FCA', subscription: false },
] as const)('the simulator, %o', ({ subscription, ...sdk }) => {
  test.each(['number', 'string'] as const)(
    'passes what a real SDK can be asked, with codes as a %s',
    async (codes) => {
      const report = await checkLiveTransport({
        createTransport: () => fromPims(createSimulator({ ...sdk, codes, latencyMs: [0, 4] })),
        subscription,
        settleMs: 5,
      });
      expect(failuresOf(report), report.text).toEqual([]);
      expect(report.passed).toBe(true);
    },
  );
});

describe('what a real SDK can be asked', () => {
  const live = (change: (sdk: Required<Pims>) => Required<Pims>) =>
    checkLiveTransport({ createTransport: () => fromPims(change(createSimulator())), ...HURRY });

  test('tells of a bridge whose answers get mixed up', async () => {
    const report = await live((sdk) => {
      let newest: PimsCallback | undefined;
      return {
        ...sdk,
        get(api, parameters, callback) {
          newest = callback;
          sdk.get(api, parameters, (message) => newest?.(message));
        },
      };
    });
    expect(idsOf(failuresOf(report))).toEqual(['many', 'abort']);
  });

  test('tells of a bridge that never ends a subscription', async () => {
    const report = await live((sdk) => ({
      ...sdk,
      unsubscribe: (_, __, callback) => callback({ status: 'SUCCEEDED' }),
    }));
    expect(idsOf(failuresOf(report))).toEqual(['subscribe']);
    expect(report.text).toContain('for the second time');
  });

  test('tells of a bridge that loses codes', async () => {
    const report = await live((sdk) => ({
      ...sdk,
      get: (api, parameters, callback) =>
        sdk.get(api, parameters, (message) => {
          const { status } = message as { status: string };
          callback(status === 'FAILED' ? 'failed' : message);
        }),
    }));
    expect(idsOf(failuresOf(report))).toEqual(['failure']);
  });

  test('says what it cannot see, and sends no PIN and no command', async () => {
    const simulator = createSimulator();
    const report = await checkLiveTransport({ createTransport: () => fromPims(simulator), settleMs: 5 });
    expect(report.notChecked.join()).toMatch(/Challenges, codes and PINs/);
    expect(simulator.effects.otpRequests).toEqual([]);
    expect(simulator.effects.requests.filter(({ verb }) => verb === 'set')).toEqual([]);
    expect(simulator.effects.requests.length).toBeGreaterThan(20);
  });

  test('wants two reads that can be told apart', async () => {
    const reads = [{ api: 'pims.sdk.version' }, { api: 'pims.sdk.version' }] as const;
    const report = await checkLiveTransport({
      createTransport: () => fromPims(createSimulator()),
      reads,
      ...HURRY,
    });
    expect(idsOf(failuresOf(report))).toEqual(['many']);
  });
});

describe('wrong bridges', () => {
  // What they leave unhandled is a finding here, not a failure of this run.
  const runners = process.listeners('unhandledRejection');
  beforeAll(() => void process.removeAllListeners('unhandledRejection'));
  afterAll(() => {
    for (const listener of runners) process.on('unhandledRejection', listener);
  });

  const found = new Set<string>();

  test.each(wrongBridges)('a bridge that $mistake fails $fails', async ({ create, fails, fix }) => {
    const report = await checkTransport({ createTransport: create, lifecycle: true, ...HURRY });
    const failures = failuresOf(report);
    expect(idsOf(failures), report.text).toEqual(fails);
    expect(failures.at(-1)?.fix).toMatch(fix);
    expect(report.passed).toBe(false);
    for (const { id } of failures) found.add(id);
  });

  test('every check is failed by one of them', () => {
    expect([...found].sort()).toEqual(
      idsOf(transportChecks({ createTransport: fromPims, lifecycle: true })).sort(),
    );
  });
});

describe('one check', () => {
  const checksOf = (bridge: Partial<BridgeUnderTest>) =>
    transportChecks({ createTransport: fromPims, ...HURRY, ...bridge });
  const run = (id: string, bridge: Partial<BridgeUnderTest>) =>
    checksOf(bridge)
      .find((check) => check.id === id)
      ?.run();
  const withoutLabel: BridgeUnderTest['createTransport'] = (sdk) =>
    fromPims({
      ...sdk,
      get: (api, parameters, callback) => sdk.get(api, parameters, () => callback('FAILED')),
    });

  test('rejects with what was found and what to fix', async () => {
    const error = await run('failed', { createTransport: withoutLabel })?.catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ConformanceError);
    expect(error).toMatchObject({ check: { id: 'failed' }, waitsFor: [] });
    expect((error as Error).message).toMatch(/^A FAILED message arrives .*\n {2}Found: .*\n {2}Fix: {3}.*/);
  });

  test('makes what it builds on first, and waits for it if that fails', async () => {
    await expect(run('string-code', { createTransport: withoutLabel })).rejects.toMatchObject({
      waitsFor: ['failed'],
      message: expect.stringContaining('Not checked: it builds on failed, which failed.'),
    });
  });

  test('gets a transport of its own, which is removed after it', async () => {
    const made: unknown[] = [];
    const removed: unknown[] = [];
    const bridge = {
      async createTransport(sdk: Required<Pims>) {
        made.push(made.length);
        return { ...fromPims(sdk), number: made.length };
      },
      removeTransport: (transport: object) => void removed.push(transport),
    };
    await run('verbs', bridge);
    await run('order', bridge); // and `parameters`, on which it builds
    expect(made).toEqual([0, 1, 2]);
    expect(removed).toMatchObject([{ number: 1 }, { number: 2 }, { number: 3 }]);
  });

  test('waits for the one before it', async () => {
    let running = 0;
    const most: number[] = [];
    const checks = checksOf({
      createTransport(sdk) {
        running += 1;
        most.push(running);
        return fromPims(sdk);
      },
      removeTransport: () => {
        running -= 1;
      },
    }).slice(0, 4);
    await Promise.all(checks.map((check) => check.run()));
    expect(most).toEqual([1, 1, 1, 1]);
  });

  test('leaves the console as it was, and prints what is printed', async () => {
    const { log } = console;
    const printed: unknown[] = [];
    const spy = (...line: unknown[]) => void printed.push(line);
    console.log = spy;
    await run('console', {
      createTransport(sdk) {
        return fromPims({
          ...sdk,
          get(api, parameters, callback) {
            console.log('get', api);
            sdk.get(api, parameters, callback);
          },
        });
      },
    });
    expect(console.log).toBe(spy);
    console.log = log;
    expect(printed).toContainEqual(['get', 'pims.authentication.otp']);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('no such module');
      },
      /no such module/,
    ],
    ['makes no transport', () => ({}) as never, /has no send\(\)/],
  ])('says so if createTransport %s', async (_, createTransport, words) => {
    await expect(run('verbs', { createTransport })).rejects.toThrow(words);
  });
});

describe('parts that an app does not have', () => {
  const withoutSubscribe: BridgeUnderTest['createTransport'] = (sdk) => ({ send: fromPims(sdk).send });

  test('a transport without subscribe fails, unless the suite is told', async () => {
    const failed = await checkTransport({ createTransport: withoutSubscribe, ...HURRY, lifecycle: false });
    expect(failuresOf(failed)[0]).toMatchObject({
      id: 'subscribe',
      fix: expect.stringContaining('subscriptions: false'),
    });
    const passed = await checkTransport({
      createTransport: withoutSubscribe,
      subscriptions: false,
      ...HURRY,
      lifecycle: false,
    });
    expect(passed.passed, passed.text).toBe(true);
    expect(passed.notChecked.join()).toMatch(/Subscriptions: .*initialize and release/);
  });

  test('a transport without lifecycle fails if the suite is told to look for it', async () => {
    const report = await checkTransport({
      createTransport: (sdk) => ({ ...fromPims(sdk), lifecycle: undefined as never }),
      lifecycle: true,
      ...HURRY,
    });
    expect(idsOf(failuresOf(report))).toEqual(['initialize']);
  });
});

test.each([
  { createTransport: undefined },
  { patienceMs: -1 },
  { settleMs: Number.NaN },
  { patienceMs: Number.POSITIVE_INFINITY },
])('%o is refused', (options) => {
  const bridge = { createTransport: fromPims, ...options } as never;
  expect(() => transportChecks(bridge)).toThrow(TypeError);
  expect(() => liveTransportChecks(bridge)).toThrow(TypeError);
});
