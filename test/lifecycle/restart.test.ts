import { createPinPad, createStrongAuth, fromPims } from 'strong-auth-machine';
import { createManualClock, createSimulator } from 'strong-auth-machine/simulator';
import { describe, expect, test } from 'vitest';
import { COMMAND, settleDown, watched } from './support.js';

/** A device: its SDK and its clock survive the app, everything else goes with it. */
function device() {
  const clock = createManualClock(1_700_000_000_000);
  const simulator = createSimulator({ clock, latencyMs: 100 });
  const startApp = () => {
    const pad = createPinPad();
    const strongAuth = createStrongAuth({ clock, transport: fromPims(simulator), enterPin: pad.enterPin });
    return { pad, strongAuth };
  };
  const pass = async (ms: number) => {
    clock.advance(ms);
    await settleDown(40);
  };
  return { clock, simulator, startApp, pass };
}

/** Points of a wave, by what has been done until then. */
const points: Readonly<
  Record<
    string,
    (
      stage: ReturnType<typeof device>,
      app: ReturnType<ReturnType<typeof device>['startApp']>,
    ) => Promise<unknown>
  >
> = {
  'while the call is in flight': async () => {},
  'while the user is asked': ({ pass }) => pass(100),
  'while the OTP is requested': async ({ pass }, { pad }) => {
    await pass(100);
    pad.submit('1234');
    await settleDown();
  },
  'while the call is replayed': async ({ pass }, { pad }) => {
    await pass(100);
    pad.submit('1234');
    await settleDown();
    await pass(100);
  },
};

describe.each(Object.entries(points))('an app that goes %s', (_, reach) => {
  test.each(['disposed of', 'killed'])(
    '%s, and starts again: nothing is stuck, and nothing happens twice',
    async (how) => {
      const stage = device();
      const { simulator, startApp, pass } = stage;
      const first = startApp();
      const lost = watched(first.strongAuth.set(COMMAND, { action: 'doors', doorState: 'lock' }));
      await reach(stage, first);
      if (how === 'disposed of') {
        first.strongAuth.dispose();
        await settleDown();
        expect([lost.fate, first.pad.view.getSnapshot().isOpen]).toEqual(['DISPOSED', false]);
      }
      const asked = simulator.effects.otpRequests.length;

      const second = startApp();
      expect(second.strongAuth.view.getSnapshot().status).toBe('idle');
      await pass(1000); // whatever the first had under way arrives, and finds nobody
      expect(simulator.effects.otpRequests.length).toBe(asked);
      expect(second.strongAuth.view.getSnapshot().status).toBe('idle');

      const again = watched(second.strongAuth.set(COMMAND, { action: 'horn' }));
      await pass(100);
      if (second.pad.view.getSnapshot().isOpen) {
        second.pad.submit('1234');
        await settleDown();
      }
      await pass(100);
      await pass(100);
      expect([again.fate, second.strongAuth.view.getSnapshot().status]).toEqual(['resolved', 'done']);
      expect(simulator.effects.executionsOf({ action: 'horn' })).toBe(1);
      expect(simulator.effects.executionsOf({ action: 'doors' })).toBeLessThanOrEqual(1);
    },
  );
});

test('a screen that comes and goes: mounting, unmounting and mounting again leaves one prompt and no orphan', async () => {
  const { clock, pass, simulator, startApp } = device();
  startApp().strongAuth.dispose(); // the first mount of a strict mode
  const { pad, strongAuth } = startApp();
  const stop = pad.view.subscribe(() => {});
  stop();
  pad.view.subscribe(() => {});
  void watched(strongAuth.set(COMMAND, { action: 'horn' }));
  await pass(100);
  expect(pad.view.getSnapshot().isOpen).toBe(true);
  strongAuth.dispose();
  expect([clock.pending, simulator.effects.requests.length]).toEqual([0, 1]);
});
