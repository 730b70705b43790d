import type { ApiRequest, ReplayOption } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { COMMAND, challenge, DOORS, PIN, settleDown, stage, succeeded, watch } from './support.js';

describe("40. replay: 'never' or a confirming function is honoured for non-idempotent calls", () => {
  test("'never': REPLAY_DECLINED, after the grant", async () => {
    const app = stage();
    const never = await app.challenged({ replay: 'never' });
    const other = await app.challenged();
    await app.type(PIN);
    expect(never.fate).toBe('pending');
    await app.answerOtp();
    expect(never.error).toMatchObject({ code: 'REPLAY_DECLINED', remedy: 'retry' });
    expect(app.commands).toHaveLength(3);
    await app.answerCommand();
    expect(other.fate).toBe('resolved');
  });

  test('alone, the machine rests in done: the wave was granted', async () => {
    const app = stage();
    const call = await app.challenged({ replay: 'never' });
    await app.grant();
    expect(call.fate).toBe('REPLAY_DECLINED');
    expect(app.commands).toHaveLength(1);
    expect(app.view).toMatchObject({ status: 'done', inFlight: false });
    expect(app.clock.pending).toBe(0);
  });

  test('when the wave is denied it hears of that', async () => {
    const app = stage();
    const call = await app.challenged({ replay: 'never' });
    await app.cancel();
    expect(call.fate).toBe('CANCELLED');
  });

  test.each<[string, ReplayOption, 'sent' | 'declined']>([
    ['true', () => true, 'sent'],
    ['a promise of true', () => Promise.resolve(true), 'sent'],
    ['false', () => false, 'declined'],
    ['a promise of false', () => Promise.resolve(false), 'declined'],
    ['undefined', () => undefined as never, 'declined'],
    ['something truthy', () => 'yes' as never, 'declined'],
    [
      'a throw',
      () => {
        throw new Error('no dialog');
      },
      'declined',
    ],
    ['a rejection', () => Promise.reject(new Error('closed')), 'declined'],
  ])('a function that answers %s: %s', async (_, replay, outcome) => {
    const app = stage();
    const call = await app.challenged({ replay });
    await app.grant();
    if (outcome === 'sent') {
      expect(app.commands).toHaveLength(2);
      await app.answerCommand(succeeded(1));
      expect(call.value).toBe(1);
    } else {
      expect(call.fate).toBe('REPLAY_DECLINED');
      expect(app.commands).toHaveLength(1);
    }
    expect(app.status).toBe('done');
  });

  test('it is asked once, after the grant, with the request', async () => {
    const app = stage();
    const asked: ApiRequest[] = [];
    await app.challenged({ replay: (request): boolean => asked.push(request) > 0 });
    expect(asked).toEqual([]);
    await app.grant();
    expect(asked).toEqual([{ verb: 'set', api: COMMAND, parameters: DOORS }]);
  });

  test('it is not asked when the call was never challenged, nor when the wave is denied', async () => {
    const app = stage();
    let asked = 0;
    const replay = () => {
      asked += 1;
      return true;
    };
    await app.command({ replay });
    await app.answer(succeeded());
    await app.challenged({ replay });
    await app.cancel();
    expect(asked).toBe(0);
  });

  test('one that is still deciding holds nobody up, and its call goes when it answers', async () => {
    const app = stage();
    let decide: (answer: boolean) => void = () => {};
    const slow = await app.challenged(
      { replay: () => new Promise<boolean>((resolve) => (decide = resolve)) },
      { n: 'slow' },
    );
    const quick = await app.challenged({}, { n: 'quick' });
    await app.grant();
    expect(app.commands.slice(2).map(({ request }) => request.parameters?.n)).toEqual(['quick']);
    await app.answerCommand();
    expect(quick.fate).toBe('resolved');
    expect(app.status).toBe('replaying');
    decide(true);
    await settleDown();
    expect(app.commands.at(-1)?.request.parameters?.n).toBe('slow');
    await app.answerCommand();
    expect(slow.fate).toBe('resolved');
    expect(app.status).toBe('done');
  });

  test('aborted while it decides: not sent when it says yes', async () => {
    const app = stage();
    let decide: (answer: boolean) => void = () => {};
    const controller = new AbortController();
    const call = await app.challenged({
      signal: controller.signal,
      replay: () => new Promise<boolean>((resolve) => (decide = resolve)),
    });
    await app.grant();
    controller.abort('gone');
    decide(true);
    await settleDown();
    expect(call.error).toBe('gone');
    expect(app.commands).toHaveLength(1);
    expect(app.status).toBe('done');
  });

  test.each(['reset', 'dispose'] as const)('%s while it decides: not sent when it says yes', async (how) => {
    const app = stage();
    let decide: (answer: boolean) => void = () => {};
    const call = await app.challenged({
      replay: () => new Promise<boolean>((resolve) => (decide = resolve)),
    });
    await app.grant();
    app.strongAuth[how]();
    decide(true);
    await settleDown();
    expect(call.fate).toBe(how === 'reset' ? 'SIGNED_OUT' : 'DISPOSED');
    expect(app.commands).toHaveLength(1);
    expect(app.clock.pending).toBe(0);
  });

  test('too old when it has decided: not sent', async () => {
    const app = stage({ policy: { callTimeoutMs: Number.POSITIVE_INFINITY } });
    let decide: (answer: boolean) => void = () => {};
    const call = await app.challenged({
      maxAgeMs: 1_000,
      replay: () => new Promise<boolean>((resolve) => (decide = resolve)),
    });
    await app.grant();
    await app.pass(1_001);
    decide(true);
    await settleDown();
    expect(call.fate).toBe('STALE');
    expect(app.commands).toHaveLength(1);
  });

  test('one that never decides ends, not sent', async () => {
    const app = stage();
    const call = await app.challenged({ replay: () => new Promise<boolean>(() => {}) });
    await app.grant();
    await app.pass(60_000);
    expect(call.error).toMatchObject({ code: 'TIMED_OUT', details: { sent: false } });
    expect(app.status).toBe('done');
  });

  test('one that calls back into the client', async () => {
    const app = stage();
    const call = await app.challenged({
      replay: () => {
        app.strongAuth.cancel();
        watch(app.strongAuth.get('app.user'));
        return true;
      },
    });
    await app.grant();
    await app.answerNext('app.user', succeeded());
    await app.answerCommand();
    expect(call.fate).toBe('resolved');
    expect(app.status).toBe('done');
  });

  test('it is asked again in each round', async () => {
    const app = stage({ policy: { maxRounds: 2 } });
    let asked = 0;
    await app.challenged({
      replay: () => {
        asked += 1;
        return true;
      },
    });
    await app.grant();
    await app.answerCommand(challenge());
    await app.grant();
    expect(asked).toBe(2);
  });
});

describe("41. The prompt is answered after the call's max age: STALE, not sent", () => {
  test('by the policy: 5 minutes', async () => {
    const app = stage({ policy: { pinEntryTimeoutMs: 1_000_000 } });
    const call = await app.challenged();
    await app.pass(300_001);
    await app.grant();
    expect(call.error).toMatchObject({ code: 'STALE', remedy: 'retry' });
    expect(app.commands).toHaveLength(1);
    expect(app.view).toMatchObject({ status: 'done' });
  });

  test('exactly that old it is sent', async () => {
    const app = stage({ policy: { pinEntryTimeoutMs: 1_000_000 } });
    await app.challenged();
    await app.pass(300_000);
    await app.grant();
    expect(app.commands).toHaveLength(2);
  });

  test('the option of the call wins, in both directions', async () => {
    const app = stage({ policy: { maxAgeMs: 10_000 } });
    const short = await app.challenged({ maxAgeMs: 1_000 }, { n: 'short' });
    const normal = await app.challenged({}, { n: 'normal' });
    const long = await app.challenged({ maxAgeMs: Number.POSITIVE_INFINITY }, { n: 'long' });
    await app.pass(5_000);
    await app.grant();
    expect(app.commands.slice(3).map(({ request }) => request.parameters?.n)).toEqual(['normal', 'long']);
    expect([short.fate, normal.fate, long.fate]).toEqual(['STALE', 'pending', 'pending']);
  });

  test('it is the age since the call was made, not since it was challenged', async () => {
    const app = stage();
    const call = await app.command({ maxAgeMs: 10_000 });
    await app.pass(9_000);
    await app.answer(challenge());
    await app.pass(1_001);
    await app.grant();
    expect(call.fate).toBe('STALE');
  });

  test('a stale call is not asked about', async () => {
    const app = stage();
    let asked = 0;
    const call = await app.challenged({
      maxAgeMs: 1_000,
      replay: () => {
        asked += 1;
        return true;
      },
    });
    await app.pass(1_001);
    await app.grant();
    expect(call.fate).toBe('STALE');
    expect(asked).toBe(0);
  });

  test('all of them stale: the grant still counts', async () => {
    const app = stage();
    const calls = [await app.challenged({ maxAgeMs: 0 }), await app.challenged({ maxAgeMs: 0 })];
    await app.pass(1);
    await app.grant();
    expect(calls.map(({ fate }) => fate)).toEqual(['STALE', 'STALE']);
    expect(app.view.lastGrantAt).toBe(app.clock.now());
    expect(app.status).toBe('done');
  });
});
