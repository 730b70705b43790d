import { readdirSync, readFileSync } from 'node:fs';
import type { EnterPin } from 'strong-auth-machine';
import { createManualClock } from 'strong-auth-machine/simulator';
import { describe, expect, test, vi } from 'vitest';
import { createFakeVault } from './fakes/hash-per-operation.js';
import { createFakeBank } from './fakes/http-api.js';
import { createFakePolled } from './fakes/polled-commands.js';
import { createFakeCars } from './fakes/token-for-minutes.js';
import { createVault } from './hash-per-operation.js';
import { createBank } from './http-api.js';
import { createPolled } from './polled-commands.js';
import { createCars } from './token-for-minutes.js';

const URL_OF = 'https://back-end.example';

/** A user who types these PINs, one at each prompt, and then declines. */
function userWith(...pins: string[]) {
  const prompts: { readonly attemptsLeft: number; readonly challenges: readonly unknown[] }[] = [];
  let isReady = () => true;
  const enterPin: EnterPin = async (prompt) => {
    await vi.waitUntil(() => isReady());
    const challenges = prompt.calls.map(({ challenge }) => challenge);
    prompts.push({ attemptsLeft: prompt.attemptsLeft, challenges });
    return pins[prompts.length - 1] ?? null;
  };
  return {
    ...{ prompts, enterPin },
    /** The user looks at the prompt until then. */
    waitFor(until: () => boolean) {
      isReady = until;
    },
  };
}

const codesOf = (settled: readonly PromiseSettledResult<unknown>[]) =>
  settled.map((one) => (one.status === 'rejected' ? one.reason.code : one.value));

describe('an HTTP API with RFC 9470', () => {
  function bank(answers: (string | null)[]) {
    const fake = createFakeBank();
    const asked: unknown[] = [];
    const signIn = async (needs: unknown) => {
      asked.push(needs);
      return answers.shift() ?? null;
    };
    return { ...fake, asked, bank: createBank({ url: URL_OF, send: fake.send, signIn }, 'pwd') };
  }

  test('three transfers: one sign-in, three transfers', async () => {
    const { bank: own, seen, asked } = bank(['mfa']);
    expect(await Promise.all([1, 2, 3].map(own.transfer))).toEqual([
      ...['transfer-1', 'transfer-2', 'transfer-3'],
    ]);
    expect([asked, seen]).toEqual([
      [{ acrValues: ['mfa'], maxAge: 300, scopes: [] }],
      { amounts: [1, 2, 3], limits: [], challenged: 3 },
    ]);
  });

  test('a poll never asks, and has its answer once somebody has signed in', async () => {
    const { bank: own, asked } = bank(['mfa']);
    expect([await own.balance(), asked.length]).toEqual([undefined, 0]);
    await own.transfer(1);
    expect([await own.balance(), asked.length]).toEqual([99, 1]);
  });

  test('declined: CANCELLED; refused by the bank: its answer', async () => {
    const { bank: own, seen } = bank([null, 'mfa']);
    expect(codesOf(await Promise.allSettled([own.transfer(1), own.transfer(2)]))).toEqual([
      ...['CANCELLED', 'CANCELLED'],
    ]);
    await expect(own.transfer(101)).rejects.toThrow('the bank answered 422');
    expect(seen.amounts).toEqual([]);
  });
});

describe('a PIN that gives a token for ten minutes, and one command for each car at a time', () => {
  function cars(...pins: string[]) {
    const clock = createManualClock(1_700_000_000_000);
    const user = userWith(...pins);
    const fake = createFakeCars(() => clock.now());
    const own = createCars({
      ...{ url: URL_OF, send: fake.send, enterPin: user.enterPin, clock },
      now: () => clock.now(),
    });
    /** Lets each car finish what it does, until nothing is left. */
    const finishAll = async (count: number) => {
      await vi.waitFor(() => {
        for (const car of fake.busy()) fake.finish(car);
        expect(fake.seen.executed).toHaveLength(count);
      });
    };
    return { ...fake, ...own, clock, user, finishAll };
  }

  test('four commands for two cars: one PIN, no clash, in the order of each car', async () => {
    const { command, seen, user, finishAll, busy } = cars('1234');
    const commands = [
      command('a', 'unlock'),
      command('a', 'horn'),
      command('b', 'unlock'),
      command('b', 'lock'),
    ];
    await vi.waitFor(() => expect(busy()).toEqual(['a', 'b']));
    await finishAll(4);
    await Promise.all(commands);
    expect([user.prompts.length, seen.clashes]).toEqual([1, 0]);
    const ofCar = (car: string) => seen.executed.filter((one) => one.startsWith(car));
    expect([ofCar('a'), ofCar('b')]).toEqual([
      ['a unlock', 'a horn'],
      ['b unlock', 'b lock'],
    ]);
  });

  test('within ten minutes nobody is asked again, and nothing is challenged; after that, once', async () => {
    const { command, seen, user, finishAll, clock } = cars('1234', '1234');
    const run = async (count: number) => {
      const running = command('a', 'horn');
      await finishAll(count);
      return running;
    };
    await run(1);
    clock.advance(9 * 60_000);
    await run(2);
    expect([user.prompts.length, seen.challenged]).toEqual([1, 1]);
    clock.advance(60_000);
    await run(3);
    expect([user.prompts.length, seen.pins.length]).toEqual([2, 2]);
  });

  test('declined: the command and those in line behind it are not sent', async () => {
    const { command, seen, user } = cars();
    const fates = await Promise.allSettled([command('a', 'unlock'), command('a', 'horn')]);
    expect([codesOf(fates), seen.executed, user.prompts.length]).toEqual([
      ['CANCELLED', 'CANCELLED'],
      ...[[], 1],
    ]);
  });

  test('a wrong PIN spends an attempt', async () => {
    const { command, seen, user, finishAll } = cars('9999', '1234');
    const running = command('a', 'horn');
    await finishAll(1);
    await running;
    expect([user.prompts.map(({ attemptsLeft }) => attemptsLeft), seen.pins]).toEqual([
      [2, 1],
      ['9999', '1234'],
    ]);
  });
});

describe('a command that is polled, and a token that is upgraded on 401', () => {
  function polled(...pins: string[]) {
    const clock = createManualClock(1_700_000_000_000);
    const user = userWith(...pins);
    const fake = createFakePolled();
    const own = createPolled({ url: URL_OF, send: fake.send, enterPin: user.enterPin, clock }, 'weak');
    const looked = (count: number) => vi.waitFor(() => expect(fake.seen.looks).toBe(count));
    /** The pause before the next look passes. */
    const look = async (count: number) => {
      await vi.waitFor(() => expect(clock.pending).toBeGreaterThan(0));
      clock.advance(2000);
      await looked(count);
    };
    return { ...fake, ...own, user, looked, look };
  }

  test('is started once, looked at until it is done, and asks for one PIN', async () => {
    const { run, seen, user, looked, look } = polled('1234');
    const state = run('heat');
    await looked(1);
    await look(2);
    await look(3);
    expect([await state, seen, user.prompts.length]).toEqual([
      'done',
      { started: ['heat'], looks: 3, upgrades: 1, challenged: 1 },
      1,
    ]);
  });

  test('a token that becomes too weak meanwhile: the look is sent again, and the command is not', async () => {
    const { run, seen, user, looked, look, weaken } = polled('1234', '1234');
    const state = run('heat');
    await looked(1);
    weaken();
    await look(2);
    await look(3);
    expect([await state, seen.started, user.prompts.length]).toEqual(['done', ['heat'], 2]);
  });

  test('declined while it is polled: it rejects, and the command goes on', async () => {
    const { run, seen, looked, look, weaken } = polled('1234');
    const state = run('heat').catch(({ code }) => code);
    await looked(1);
    weaken();
    await look(1);
    expect([await state, seen.started]).toEqual(['CANCELLED', ['heat']]);
  });
});

describe('a challenge and a hash for each operation, and attempts that the server counts', () => {
  function vault(...pins: string[]) {
    const user = userWith(...pins);
    const fake = createFakeVault('2468');
    return { ...fake, user, ...createVault({ url: URL_OF, send: fake.send, enterPin: user.enterPin }) };
  }

  test('three boxes at once: one PIN, three hashes; the next box asks again', async () => {
    const { open, seen, user, strongAuth } = vault('2468', '2468');
    user.waitFor(() => strongAuth.view.getSnapshot().waiting === 3);
    await Promise.all(['a', 'b', 'c'].map(open));
    user.waitFor(() => true);
    expect([seen.opened, user.prompts.length, user.prompts[0]?.challenges.length]).toEqual([
      ['a', 'b', 'c'],
      ...[1, 3],
    ]);
    await open('d');
    expect([seen.opened.length, user.prompts.length]).toEqual([4, 2]);
  });

  test('the server’s count is what the prompt shows, and ends it', async () => {
    const { open, user } = vault('1111', '2222', '3333', '2468');
    expect(codesOf(await Promise.allSettled([open('a')]))).toEqual(['PIN_REJECTED']);
    expect(user.prompts.map(({ attemptsLeft }) => attemptsLeft)).toEqual([10, 2, 1]);
    expect(codesOf(await Promise.allSettled([open('b')]))).toEqual(['ACCOUNT_BLOCKED']);
    expect(codesOf(await Promise.allSettled([open('c')]))).toEqual(['ACCOUNT_BLOCKED']);
    expect(user.prompts).toHaveLength(4); // the block is remembered: nobody is asked for the third box
  });

  test('the PIN leaves the device in no request', async () => {
    const { open, seen } = vault('1357', '2468');
    await open('a');
    expect(seen.bodies.length).toBeGreaterThan(3);
    for (const body of seen.bodies) expect(body).not.toMatch(/1357|2468/);
  });
});

test('each of them fits on a page', () => {
  const folder = new URL('.', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.includes('.test.'));
  expect(files).toHaveLength(5);
  for (const file of files) {
    expect(readFileSync(new URL(file, folder), 'utf8').split('\n').length, file).toBeLessThan(80);
  }
});
