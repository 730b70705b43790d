import { createStrongAuth, fromPims } from 'strong-auth-machine';
import { statusOf } from 'strong-auth-machine/machine';
import { createSimulator } from 'strong-auth-machine/simulator';
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
  watched,
} from '../lifecycle/support.js';
import { type App, collectSurfaced, expectRest, immediate } from './support.js';
import { MINUTE, tokenBackEnd } from './token-back-end.js';

/* recovered(): neighbours of field case 58. The account, or the device, was found well again outside of this client. */

collectSurfaced();

const denials = {
  ACCOUNT_BLOCKED: failed(2310),
  THROTTLED: { status: 'FAILED', error: { code: 429, retryAfter: 900 } },
} as const;
type Denial = keyof typeof denials;
const names = Object.keys(denials) as Denial[];

async function deny(denial: Denial, options: Parameters<typeof stage>[0] = {}) {
  const app = stage(options);
  const call = await app.challenged();
  await app.type('1234');
  await app.answer(denials[denial]);
  expect(call.fate).toBe(denial);
  return app;
}
const succeedsWithPin = async (app: App) => {
  const call = await app.challenged();
  expect(call.fate).toBe('pending');
  await app.type('1234');
  await app.answer(GRANT);
  await app.answer(succeeded('done'));
  expect(call.value).toBe('done');
};

describe.each(names)('58. after %s', (denial) => {
  test('the next call asks, and calls in flight go on', async () => {
    const app = await deny(denial);
    const inFlight = watched(app.strongAuth.get('app.user'));
    const sent = app.transport.requests.length;
    app.strongAuth.recovered();
    await immediate();
    expect([inFlight.fate, app.transport.requests.length]).toEqual(['pending', sent]);
    await app.answer(succeeded('Ann'));
    expect(inFlight.value).toBe('Ann');
    await succeedsWithPin(app);
    await expectRest(app);
  });

  test('a call that was in flight when the account was found well asks when it is challenged', async () => {
    const app = await deny(denial);
    const inFlight = watched(app.strongAuth.set(COMMAND, { action: 'horn' }));
    app.strongAuth.recovered();
    await app.answer(CHALLENGE);
    expect([inFlight.fate, app.user.prompts.length]).toEqual(['pending', 2]);
    await app.type('1234');
    await app.answer(GRANT);
    await app.answer(succeeded('done'));
    expect(inFlight.value).toBe('done');
    await expectRest(app);
  });

  test('twice, or ten times: as once', async () => {
    const app = await deny(denial);
    for (let time = 0; time < 10; time += 1) app.strongAuth.recovered();
    await succeedsWithPin(app);
    await expectRest(app);
  });

  test('it blocks again: that is remembered again', async () => {
    const app = await deny(denial);
    app.strongAuth.recovered();
    await app.challenged();
    await app.type('1234');
    await app.answer(denials[denial]);
    const call = await app.challenged();
    expect([call.fate, app.user.prompts.length]).toEqual([denial, 2]);
    app.strongAuth.recovered();
    await succeedsWithPin(app);
    await expectRest(app);
  });

  test('a subscription goes on', async () => {
    const app = stage();
    let emit = (_: unknown) => {};
    app.transport.subscribe = (_request, onMessage) => {
      emit = onMessage;
      onMessage(succeeded());
    };
    const events: unknown[] = [];
    await app.strongAuth.subscribe('events', {}, ({ result }) => events.push(result));
    await app.challenged();
    await app.type('1234');
    await app.answer(denials[denial]);
    app.strongAuth.recovered();
    emit({ status: 'RESULT', result: 1 });
    expect(events).toEqual([1]);
  });

  test('a background call may not ask, and says so', async () => {
    const app = await deny(denial);
    const background = async () => {
      const call = watched(app.strongAuth.get('x', {}, { interactive: false }));
      await app.answer(CHALLENGE);
      return call.fate;
    };
    expect(await background()).toBe(denial);
    app.strongAuth.recovered();
    expect(await background()).toBe('INTERACTION_REQUIRED');
    await expectRest(app);
  });

  const listeners: Record<string, (app: App, act: () => void) => void> = {
    'a view listener': ({ strongAuth }, act) => strongAuth.view.subscribe(act),
    'an actor listener': ({ strongAuth }, act) => strongAuth.actor.subscribe(act),
  };
  test.each(Object.entries(listeners))(
    'from %s, each time it fails: the next call always asks',
    async (_, listen) => {
      const app = stage();
      let last: string | undefined;
      listen(app, () => {
        const status = statusOf(app.strongAuth.actor.getSnapshot());
        // Told of every event, also of `recovered` itself, an actor listener has to look whether something has changed.
        if (status !== last && status === 'failed') app.strongAuth.recovered();
        last = status;
      });
      for (let time = 1; time <= 3; time += 1) {
        await app.challenged();
        expect(app.user.prompts).toHaveLength(time);
        await app.type('1234');
        await app.answer(denials[denial]);
      }
      await succeedsWithPin(app);
      await expectRest(app);
    },
  );

  test('from the very rejection: the app finds the account well, and tries again', async () => {
    const app = stage();
    const tried = app.strongAuth.get<unknown>('x').catch(() => {
      app.strongAuth.recovered();
      return app.strongAuth.get<unknown>('x');
    });
    const call = watched(tried);
    await immediate();
    await app.answer(CHALLENGE);
    await app.type('1234');
    await app.answer(denials[denial]);
    await immediate();
    await app.answer(CHALLENGE);
    expect(app.user.prompts).toHaveLength(2);
    await app.type('1234');
    await app.answer(GRANT);
    await app.answer(succeeded('done'));
    expect(call.value).toBe('done');
    await expectRest(app);
  });
});

describe('where nothing is to be forgotten it changes nothing', () => {
  const moments: Record<string, (app: App) => unknown> = {
    'at first': () => {},
    'with a call in flight': ({ strongAuth }) => void watched(strongAuth.get('x')),
    'while the user is asked': (app) => app.challenged(),
    'while the OTP is requested': async (app) => {
      await app.challenged();
      await app.type('1234');
    },
    'while calls are replayed': async (app) => {
      await app.challenged();
      await app.type('1234');
      await app.answer(GRANT);
    },
    'after the user declined': async (app) => {
      await app.challenged();
      await app.type(null);
    },
    'after a PIN that was wrong too often': async (app) => {
      await app.challenged();
      for (let attempt = 0; attempt < 2; attempt += 1) {
        await app.type('1111');
        await app.answer(failed(2308));
      }
    },
    'after dispose()': ({ strongAuth }) => strongAuth.dispose(),
  };
  test.each(Object.entries(moments))('%s', async (_, arrive) => {
    const app = stage();
    await arrive(app);
    const before = app.strongAuth.view.getSnapshot();
    const { length } = app.transport.requests;
    app.strongAuth.recovered();
    await immediate();
    expect(app.strongAuth.view.getSnapshot()).toBe(before);
    expect([app.transport.requests.length, app.user.prompts.length <= 2]).toEqual([length, true]);
    app.strongAuth.dispose();
    await immediate();
    expect(app.clock.pending).toBe(0);
  });
});

test('a throttle of which the time has come needs no recovered()', async () => {
  const app = await deny('THROTTLED');
  await app.pass(900_000);
  await succeedsWithPin(app);
  await expectRest(app);
});

test('a throttle, then recovered(), then a block: the old time forgives nothing', async () => {
  const app = await deny('THROTTLED');
  app.strongAuth.recovered();
  await app.challenged();
  await app.type('1234');
  await app.answer(denials.ACCOUNT_BLOCKED);
  await app.pass(2_000_000);
  expect((await app.challenged()).fate).toBe('ACCOUNT_BLOCKED');
  expect(app.user.prompts).toHaveLength(2);
  await expectRest(app);
});

test('the attempts that the server said were left are forgotten, too', async () => {
  const app = stage({ policy: { maxPinAttempts: 3 } });
  await app.challenged();
  await app.type('1111');
  await app.answer({ status: 'FAILED', error: { code: 2308, attemptsLeft: 1 } });
  app.strongAuth.cancel();
  await app.challenged();
  expect(app.user.prompts.at(-1)?.prompt.attemptsLeft).toBe(1);
  app.strongAuth.cancel();
  app.strongAuth.recovered();
  await app.challenged();
  expect(app.user.prompts.at(-1)?.prompt.attemptsLeft).toBe(3);
  await app.type(null);
  await expectRest(app);
});

test('on the simulator: blocked, unblocked at the dealer, and locked', async () => {
  const simulator = createSimulator();
  let pin = '0000';
  let asked = 0;
  const strongAuth = createStrongAuth({
    transport: fromPims(simulator),
    policy: { maxPinAttempts: 5 },
    enterPin: async () => {
      asked += 1;
      return pin;
    },
  });
  const lock = () => strongAuth.set(COMMAND, { action: 'doors', doorState: 'lock' });
  await expect(lock()).rejects.toMatchObject({ code: 'ACCOUNT_BLOCKED', remedy: 'unblockAccount' });
  const before = asked;
  await expect(lock()).rejects.toMatchObject({ code: 'ACCOUNT_BLOCKED' });
  expect(asked).toBe(before);
  simulator.unblock();
  await expect(lock()).rejects.toMatchObject({ code: 'ACCOUNT_BLOCKED' }); // nobody has told the client
  strongAuth.recovered();
  pin = '1234';
  await lock();
  expect([asked, simulator.car.isLocked]).toEqual([before + 1, true]);
  strongAuth.dispose();
});

test('an OTP request of the blocked wave is not sent again by it', async () => {
  const app = await deny('ACCOUNT_BLOCKED');
  app.strongAuth.recovered();
  app.clock.advance(400_000);
  await immediate();
  expect(app.requestsOf(OTP)).toHaveLength(1);
  await expectRest(app);
});

describe('58. recovered()', () => {
  test('while a prompt is open, and while a call is on its way, changes nothing', async () => {
    const app = stage();
    const inFlight = watched(app.strongAuth.get('x'));
    const call = await app.challenged();
    const signal = app.user.prompts[0]?.prompt.signal;
    app.strongAuth.recovered();
    await settleDown();
    expect([signal?.aborted, call.fate, inFlight.fate, app.transport.requests.length]).toEqual([
      false,
      'pending',
      'pending',
      2,
    ]);
  });

  test('keeps the last grant, and its token', async () => {
    const { car, strongAuth, command } = tokenBackEnd();
    await command(1);
    strongAuth.recovered();
    await strongAuth.ensure({ maxAgeMs: MINUTE });
    await command(2);
    expect(car).toMatchObject({ asked: 1, executed: [1, 2] });
  });

  test('an account that is blocked again is remembered again', async () => {
    const app = stage();
    for (let round = 0; round < 3; round += 1) {
      const call = await app.challenged();
      await app.type('1234');
      await app.answer(failed(2310));
      expect(call.fate).toBe('ACCOUNT_BLOCKED');
      expect((await app.challenged()).fate).toBe('ACCOUNT_BLOCKED');
      expect(app.user.prompts).toHaveLength(round + 1);
      app.strongAuth.recovered();
    }
    await expectRest(app);
  });
});
