import { createStrongAuth } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { stage, watched } from './support.js';

describe('createStrongAuth refuses', () => {
  const good = { transport: { send: async () => {} }, enterPin: async () => null };
  test.each([
    undefined,
    {},
    { ...good, transport: {} },
    { ...good, enterPin: 'ask' },
    { ...good, onEvent: 1 },
    { ...good, clock: {} },
    { ...good, policy: { maxPinAttempts: 0 } },
    { ...good, policy: { maxPinAttempts: 1.5 } },
    { ...good, policy: { maxRounds: -1 } },
    { ...good, policy: { maxWaiting: Number.NaN } },
    { ...good, policy: { pinEntryTimeoutMs: 2 ** 31 } },
    { ...good, policy: { otpTimeoutMs: Number.POSITIVE_INFINITY } },
    { ...good, policy: { callTimeoutMs: '60' } },
    { ...good, policy: { maxAgeMs: -1 } },
    { ...good, policy: { pinPattern: '^\\d+$' } },
    { ...good, policy: { otpBudget: { max: 0, perMs: 1 } } },
    { ...good, policy: { otpBudget: { max: 1, perMs: 1, store: {} } } },
    { ...good, policy: { maxPinAttemps: 1 } },
  ])('%#: %o', (options) => {
    expect(() => createStrongAuth(options as never)).toThrow(TypeError);
  });

  test('but Infinity switches callTimeoutMs off', async () => {
    const { pass, strongAuth } = stage({ policy: { callTimeoutMs: Number.POSITIVE_INFINITY } });
    const call = watched(strongAuth.get('x'));
    await pass(2 ** 40);
    expect(call.fate).toBe('pending');
  });
});
