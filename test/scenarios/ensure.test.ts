import { describe, expect, test } from 'vitest';
import { failed, PIN, START, settleDown, stage, watch } from './support.js';

describe('ensure()', () => {
  test('resolves at the grant, and nothing else is sent', async () => {
    const app = stage();
    const ensured = watch(app.strongAuth.ensure());
    await settleDown();
    await app.type(PIN);
    expect(ensured.fate).toBe('pending');
    await app.answerOtp();
    expect(ensured).toMatchObject({ fate: 'resolved', value: undefined });
    expect(app.requests).toHaveLength(1);
    expect(app.view).toMatchObject({ status: 'done', lastGrantAt: START, inFlight: false });
    expect(app.clock.pending).toBe(0);
  });

  test('maxAgeMs skips it while the last grant is younger, and not at that age', async () => {
    const app = stage();
    watch(app.strongAuth.ensure());
    await settleDown();
    await app.grant();
    await app.pass(999);
    const fresh = watch(app.strongAuth.ensure({ maxAgeMs: 1_000 }));
    await settleDown();
    expect(fresh.fate).toBe('resolved');
    const aborted = watch(app.strongAuth.ensure({ maxAgeMs: 1_000, signal: AbortSignal.abort() }));
    await settleDown();
    expect(aborted.fate).toBe('AbortError');
    await app.pass(1);
    const stale = watch(app.strongAuth.ensure({ maxAgeMs: 1_000 }));
    await settleDown();
    expect(stale.fate).toBe('pending');
    expect(app.prompts).toHaveLength(2);
  });

  test('without maxAgeMs it asks again; maxAgeMs without a grant asks', async () => {
    const app = stage();
    watch(app.strongAuth.ensure({ maxAgeMs: Number.POSITIVE_INFINITY }));
    await settleDown();
    expect(app.prompts).toHaveLength(1);
    await app.grant();
    watch(app.strongAuth.ensure());
    await settleDown();
    expect(app.prompts).toHaveLength(2);
  });

  test('reset() forgets the last grant', async () => {
    const app = stage();
    watch(app.strongAuth.ensure());
    await settleDown();
    await app.grant();
    app.strongAuth.reset();
    expect(app.view.lastGrantAt).toBeUndefined();
    watch(app.strongAuth.ensure({ maxAgeMs: 10 ** 6 }));
    await settleDown();
    expect(app.prompts).toHaveLength(2);
  });

  test.each([
    ['declined', 'CANCELLED'],
    ['wrong', 'PIN_REJECTED'],
    ['timed out', 'PIN_ENTRY_TIMED_OUT'],
  ])('rejects like a call: %s', async (how, code) => {
    const app = stage({ policy: { maxPinAttempts: 1 } });
    const ensured = watch(app.strongAuth.ensure());
    await settleDown();
    if (how === 'declined') await app.type(null);
    if (how === 'timed out') await app.pass(120_000);
    if (how === 'wrong') {
      await app.type('0000');
      await app.answerOtp(failed(2308));
    }
    expect(ensured.fate).toBe(code);
  });

  test.each(['idle', 'calling', 'replaying', 'done', 'cancelled', 'failed'])(
    'opens a wave from %s',
    async (from) => {
      const app = stage();
      if (from === 'calling') await app.command();
      if (from !== 'idle' && from !== 'calling') {
        await app.challenged();
        if (from === 'cancelled') await app.type(null);
        if (from === 'failed') await app.pass(120_000);
        if (from === 'replaying' || from === 'done') await app.grant();
        if (from === 'done') await app.answerCommand();
      }
      expect(app.status).toBe(from);
      const before = app.prompts.length;
      const ensured = watch(app.strongAuth.ensure());
      await settleDown();
      expect(app.status).toBe('needStrongAuth');
      expect(app.prompts).toHaveLength(before + 1);
      await app.grant();
      expect(ensured.fate).toBe('resolved');
      expect(app.view.failure).toBeUndefined();
    },
  );

  test('joins the wave of a call and the call joins its', async () => {
    const app = stage();
    const ensured = watch(app.strongAuth.ensure());
    await settleDown();
    const call = await app.challenged();
    const again = watch(app.strongAuth.ensure());
    await settleDown();
    expect(app.prompts).toHaveLength(1);
    await app.grant();
    await app.answerCommand();
    expect([ensured.fate, call.fate, again.fate]).toEqual(['resolved', 'resolved', 'resolved']);
  });
});
