import { readdirSync, readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { createPinPad, createStrongAuth, type StrongAuthFact } from 'strong-auth-machine';
import { statusOf, strongAuthMachine } from 'strong-auth-machine/machine';
import { describe, expect, test, vi } from 'vitest';
import { createActor, type InspectionEvent } from 'xstate';
import {
  at,
  COMMAND,
  challenge,
  createManualClock,
  createScriptedUser,
  createTransport,
  DOORS,
  EVENTS,
  event,
  failed,
  OTP,
  PIN,
  START,
  settleDown,
  stage,
  succeeded,
  surfaced,
  watch,
} from './support.js';

/** Brings a client into a state, and leaves it there. */
const into = {
  idle: async () => {},
  calling: async (app) => {
    await app.command();
  },
  needStrongAuth: async (app) => {
    await app.challenged();
  },
  requestingOtp: async (app) => {
    await app.challenged();
    await app.type(PIN);
  },
  resetStep: async (app) => {
    await into.requestingOtp(app);
    await app.answerOtp(failed(2312));
  },
  queued: async (app) => {
    await into.requestingOtp(app);
    await app.cancel();
    await into.requestingOtp(app);
  },
  replaying: async (app) => {
    await into.requestingOtp(app);
    await app.answerOtp();
  },
  done: async (app) => {
    await into.replaying(app);
    await app.answerCommand();
  },
  cancelled: async (app) => {
    await into.needStrongAuth(app);
    await app.cancel();
  },
  failed: async (app) => {
    await into.requestingOtp(app);
    await app.answerOtp(failed(2310));
  },
  closed: async (app) => {
    await into.needStrongAuth(app);
    app.strongAuth.dispose();
  },
} satisfies Record<string, (app: ReturnType<typeof stage>) => Promise<void>>;
const states = Object.keys(into) as (keyof typeof into)[];

/** The groups in which the states of the chart stand. */
const groups: Readonly<Record<string, string>> = {
  idle: 'resting',
  calling: 'working',
  needStrongAuth: 'wave',
  requestingOtp: 'wave',
  replaying: 'working',
  done: 'resting',
  cancelled: 'resting',
  failed: 'resting',
  closed: 'closed',
};

/** A challenge that no call has met. */
const FORGED = {
  type: 'call.challenged',
  wave: 0,
  rounds: 0,
  waiting: 0,
  interactive: true,
  retryDue: true,
  ofPrompt: false,
} as const;

describe('46. Reload or re-mount mid-prompt: not stuck "in progress"', () => {
  test.each(states)('left in %s, the next client begins at rest and works', async (state) => {
    const old = stage();
    await into[state](old);
    // The page goes away without a word: nothing of the old client runs any more.
    const app = stage();
    expect(app.view).toEqual({ status: 'idle', since: START, inFlight: false, waiting: 0 });
    expect(app.requests).toHaveLength(0);
    const call = await app.challenged();
    await app.grant();
    await app.answerCommand();
    expect(call.fate).toBe('resolved');
  });

  test('a component that mounts mid-prompt reads the prompt from the view, and no second one opens', async () => {
    const pad = createPinPad();
    const app = stage({ enterPin: pad.enterPin });
    await app.challenged();
    const heard: unknown[] = [];
    for (let mount = 0; mount < 3; mount += 1) {
      const off = app.strongAuth.view.subscribe((view) => heard.push(view));
      expect(app.strongAuth.view.getSnapshot().prompt).toMatchObject({ attempt: 1 });
      expect(pad.view.getSnapshot().isOpen).toBe(true);
      off();
    }
    expect(heard).toEqual([]);
    pad.submit(PIN);
    await settleDown();
    expect(app.otps).toHaveLength(1);
  });

  test('the user walks away from a prompt for good: its deadline ends it', async () => {
    const app = stage();
    await app.challenged();
    await app.pass(120_000);
    expect(app.view).toMatchObject({ status: 'failed', inFlight: false, waiting: 0 });
  });
});

describe('47. Restoring a snapshot fires no call or OTP by itself', () => {
  test.each(states)('of a client in %s, into the bare machine', async (state) => {
    const app = stage();
    await into[state](app);
    const persisted: ReturnType<typeof app.strongAuth.actor.getSnapshot> = JSON.parse(
      JSON.stringify(app.strongAuth.actor.getPersistedSnapshot()),
    );
    const before = { requests: app.requests.length, prompts: app.prompts.length };

    const clock = createManualClock(START);
    const restored = createActor(strongAuthMachine, {
      input: { policy: persisted.context.policy },
      snapshot: persisted,
      clock,
    });
    restored.start();
    await settleDown();
    clock.advance(10 ** 7);
    await settleDown();
    if (state !== 'closed') {
      restored.send({ type: 'pin.given' });
      restored.send({ type: 'otp.granted', at: 0 });
    }
    await settleDown();
    clock.advance(10 ** 7);
    expect(app.requests).toHaveLength(before.requests);
    expect(app.prompts).toHaveLength(before.prompts);
    // It fails closed: nobody is left in between.
    const left = statusOf({ ...restored.getSnapshot(), status: 'active' });
    expect(['idle', 'calling', 'replaying', 'done', 'cancelled', 'failed', 'closed']).toContain(left);
    restored.stop();
  });

  test.each(states)('createStrongAuth takes none: one given all the same is refused (%s)', async (state) => {
    const old = stage();
    await into[state](old);
    const snapshot = old.strongAuth.actor.getPersistedSnapshot();
    expect(() => stage({ snapshot } as never)).toThrow(/snapshot is no option/);
  });

  test('an actor of the running client cannot be made to send by events from outside', async () => {
    const app = stage();
    const { actor } = app.strongAuth;
    actor.send({ ...FORGED, id: 999 });
    actor.send({ type: 'pin.given' });
    actor.send({ type: 'otp.granted', at: 0 });
    await settleDown();
    expect(app.requests).toHaveLength(0);
  });

  test('a forged pin.given while prompting: nothing is in the vault, nothing is sent', async () => {
    const app = stage();
    const call = await app.challenged();
    app.strongAuth.actor.send({ type: 'pin.given' });
    await settleDown();
    expect(app.otps).toHaveLength(0);
    expect(call.fate).toBe('PIN_ENTRY_FAILED');
  });

  test('a forged pin.given in the second wave does not send the PIN of the first', async () => {
    const app = stage();
    await into.done(app);
    await app.challenged();
    app.strongAuth.actor.send({ type: 'pin.given' });
    await settleDown();
    expect(app.otps).toHaveLength(1);
  });
});

/** A clock whose device sleeps: time passes, timers do not fire until it wakes. */
function createSleepyClock() {
  const clock = createManualClock(START);
  let slept = 0;
  return {
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
    now: () => clock.now() + slept,
    /** Hours go by, and no timer fires. */
    sleep(ms: number) {
      slept += ms;
    },
    /** The timers run again, and are late. */
    wake: (ms: number) => clock.advance(ms),
    get pending() {
      return clock.pending;
    },
  };
}

describe('48. The app is suspended mid-flow (timers late by hours): it recovers on resume, and nothing stale is sent', () => {
  const HOURS = 3 * 3_600_000;

  test('while prompting, and the user answers first: the grant is good, the call is STALE', async () => {
    const clock = createSleepyClock();
    const app = stage({ clock });
    const call = await app.challenged();
    clock.sleep(HOURS);
    await app.type(PIN);
    if (app.otps.length > 0) await app.answerOtp();
    expect(['STALE', 'PIN_ENTRY_TIMED_OUT']).toContain(call.fate);
    expect(app.commands).toHaveLength(1);
    expect(['done', 'failed']).toContain(app.status);
    clock.wake(HOURS);
    await settleDown();
    expect(app.commands).toHaveLength(1);
    expect(clock.pending).toBe(0);
    expect(call.settlements).toBe(1);
  });

  test('while prompting, and the timers fire first: PIN_ENTRY_TIMED_OUT', async () => {
    const clock = createSleepyClock();
    const app = stage({ clock });
    const call = await app.challenged();
    clock.sleep(HOURS);
    clock.wake(120_000);
    await settleDown();
    expect(call.fate).toBe('PIN_ENTRY_TIMED_OUT');
    await app.type(PIN);
    expect(app.otps).toHaveLength(0);
  });

  test('while the OTP is requested, and it is granted on resume: nothing stale is sent', async () => {
    const clock = createSleepyClock();
    const app = stage({ clock });
    const calls = [await app.challenged(), await app.challenged()];
    await app.type(PIN);
    clock.sleep(HOURS);
    await app.answerOtp();
    expect(calls.map(({ fate }) => fate)).toEqual(['STALE', 'STALE']);
    expect(app.commands).toHaveLength(2);
    expect(app.view.status).toBe('done');
    clock.wake(HOURS);
    await settleDown();
    expect(app.status).toBe('done');
    expect(clock.pending).toBe(0);
  });

  test('while the OTP is requested, and 2312 comes on resume: all ends', async () => {
    const clock = createSleepyClock();
    const app = stage({ clock });
    const call = await app.challenged();
    await app.type(PIN);
    clock.sleep(HOURS);
    await app.answerOtp(failed(2312));
    if (app.otps.length > 1) await app.answerOtp();
    expect(call.fate).not.toBe('pending');
    expect(app.commands).toHaveLength(1);
  });

  test('a waiting call whose own deadline (timeoutMs) has passed unheard is not sent at the grant', async () => {
    const clock = createSleepyClock();
    const app = stage({ clock });
    const call = await app.challenged({ timeoutMs: 10_000 });
    clock.sleep(60_000); // younger than maxAgeMs, older than its own deadline
    await app.grant();
    expect(app.commands).toHaveLength(1);
    expect(call.error).toMatchObject({ code: 'TIMED_OUT', details: { sent: false } });
    expect(clock.pending).toBe(0);
  });

  test('a straggler whose own deadline has passed unheard is not sent again', async () => {
    const clock = createSleepyClock();
    const app = stage({ clock });
    const straggler = await app.command({ timeoutMs: 10_000 }, { n: 'straggler' });
    await app.challenged();
    await app.grant();
    clock.sleep(60_000);
    await app.answer(challenge(), 0);
    expect(app.commands.filter(({ request }) => request.parameters?.n === 'straggler')).toHaveLength(1);
    expect(straggler.error).toMatchObject({ code: 'TIMED_OUT' });
  });

  test('in flight: a late answer still counts; a late challenge leads to nothing stale', async () => {
    const clock = createSleepyClock();
    const app = stage({ clock });
    const answered = await app.command();
    const challenged = await app.command();
    clock.sleep(HOURS);
    await app.answer(succeeded('it happened'), 0);
    expect(answered.value).toBe('it happened');
    await app.answer(challenge(), 1);
    if (app.prompts.length > 0) await app.grant();
    expect(challenged.fate).toBe('STALE');
    expect(app.commands).toHaveLength(2);
    expect(app.status).toBe('done');
  });

  test('in flight, and the timers fire first: TIMED_OUT, sent', async () => {
    const clock = createSleepyClock();
    const app = stage({ clock });
    const calls = [await app.command(), await app.command({ timeoutMs: 10_000 })];
    clock.sleep(HOURS);
    clock.wake(60_000);
    await settleDown();
    for (const call of calls)
      expect(call.error).toMatchObject({ code: 'TIMED_OUT', details: { sent: true } });
    expect(clock.pending).toBe(0);
    expect(app.status).toBe('done');
  });

  test('after a cancel with an OTP request unanswered: the next wave does not wait for it for ever', async () => {
    const clock = createSleepyClock();
    const app = stage({ clock });
    await app.challenged();
    await app.type('1111');
    await app.cancel();
    clock.sleep(HOURS);
    await app.challenged();
    await app.type('2222');
    clock.wake(30_000);
    await settleDown();
    expect(app.otps).toHaveLength(2);
  });

  test('while a replay function decides: nothing stale is sent', async () => {
    const clock = createSleepyClock();
    const app = stage({ clock });
    let decide: (answer: boolean) => void = () => {};
    const call = await app.challenged({
      replay: () => new Promise<boolean>((resolve) => (decide = resolve)),
    });
    await app.grant();
    clock.sleep(HOURS);
    decide(true);
    await settleDown();
    expect(app.commands).toHaveLength(1);
    expect(['STALE', 'TIMED_OUT']).toContain(call.fate);
  });

  test('a grant from before the sleep is too old for ensure({ maxAgeMs })', async () => {
    const clock = createSleepyClock();
    const app = stage({ clock });
    await into.done(app);
    clock.sleep(HOURS);
    watch(app.strongAuth.ensure({ maxAgeMs: 60_000 }));
    await settleDown();
    expect(app.prompts).toHaveLength(2);
  });

  test('resting, it notices nothing', async () => {
    const clock = createSleepyClock();
    const app = stage({ clock });
    await into.done(app);
    clock.sleep(HOURS);
    const call = await app.challenged();
    await app.grant();
    await app.answerCommand();
    expect(call.fate).toBe('resolved');
  });
});

/** Everything that can be reached from `root` by properties, keys, entries and prototypes, as text. */
function findReachable(root: unknown, secrets: readonly string[]): string[] {
  const found: string[] = [];
  const seen = new Set<unknown>();
  const queue: [unknown, string][] = [[root, '']];
  const push = (value: unknown, path: string) => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
      for (const secret of secrets) if (String(value).includes(secret)) found.push(`${path}: ${secret}`);
    } else if ((typeof value === 'object' && value !== null) || typeof value === 'function') {
      if (!seen.has(value)) {
        seen.add(value);
        queue.push([value, path]);
      }
    }
  };
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [value, path] = next;
    if (typeof value !== 'object' && typeof value !== 'function') push(value, path);
    if (value === globalThis || value === null || (typeof value !== 'object' && typeof value !== 'function'))
      continue;
    if (value instanceof Map) {
      for (const [key, entry] of value) {
        push(key, `${path}.<key>`);
        push(entry, `${path}.<entry>`);
      }
    }
    if (value instanceof Set) for (const entry of value) push(entry, `${path}.<entry>`);
    for (const key of Reflect.ownKeys(value)) {
      push(typeof key === 'symbol' ? key.description : key, `${path}.<name>`);
      const descriptor = Reflect.getOwnPropertyDescriptor(value, key);
      if (descriptor && 'value' in descriptor) push(descriptor.value, `${path}.${String(key)}`);
      else if (descriptor?.get) {
        try {
          push(Reflect.get(value, key), `${path}.${String(key)}`);
        } catch {
          // A getter that throws gives nothing away.
        }
      }
    }
  }
  return found;
}

describe('49. PIN and OTP are in no snapshot, persisted snapshot, inspection record, emitted event, error or console line', () => {
  const SECRET_PIN = '70416253';
  const SECRET_OTP = '918273645546';
  const PARAMETER = 'VF3PARAMETERSECRET';
  const RESULT = 'RESULTSECRET';
  const ours = [SECRET_PIN, SECRET_OTP];
  const all = [...ours, PARAMETER, RESULT];
  const clean = (what: unknown, secrets: readonly string[] = all) => {
    expect(findReachable(what, secrets)).toEqual([]);
    const text = inspect(what, { showHidden: true, depth: 10, maxArrayLength: 100 });
    for (const secret of secrets) expect(text.includes(secret), `${secret} in what is printed`).toBe(false);
  };
  const cleanError = (error: unknown, secrets: readonly string[]) => {
    const { message, stack, cause } = error as Error;
    for (const part of [message, stack, String(error), JSON.stringify(error), inspect(cause)]) {
      for (const secret of secrets) expect(String(part)).not.toContain(secret);
    }
    clean(error, secrets);
  };

  /** A client of which everything that leaves it is kept. */
  function watched(options: Parameters<typeof stage>[0] = {}) {
    const records: InspectionEvent[] = [];
    const serialised: string[] = [];
    const facts: StrongAuthFact[] = [];
    const emitted: unknown[] = [];
    const snapshots: unknown[] = [];
    const views: unknown[] = [];
    const lines = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table'].map((method) =>
      vi.spyOn(console, method as 'log').mockImplementation(() => {}),
    );
    const app = stage({
      onEvent: (fact) => facts.push(fact),
      inspect: (record) => {
        records.push(record);
        const { type } = record;
        serialised.push(
          type,
          inspect((record as { event?: unknown }).event, { showHidden: true, depth: 10 }),
        );
        if ('snapshot' in record) serialised.push(JSON.stringify(record.snapshot));
      },
      ...options,
    });
    const { actor, view } = app.strongAuth;
    actor.on('*', (one) => emitted.push(one));
    actor.subscribe((snapshot) => {
      snapshots.push(snapshot);
      serialised.push(JSON.stringify(snapshot), JSON.stringify(actor.getPersistedSnapshot()));
    });
    view.subscribe((one) => views.push(one, one.prompt?.calls));
    return {
      app,
      async judge() {
        await settleDown();
        expect(records.length).toBeGreaterThan(0);
        expect(facts.length).toBeGreaterThan(0);
        clean(serialised);
        clean(records.map((record) => (record as { event?: unknown }).event));
        clean(facts);
        clean(emitted);
        clean(views);
        clean(actor.getPersistedSnapshot());
        clean(view.getSnapshot());
        expect(findReachable([records, snapshots, app.strongAuth], all)).toEqual([]);
        clean(lines.flatMap(({ mock }) => mock.calls));
      },
    };
  }
  const secretCall = (app: ReturnType<typeof stage>, options = {}) =>
    app.challenged(options, { vin: PARAMETER, [PARAMETER]: { deep: [PARAMETER] } });

  test('a grant, with a wrong PIN, a malformed one and the reset step on the way', async () => {
    const { app, judge } = watched();
    const call = await secretCall(app);
    await app.type(`${SECRET_PIN}x`);
    await judge();
    await app.type(SECRET_PIN);
    await judge();
    await app.answerOtp(failed(2308, `wrong ${SECRET_PIN}`));
    await app.type(SECRET_PIN);
    await app.answerOtp(failed(2312, SECRET_PIN));
    await judge();
    await app.answerOtp(succeeded({ otp: SECRET_OTP }));
    await judge();
    await app.answerCommand(succeeded({ fuel: RESULT }));
    expect(call.value).toEqual({ fuel: RESULT });
    await judge();
  });

  test('it was there to be found: the transport was sent all of it', async () => {
    const { app } = watched();
    await secretCall(app);
    await app.type(SECRET_PIN);
    expect(findReachable(app.requests, [SECRET_PIN, PARAMETER]).length).toBeGreaterThan(1);
  });

  test('a subscription', async () => {
    const { app, judge } = watched();
    watch(app.strongAuth.subscribe<unknown>(EVENTS, { vin: PARAMETER }, () => {}));
    at(app.registrations, 0).emit(challenge());
    await settleDown();
    await app.type(SECRET_PIN);
    await app.answerOtp(succeeded({ otp: SECRET_OTP }));
    at(app.registrations, 1).emit(succeeded());
    at(app.registrations, 1).emit(event({ position: RESULT }));
    await judge();
  });

  const endings: [string, string, (app: ReturnType<typeof stage>) => Promise<void>][] = [
    ['2308', 'PIN_REJECTED', (app) => app.answerOtp(failed(2308, SECRET_PIN))],
    ['2310', 'ACCOUNT_BLOCKED', (app) => app.answerOtp(failed(2310, SECRET_PIN))],
    ['2202', 'OFFLINE', (app) => app.answerOtp(failed(2202, SECRET_PIN))],
    ['2301', 'SIGN_IN_REQUIRED', (app) => app.answerOtp(failed(2301, SECRET_PIN))],
    ['2309', 'OTP_REFUSED', (app) => app.answerOtp(failed(2309, SECRET_PIN))],
    ['a code that echoes the PIN', 'OTP_REFUSED', (app) => app.answerOtp(failed(Number(SECRET_PIN)))],
    ['a code in text that echoes it', 'OTP_REFUSED', (app) => app.answerOtp(failed(`E${SECRET_PIN}`))],
    [
      'a message full of it',
      'OUTCOME_UNKNOWN',
      (app) => app.answerOtp({ status: 'FAILED', pin: SECRET_PIN, otp: SECRET_OTP }),
    ],
    [
      'an error that holds the request',
      'OUTCOME_UNKNOWN',
      (app) =>
        app.fail(
          Object.assign(new Error(`failed: ${SECRET_PIN}`), {
            config: { data: { pinCode: SECRET_PIN } },
            cause: new Error(SECRET_PIN),
          }),
        ),
    ],
    [
      'a thrown envelope that holds the request',
      'OTP_REFUSED',
      (app) => app.fail({ error: { code: 2309, label: SECRET_PIN }, request: { pinCode: SECRET_PIN } }),
    ],
    ['our own timeout', 'OUTCOME_UNKNOWN', (app) => app.pass(30_000)],
    ['cancel', 'CANCELLED', (app) => app.cancel()],
    [
      'reset',
      'SIGNED_OUT',
      async (app) => {
        app.strongAuth.reset();
        await settleDown();
      },
    ],
    [
      'dispose',
      'DISPOSED',
      async (app) => {
        app.strongAuth.dispose();
        await settleDown();
      },
    ],
  ];
  test.each(endings)('the error of an OTP that ends by %s: %s', async (_, code, end) => {
    const { app, judge } = watched({ policy: { maxPinAttempts: 1 } });
    const call = await secretCall(app);
    await app.type(SECRET_PIN);
    await end(app);
    expect(call.fate).toBe(code);
    cleanError(call.error, all);
    expect((call.error as Error).cause).toBeUndefined();
    await judge();
  });

  test('asPims: the envelope of a denied wave', async () => {
    const { app, judge } = watched({ policy: { maxPinAttempts: 1 } });
    const messages: unknown[] = [];
    app.strongAuth.asPims().set(COMMAND, { vin: PARAMETER }, (message) => messages.push(message));
    await settleDown();
    await app.answer(challenge());
    await app.type(SECRET_PIN);
    await app.answerOtp(failed(2308, SECRET_PIN));
    expect(messages).toHaveLength(1);
    clean(messages);
    await judge();
  });

  test.each([
    ['rejects with it', () => Promise.reject(new Error(SECRET_PIN))],
    [
      'throws it',
      () => {
        throw new Error(SECRET_PIN);
      },
    ],
  ])('an enterPin that %s: the error surfaces to its host, and is nowhere else', async (_, enterPin) => {
    const { app, judge } = watched({ enterPin });
    let call: Awaited<ReturnType<typeof secretCall>> | undefined;
    await surfaced(async () => {
      call = await secretCall(app);
    });
    expect(call?.fate).toBe('PIN_ENTRY_FAILED');
    cleanError(call?.error, all);
    await judge();
  });

  test.each([
    ['gives it as a number', () => Promise.resolve(Number(SECRET_PIN) as never)],
    ['gives it as an object', () => Promise.resolve({ pin: SECRET_PIN } as never)],
  ])('an enterPin that %s', async (_, enterPin) => {
    const { app, judge } = watched({ enterPin });
    const call = await secretCall(app);
    expect(call.fate).toBe('PIN_ENTRY_FAILED');
    cleanError(call.error, all);
    await judge();
  });

  test('the errors of calls hold no parameters: TIMED_OUT, PROTOCOL, STALE, STILL_CHALLENGED, and the rest', async () => {
    const { app, judge } = watched({ policy: { maxWaiting: 1 } });
    const errors: unknown[] = [];
    const keep = (call: { error: unknown }) => errors.push(call.error);
    const timedOut = await app.command({ timeoutMs: 1 }, { vin: PARAMETER });
    await app.pass(1);
    keep(timedOut);
    const nonsense = await app.command({}, { vin: PARAMETER });
    await app.answer({ garbage: RESULT, vin: PARAMETER });
    keep(nonsense);
    const spent = await secretCall(app);
    await app.type(SECRET_PIN);
    const full = await secretCall(app);
    keep(full);
    await app.answerOtp(succeeded({ otp: SECRET_OTP }));
    await app.answer(challenge());
    keep(spent);
    const background = await secretCall(app, { interactive: false });
    keep(background);
    expect(errors.map((error) => (error as { code: string }).code)).toEqual([
      'TIMED_OUT',
      'PROTOCOL',
      'QUEUE_FULL',
      'STILL_CHALLENGED',
      'INTERACTION_REQUIRED',
    ]);
    for (const error of errors) cleanError(error, all);
    await judge();
  });

  test('an ApiError holds what the SDK said of the failure, and no parameters', async () => {
    const { app, judge } = watched();
    const call = await secretCall(app);
    await app.type(SECRET_PIN);
    await app.answerOtp(succeeded({ otp: SECRET_OTP }));
    await app.answerCommand({ ...failed(2205), result: { secret: RESULT } });
    expect(call.fate).toBe('2205');
    cleanError(call.error, all);
    await judge();
  });

  describe('with prepareReplay, the OTP', () => {
    const prepareReplay: NonNullable<Parameters<typeof createStrongAuth>[0]['prepareReplay']> = (
      request,
      otp,
    ) => ({
      ...request,
      parameters: { ...request.parameters, otp: otp.reveal() },
    });
    async function replayed() {
      const { app, judge } = watched({ prepareReplay });
      const call = await secretCall(app);
      await app.type(SECRET_PIN);
      await app.answerOtp(succeeded({ otp: SECRET_OTP }));
      expect(app.commands.at(-1)?.request.parameters?.otp).toBe(SECRET_OTP);
      return { app, judge, call };
    }

    test('is nowhere but in the request that is sent', async () => {
      const { app, judge, call } = await replayed();
      await judge();
      await app.answerCommand(succeeded());
      expect(call.fate).toBe('resolved');
      await judge();
    });

    test('is not in the error when the transport fails with an error that holds the request', async () => {
      const { app, judge, call } = await replayed();
      const { request } = at(app.commands, -1);
      await app.fail(Object.assign(new Error('network'), { config: { data: request.parameters } }));
      expect(call.fate).toBe('TRANSPORT_FAILED');
      cleanError(call.error, ours);
      await judge();
    });

    test('is not in the error of a prepareReplay that throws it', async () => {
      const { app, judge } = watched({
        prepareReplay: (_, otp) => {
          throw new Error(otp.reveal());
        },
      });
      const call = await secretCall(app);
      await app.type(SECRET_PIN);
      await app.answerOtp(succeeded({ otp: SECRET_OTP }));
      expect(call.fate).toBe('TRANSPORT_FAILED');
      cleanError(call.error, all);
      await judge();
    });
  });

  test('a PIN pad keeps no PIN', async () => {
    const pad = createPinPad();
    const { app, judge } = watched({ enterPin: pad.enterPin });
    const views: unknown[] = [];
    pad.view.subscribe((view) => views.push(view));
    await secretCall(app);
    pad.submit(SECRET_PIN);
    await settleDown();
    clean([views, pad]);
    await app.answerOtp(succeeded({ otp: SECRET_OTP }));
    clean([views, pad]);
    await judge();
  });

  test('the engine remembers no PIN in RegExp.input and its kin', async () => {
    const app = stage();
    await app.challenged();
    await app.type(SECRET_PIN);
    const legacy = RegExp as unknown as Record<string, string>;
    for (const name of ['input', 'lastMatch', 'leftContext', 'rightContext', '$_', '$1']) {
      expect(String(legacy[name])).not.toContain(SECRET_PIN);
    }
  });

  test('the facts tell the story in order, with timings', async () => {
    const facts: StrongAuthFact[] = [];
    const app = stage({ onEvent: (fact) => facts.push(fact) });
    await app.challenged();
    await app.pass(1_000);
    await app.type(PIN);
    await app.pass(200);
    await app.answerOtp();
    await app.pass(30);
    await app.answerCommand();
    expect(facts.map(({ type }) => type)).toEqual([
      'callStarted',
      'challenged',
      'pinRequested',
      'pinAnswered',
      'otpRequested',
      'otpGranted',
      'replayed',
      'settled',
    ]);
    expect(facts.find(({ type }) => type === 'otpGranted')).toMatchObject({
      durationMs: 200,
      at: START + 1_200,
    });
    expect(facts.at(-1)).toMatchObject({ outcome: 'succeeded', durationMs: 1_230, rounds: 1 });
  });
});

describe('50. A host on another XState 5 minor of the peer range: works, one copy', () => {
  const root = new URL('../../', import.meta.url);
  const read = (path: string) => JSON.parse(readFileSync(new URL(path, root), 'utf8'));

  test('the peer range contains the installed version', () => {
    const { peerDependencies, dependencies } = read('package.json');
    const [, major, minor, patch] = /^\^(\d+)\.(\d+)(?:\.(\d+))?$/.exec(peerDependencies.xstate) ?? [];
    const installed = read('node_modules/xstate/package.json').version.split('.').map(Number);
    expect(installed[0]).toBe(Number(major));
    expect(
      [installed[1], installed[2]] >= [Number(minor), Number(patch ?? 0)] || installed[1] > Number(minor),
    ).toBe(true);
    expect(dependencies?.xstate).toBeUndefined();
  });

  test('it is a peer, and there is one copy', () => {
    const nested = readdirSync(new URL('node_modules', root), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .flatMap((entry) => {
        try {
          return readdirSync(new URL(`node_modules/${entry.name}/node_modules`, root)).map(
            (name) => `${entry.name}/${name}`,
          );
        } catch {
          return [];
        }
      });
    expect(nested.filter((path) => path.endsWith('/xstate'))).toEqual([]);
  });

  test("the actor is one of the host's own XState: it can be subscribed to, inspected and waited for", async () => {
    const { waitFor } = await import('xstate');
    const app = stage();
    const reached = watch(
      waitFor(app.strongAuth.actor, (snapshot) => snapshot.matches({ wave: 'needStrongAuth' })),
    );
    await app.challenged();
    await settleDown();
    expect(reached.fate).toBe('resolved');
    expect(app.strongAuth.actor.getSnapshot().hasTag('awaitingUser')).toBe(true);
  });
});

describe('the view', () => {
  test.each(states)('in %s it equals the real state', async (state) => {
    const app = stage();
    await into[state](app);
    const { value } = app.strongAuth.actor.getSnapshot();
    const [group, inGroup] = typeof value === 'string' ? [value, value] : (Object.entries(value)[0] ?? []);
    const real = typeof inGroup === 'string' ? inGroup : Object.keys(inGroup ?? {})[0];
    expect(group).toBe(groups[String(real)]);
    expect(app.view.status).toBe(real);
    expect(Boolean(app.view.prompt)).toBe(real === 'needStrongAuth');
    expect(app.view.inFlight).toBe(['calling', 'replaying'].includes(String(real)));
    if (['idle', 'done', 'cancelled', 'failed', 'closed'].includes(String(real))) {
      expect(app.clock.pending).toBe(0);
      expect(app.view.waiting).toBe(0);
      expect(app.prompts.every(({ signal }) => signal.aborted) || real !== 'closed').toBe(true);
    }
  });

  test('is a new object only when something changed, and says since when', async () => {
    const app = stage();
    const views = new Set<unknown>();
    let heard = 0;
    app.strongAuth.view.subscribe((view) => {
      heard += 1;
      views.add(view);
    });
    const first = app.view;
    app.strongAuth.cancel();
    expect(app.view).toBe(first);
    await app.command();
    const calling = app.view;
    await app.pass(10);
    await app.command(); // a second call in flight is no change
    expect(app.view).toBe(calling);
    expect(app.view).toMatchObject({ status: 'calling', since: START, inFlight: true });
    await app.answer(challenge(), 0);
    expect(app.view).toMatchObject({ status: 'needStrongAuth', since: START + 10 });
    const prompting = app.view;
    app.strongAuth.actor.send({ type: 'otp.lineFree' }); // ignored in this state
    expect(app.view).toBe(prompting);
    expect(heard).toBe(views.size);
  });

  test('listeners: one that unsubscribes another, one that is given twice', async () => {
    const app = stage();
    let heard = 0;
    const listener = () => {
      heard += 1;
    };
    const off = app.strongAuth.view.subscribe(listener);
    app.strongAuth.view.subscribe(listener);
    off();
    off();
    await app.command();
    expect(heard).toBe(1);
  });

  test('no listener ever sees a call as in flight that is not, nor a status that is not', async () => {
    const app = stage();
    const seen: string[] = [];
    app.strongAuth.view.subscribe(({ status, inFlight, waiting }) => {
      seen.push(`${status} ${inFlight} ${waiting}`);
    });
    await app.challenged();
    await app.grant();
    await app.answerCommand();
    expect(seen).toEqual([
      'calling true 0',
      'needStrongAuth false 1',
      'requestingOtp false 1',
      'replaying true 0',
      'done false 0',
    ]);
  });
});

test('two clients of two accounts do not touch each other', async () => {
  const transport = createTransport();
  const clock = createManualClock(START);
  const users = [createScriptedUser(), createScriptedUser()];
  const clients = users.map(({ enterPin }) => createStrongAuth({ transport, enterPin, clock }));
  const [one, two] = clients.map((client, n) => watch(client.set<unknown>(COMMAND, { ...DOORS, n })));
  await settleDown();
  at(transport.requests, 0).resolve(challenge());
  await settleDown();
  expect(users.map(({ prompts }) => prompts.length)).toEqual([1, 0]);
  at(clients, 0).cancel();
  at(transport.requests, 1).resolve(succeeded(2));
  await settleDown();
  expect([one?.fate, two?.fate]).toEqual(['CANCELLED', 'resolved']);
  expect(transport.requests.filter(({ request }) => request.api === OTP)).toHaveLength(0);
});
