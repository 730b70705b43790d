import { createStrongAuth, fromPims } from 'strong-auth-machine';
import { createSimulator } from 'strong-auth-machine/simulator';
import { describe, expect, test } from 'vitest';
import {
  CHALLENGE,
  COMMAND,
  GRANT,
  OTP,
  settleDown,
  stage,
  succeeded,
  watched,
} from '../lifecycle/support.js';

/* A PIN entry that makes calls itself: field case 32, and its neighbours. */

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
        names.push(await app.strongAuth.get<unknown>('pims.user'));
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
