import { statusOf } from 'strong-auth-machine/machine';
import { describe, expect, test } from 'vitest';
import {
  CHALLENGE,
  COMMAND,
  GRANT,
  OTP,
  settleDown,
  stage,
  succeeded,
  turn,
  watched,
} from '../lifecycle/support.js';
import { expectWell } from './support.js';

/* Host code that ends things in the middle of others: the field cases 35, 39b, 39c, 39e and 40. */

describe('35. reset() or dispose() from host code, while an ensure() waits: it settles', () => {
  const places = ['transport.send', 'replay', 'prepareReplay', 'classify', 'grant.apply'] as const;
  const cases = places.flatMap((place) =>
    (['reset', 'dispose'] as const).map((how) => [place, how] as const),
  );
  test.each(cases)('from %s: %s', async (place, how) => {
    let isArmed = false;
    const end = () => {
      if (!isArmed) return;
      isArmed = false;
      app.strongAuth[how]();
    };
    const app = stage({
      ...(place === 'prepareReplay' && {
        prepareReplay: (request) => {
          end();
          return request;
        },
      }),
      ...(place === 'classify' && {
        classify: {
          call: (message) => {
            end();
            return message.status === 'FAILED' ? 'challenge' : 'pass';
          },
        },
      }),
      ...(place === 'grant.apply' && {
        grant: {
          read: () => 'token',
          apply: (request) => {
            end();
            return request;
          },
        },
      }),
    });
    if (place === 'transport.send') {
      const { send } = app.transport;
      app.transport.send = (request, options) => {
        if (request.api !== OTP) end();
        return send(request, options);
      };
    }
    const call = await app.challenged({
      replay: () => {
        if (place === 'replay') end();
        return true;
      },
    });
    const ensured = watched(app.strongAuth.ensure());
    const last = await app.challenged();
    await app.type('1234');
    isArmed = true;
    await app.answer(GRANT);
    if (place === 'classify') await app.answer(CHALLENGE);
    await settleDown();
    expect(isArmed).toBe(false);
    const fate = how === 'reset' ? 'SIGNED_OUT' : 'DISPOSED';
    for (const { fate: own, settlements } of [call, last, ensured])
      expect([['resolved', fate].includes(own), settlements]).toEqual([true, 1]);
    await expectWell(app);
  });
});

test('39b. cancel(), ensure() and the abort of an older waiting call in one piece of host code: the ensure has a wave of its own', async () => {
  const app = stage();
  const controller = new AbortController();
  const call = await app.challenged({ signal: controller.signal });
  let ensured: ReturnType<typeof watched> | undefined;
  const subscription = app.strongAuth.actor.subscribe((snapshot) => {
    if (statusOf(snapshot) !== 'requestingOtp') return;
    subscription.unsubscribe();
    app.strongAuth.cancel();
    ensured = watched(app.strongAuth.ensure());
    controller.abort();
  });
  await app.type('1234');
  await turn();
  expect([call.settlements, ensured?.fate, app.status, app.user.prompts.length]).toEqual([
    1,
    'pending',
    'needStrongAuth',
    2,
  ]);
  await app.type('1234');
  await app.answer(GRANT);
  expect(ensured?.fate).toBe('resolved');
});

test('39c. after reset() inside a replay, a new subscribe that is challenged at once: it settles', async () => {
  const app = stage();
  let subscribed: ReturnType<typeof watched> | undefined;
  let registrations = 0;
  app.transport.subscribe = (_request, onMessage) => {
    registrations += 1;
    onMessage(registrations === 1 ? CHALLENGE : succeeded());
  };
  const call = await app.challenged({
    replay: () => {
      app.strongAuth.reset();
      subscribed = watched(app.strongAuth.subscribe('events', {}, () => {}));
      return true;
    },
  });
  await app.type('1234');
  await app.answer(GRANT);
  await settleDown();
  expect([call.fate, subscribed?.fate, app.status]).toEqual(['SIGNED_OUT', 'pending', 'needStrongAuth']);
  await app.type('1234');
  await app.answer(GRANT);
  expect([subscribed?.fate, registrations, app.requestsOf(COMMAND).length]).toEqual(['resolved', 2, 1]);
  await expectWell(app);
});

test('after reset() inside a replay, a call that is challenged after the next grant is a straggler of it', async () => {
  const app = stage();
  let late: ReturnType<typeof watched> | undefined;
  await app.challenged({
    replay: () => {
      app.strongAuth.reset();
      late = watched(app.strongAuth.get('late'));
      return true;
    },
  });
  await app.type('1234');
  await app.answer(GRANT);
  const [first] = app.requestsOf('late');
  await app.challenged();
  await app.type('1234');
  await app.answer(GRANT);
  first?.resolve(CHALLENGE);
  await settleDown();
  expect([app.user.prompts.length, app.requestsOf('late').length]).toEqual([2, 2]);
  await app.answer(succeeded('sent again'));
  expect(late?.value).toBe('sent again');
});

test('39e. a slow call is in flight while those that waited are replayed and settle: calling, not replaying', async () => {
  const app = stage();
  const slow = watched(app.strongAuth.get('slow'));
  const call = await app.challenged();
  await app.type('1234');
  await app.answer(GRANT);
  expect(app.status).toBe('replaying');
  await app.answer(succeeded(1));
  expect([call.value, app.status]).toEqual([1, 'calling']);
  expect(app.strongAuth.explain().waitingFor).toContain('calls in flight');
  await app.answer(succeeded(2), 0);
  expect([slow.value, app.status]).toEqual([2, 'done']);
});

test('an event that comes while the host stops the actor itself, in an inspector: nobody is told', async () => {
  let emit: (message: object) => void = () => {};
  const heard: unknown[] = [];
  let isArmed = false;
  const app = stage({ inspect: () => isArmed && emit({ status: 'RESULT', result: 'late' }) });
  app.transport.subscribe = (_request, onMessage) => {
    emit = onMessage as typeof emit;
    onMessage(succeeded());
  };
  await app.strongAuth.subscribe('events', {}, (event) => heard.push(event));
  emit({ status: 'RESULT', result: 'early' });
  isArmed = true;
  app.strongAuth.actor.stop();
  isArmed = false;
  await settleDown();
  expect(heard).toEqual([{ result: 'early' }]);
});

test('40. unsubscribe() that nobody waits for, then reset() or dispose(): no unhandled rejection', async () => {
  const rejections: unknown[] = [];
  const note = (reason: unknown) => rejections.push(reason);
  process.on('unhandledRejection', note);
  try {
    for (const end of ['reset', 'dispose'] as const) {
      const app = stage();
      app.transport.subscribe = (_request, onMessage) => onMessage(succeeded());
      const subscription = await app.strongAuth.subscribe('events', {}, () => {});
      void subscription.unsubscribe();
      app.strongAuth[end]();
      await turn();
      await expect(subscription.unsubscribe()).rejects.toMatchObject({ name: 'StrongAuthError' });
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  } finally {
    process.off('unhandledRejection', note);
  }
  expect(rejections).toEqual([]);
});
