import { describe, expect, test } from 'vitest';
import { failed, PIN, pinsSent, stage, succeeded } from './support.js';

describe('25. Wrong PIN: prompted again in the same flow with the last error; waiters stay; bounded', () => {
  test('right at the second attempt', async () => {
    const app = stage();
    const calls = [await app.challenged(), await app.challenged()];
    expect(app.prompts[0]).toMatchObject({ attempt: 1, attemptsLeft: 2, reason: 'strongAuthNeeded' });
    await app.type('0000');
    await app.answerOtp(failed(2308, 'access refused'));
    expect(calls.map(({ fate }) => fate)).toEqual(['pending', 'pending']);
    expect(app.prompts).toHaveLength(2);
    expect(app.prompts[1]).toMatchObject({ attempt: 2, attemptsLeft: 1, reason: 'pinRejected' });
    expect(app.prompts[1]?.calls).toHaveLength(2);
    expect(app.view).toMatchObject({
      status: 'needStrongAuth',
      waiting: 2,
      prompt: { attempt: 2, attemptsLeft: 1, reason: 'pinRejected' },
    });
    await app.grant();
    await app.answerCommand();
    await app.answerCommand();
    expect(calls.map(({ fate }) => fate)).toEqual(['resolved', 'resolved']);
    expect(pinsSent(app)).toEqual([
      { action: 'withPIN', pinCode: '0000' },
      { action: 'withPIN', pinCode: PIN },
    ]);
  });

  test.each([1, 2, 3])('maxPinAttempts %d', async (maxPinAttempts) => {
    const app = stage({ policy: { maxPinAttempts } });
    const call = await app.challenged();
    for (let attempt = 1; attempt <= maxPinAttempts; attempt += 1) {
      expect(call.fate).toBe('pending');
      expect(app.prompts.at(-1)).toMatchObject({ attempt, attemptsLeft: maxPinAttempts - attempt + 1 });
      await app.type(`000${attempt}`);
      await app.answerOtp(failed(2308));
    }
    expect(call.error).toMatchObject({ code: 'PIN_REJECTED', remedy: 'retry', details: { otpCode: 2308 } });
    expect(app.prompts).toHaveLength(maxPinAttempts);
    expect(app.otps).toHaveLength(maxPinAttempts);
    expect(app.status).toBe('failed');
    expect(app.commands).toHaveLength(1);
    expect(app.clock.pending).toBe(0);
  });

  test('the next wave has its attempts again', async () => {
    const app = stage({ policy: { maxPinAttempts: 1 } });
    await app.challenged();
    await app.type('0000');
    await app.answerOtp(failed(2308));
    await app.challenged();
    expect(app.prompts.at(-1)).toMatchObject({ attempt: 1, attemptsLeft: 1, reason: 'strongAuthNeeded' });
  });

  test('2308 to the resetStep retry is a wrong PIN as well; the retry is not had again in the same wave', async () => {
    const app = stage();
    const call = await app.challenged();
    await app.type('0000');
    await app.answerOtp(failed(2312));
    await app.answerOtp(failed(2308));
    expect(app.prompts.at(-1)).toMatchObject({ attempt: 2, reason: 'pinRejected' });
    await app.type(PIN);
    await app.answerOtp(failed(2312));
    expect(call.fate).toBe('DEVICE_UNKNOWN');
    expect(app.otps).toHaveLength(3);
  });
});

test('26. A wrong PIN does not fail the first caller while later ones are asked again', async () => {
  const app = stage();
  const first = await app.challenged();
  await app.type('0000');
  const second = await app.challenged(); // joins while the OTP is requested
  await app.answerOtp(failed(2308));
  expect([first.fate, second.fate]).toEqual(['pending', 'pending']);
  const third = await app.challenged();
  await app.grant();
  for (const n of [1, 2, 3]) await app.answerCommand(succeeded(n));
  expect([first.value, second.value, third.value]).toEqual([1, 2, 3]);
});

test('26. When the attempts are spent, all of them hear the same', async () => {
  const app = stage();
  const calls = [await app.challenged(), await app.challenged({ interactive: false })];
  await app.type('0000');
  await app.answerOtp(failed(2308));
  calls.push(await app.challenged());
  await app.type('0001');
  await app.answerOtp(failed(2308));
  expect(calls.map(({ fate }) => fate)).toEqual(['PIN_REJECTED', 'PIN_REJECTED', 'PIN_REJECTED']);
  expect(new Set(calls.map(({ error }) => error)).size).toBe(3); // each its own error, so that none can be changed for others
});

describe('32. The PIN "0987" reaches the transport unchanged', () => {
  test.each(['0987', '0000', '00000000', '12345678', '0001'])('%s', async (pin) => {
    const app = stage();
    await app.challenged();
    await app.type(pin);
    expect(app.otps[0]?.request.parameters?.pinCode).toBe(pin);
    await app.answerOtp(failed(2317));
    expect(app.otps[1]?.request.parameters?.pinCode).toBe(pin);
  });

  test('with a pattern of its own, letters too', async () => {
    const app = stage({ policy: { pinPattern: /^[A-Z]{3}$/ } });
    await app.challenged();
    await app.type('1234');
    expect(app.otps).toHaveLength(0);
    await app.type('ABC');
    expect(app.otps[0]?.request.parameters?.pinCode).toBe('ABC');
  });

  test('a global pattern does not refuse every second PIN', async () => {
    const app = stage({ policy: { pinPattern: /^\d{4}$/g } });
    for (let n = 0; n < 4; n += 1) {
      await app.challenged();
      await app.type('0987');
      expect(app.otps).toHaveLength(n + 1);
      await app.answerOtp();
      await app.answerCommand();
    }
    expect(app.prompts).toHaveLength(4);
  });
});

describe('33. A malformed PIN (e-mail autofilled, wrong length) is rejected before sending, no attempt spent', () => {
  test.each([
    'user@example.com',
    '123',
    '123456789',
    '12 34',
    ' 1234',
    '1234\n',
    '１２３４',
    'abcd',
    '-1234',
    '1e10',
  ])('%j', async (entry) => {
    const app = stage();
    const call = await app.challenged();
    await app.type(entry);
    expect(app.otps).toHaveLength(0);
    expect(call.fate).toBe('pending');
    expect(app.prompts).toHaveLength(2);
    expect(app.prompts[1]).toMatchObject({ attempt: 1, attemptsLeft: 2, reason: 'pinMalformed' });
    expect(app.view.prompt).toMatchObject({ attempt: 1, attemptsLeft: 2, reason: 'pinMalformed' });
    await app.grant();
    await app.answerCommand();
    expect(call.fate).toBe('resolved');
  });

  test('after five the wave is denied PIN_ENTRY_FAILED', async () => {
    const app = stage();
    const call = await app.challenged();
    for (let n = 1; n <= 5; n += 1) {
      expect(call.fate).toBe('pending');
      expect(app.prompts).toHaveLength(n);
      await app.type('user@example.com');
    }
    expect(call.error).toMatchObject({ code: 'PIN_ENTRY_FAILED', remedy: 'retry' });
    expect(app.prompts).toHaveLength(5);
    expect(app.otps).toHaveLength(0);
    expect(app.status).toBe('failed');
    await app.challenged();
    await app.type('bad');
    expect(app.status).toBe('needStrongAuth'); // counted anew in the next wave
  });

  test.each([1234, true, {}, ['1234'], new String('1234')])(
    'a value that is no string: at once (%j)',
    async (value) => {
      const app = stage();
      const call = await app.challenged();
      await app.type(value as never);
      expect(call.fate).toBe('PIN_ENTRY_FAILED');
      expect(app.prompts).toHaveLength(1);
      expect(app.otps).toHaveLength(0);
    },
  );

  test.each([0, false, Number.NaN])('%j is no string, and no decline either', async (value) => {
    const app = stage();
    const call = await app.challenged();
    await app.type(value as never);
    expect(call.fate).toBe('PIN_ENTRY_FAILED');
  });

  test('malformed in the second attempt keeps it the second', async () => {
    const app = stage();
    await app.challenged();
    await app.type('0000');
    await app.answerOtp(failed(2308));
    await app.type('bad');
    expect(app.prompts.at(-1)).toMatchObject({ attempt: 2, attemptsLeft: 1, reason: 'pinMalformed' });
    await app.type('0001');
    await app.answerOtp(failed(2308));
    expect(app.status).toBe('failed');
  });

  test.each([
    [2101, 'pinCode'],
    [2102, 'Parameter pinCode is invalid'],
    ['2102', '[pinCode] parameter invalid'],
  ])('the SDK itself says so (%j, %s): no attempt spent', async (code, label) => {
    const app = stage();
    const call = await app.challenged();
    await app.type(PIN);
    await app.answerOtp(failed(code, label));
    expect(app.prompts.at(-1)).toMatchObject({ attempt: 1, attemptsLeft: 2, reason: 'pinMalformed' });
    expect(call.fate).toBe('pending');
  });

  test('2102 on another parameter is no matter of the PIN', async () => {
    const app = stage();
    const call = await app.challenged();
    await app.type(PIN);
    await app.answerOtp(failed(2102, 'Parameter action is invalid'));
    expect(call.fate).toBe('OTP_REFUSED');
  });

  test('five in all, those of the SDK included', async () => {
    const app = stage();
    const call = await app.challenged();
    await app.type('bad');
    await app.type('bad');
    await app.type('bad');
    await app.type(PIN);
    await app.answerOtp(failed(2102, 'pinCode'));
    expect(call.fate).toBe('pending');
    await app.type('bad');
    expect(call.fate).toBe('PIN_ENTRY_FAILED');
  });
});
