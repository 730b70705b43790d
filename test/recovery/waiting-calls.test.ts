import { createStrongAuth, fromPims, isStrongAuthError, type StrongAuthOptions } from 'strong-auth-machine';
import { createRecovery } from 'strong-auth-machine/recovery';
import { createManualClock, createSimulator, type SimulatorOptions } from 'strong-auth-machine/simulator';
import { describe, expect, test, vi } from 'vitest';
import { outcomeOf, settle, turn } from './support.js';

const LOCK = { action: 'doors', doorState: 'lock' } as const;
const COMMAND = 'pims.vehicle.command';

/** An app that cures with the recovery of this package. */
function createApp(account: SimulatorOptions, options: Partial<StrongAuthOptions> = {}) {
  const clock = createManualClock(1_700_000_000_000);
  const simulator = createSimulator({ clock, ...account });
  const transport = fromPims(simulator);
  const recovery = createRecovery({ transport, ask: simulator.answer, clock });
  const recover = vi.fn<NonNullable<StrongAuthOptions['recover']>>(async ({ remedy }, { signal }) => {
    await (remedy === 'unblockAccount'
      ? recovery.unblockAccount({ signal })
      : recovery.enrollDevice({ signal }));
    return true;
  });
  const strongAuth = createStrongAuth({
    transport,
    enterPin: simulator.enterPin,
    clock,
    recover,
    ...options,
  });
  simulator.expireSession();
  return { clock, simulator, recovery, recover, strongAuth };
}

const codeOf = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => 'done',
    (reason: unknown) => reason,
  );
  return isStrongAuthError(error) ? error.code : error;
};

describe('calls that wait for a cure', () => {
  test('a door that waits is locked after the account was unblocked, once', async () => {
    const app = createApp({ blocked: true, pinAfterRemoval: 'gone' });
    expect(await settle(app, app.strongAuth.set(COMMAND, LOCK))).toBe('done');
    expect(app.simulator.effects.executionsOf({ api: COMMAND, action: 'doors' })).toBe(1);
    expect(app.simulator.car.isLocked).toBe(true);
    expect(app.recover).toHaveBeenCalledTimes(1);
    expect(app.recover.mock.calls[0]?.[0]).toEqual({
      code: 'ACCOUNT_BLOCKED',
      remedy: 'unblockAccount',
      otpCode: 2310,
    });
  });

  test('and is STALE, not locked, when that took too long', async () => {
    const app = createApp(
      { blocked: true, pinAfterRemoval: 'gone', smsLatencyMs: 5 * 60_000 },
      { policy: { maxAgeMs: 60_000 } },
    );
    const locked = codeOf(app.strongAuth.set(COMMAND, LOCK));
    await settle(app, locked);
    expect(await locked).toBe('STALE');
    expect(app.simulator.effects.executionsOf({ api: COMMAND })).toBe(0);
    expect(app.simulator.enrolment.isEnrolled).toBe(true);
  });

  test('ten calls wait through one recovery, and each is executed once', async () => {
    const app = createApp({ device: { refuses: 2312, until: 'never' } });
    const calls = Array.from({ length: 10 }, () => app.strongAuth.set(COMMAND, { action: 'horn' }));
    await turn();
    expect(app.strongAuth.view.getSnapshot()).toMatchObject({
      status: 'recovering',
      waiting: 10,
      failure: { code: 'DEVICE_UNKNOWN', remedy: 'enrollDevice' },
    });
    expect(await settle(app, Promise.all(calls))).toBe('done');
    expect(app.simulator.car.horns).toBe(10);
    expect(app.recover).toHaveBeenCalledTimes(1);
    expect(app.simulator.enrolment.smsSent).toBe(1);
  });

  test('a wave is cured once: what is still refused after that is denied', async () => {
    const app = createApp({ blocked: true }, { recover: () => true });
    const locked = codeOf(app.strongAuth.set(COMMAND, LOCK));
    await settle(app, locked);
    expect(await locked).toBe('ACCOUNT_BLOCKED');
    expect(app.simulator.effects.prompts).toBe(2);
    expect(app.strongAuth.view.getSnapshot()).toMatchObject({ status: 'failed' });
  });

  test.each<[string, () => unknown]>([
    ['false', () => false],
    ['what is not true', () => 1],
    ['a declined dialog', () => Promise.reject(Object.assign(new Error(), { name: 'AbortError' }))],
  ])('%s denies as before', async (_, recover) => {
    const app = createApp({ blocked: true }, { recover: recover as never });
    const locked = codeOf(app.strongAuth.set(COMMAND, LOCK));
    await settle(app, locked);
    expect(await locked).toBe('ACCOUNT_BLOCKED');
    // It is remembered, until the app says otherwise.
    expect(await codeOf(app.strongAuth.ensure())).toBe('ACCOUNT_BLOCKED');
    expect(app.simulator.effects.prompts).toBe(1);
  });

  test('what only waiting or signing in helps against is not cured', async () => {
    const app = createApp({});
    app.simulator.script({ api: 'pims.authentication.otp' }, { kind: 'fail', code: 2301 });
    const locked = codeOf(app.strongAuth.set(COMMAND, LOCK));
    await settle(app, locked);
    expect([await locked, app.recover.mock.calls.length]).toEqual(['SIGN_IN_REQUIRED', 0]);
  });

  const ends = {
    'cancel()': ['CANCELLED', 'cancelled', ({ strongAuth }) => strongAuth.cancel()],
    'reset()': ['SIGNED_OUT', 'idle', ({ strongAuth }) => strongAuth.reset()],
    'dispose()': ['DISPOSED', 'closed', ({ strongAuth }) => strongAuth.dispose()],
    'the time limit': ['ACCOUNT_BLOCKED', 'failed', ({ clock }) => clock.advance(30 * 60_000)],
  } as const satisfies Record<string, [string, string, (app: ReturnType<typeof createApp>) => void]>;

  test.each(Object.entries(ends))('%s ends a cure, and aborts its signal', async (_, [code, status, end]) => {
    const signals: AbortSignal[] = [];
    const app = createApp(
      { blocked: true },
      {
        recover: (_failure, { signal }) => {
          signals.push(signal);
          return new Promise(() => {});
        },
      },
    );
    const locked = codeOf(app.strongAuth.set(COMMAND, LOCK));
    await turn();
    expect(app.strongAuth.explain()).toMatchObject({
      status: 'recovering',
      waitingFor: 'the app, to cure the account or the device',
      nextDeadline: app.clock.now() + 30 * 60_000,
    });
    end(app);
    await turn();
    expect([await locked, signals.map(({ aborted }) => aborted)]).toEqual([code, [true]]);
    expect(app.strongAuth.view.getSnapshot().status).toBe(status);
    expect(app.clock.pending).toBe(0);
  });

  test('when the last caller gives up the flow ends too, and a late answer changes nothing', async () => {
    const app = createApp({ blocked: true, smsLatencyMs: 60_000 });
    const controller = new AbortController();
    const outcome = outcomeOf(app.strongAuth.set(COMMAND, LOCK, { signal: controller.signal }));
    await turn();
    await turn();
    expect(app.recovery.view.getSnapshot().status).toBe('awaitingCode');
    controller.abort('gone');
    for (let step = 0; step < 3; step += 1) {
      app.clock.advance(0);
      await turn();
    }
    expect(outcome.now).toBe('gone');
    expect(app.recovery.view.getSnapshot().status).toBe('cancelled');
    expect(app.strongAuth.view.getSnapshot().status).toBe('cancelled');
  });

  test('a call that the cure itself makes cannot wait for the cure', async () => {
    const made: unknown[] = [];
    const app = createApp(
      { blocked: true },
      {
        recover: async () => {
          made.push(await codeOf(app.strongAuth.ensure()));
          return false;
        },
      },
    );
    const locked = codeOf(app.strongAuth.set(COMMAND, LOCK));
    await settle(app, locked);
    expect([made, await locked]).toEqual([['INTERACTION_REQUIRED'], 'ACCOUNT_BLOCKED']);
  });

  test.each<[string, () => Promise<boolean>, string[]]>([
    [
      'throws: its error surfaces',
      () => {
        throw new Error('broken');
      },
      ['Error: broken'],
    ],
    [
      'rejects: its error surfaces',
      async () => {
        throw new Error('broken');
      },
      ['Error: broken'],
    ],
    [
      'rejects as a flow does that the user has declined: nobody else hears of it',
      () =>
        createRecovery({ transport: { send: async () => ({}) }, ask: async () => null })
          .unblockAccount()
          .then(() => true),
      [],
    ],
  ])('a cure denies that %s', async (_, recover, expected) => {
    const surfaced: unknown[] = [];
    vi.stubGlobal('queueMicrotask', (callback: () => void) => {
      void Promise.resolve()
        .then(callback)
        .catch((error: unknown) => surfaced.push(error));
    });
    const app = createApp({ blocked: true }, { recover });
    const locked = codeOf(app.strongAuth.set(COMMAND, LOCK));
    await settle(app, locked);
    expect([await locked, surfaced.map(String)]).toEqual(['ACCOUNT_BLOCKED', expected]);
  });
});

test('a flow that the user begins while a wave runs disturbs neither', async () => {
  const app = createApp({});
  app.simulator.human.types('1234', 60_000);
  const locked = app.strongAuth.set(COMMAND, { action: 'horn' });
  await turn();
  const changed = app.recovery.changePin();
  expect(await settle(app, changed, { stepMs: 10 })).toBe('done');
  expect(app.strongAuth.view.getSnapshot().status).toBe('needStrongAuth');
  const outcome = outcomeOf(locked);
  app.clock.advance(60_000);
  await turn();
  // What was typed first is the PIN of before, which is wrong by now; the right one follows.
  expect(outcome.now).toBe('done');
  expect(app.simulator.account.wrongPins).toBe(0);
});
