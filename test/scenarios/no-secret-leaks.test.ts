import { inspect } from 'node:util';
import { createPinPad, type createStrongAuth, type StrongAuthFact } from 'strong-auth-machine';
import { describe, expect, test, vi } from 'vitest';
import type { InspectionEvent } from 'xstate';
import {
  at,
  COMMAND,
  challenge,
  EVENTS,
  event,
  failed,
  PIN,
  START,
  settleDown,
  stage,
  succeeded,
  surfaced,
  watch,
} from './support.js';

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
