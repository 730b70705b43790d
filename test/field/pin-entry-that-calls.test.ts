import { createStrongAuth, fromPims } from 'strong-auth-machine';
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
  type Watched,
  watched,
} from '../lifecycle/support.js';
import { finish } from './open-prompt.js';
import { type App, collectSurfaced, expectRest, immediate } from './support.js';

/* A PIN entry that makes calls itself: field case 32, and its neighbours. */

collectSurfaced();

describe('32. a PIN entry that makes calls itself', () => {
  test('a challenged call: it settles, and does not wait for the PIN that waits for it', async () => {
    const simulator = createSimulator();
    const asked: unknown[] = [];
    const strongAuth = createStrongAuth({
      transport: fromPims(simulator),
      enterPin: async () => {
        asked.push(await strongAuth.set(COMMAND, { action: 'horn' }).catch((error) => error.code));
        return '1234';
      },
    });
    await strongAuth.set(COMMAND, { action: 'doors', doorState: 'lock' });
    expect(asked).toEqual(['INTERACTION_REQUIRED']);
    expect([simulator.car.isLocked, simulator.car.horns]).toEqual([true, 0]);
  });

  test('an ensure(): the same', async () => {
    const simulator = createSimulator();
    const asked: unknown[] = [];
    const strongAuth = createStrongAuth({
      transport: fromPims(simulator),
      enterPin: async () => {
        asked.push(await strongAuth.ensure().catch((error) => error.code));
        return '1234';
      },
    });
    await strongAuth.set(COMMAND, { action: 'doors', doorState: 'lock' });
    expect(asked).toEqual(['INTERACTION_REQUIRED']);
  });

  test.each(['call', 'ensure'] as const)(
    'a challenged %s after an await, with the signal of its prompt: the same',
    async (kind) => {
      const simulator = createSimulator();
      const asked: unknown[] = [];
      const strongAuth = createStrongAuth({
        transport: fromPims(simulator),
        enterPin: async ({ signal }) => {
          await settleDown();
          const made =
            kind === 'ensure'
              ? strongAuth.ensure({ signal })
              : strongAuth.set(COMMAND, { action: 'horn' }, { signal });
          asked.push(await made.catch((error) => error.code));
          return '1234';
        },
      });
      await strongAuth.set(COMMAND, { action: 'doors', doorState: 'lock' });
      expect(asked).toEqual(['INTERACTION_REQUIRED']);
    },
  );

  test('the signal of a prompt that is over makes no call its own', async () => {
    const signals: AbortSignal[] = [];
    const app = stage({
      enterPin: async ({ signal }) => {
        signals.push(signal);
        return '1234';
      },
    });
    const first = await app.challenged();
    await app.answer(GRANT);
    await app.answer(succeeded(1));
    const second = watched(app.strongAuth.get('x', {}, { signal: signals[0] }));
    await app.answer(CHALLENGE);
    await app.answer(GRANT);
    await app.answer(succeeded(2));
    expect([first.value, second.value, signals.length]).toEqual([1, 2, 2]);
  });

  test('a call that is not challenged is one like any other', async () => {
    const app = stage({
      enterPin: async () => {
        names.push(await app.strongAuth.get<unknown>('app.user'));
        return '1234';
      },
    });
    const names: unknown[] = [];
    const call = await app.challenged();
    await app.answer(succeeded('Ann'));
    await app.answer(GRANT);
    await app.answer(succeeded('done'));
    expect([names, call.value]).toEqual([['Ann'], 'done']);
  });

  test('it may cancel, reset or dispose of the client that asks', async () => {
    for (const [how, fate] of [
      ['cancel', 'CANCELLED'],
      ['reset', 'SIGNED_OUT'],
      ['dispose', 'DISPOSED'],
    ] as const) {
      const app = stage({
        enterPin: async () => {
          app.strongAuth[how]();
          return '1234';
        },
      });
      const call = await app.challenged();
      expect([call.fate, app.requestsOf(OTP).length, app.clock.pending]).toEqual([fate, 0, 0]);
    }
  });
});

describe('32. what enterPin itself asks for', () => {
  const asks: Record<string, (app: App) => Promise<unknown>> = {
    'a get that is challenged': ({ strongAuth }) => strongAuth.get('x'),
    'a set that is challenged': ({ strongAuth }) => strongAuth.set(COMMAND, { action: 'horn' }),
    'a background call': ({ strongAuth }) => strongAuth.get('x', {}, { interactive: false }),
    'an ensure': ({ strongAuth }) => strongAuth.ensure(),
    'three at once': ({ strongAuth }) =>
      Promise.all([strongAuth.ensure(), strongAuth.get('x'), strongAuth.get('y')]),
  };
  test.each(Object.entries(asks))('%s settles, and the PIN is asked for', async (_, ask) => {
    const heard: unknown[] = [];
    const app = stage({
      enterPin: async () => {
        heard.push(await ask(app).catch((error) => error.code));
        return '1234';
      },
    });
    const call = await app.challenged();
    for (let round = 0; round < 3; round += 1) {
      for (const { request, isAnswered, resolve } of [...app.transport.requests])
        if (!isAnswered) resolve(request.api === OTP ? GRANT : round === 0 ? CHALLENGE : succeeded('done'));
      await immediate();
    }
    expect([heard, call.value]).toEqual([['INTERACTION_REQUIRED'], 'done']);
    await expectRest(app);
  });

  test('in each attempt of a wave', async () => {
    const heard: unknown[] = [];
    const app = stage({
      policy: { maxPinAttempts: 3 },
      enterPin: async ({ attempt }) => {
        heard.push(await app.strongAuth.ensure().catch((error) => error.code));
        return attempt < 3 ? '1111' : '1234';
      },
    });
    const call = await app.challenged();
    await app.answer(failed(2308));
    await app.answer(failed(2308));
    await app.answer(GRANT);
    await app.answer(succeeded('done'));
    expect([heard.length, new Set(heard), call.value]).toEqual([
      3,
      new Set(['INTERACTION_REQUIRED']),
      'done',
    ]);
    await expectRest(app);
  });

  test('a call of another client is none of its business', async () => {
    const other = stage();
    const app = stage({
      enterPin: async () => {
        await other.strongAuth.get('x');
        return '1234';
      },
    });
    const call = await app.challenged();
    await other.answer(CHALLENGE);
    await finish(other);
    await app.answer(GRANT);
    await app.answer(succeeded('done'));
    expect([call.value, other.user.prompts.length]).toEqual(['done', 1]);
    await expectRest(app);
    await expectRest(other);
  });

  test('one that is made by it and challenged after the PIN was given waits for the next answer like any other', async () => {
    let made: Watched | undefined;
    const app = stage({
      enterPin: async () => {
        made ??= watched(app.strongAuth.get('x'));
        return '1234';
      },
    });
    const call = await app.challenged();
    app.requestsOf('x')[0]?.resolve(CHALLENGE);
    await immediate();
    app.requestsOf(OTP)[0]?.resolve(GRANT);
    await immediate();
    for (const { isAnswered, resolve } of [...app.transport.requests])
      if (!isAnswered) resolve(succeeded('done'));
    await immediate();
    expect([call.value, made?.value]).toEqual(['done', 'done']);
    await expectRest(app);
  });
});

describe('32. a requestOtp that makes calls itself', () => {
  const calls: Record<string, (app: App, signal: AbortSignal) => Promise<unknown>> = {
    'a challenged call': ({ strongAuth }) => strongAuth.get('x'),
    'an ensure()': ({ strongAuth }) => strongAuth.ensure(),
    'a challenged call after an await, with its signal': async ({ strongAuth }, signal) => {
      await settleDown();
      return strongAuth.get('x', {}, { signal });
    },
    'an ensure() after an await, with its signal': async ({ strongAuth }, signal) => {
      await settleDown();
      return strongAuth.ensure({ signal });
    },
  };
  test.each(Object.entries(calls))('%s settles, and the wave goes on', async (_, makeCall) => {
    const heard: unknown[] = [];
    const app = stage({
      enterPin: async () => '1234',
      requestOtp: async (_pin, { signal }) => {
        heard.push(await makeCall(app, signal).catch((error) => error.code));
        return GRANT;
      },
    });
    const call = await app.challenged();
    await settleDown();
    app.requestsOf('x')[0]?.resolve(CHALLENGE);
    await immediate();
    for (const { isAnswered, resolve } of [...app.transport.requests])
      if (!isAnswered) resolve(succeeded('done'));
    await immediate();
    expect([heard, call.value]).toEqual([['INTERACTION_REQUIRED'], 'done']);
    await expectRest(app);
  });

  test('a call of the app meanwhile joins the wave', async () => {
    let grant: (message: unknown) => void = () => {};
    const app = stage({
      enterPin: async () => '1234',
      requestOtp: () =>
        new Promise((resolve) => {
          grant = resolve;
        }),
    });
    const first = await app.challenged();
    const second = watched(app.strongAuth.get('x'));
    await app.answer(CHALLENGE);
    grant(GRANT);
    await immediate();
    for (const { isAnswered, resolve } of [...app.transport.requests])
      if (!isAnswered) resolve(succeeded('done'));
    await immediate();
    expect([first.value, second.value]).toEqual(['done', 'done']);
    await expectRest(app);
  });
});
