import { createPinPad, createStrongAuth, fromPims } from 'strong-auth-machine';
import { createSimulator } from 'strong-auth-machine/simulator';
import type { Remote } from './remote.js';

/** @returns A remote for a simulated car. Its PIN is 1234, and every command wants strong authentication after a minute. */
export function createSimulatedRemote(): Remote {
  const pinPad = createPinPad();
  const pims = createSimulator({ pin: '1234', latencyMs: 400, sessionTtlMs: 60_000 });
  return { strongAuth: createStrongAuth({ transport: fromPims(pims), enterPin: pinPad.enterPin }), pinPad };
}
