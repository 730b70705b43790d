import { isStrongAuthError } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { COMMAND, challenge, DOORS, settleDown, stage, watch } from './support.js';

describe('34. The OTP expires before or during a slow replay', () => {
  test('maxRounds 2: one more bounded challenge', async () => {
    const app = stage({ policy: { maxRounds: 2 } });
    const call = await app.challenged();
    await app.grant();
    await app.pass(40_000);
    await app.answerCommand(challenge());
    expect(app.prompts).toHaveLength(2);
    expect(app.prompts[1]).toMatchObject({ attempt: 1, reason: 'strongAuthNeeded' });
    await app.grant();
    expect(app.otps).toHaveLength(2);
    await app.answerCommand();
    expect(call.fate).toBe('resolved');
    expect(app.commands).toHaveLength(3);
  });

  test('maxRounds 2, and challenged a third time: STILL_CHALLENGED', async () => {
    const app = stage({ policy: { maxRounds: 2 } });
    const call = await app.challenged();
    for (let round = 0; round < 2; round += 1) {
      await app.grant();
      await app.answerCommand(challenge());
    }
    expect(call.error).toMatchObject({ code: 'STILL_CHALLENGED', remedy: 'retry' });
    expect(app.prompts).toHaveLength(2);
    expect(app.commands).toHaveLength(3);
  });

  test('maxRounds 1: a typed rejection', async () => {
    const app = stage();
    const call = await app.challenged();
    await app.grant();
    await app.pass(40_000);
    await app.answerCommand(challenge());
    expect(call.error).toMatchObject({ code: 'STILL_CHALLENGED', remedy: 'retry' });
    expect(app.prompts).toHaveLength(1);
    expect(app.status).toBe('done');
  });

  test('the second wave is cancelled: CANCELLED, nothing sent again', async () => {
    const app = stage({ policy: { maxRounds: 2 } });
    const call = await app.challenged();
    await app.grant();
    await app.answerCommand(challenge());
    await app.type(null);
    expect(call.fate).toBe('CANCELLED');
    expect(app.commands).toHaveLength(2);
  });
});

describe('35. The server still answers 2302 right after success (propagation): no immediate second prompt loop', () => {
  test('by default the caller decides: STILL_CHALLENGED, once', async () => {
    const app = stage();
    const calls = [await app.challenged(), await app.challenged(), await app.challenged()];
    await app.grant();
    for (const _ of calls) await app.answerCommand(challenge());
    expect(calls.map(({ fate }) => fate)).toEqual(Array(3).fill('STILL_CHALLENGED'));
    expect(app.prompts).toHaveLength(1);
    expect(app.otps).toHaveLength(1);
    expect(app.commands).toHaveLength(6);
    expect(app.status).toBe('done');
    await app.pass(10 ** 6);
    expect(app.prompts).toHaveLength(1);
  });

  test('a call made while another is replayed, and challenged, opens a wave: it is no loop of the same call', async () => {
    const app = stage();
    await app.challenged();
    await app.grant();
    const fresh = await app.challenged();
    expect(app.prompts).toHaveLength(2);
    await app.grant();
    await app.answerCommand();
    await app.answerCommand();
    expect(fresh.fate).toBe('resolved');
  });

  test('a call that has spent its rounds never joins a wave that runs', async () => {
    const app = stage();
    const spent = await app.challenged();
    await app.grant();
    await app.challenged();
    expect(app.view.waiting).toBe(1);
    await app.answerNext(COMMAND, challenge());
    expect(spent.fate).toBe('STILL_CHALLENGED');
    expect(app.view.waiting).toBe(1);
  });
});

describe('37. Still 2302 after the limit: typed rejection, never resolved data, no loop', () => {
  test.each([1, 2, 3])('maxRounds %d', async (maxRounds) => {
    const app = stage({ policy: { maxRounds } });
    const call = await app.challenged();
    for (let round = 1; round <= maxRounds; round += 1) {
      expect(call.fate).toBe('pending');
      await app.grant();
      await app.answerCommand(challenge());
    }
    expect(isStrongAuthError(call.error)).toBe(true);
    expect(call).toMatchObject({ fate: 'STILL_CHALLENGED', value: undefined, settlements: 1 });
    expect(app.commands).toHaveLength(1 + maxRounds);
    expect(app.prompts).toHaveLength(maxRounds);
    await app.pass(10 ** 7);
    expect(app.commands).toHaveLength(1 + maxRounds);
  });

  test('send() and the thrown form as well', async () => {
    const app = stage();
    const call = watch(app.strongAuth.send({ verb: 'set', api: COMMAND, parameters: DOORS }));
    await settleDown();
    await app.fail(challenge());
    await app.grant();
    await app.fail(challenge());
    expect(call.fate).toBe('STILL_CHALLENGED');
  });

  test('the same call made again by the app is a new call', async () => {
    const app = stage();
    await app.challenged();
    await app.grant();
    await app.answerCommand(challenge());
    const again = await app.challenged();
    expect(app.prompts).toHaveLength(2);
    await app.grant();
    await app.answerCommand();
    expect(again.fate).toBe('resolved');
  });
});
