import { createPinPad, createStrongAuth, fromPims, type StrongAuth } from 'strong-auth-machine';
import {
  createRecovery,
  createRecoveryPad,
  type Recovery,
  type RecoveryPad,
  type RecoveryPolicyOptions,
} from 'strong-auth-machine/recovery';
import { createSimulator, type Simulator } from 'strong-auth-machine/simulator';
import type { Remote } from '../shared/remote.js';

/** What the app is given: the remote, and the recovery with the pad that asks its questions. */
export interface CuredRemote extends Remote {
  readonly recovery: Recovery;
  readonly recoveryPad: RecoveryPad;
}

/**
 * @param latencyMs How long the SDK takes for an answer.
 * @param policy Limits of the recovery.
 * @returns A remote for a simulated car whose account is blocked, and the simulator: in the app, the SDK.
 */
export function createBlockedRemote(
  latencyMs = 400,
  policy: RecoveryPolicyOptions = {},
): CuredRemote & { readonly simulator: Simulator } {
  const simulator = createSimulator({ pin: '1234', latencyMs, blocked: true, pinAfterRemoval: 'gone' });
  const transport = fromPims(simulator);
  const pinPad = createPinPad();
  const recoveryPad = createRecoveryPad();
  const recovery = createRecovery({ transport, ask: recoveryPad.ask, policy });
  const strongAuth: StrongAuth = createStrongAuth({
    transport,
    enterPin: pinPad.enterPin,
    // The door waits meanwhile. What rejects here denies the call as it would be denied without `recover`.
    async recover({ remedy }, { signal }) {
      if (remedy === 'unblockAccount') await recovery.unblockAccount({ signal });
      else await recovery.enrollDevice({ signal });
      return true;
    },
  });
  return { strongAuth, pinPad, recovery, recoveryPad, simulator };
}
