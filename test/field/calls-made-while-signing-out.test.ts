import type { StrongAuth } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { CHALLENGE, settleDown, stage, succeeded, type Watched, watched } from '../lifecycle/support.js';
import { collectSurfaced } from './support.js';

/* Host code signs out in the middle of a transition and goes on with the next account: its calls wait until the machine knows. */

collectSurfaced();

/** A client whose inspector calls `then` once, when the machine is about to hear of `type`. */
function interrupted(type: string, then: (strongAuth: StrongAuth) => void) {
  let isDone = false;
  const app = stage({
    inspect: ({ type: kind, event }: { type: string; event?: { type: string } }) => {
      if (isDone || kind !== '@xstate.event' || event?.type !== type) return;
      isDone = true;
      then(app.strongAuth);
    },
  });
  return app;
}

describe('a sign-out in the middle of a transition', () => {
  test.each(['calls.started', 'call.challenged', 'calls.landed'])(
    'on %s: the next call is told of, sent and answered',
    async (type) => {
      const next: Watched[] = [];
      const app = interrupted(type, (strongAuth) => {
        strongAuth.reset('next account');
        next.push(watched(strongAuth.get('next')));
      });
      const first = watched(app.strongAuth.get('first'));
      await settleDown();
      const [request] = app.requestsOf('first');
      request?.resolve(type === 'calls.landed' ? succeeded() : CHALLENGE);
      await settleDown();
      expect([first.fate, next[0]?.fate]).toEqual([
        type === 'calls.landed' ? 'resolved' : 'SIGNED_OUT',
        'pending',
      ]);
      expect([app.status, app.view.inFlight, app.prompts.length]).toEqual(['calling', true, 0]);
      await app.answerNext('next', succeeded('for the next'));
      expect([next[0]?.value, app.status, app.clock.pending]).toEqual(['for the next', 'done', 0]);
    },
  );

  test('and another one at once: only the calls after the last are made', async () => {
    const made: Watched[] = [];
    const app = interrupted('calls.started', (strongAuth) => {
      strongAuth.reset('second account');
      made.push(watched(strongAuth.get('second')));
      strongAuth.reset('third account');
      made.push(watched(strongAuth.get('third')));
    });
    const first = watched(app.strongAuth.get('first'));
    await settleDown();
    expect([first, ...made].map(({ fate }) => fate)).toEqual(['SIGNED_OUT', 'SIGNED_OUT', 'pending']);
    expect([app.status, app.view.inFlight]).toEqual(['calling', true]);
    await app.answerNext('third', succeeded());
    expect([made[1]?.fate, app.status, app.clock.pending]).toEqual(['resolved', 'done', 0]);
  });

  test('and dispose: nothing is told of afterwards', async () => {
    const made: Watched[] = [];
    const app = interrupted('calls.started', (strongAuth) => {
      strongAuth.reset();
      made.push(watched(strongAuth.get('second')));
      strongAuth.dispose();
      made.push(watched(strongAuth.get('third')));
    });
    const first = watched(app.strongAuth.get('first'));
    await settleDown();
    expect([first, ...made].map(({ fate }) => fate)).toEqual(['SIGNED_OUT', 'DISPOSED', 'DISPOSED']);
    expect([app.status, app.clock.pending]).toEqual(['closed', 0]);
  });
});
