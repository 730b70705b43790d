import { createManualClock, createSimulator, type SimulatorOptions } from 'strong-auth-machine/simulator';
import { describe, expect, test } from 'vitest';

type Message = { status: string; result?: unknown; error?: { code: number | string; label: string } };
type Simulator = ReturnType<typeof createSimulator>;

const DOORS = { action: 'doors', doorState: 'lock' } as const;
const COMMAND = 'pims.vehicle.command';
const OTP = 'pims.authentication.otp';

function start(options: SimulatorOptions = {}) {
  const clock = createManualClock(1_700_000_000_000);
  return { clock, simulator: createSimulator({ clock, ...options }) };
}

const ask = (simulator: Simulator, verb: 'get' | 'set' | 'unsubscribe', api: string, parameters = {}) =>
  new Promise<Message>((resolve) =>
    simulator[verb](api, parameters, (message) => resolve(message as Message)),
  );
const withPin = (pinCode: unknown, more = {}) => ({ action: 'withPIN', pinCode, ...more });
const codeOf = async (message: Promise<Message>) => (await message).error?.code ?? (await message).status;

test('says how the account is, whatever the app knows of it', async () => {
  const { simulator, clock } = start({ pinTries: 2, sessionTtlMs: 1000 });
  const fresh = { isBlocked: false, wrongPins: 0, device: 'known' };
  expect(simulator.account).toEqual(fresh);
  await ask(simulator, 'get', OTP, withPin('0000'));
  expect(simulator.account).toEqual({ ...fresh, wrongPins: 1 });
  await ask(simulator, 'get', OTP, withPin('1234'));
  expect(simulator.account).toEqual({ ...fresh, sessionEndsAt: clock.now() + 1000 });
  clock.advance(1000);
  expect(simulator.account).toEqual(fresh);

  for (const pin of ['0000', '0001']) await ask(simulator, 'get', OTP, withPin(pin));
  expect(simulator.account).toEqual({ ...fresh, wrongPins: 2, isBlocked: true });
  simulator.unblock();
  simulator.grantSession();
  simulator.forgetDevice({ refuses: 2317, until: 'reset' });
  expect(simulator.account).toEqual({ ...fresh, device: { refuses: 2317, until: 'reset' } });
  await ask(simulator, 'get', OTP, withPin('1234', { resetStep: true }));
  expect(simulator.account).toEqual({ ...fresh, sessionEndsAt: clock.now() + 1000 });
});

describe('strong access', () => {
  test('a command without it is challenged, and not executed', async () => {
    const { simulator } = start();
    expect(await ask(simulator, 'set', COMMAND, DOORS)).toMatchObject({
      status: 'FAILED',
      error: { code: 2302, label: 'Need Strong Authentication' },
    });
    expect(simulator.effects).toMatchObject({ challenges: 1, executions: 0 });
    expect(simulator.car.isLocked).toBe(false);
  });

  test('an OTP opens it until its time to live is over', async () => {
    const { simulator, clock } = start({ pin: '0987', sessionTtlMs: 1000 });
    expect(await ask(simulator, 'get', OTP, withPin('0987'))).toMatchObject({
      status: 'SUCCEEDED',
      result: { otp: expect.any(String) },
    });
    expect(await codeOf(ask(simulator, 'set', COMMAND, DOORS))).toBe('SUCCEEDED');
    expect(simulator.car.isLocked).toBe(true);
    clock.advance(1000);
    expect(await codeOf(ask(simulator, 'set', COMMAND, { action: 'horn' }))).toBe(2302);
  });

  test.each([
    ['set', COMMAND, { action: 'charge', startNow: true }],
    [
      'set',
      COMMAND,
      { action: 'chargeDeferredTime', startNow: true, deferredTime: 'PT21H', checkStartCharge: true },
    ],
    ['set', COMMAND, DOORS],
    ['set', COMMAND, { action: 'horn' }],
    ['set', COMMAND, { action: 'preconditioning', startNow: true, programs: [] }],
    ['set', COMMAND, { action: 'warning' }],
    ['get', 'pims.vehicle.informations', { action: 'refresh' }],
    ['set', 'pims.subscription.vehicle', { action: 'removeProperty', vin: 'VIN' }],
  ] as const)('%s %s %o can be challenged, and works with it', async (verb, api, parameters) => {
    const { simulator } = start();
    expect(await codeOf(ask(simulator, verb, api, parameters))).toBe(2302);
    simulator.grantSession();
    expect(await codeOf(ask(simulator, verb, api, parameters))).toBe('SUCCEEDED');
  });
});

describe('the OTP', () => {
  test('wrong PINs count to blocked; the right one starts the count again', async () => {
    const { simulator } = start({ pinTries: 3 });
    const codes = [];
    for (const pin of ['0000', '0000', '1234', '0000', '0000', '0000', '1234']) {
      codes.push(await codeOf(ask(simulator, 'get', OTP, withPin(pin))));
    }
    expect(codes).toEqual([2308, 2308, 'SUCCEEDED', 2308, 2308, 2308, 2310]);
    expect(simulator.effects.wrongPins).toBe(5);
    simulator.unblock();
    expect(await codeOf(ask(simulator, 'get', OTP, withPin('1234')))).toBe('SUCCEEDED');
  });

  test.each([2312, 2317] as const)(
    '%i until the cache is reset, by the OTP or by the steps',
    async (refuses) => {
      const { simulator } = start({ device: { refuses, until: 'reset' } });
      expect(await codeOf(ask(simulator, 'get', OTP, withPin('1234')))).toBe(refuses);
      expect(await codeOf(ask(simulator, 'get', OTP, withPin('1234', { resetStep: true })))).toBe(
        'SUCCEEDED',
      );
      simulator.forgetDevice({ refuses, until: 'reset' });
      const steps = await ask(simulator, 'get', 'pims.subscription.steps', {
        resetSteps: false,
        stepsStatus: 'todo',
      });
      expect(steps.result).toMatchObject({ deviceActivation: { status: 'todo' } });
      await ask(simulator, 'get', 'pims.subscription.steps', {
        resetSteps: true,
        stepsStatus: 'all',
      });
      expect(await codeOf(ask(simulator, 'get', OTP, withPin('1234')))).toBe('SUCCEEDED');
    },
  );

  test('a device that is unknown for good stays so', async () => {
    const { simulator } = start({ device: { refuses: 2312, until: 'never' } });
    expect(await codeOf(ask(simulator, 'get', OTP, withPin('1234', { resetStep: true })))).toBe(2312);
  });

  test.each([
    [undefined, 2101],
    [1234, 2102],
    ['12a4', 2102],
  ])('a PIN of %o is refused with %i, which names it', async (pin, code) => {
    const { simulator } = start();
    const { error } = await ask(simulator, 'get', OTP, withPin(pin));
    expect(error).toMatchObject({ code, label: expect.stringContaining('pinCode') });
  });

  test('no PIN is in anything the simulator remembers', async () => {
    const { simulator } = start({ pin: '90817263' });
    await ask(simulator, 'get', OTP, withPin('90817263'));
    expect(JSON.stringify(simulator.effects)).not.toContain('90817263');
  });
});

describe('parameters and names', () => {
  test.each([
    ['an unknown API', 'pims.nothing', {}, 2002],
    ['a missing discriminator', COMMAND, {}, 2101],
    ['an unknown variant', COMMAND, { action: 'fly' }, 2102],
    ['a missing parameter', COMMAND, { action: 'doors' }, 2101],
    ['a wrong value', COMMAND, { action: 'doors', doorState: 'ajar' }, 2102],
  ])('%s', async (_, api, parameters, code) => {
    const { simulator } = start({ strongSession: true });
    expect(await codeOf(ask(simulator, 'set', api, parameters))).toBe(code);
  });

  test('the car has a state of its own', async () => {
    const { simulator } = start({ strongSession: true });
    await ask(simulator, 'set', COMMAND, DOORS);
    expect(await codeOf(ask(simulator, 'set', COMMAND, DOORS))).toBe(2361);
    const { result } = await ask(simulator, 'get', 'pims.vehicle.informations', { action: 'get' });
    expect(JSON.stringify(result)).toContain('"Locked"');
  });

  test('codes can be printed as strings', async () => {
    const { simulator } = start({ codes: 'string' });
    expect(await codeOf(ask(simulator, 'set', COMMAND, DOORS))).toBe('2302');
  });
});

describe('subscriptions', () => {
  test('acknowledge, deliver, refuse a second, and end', async () => {
    const { simulator, clock } = start({ strongSession: true });
    const messages: Message[] = [];
    simulator.subscribe('pims.vehicle.signal', {}, (message) => messages.push(message as Message));
    await Promise.resolve();
    expect(messages).toMatchObject([{ status: 'SUCCEEDED' }]);
    const second: Message[] = [];
    simulator.subscribe('pims.vehicle.signal', {}, (message) => second.push(message as Message));
    await Promise.resolve();
    expect(second).toMatchObject([{ status: 'FAILED', error: { code: 2005 } }]);
    await ask(simulator, 'set', COMMAND, DOORS);
    clock.advance(1000);
    expect(messages.slice(1).map(({ result }) => (result as { code: number }).code)).toEqual([
      900, 901, 903, 200,
    ]);
    expect(simulator.emit('pims.vehicle.signal', { error: { code: 2000, label: 'Unknown error' } })).toBe(
      true,
    );
    expect(messages.at(-1)).toMatchObject({ status: 'RESULT', error: { code: 2000 } });
    expect(await codeOf(ask(simulator, 'unsubscribe', 'pims.vehicle.signal'))).toBe('SUCCEEDED');
    expect(simulator.emit('pims.vehicle.signal', { result: {} })).toBe(false);
  });
});

describe('faults', () => {
  async function answersTo(simulator: Simulator, clock: ReturnType<typeof createManualClock>) {
    const messages: unknown[] = [];
    simulator.set(COMMAND, { action: 'horn' }, (message) => messages.push(message));
    await Promise.resolve();
    const atOnce = messages.length;
    clock.advance(60_000);
    return { messages, atOnce, horns: simulator.car.horns };
  }

  test.each([
    [
      { kind: 'fail', code: 2204, asString: true },
      { atOnce: 1, horns: 0, messages: [{ error: { code: '2204' } }] },
    ],
    [{ kind: 'challenge' }, { horns: 0, messages: [{ error: { code: 2302 } }] }],
    [{ kind: 'drop' }, { horns: 1, messages: [] }],
    [{ kind: 'lose' }, { horns: 0, messages: [] }],
    [
      { kind: 'slow', ms: 5000 },
      { atOnce: 0, horns: 1, messages: [{ status: 'SUCCEEDED' }] },
    ],
    [{ kind: 'duplicate' }, { horns: 1, messages: [{ status: 'SUCCEEDED' }, { status: 'SUCCEEDED' }] }],
    [
      { kind: 'malformed', message: 'OK' },
      { horns: 1, messages: ['OK'] },
    ],
    [
      { kind: 'fail', code: 2316 },
      { horns: 1, messages: [{ status: 'FAILED', error: { code: 2316 } }] },
    ],
  ] as const)('%o', async (fault, expected) => {
    const { simulator, clock } = start({ strongSession: true });
    simulator.script({ api: COMMAND }, fault);
    expect(await answersTo(simulator, clock)).toMatchObject(expected);
    expect(simulator.effects.faults).toEqual({ [fault.kind]: 1 });
  });

  test('throw', () => {
    const { simulator } = start();
    simulator.script({}, { kind: 'throw', error: new Error('bridge') });
    expect(() => simulator.get('x', {}, () => {})).toThrow('bridge');
  });

  test('hit the OTP and unsubscribe, too', async () => {
    const { simulator } = start();
    simulator.script({ api: 'pims.authentication.otp' }, { kind: 'fail', code: 2316 });
    const otp = { action: 'withPIN', pinCode: '1234' };
    expect(await codeOf(ask(simulator, 'get', 'pims.authentication.otp', otp))).toBe(2316);
    expect([simulator.effects.otpsGranted, simulator.account.sessionEndsAt]).toEqual([1, expect.any(Number)]);
    simulator.script({ verb: 'unsubscribe' }, { kind: 'fail', code: 2204 });
    expect(await codeOf(ask(simulator, 'unsubscribe', 'pims.vehicle.signal'))).toBe(2204);
    expect(() => simulator.script({}, { kind: 'boom' } as never)).toThrow(TypeError);
  });

  test('hit as often, and as late, as ordered', async () => {
    const { simulator } = start({ strongSession: true });
    simulator.script({ action: 'horn', after: 1, times: 2 }, { kind: 'fail', code: 2000 });
    const codes = [];
    for (let call = 0; call < 4; call += 1)
      codes.push(await codeOf(ask(simulator, 'set', COMMAND, { action: 'horn' })));
    expect(codes).toEqual(['SUCCEEDED', 2000, 2000, 'SUCCEEDED']);
  });

  test('ordered zero times hit nothing', async () => {
    const { simulator } = start({ strongSession: true });
    simulator.script({ times: 0 }, { kind: 'fail', code: 2000 });
    expect(await codeOf(ask(simulator, 'set', COMMAND, DOORS))).toBe('SUCCEEDED');
  });

  test('a misspelt field selects no request instead of all of them', () => {
    const { simulator } = start();
    const misspelt = { acton: 'doors' } as never;
    expect(() => simulator.script(misspelt, { kind: 'drop' })).toThrow(TypeError);
    expect(() => simulator.hold(misspelt)).toThrow(TypeError);
    expect(() => simulator.effects.executionsOf(misspelt)).toThrow(TypeError);
    expect(() => simulator.hold({ times: 1 } as never)).toThrow(TypeError);
  });

  test('by chance are the same for the same seed, and others for another', async () => {
    const run = async (seed: number) => {
      const { simulator } = start({ strongSession: true, seed, faults: { fail: 0.3, challenge: 0.3 } });
      const codes = [];
      for (let call = 0; call < 40; call += 1)
        codes.push(await codeOf(ask(simulator, 'set', COMMAND, { action: 'horn' })));
      return codes.join();
    };
    expect(await run(7)).toBe(await run(7));
    expect(await run(7)).not.toBe(await run(8));
  });

  test('held answers were judged when they arrived', async () => {
    const { simulator } = start();
    const held = simulator.hold({ api: COMMAND });
    const answer = codeOf(ask(simulator, 'set', COMMAND, DOORS));
    simulator.grantSession();
    expect(held.arrived).toBe(1);
    held.release();
    expect(await answer).toBe(2302);
  });
});

describe('the human', () => {
  test('types the right PIN, or does what was ordered', async () => {
    const { simulator, clock } = start({ pin: '4711' });
    const { signal } = new AbortController();
    simulator.human.types('0000').declines();
    expect(await simulator.enterPin({ signal })).toBe('0000');
    expect(await simulator.enterPin({ signal })).toBeNull();
    expect(await simulator.enterPin({ signal })).toBe('4711');
    simulator.human.types('4711', 5000);
    const slow = simulator.enterPin({ signal });
    clock.advance(5000);
    expect(await slow).toBe('4711');
    simulator.human.fails(new Error('no screen'));
    await expect(simulator.enterPin({ signal })).rejects.toThrow('no screen');
    expect(simulator.effects.prompts).toBe(5);
  });

  test('leaves when the prompt is closed', async () => {
    const { simulator, clock } = start();
    for (const act of [() => simulator.human.ignores(), () => simulator.human.types('1', 9000)]) {
      act();
      const controller = new AbortController();
      const answer = simulator.enterPin({ signal: controller.signal });
      controller.abort();
      expect(await answer).toBeNull();
    }
    expect(clock.pending).toBe(0);
  });
});

test.each([
  { unknown: 1 },
  { faults: { boom: 1 } },
  { pin: 1234 },
  { seed: 0.5 },
  { latencyMs: -1 },
  { latencyMs: [0, Number.NaN] },
  { sessionTtlMs: -1 },
  { pinTries: 0 },
  { codes: 'roman' },
  { device: { refuses: 1 } },
  { faults: { drop: 2 } },
])('refuses %o', (options) => {
  expect(() => createSimulator(options as never)).toThrow(TypeError);
});

describe('the manual clock', () => {
  test('runs timers in the order of their times, and those they set', () => {
    const clock = createManualClock(100);
    const seen: [string, number][] = [];
    const note = (name: string) => () => seen.push([name, clock.now()]);
    clock.setTimeout(note('late'), 30);
    clock.setTimeout(() => {
      note('early')();
      clock.setTimeout(note('set meanwhile'), 5);
    }, 10);
    const gone = clock.setTimeout(note('cleared'), 20);
    clock.clearTimeout(gone);
    clock.advance(25);
    expect(seen).toEqual([
      ['early', 110],
      ['set meanwhile', 115],
    ]);
    expect([clock.now(), clock.pending]).toEqual([125, 1]);
  });
});
