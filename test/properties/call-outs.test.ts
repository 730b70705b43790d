import {
  type CallOptions,
  createStrongAuth,
  type StrongAuth,
  type StrongAuthOptions,
  type Subscription,
  type Transport,
} from 'strong-auth-machine';
import { statusOf } from 'strong-auth-machine/machine';
import { createManualClock } from 'strong-auth-machine/simulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { COMMAND, failed, OTP, succeeded, type Watched, watched } from '../lifecycle/support.js';

/*
 * Field cases 35 to 41, completely: one lifecycle that calls the host everywhere, and at each call-out, the first time, the
 * second time and so on, the host does one thing it should not. Nothing is left to chance: the random tests are elsewhere.
 */

const PIN = '1234';
const WRONG_PIN = '4321';

/** What host code may do to the client that has called it. */
type Deed = (app: App) => void;

const deeds: Record<string, Deed> = {
  throws: () => {
    throw new Error('host code');
  },
  cancels: (app) => app.end('cancel'),
  resets: (app) => app.end('reset'),
  'disposes of it': (app) => app.end('dispose'),
  'cancels, and asks again': (app) => {
    app.end('cancel');
    app.make(app.strongAuth.ensure());
  },
  'resets, and calls again': (app) => {
    app.end('reset');
    app.make(app.strongAuth.get('more'));
  },
  'aborts every call': ({ controller }) => controller.abort(),
  'aborts every call, and makes one anew': ({ controller, make, strongAuth }) => {
    controller.abort();
    make(strongAuth.get('more'));
  },
  'makes a call': ({ make, strongAuth }) => make(strongAuth.get('more')),
  'makes a call that is challenged': ({ make, strongAuth }) =>
    make(strongAuth.set(COMMAND, { action: 'horn' })),
  subscribes: ({ make, strongAuth }) => make(strongAuth.subscribe('events', {}, () => {})),
  'asks for a grant': ({ make, strongAuth }) => make(strongAuth.ensure()),
  'says that the account is well': ({ strongAuth }) => strongAuth.recovered(),
  unsubscribes: ({ make, subscriptions }) => {
    for (const { unsubscribe } of subscriptions) make(unsubscribe());
  },
  'looks at it': ({ strongAuth }) => {
    JSON.stringify([strongAuth.view.getSnapshot(), strongAuth.explain(), String(strongAuth.explain())]);
  },
};

const places = [
  'transport.send',
  'transport.send of the OTP',
  'transport.subscribe',
  'replay',
  'prepareReplay',
  'classify.call',
  'classify.otp',
  'grant.read',
  'grant.apply',
  'enterPin',
  'requestOtp',
  'store.load',
  'store.save',
  'clock.now',
  'clock.monotonic',
  'clock.setTimeout',
  'clock.clearTimeout',
  'onEvent',
  'inspect',
  'view.subscribe',
  'actor.subscribe',
  'onResult',
  'prompt.signal',
  "the sending's signal",
  "the call's signal",
  'a callback of asPims()',
] as const;
type Place = (typeof places)[number];

const surfaced: unknown[] = [];
const note = (error: unknown) => void surfaced.push(error);
const KINDS = ['uncaughtException', 'unhandledRejection'] as const;
let others: (readonly [string, unknown[]])[] = [];
beforeEach(() => {
  others = KINDS.map((kind) => [kind, process.listeners(kind as 'uncaughtException')] as const);
  for (const kind of KINDS) process.removeAllListeners(kind).on(kind, note);
});
afterEach(() => {
  for (const [kind, listeners] of others) {
    process.removeAllListeners(kind);
    for (const listener of listeners) process.on(kind, listener as () => void);
  }
  surfaced.length = 0;
});

interface App {
  readonly strongAuth: StrongAuth;
  readonly controller: AbortController;
  readonly subscriptions: Subscription[];
  /** Watches what was asked for. */
  readonly make: (promise: Promise<unknown>) => void;
  readonly end: (how: 'cancel' | 'reset' | 'dispose') => void;
}

const immediate = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Lives through the lifecycle. `onCallOut` is called at each call-out, in the middle of it. */
async function live(
  onCallOut: (place: Place, nth: number, app: App) => void,
  options: Partial<StrongAuthOptions>,
) {
  const time = createManualClock(1_700_000_000_000);
  const met = new Map<Place, number>();
  const breaches: string[] = [];
  const made: Watched[] = [];
  const open = new Set<AbortSignal>();
  let isStarted = false;
  let hasPin = false;
  let otpsOnTheirWay = 0;
  let otps = 0;
  let isStrong = false;
  const executed = new Map<string, number>();

  const call = (place: Place) => {
    const nth = (met.get(place) ?? 0) + 1;
    met.set(place, nth);
    if (isStarted) onCallOut(place, nth, app);
  };
  const later = <T>(value: T) => new Promise<T>((resolve) => void time.setTimeout(() => resolve(value), 10));
  const heedSignal = (signal: AbortSignal, place: Place) =>
    signal.addEventListener('abort', () => call(place));

  const answerOtp = (pin: unknown) => {
    if (!hasPin) breaches.push('an OTP without a PIN that was given for it');
    if (otpsOnTheirWay > 0) breaches.push('two OTPs at a time');
    otpsOnTheirWay += 1;
    otps += 1;
    const answer =
      pin === WRONG_PIN ? failed(2308) : otps === 2 ? failed(2312) : succeeded({ otp: 'o', token: 't' });
    return later(answer).then((message) => {
      otpsOnTheirWay -= 1;
      if (message.status === 'SUCCEEDED') isStrong = true;
      return message;
    });
  };
  const transport: Transport = {
    send(request, sending) {
      heedSignal(sending.signal, "the sending's signal");
      if (request.api === OTP) {
        const answer = answerOtp(request.parameters?.pinCode);
        call('transport.send of the OTP');
        return answer;
      }
      call('transport.send');
      const needsIt = request.api === COMMAND || ['x', 'y', 'given up'].includes(request.api);
      return later(0).then(() => {
        if (needsIt && !isStrong) return failed(2302);
        executed.set(request.api, (executed.get(request.api) ?? 0) + 1);
        return succeeded(request.api);
      });
    },
    subscribe(_request, onMessage, sending) {
      heedSignal(sending.signal, "the sending's signal");
      call('transport.subscribe');
      time.setTimeout(() => {
        if (!isStrong) return onMessage(failed(2302));
        onMessage({ status: 'RESULT', result: 'early' });
        onMessage(succeeded());
        onMessage({ status: 'RESULT', result: 'late' });
      }, 10);
    },
  };
  const strongAuth = createStrongAuth({
    transport,
    enterPin: (prompt) => {
      for (const signal of open) if (!signal.aborted) breaches.push('two prompts at a time');
      heedSignal(prompt.signal, 'prompt.signal');
      call('enterPin'); // what throws has asked nobody
      open.add(prompt.signal);
      const { attempt, signal } = prompt;
      return later(0).then(() => {
        open.delete(signal);
        hasPin ||= !signal.aborted;
        return attempt === 1 ? WRONG_PIN : PIN;
      });
    },
    clock: {
      now: () => {
        call('clock.now');
        return time.now();
      },
      monotonic: () => {
        call('clock.monotonic');
        return time.monotonic();
      },
      setTimeout: (callback, ms) => {
        const id = time.setTimeout(callback, ms);
        call('clock.setTimeout');
        return id;
      },
      clearTimeout: (id) => {
        time.clearTimeout(id);
        call('clock.clearTimeout');
      },
    },
    policy: {
      maxPinAttempts: 3,
      otpBudget: {
        max: 100,
        perMs: 1000,
        store: {
          load: () => {
            call('store.load');
            return [];
          },
          save: () => call('store.save'),
        },
      },
    },
    classify: {
      call: (message) => {
        call('classify.call');
        return message.status === 'FAILED' ? { challenge: { need: 1 } } : 'pass';
      },
      otp: () => call('classify.otp') as never,
    },
    prepareReplay: (request) => {
      call('prepareReplay');
      return request;
    },
    grant: {
      read: () => {
        call('grant.read');
        return 'token';
      },
      apply: (request) => {
        call('grant.apply');
        return request;
      },
    },
    onEvent: () => call('onEvent'),
    inspect: () => call('inspect'),
    ...options,
    ...(options.requestOtp && {
      requestOtp: (pin) => {
        const answer = answerOtp(pin);
        call('requestOtp');
        return answer;
      },
    }),
  });
  const controller = new AbortController();
  controller.signal.addEventListener('abort', () => call("the call's signal"));
  const subscriptions: Subscription[] = [];
  const app: App = {
    strongAuth,
    controller,
    subscriptions,
    make: (promise) => void made.push(watched(promise)),
    end(how) {
      hasPin = false;
      strongAuth[how]();
    },
  };
  const drive = async () => {
    for (let round = 0; round < 400; round += 1) {
      await immediate();
      if (time.pending === 0 && made.every(({ fate }) => fate !== 'pending')) return;
      time.advance(round < 60 ? 10 : 10_000);
    }
  };

  strongAuth.view.subscribe(() => call('view.subscribe'));
  strongAuth.actor.subscribe(() => call('actor.subscribe'));
  isStarted = true;
  const { signal } = controller;
  const guarded = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      breaches.push(`a method of the client threw ${error}`);
    }
  };
  const own: CallOptions = {
    signal,
    replay: () => {
      call('replay');
      return true;
    },
  };
  guarded(() =>
    app.make(
      strongAuth
        .subscribe('events', {}, () => call('onResult'))
        .then((subscription) => subscriptions.push(subscription)),
    ),
  );
  guarded(() => app.make(strongAuth.set(COMMAND, { action: 'doors', doorState: 'lock' }, own)));
  guarded(() => app.make(strongAuth.get('x', {}, own)));
  guarded(() => app.make(strongAuth.ensure({ signal })));
  let answers = 0;
  guarded(() =>
    strongAuth.asPims().get('y', {}, () => {
      answers += 1;
      call('a callback of asPims()');
    }),
  );
  await drive();
  // The grant has ended, and the app gives a call up while the user is asked.
  isStrong = false;
  const givenUp = new AbortController();
  givenUp.signal.addEventListener('abort', () => call("the call's signal"));
  guarded(() => app.make(strongAuth.get('given up', {}, { signal: givenUp.signal })));
  await immediate();
  time.advance(10);
  await immediate();
  givenUp.abort();
  await drive();
  for (const { unsubscribe } of subscriptions) guarded(() => app.make(unsubscribe()));
  await drive();

  return {
    app,
    time,
    met,
    breaches,
    made,
    executed,
    drive,
    answers: () => answers,
    stop: () => {
      isStarted = false;
    },
  };
}

/** What must hold whatever the host did. */
async function expectWell({
  app,
  time,
  breaches,
  made,
  answers,
  executed,
  drive,
  stop,
}: Awaited<ReturnType<typeof live>>) {
  const { strongAuth } = app;
  expect(breaches).toEqual([]);
  expect(made.map(({ settlements }) => settlements)).toEqual(made.map(() => 1));
  expect(answers()).toBe(1);
  expect(time.pending).toBe(0);
  for (const times of [executed.get('x'), executed.get('y')]) expect(times ?? 0).toBeLessThan(2);
  const snapshot = strongAuth.actor.getSnapshot();
  expect(statusOf(snapshot)).toBe(strongAuth.view.getSnapshot().status);
  const isClosed = statusOf(snapshot) === 'closed';
  expect(snapshot.status).toBe(isClosed ? 'done' : 'active');
  if (!isClosed) expect(['idle', 'done', 'cancelled', 'failed']).toContain(statusOf(snapshot));
  // And the next call works.
  stop();
  const next = watched(strongAuth.get('next'));
  await drive();
  await immediate();
  time.advance(20);
  await immediate();
  expect(next.fate).toBe(isClosed ? 'DISPOSED' : 'resolved');
  strongAuth.dispose();
  await drive(); // what still runs is taken back from the transport
  expect(time.pending).toBe(0);
  const strange = surfaced.filter((error) => (error as Error)?.message !== 'host code');
  expect(strange).toEqual([]);
}

const worlds: Record<string, Partial<StrongAuthOptions>> = {
  'the SDK': {},
  'a second factor of its own': { requestOtp: async () => undefined },
};

describe.each(Object.entries(worlds))('with %s', (_, options) => {
  test('a lifecycle that is left in peace calls the host everywhere', async () => {
    const lived = await live(() => {}, options);
    const own = options.requestOtp ? ['transport.send of the OTP'] : ['requestOtp'];
    expect(places.filter((place) => !lived.met.has(place))).toEqual(own);
    await expectWell(lived);
  });

  for (const place of places) {
    for (const [name, deed] of Object.entries(deeds)) {
      for (const isLater of [false, true]) {
        if (isLater && name === 'throws') continue;
        test(`${place} ${name}${isLater ? ', a moment later' : ''}`, async () => {
          for (let at = 1; at <= 12; at += 1) {
            let isDone = false;
            const lived = await live((where, nth, app) => {
              if (where !== place || nth !== at || isDone) return;
              isDone = true;
              if (isLater) queueMicrotask(() => deed(app));
              else deed(app);
            }, options);
            try {
              await expectWell(lived);
            } catch (error) {
              throw Object.assign(error as Error, { message: `at ${at}: ${(error as Error).message}` });
            }
            if (!isDone) break;
          }
        });
      }
    }
  }
});
