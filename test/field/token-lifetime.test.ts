import type { GrantOption } from 'strong-auth-machine';
import type { createManualClock } from 'strong-auth-machine/simulator';
import { describe, expect, test } from 'vitest';
import { settleDown, watched } from '../lifecycle/support.js';
import { collectSurfaced } from './support.js';
import { MINUTE, tokenBackEnd } from './token-back-end.js';

/* How long a token serves: neighbours of the field cases 54 and 55, which are in grants.test.ts. */

collectSurfaced();

describe('54. a token that ends in the middle of three commands', () => {
  test('between two of them: the third asks once more, and nothing is refused', async () => {
    const { car, clock, command } = tokenBackEnd();
    await command(1);
    clock.advance(5 * MINUTE);
    await command(2);
    clock.advance(5 * MINUTE);
    await command(3);
    expect(car).toMatchObject({ asked: 2, executed: [1, 2, 3] });
  });

  test('while the second is on its way: it is challenged, and sent again with the new one', async () => {
    const { car, clock, command, hold, arrive } = tokenBackEnd(
      {},
      { policy: { callTimeoutMs: Number.POSITIVE_INFINITY, maxAgeMs: 60 * MINUTE } },
    );
    await command(1);
    clock.advance(9 * MINUTE);
    hold();
    const second = watched(command(2));
    await settleDown();
    clock.advance(2 * MINUTE);
    await arrive();
    expect([second.value, car.asked, car.executed]).toEqual([2, 2, [1, 2]]);
    expect(await command(3)).toBe(3);
    expect(car.asked).toBe(2);
  });

  test('three at once after it has ended: one prompt', async () => {
    const { car, clock, command } = tokenBackEnd();
    await command(0);
    clock.sleep(11 * MINUTE);
    await Promise.all([1, 2, 3].map(command));
    expect(car).toMatchObject({ asked: 2, executed: [0, 1, 2, 3] });
  });

  test('which the back end takes back early: the next command is challenged, and asks once', async () => {
    const { car, command } = tokenBackEnd();
    await command(1);
    car.outlives = 0;
    await Promise.all([2, 3].map(command));
    expect([car.asked, car.executed]).toEqual([2, [1, 2, 3]]);
    expect(car.issued).toHaveLength(2);
  });

  test.each<[string, (clock: ReturnType<typeof createManualClock>) => void, number]>([
    ['set back an hour', (clock) => clock.setWallClock(clock.now() - 60 * MINUTE), 1],
    ['set back a year', (clock) => clock.setWallClock(clock.now() - 365 * 24 * 60 * MINUTE), 1],
    ['set forward an hour', (clock) => clock.setWallClock(clock.now() + 60 * MINUTE), 2],
  ])('with a wall clock that is %s', async (_, jump, asked) => {
    const { car, clock, command } = tokenBackEnd();
    await command(1);
    jump(clock);
    await command(2);
    expect(car.asked).toBe(asked);
    clock.advance(10 * MINUTE); // however long it lives by the wall clock, it does not live longer than it was given
    await command(3);
    expect(car).toMatchObject({ asked: asked + 1, executed: [1, 2, 3] });
  });

  test.each<[string, () => GrantOption['read']]>([
    ['a text', () => () => 'token-1'],
    ['a number', () => () => 4711],
    ['a secret without an end', () => () => ({ secret: 'token-1' })],
    ['an end that is no number', () => () => ({ secret: 'token-1', expiresAt: Number.NaN })],
    [
      'a class of getters',
      () => () =>
        new (class {
          get secret() {
            return 'token-1';
          }
          get expiresAt() {
            return undefined;
          }
        })(),
    ],
  ])('read that gives %s: it lives until it is forgotten', async (_, make) => {
    const tokens: string[] = [];
    const { clock, command, strongAuth } = tokenBackEnd({
      read: make(),
      apply(request, secret) {
        tokens.push(secret.reveal());
        return { ...request, parameters: { ...request.parameters, token: 'token-1' } };
      },
    });
    await command(1);
    clock.advance(9 * MINUTE);
    await command(2);
    expect([new Set(tokens).size, tokens.length]).toEqual([1, 2]);
    strongAuth.reset();
    void watched(command(3));
    expect(tokens).toHaveLength(2);
  });
});

describe('55. ensure() and grants', () => {
  test('ensure, set, ensure, set: one prompt while the token lives', async () => {
    const { car, clock, strongAuth, command } = tokenBackEnd();
    for (const n of [1, 2, 3]) {
      await strongAuth.ensure({ maxAgeMs: 10 * MINUTE });
      await command(n);
      clock.advance(3 * MINUTE);
    }
    expect(car).toMatchObject({ asked: 1, executed: [1, 2, 3], refused: 0 });
  });

  test('without maxAgeMs it asks each time, and the newest token is the one', async () => {
    const { car, strongAuth, command } = tokenBackEnd();
    await strongAuth.ensure();
    await strongAuth.ensure();
    await command(1);
    expect(car).toMatchObject({ asked: 2, executed: [1], refused: 0 });
  });

  test('at the same time as a command: one prompt, both settle', async () => {
    const { car, strongAuth, command } = tokenBackEnd();
    const [, result] = await Promise.all([strongAuth.ensure(), command(1)]);
    expect([result, car.asked]).toEqual([1, 1]);
  });

  test('a wave that is declined leaves the token that lives', async () => {
    let pin: string | null = '1234';
    const { car, strongAuth, command } = tokenBackEnd({}, { enterPin: async () => pin });
    await command(1);
    pin = null;
    await expect(strongAuth.ensure()).rejects.toMatchObject({ code: 'CANCELLED' });
    strongAuth.recovered();
    expect(await command(2)).toBe(2);
    expect(car.refused).toBe(1);
  });
});
