import {
  createPinPad,
  createStrongAuth,
  type ExternalStore,
  fromPims,
  type StrongAuthView,
} from 'strong-auth-machine';
import { createSimulator } from 'strong-auth-machine/simulator';
import { vi } from 'vitest';

export const COMMAND = 'pims.vehicle.command';
export const LOCK = { action: 'doors', doorState: 'lock' } as const;

/** A client on a simulated car, and how many listen to its view. */
export function createCar() {
  const pims = createSimulator({ pin: '1234' });
  const pinPad = createPinPad();
  const strongAuth = createStrongAuth({ transport: fromPims(pims), enterPin: pinPad.enterPin });
  let listeners = 0;
  const view: ExternalStore<StrongAuthView> = {
    getSnapshot: strongAuth.view.getSnapshot,
    subscribe(listener) {
      const stop = strongAuth.view.subscribe(listener);
      listeners += 1;
      return () => {
        listeners -= 1;
        stop();
      };
    },
  };
  const asked = () => vi.waitUntil(() => pinPad.view.getSnapshot().isOpen);
  return {
    ...{ pims, pinPad, strongAuth, view, asked },
    listening: () => listeners,
    status: () => strongAuth.view.getSnapshot().status,
    /** A command that nobody looks at, until the user is asked. */
    async challenge() {
      const ended = strongAuth.set(COMMAND, LOCK).then(
        () => 'locked',
        (error) => error.code,
      );
      await asked();
      return { ended };
    },
    async type(pin = '1234') {
      await asked();
      pinPad.submit(pin);
    },
  };
}
