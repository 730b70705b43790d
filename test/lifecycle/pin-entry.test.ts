import { createPinPad, createStrongAuth, fromPims } from 'strong-auth-machine';
import { createSimulator } from 'strong-auth-machine/simulator';
import { describe, expect, test } from 'vitest';
import { COMMAND, DOORS, failed, OTP, settleDown, stage, succeeded, surfaced, watched } from './support.js';

describe('the PIN entry', () => {
  test.each([undefined, null, ''])('%o means declined', async (nothing) => {
    const { challenged, strongAuth, type, user } = stage();
    const call = await challenged();
    await type(nothing);
    expect([call.fate, strongAuth.view.getSnapshot().status, user.prompts.length]).toEqual([
      'CANCELLED',
      'cancelled',
      1,
    ]);
  });

  test.each(['AbortError', 'NotAllowedError'])('a rejection with an %s means declined', async (name) => {
    const { challenged, user } = stage();
    const call = await challenged();
    user.prompts[0]?.reject(Object.assign(new Error('x'), { name }));
    await settleDown();
    expect(call.fate).toBe('CANCELLED');
  });

  test.each([[new TypeError('x')], ['AbortError'], [{}]])(
    'a rejection with %o is PIN_ENTRY_FAILED, and surfaces',
    async (reason) => {
      const { challenged, user } = stage();
      const call = await challenged();
      const error = await surfaced(() => user.prompts[0]?.reject(reason));
      await settleDown();
      expect(error).toBe(reason);
      expect(call.error).toMatchObject({ code: 'PIN_ENTRY_FAILED', details: { why: 'threw' } });
    },
  );

  test('a synchronous throw is PIN_ENTRY_FAILED, and surfaces', async () => {
    const { challenged } = stage({
      enterPin: () => {
        throw new Error('no screen');
      },
    });
    let call: Awaited<ReturnType<typeof challenged>> | undefined;
    const error = await surfaced(async () => {
      call = await challenged();
    });
    expect(error).toMatchObject({ message: 'no screen' });
    expect(call?.error).toMatchObject({ code: 'PIN_ENTRY_FAILED', details: { why: 'threw' } });
  });

  test('a value that is no string is PIN_ENTRY_FAILED at once', async () => {
    const { challenged, type, user } = stage();
    const call = await challenged();
    await type(1234 as never);
    expect([call.fate, user.prompts.length]).toEqual(['PIN_ENTRY_FAILED', 1]);
  });

  test('a wrong PIN asks again in the same wave; the attempts are bounded', async () => {
    const { answer, challenged, type, user } = stage();
    const [first, second] = [await challenged(), await challenged()];
    expect(user.prompts[0]?.prompt).toMatchObject({
      attempt: 1,
      attemptsLeft: 2,
      reason: 'strongAuthNeeded',
    });
    await type('1111');
    await answer(failed(2308));
    expect(user.prompts[1]?.prompt).toMatchObject({ attempt: 2, attemptsLeft: 1, reason: 'pinRejected' });
    expect([first.fate, second.fate]).toEqual(['pending', 'pending']);
    await type('2222');
    await answer(failed(2308));
    expect([first.fate, second.fate, user.prompts.length]).toEqual(['PIN_REJECTED', 'PIN_REJECTED', 2]);
  });

  test('a malformed PIN is never sent and spends no attempt; the fifth ends the wave', async () => {
    const { challenged, requestsOf, type, user } = stage();
    const call = await challenged();
    for (const pin of ['anna@example.org', '123', '123456789', '12 34']) await type(pin);
    expect(user.prompts[4]?.prompt).toMatchObject({ attempt: 1, attemptsLeft: 2, reason: 'pinMalformed' });
    await type('x');
    expect([call.fate, requestsOf(OTP).length, user.prompts.length]).toEqual(['PIN_ENTRY_FAILED', 0, 5]);
  });

  test.each([/^\d{6}$/g, /^\d{6}$/y])(
    'a pattern that remembers its place (%s) judges every PIN alike',
    async (pinPattern) => {
      const { answer, challenged, requestsOf, type } = stage({ policy: { pinPattern } });
      await challenged();
      await type('111111');
      await answer(failed(2308));
      await type('222222');
      expect(requestsOf(OTP)).toHaveLength(2);
    },
  );

  test.each([2101, 2102])('%i on pinCode asks again without spending an attempt', async (code) => {
    const { answer, challenged, type, user } = stage();
    await challenged();
    await type('1234');
    await answer(failed(code, 'Invalid pinCode parameter'));
    expect(user.prompts[1]?.prompt).toMatchObject({ attempt: 1, reason: 'pinMalformed' });
  });

  test('names the calls that wait, live', async () => {
    const { challenged, strongAuth, user } = stage();
    await challenged();
    const prompt = user.prompts[0]?.prompt;
    expect(prompt?.calls).toEqual([{ verb: 'set', api: COMMAND, action: 'doors' }]);
    await challenged();
    expect(prompt?.calls).toHaveLength(2);
    expect(strongAuth.view.getSnapshot().prompt?.calls).toHaveLength(2);
  });
});

describe('createPinPad', () => {
  test('opens, takes one PIN, ignores a second, and closes when the prompt does', async () => {
    const pad = createPinPad();
    const seen: string[] = [];
    pad.view.subscribe(({ phase }) => seen.push(phase));
    const simulator = createSimulator({ pin: '0987' });
    const strongAuth = createStrongAuth({ transport: fromPims(simulator), enterPin: pad.enterPin });
    pad.submit('0000'); // nobody asks yet
    const call = strongAuth.set(COMMAND, DOORS);
    await settleDown();
    expect(pad.view.getSnapshot().prompt).toMatchObject({ attempt: 1, calls: [{ api: COMMAND }] });
    pad.submit('0987');
    pad.submit('1111');
    await call;
    simulator.expireSession();
    const cancelled = watched(strongAuth.set(COMMAND, { action: 'horn' }));
    await settleDown();
    pad.cancel();
    await settleDown();
    expect(cancelled.fate).toBe('CANCELLED');
    const hostCancelled = watched(strongAuth.set(COMMAND, { action: 'horn' }));
    await settleDown();
    strongAuth.cancel();
    await settleDown();
    expect([hostCancelled.fate, pad.view.getSnapshot().isOpen]).toEqual(['CANCELLED', false]);
    expect(seen).toEqual(['asking', 'checking', 'closed', 'asking', 'closed', 'asking', 'closed']);
    expect(simulator.effects.otpRequests).toHaveLength(1);
  });

  test('shared by two clients, it asks one question at a time', async () => {
    const pad = createPinPad();
    const [a, b] = [stage({ enterPin: pad.enterPin }), stage({ enterPin: pad.enterPin })];
    await a.challenged();
    await b.challenged();
    pad.submit('1111');
    await settleDown();
    expect(pad.view.getSnapshot().isOpen).toBe(true);
    pad.submit('2222');
    await settleDown();
    expect([a, b].map(({ requestsOf }) => requestsOf(OTP)[0]?.request.parameters?.pinCode)).toEqual([
      '1111',
      '2222',
    ]);
    expect(pad.view.getSnapshot()).toMatchObject({ phase: 'checking', isOpen: false });
    for (const { answer } of [a, b]) await answer(succeeded());
    expect(pad.view.getSnapshot()).toEqual({ phase: 'closed', isOpen: false });
  });
});
