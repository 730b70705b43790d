import type { CallOptions } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { settleDown, stage, succeeded, watched } from '../lifecycle/support.js';

/* `replaying` lasts as long as a replay does, whatever else is on its way. */

describe('replays that end while they are begun', () => {
  test.each<CallOptions['replay']>(['never', () => false, () => Promise.reject(new Error('no'))])(
    'a call whose replay is %o leaves replaying, although another call is on its way',
    async (replay) => {
      const app = stage();
      const other = watched(app.strongAuth.get('slow'));
      const declined = await app.challenged({ replay });
      await app.grant();
      await settleDown();
      expect([declined.fate, other.fate, app.status]).toEqual(['REPLAY_DECLINED', 'pending', 'calling']);
      expect(app.view.inFlight).toBe(true);
      await app.answerNext('slow', succeeded());
      expect([other.fate, app.view.inFlight]).toEqual(['resolved', false]);
    },
  );

  test('an ensure alone does the same', async () => {
    const app = stage();
    const other = watched(app.strongAuth.get('slow'));
    const ensured = watched(app.strongAuth.ensure());
    await settleDown();
    await app.grant();
    expect([ensured.fate, other.fate, app.status]).toEqual(['resolved', 'pending', 'calling']);
  });
});
