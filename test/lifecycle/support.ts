import type { StrongAuthOptions } from 'strong-auth-machine';
import { createScriptedTransport } from 'strong-auth-machine/testing';
import { answersOf, setStage } from '../support/stage.js';

export { settleDown } from 'strong-auth-machine/testing';
export { COMMAND, OTP, surfaced, turn, type Watched, watched } from '../support/stage.js';

export const DOORS = { action: 'doors', doorState: 'lock' } as const;

export const { succeeded, failed } = answersOf('t');
export const CHALLENGE = failed(2302, 'Need Strong Authentication');
export const GRANT = succeeded({ otp: 'o' });

/** A client on a transport that cannot subscribe. */
export const stage = (options: Partial<StrongAuthOptions> = {}) =>
  setStage(
    {
      transport: createScriptedTransport(),
      doors: DOORS,
      challenge: CHALLENGE,
      grant: GRANT,
      success: succeeded(),
    },
    options,
  );
