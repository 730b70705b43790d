import {
  createRecovery,
  defaultRecoveryPolicy,
  isRecoveryError,
  RecoveryError,
} from 'strong-auth-machine/recovery';
import { describe, expect, test } from 'vitest';
import { createScript } from './support.js';

const right = { transport: { send: async () => ({}) }, ask: () => null };

describe('an option that makes no sense is named', () => {
  test.each<[string, unknown]>([
    ['createRecovery takes an options object', undefined],
    ['createRecovery takes an options object', 'options'],
    ['ask must be a function', { ...right, ask: 'me' }],
    ['onEvent must be a function', { ...right, onEvent: 1 }],
    ['enterPin is no option of createRecovery', { ...right, enterPin: () => null }],
    ['policy must be an object', { ...right, policy: 1 }],
    ['policy.retries is no policy', { ...right, policy: { retries: 1 } }],
    ['policy.maxPinAttempts must be a whole number above 0', { ...right, policy: { maxPinAttempts: 0 } }],
    ['policy.maxSmsAttempts must be a whole number above 0', { ...right, policy: { maxSmsAttempts: 1.5 } }],
    ['policy.answerTimeoutMs must be', { ...right, policy: { answerTimeoutMs: 0 } }],
    ['policy.requestTimeoutMs must be', { ...right, policy: { requestTimeoutMs: -1 } }],
    [
      'policy.resendAfterMs must be a number of milliseconds, 0 or more',
      { ...right, policy: { resendAfterMs: -1 } },
    ],
    [
      'policy.resendAfterMs must be a number of milliseconds, 0 or more',
      { ...right, policy: { resendAfterMs: '9' } },
    ],
    ['policy.pinPattern must be a regular expression', { ...right, policy: { pinPattern: '\\d' } }],
    ['policy.smsCodePattern must be a regular expression', { ...right, policy: { smsCodePattern: {} } }],
    ['policy.phonePattern must be a regular expression', { ...right, policy: { phonePattern: 1 } }],
    [
      'policy.smsBudget must be { max, perMs, store? }, max and perMs above 0',
      { ...right, policy: { smsBudget: {} } },
    ],
  ])('%s', (message, options) => {
    expect(() => createRecovery(options as never)).toThrow(message);
  });

  test.each<[string, unknown]>([
    ['options must be an object', 1],
    ['options.signal must be an AbortSignal', { signal: 1 }],
    ['timeoutMs is no option of a flow', { timeoutMs: 1 }],
  ])('also of a flow: %s', async (message, options) => {
    const { recovery, transport } = createScript();
    await expect(recovery.enrollDevice(options as never)).rejects.toThrow(message);
    expect(transport.requests).toEqual([]);
  });

  test('what is left out, or undefined, takes its default', () => {
    const policy = { resendAfterMs: 0, smsBudget: undefined, pinPattern: undefined };
    expect(() => createRecovery({ ...right, policy, onEvent: undefined, inspect: undefined })).not.toThrow();
    expect(defaultRecoveryPolicy).toMatchObject({
      ...{ maxPinAttempts: 2, maxSmsAttempts: 3, answerTimeoutMs: 600_000, requestTimeoutMs: 30_000 },
      ...{ resendAfterMs: 30_000, smsBudget: undefined },
    });
  });
});

describe('without other patterns', () => {
  const { pinPattern, smsCodePattern, phonePattern } = defaultRecoveryPolicy;

  test.each([
    ['a PIN', pinPattern, ['1234', '12345678'], ['123', '123456789', '12a4', '1234 ', 'x1234']],
    [
      'the code of an SMS',
      smsCodePattern,
      ['1234', '24242424', 'aB3dE6gH9'],
      ['123', '1234567890', '12-34', '424242 ', ' 424242'],
    ],
    [
      'a phone number',
      phonePattern,
      ['+33600000000', '0600000000', '+33 6 (00) 00.00-00', '123456', `+1${'2'.repeat(19)}`],
      ['12345', `+1${'2'.repeat(20)}`, '+', '++33600000000', '+33600000000 ', 'x0600000000', '06000 x 00000'],
    ],
  ])('%s', (_, pattern, accepted, refused) => {
    expect(accepted.filter((text) => !pattern.test(text))).toEqual([]);
    expect(refused.filter((text) => pattern.test(text))).toEqual([]);
  });
});

describe('an error', () => {
  test('names the flow and the code, and is plain data as JSON', () => {
    const error = new RecoveryError('BUSY', { running: 'resetPin' }, 'changePin');
    const data = {
      name: 'RecoveryError',
      message: 'changePin ended with BUSY',
      code: 'BUSY',
      remedy: 'wait',
      details: { running: 'resetPin' },
      flow: 'changePin',
    };
    expect(JSON.parse(JSON.stringify(error))).toEqual(data);
    expect([error instanceof Error, String(error)]).toEqual([
      true,
      'RecoveryError: changePin ended with BUSY',
    ]);
    expect(new RecoveryError('REFUSED', { apiCode: 2309 }, 'changePin').remedy).toBe('none');
  });

  test('is known by the mark that all copies of the package share, which no list of its fields shows', () => {
    const mark = Symbol.for('strong-auth-machine.RecoveryError');
    expect(isRecoveryError({ [mark]: true })).toBe(true);
    const error = new RecoveryError('OFFLINE', {}, 'changePin');
    expect(isRecoveryError(error)).toBe(true);
    expect(Object.getOwnPropertySymbols({ ...error })).toEqual([]);
    for (const other of ['text', 1, () => {}, null]) expect(isRecoveryError(other)).toBe(false);
  });
});
