import { strongAuthSlice } from 'strong-auth-machine/redux';
import { describe, expect, test } from 'vitest';
import { CHALLENGE, DOORS, failed, settleDown, succeeded } from '../../lifecycle/support.js';
import { GRANT, PIN, SECRET_OTP, staged } from './store.js';

/** What the Redux DevTools see and do. */
export function describeDevtools(): void {
  describe('the devtools', () => {
    /** Two calls of one wave, a wrong PIN, a right one, and both answers. */
    async function play() {
      const on = staged();
      const { store, endpoints, answer, type } = on;
      const subscription = store.dispatch(endpoints.read.initiate('argument-6c1d'));
      store.dispatch(endpoints.command.initiate());
      await settleDown();
      await answer(CHALLENGE, 0);
      await answer(CHALLENGE, 1);
      await type(PIN);
      await answer(failed(2308, 'Wrong pin'));
      await type(PIN);
      await answer(GRANT);
      await answer(succeeded({ vin: 'result-e94c' }), -2);
      await answer(succeeded(), -1);
      await subscription;
      return on;
    }

    test('see no PIN and no OTP, in no action and in no state', async () => {
      const { devtools, shown } = await play();
      expect(shown().status).toBe('done');
      expect(devtools.actions.length).toBeGreaterThan(10);
      const seen = JSON.stringify([devtools.actions, devtools.states]);
      for (const secret of [PIN, SECRET_OTP]) expect(seen).not.toContain(secret);
    });

    test("see what RTK Query keeps, an endpoint's argument and its data, and nothing else of a call", async () => {
      const { devtools } = await play();
      const isOurs = strongAuthSlice.actions.changed.match;
      const [ours, theirs] = [true, false].map((wanted) =>
        JSON.stringify(devtools.actions.filter((action) => isOurs(action) === wanted)),
      );
      for (const kept of ['argument-6c1d', 'result-e94c']) {
        expect(theirs).toContain(kept);
        expect(ours).not.toContain(kept);
      }
      // Parameters that `query` adds are in neither.
      expect(`${ours}${theirs}${JSON.stringify(devtools.states)}`).not.toContain(DOORS.doorState);
    });

    test('travel in time, and nothing is sent and nobody asked', async () => {
      const { devtools, transport, user, store, strongAuth, shown } = await play();
      const before = [transport.requests.length, user.prompts.length];
      const seen = new Set<string>();
      for (let index = 0; index <= devtools.actions.length; index += 1) {
        devtools.jump(index);
        seen.add(shown().status);
        await settleDown();
      }
      devtools.replay();
      await settleDown();
      expect([...seen]).toEqual(['idle', 'calling', 'needStrongAuth', 'requestingOtp', 'replaying', 'done']);
      expect([transport.requests.length, user.prompts.length]).toEqual(before);
      expect(strongAuth.view.getSnapshot().status).toBe('done');
      expect(store.getState()).toEqual(devtools.states[devtools.actions.length]);
    });

    test('resume, and the store says what has happened meanwhile', async () => {
      const { devtools, shown, challenged } = await play();
      devtools.jump(0);
      await challenged();
      expect(shown().status).toBe('idle'); // what the user wants to look at
      devtools.resume();
      expect(shown().status).toBe('needStrongAuth');
    });
  });
}
