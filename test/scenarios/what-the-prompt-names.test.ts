import { describe, expect, test } from 'vitest';
import { COMMAND, challenge, settleDown, stage, watch } from './support.js';

describe('the PIN entry is told', () => {
  test('verb, api and action of those waiting, and nothing else', async () => {
    const app = stage();
    await app.challenged({}, { vin: 'VF3SECRET' });
    const get = watch(app.strongAuth.get('pims.user'));
    await settleDown();
    await app.answer(challenge());
    expect(app.prompts[0]?.calls).toEqual([
      { verb: 'set', api: COMMAND, action: 'doors' },
      { verb: 'get', api: 'pims.user' },
    ]);
    expect(get.fate).toBe('pending');
  });

  test('ensure() has no call to name', async () => {
    const app = stage();
    watch(app.strongAuth.ensure());
    await settleDown();
    expect(app.prompts[0]?.calls).toEqual([]);
    expect(app.view).toMatchObject({ status: 'needStrongAuth', waiting: 1, inFlight: false });
  });
});
