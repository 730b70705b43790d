import type { LivenessOptions } from 'strong-auth-machine/testing';
import { armedBetween } from '../../src/testing/delays.js';
import { type Happening, type RecoveryWorld, waitingIn } from './world.js';

/** @returns What happens, in words. */
export function describeHappening(happening: Happening): string {
  switch (happening.type) {
    case 'flow.started':
      return `${happening.flow}()`;
    case 'timeout':
      return nameOf(happening.delay);
    case 'request.failed':
      return `request.failed (${happening.code})`;
    case 'device.read':
      return happening.isActivated ? 'device.read (activated)' : 'device.read (not activated)';
    case 'account.read':
      return `account.read (${happening.blockage})`;
    case 'phone.read':
      return happening.isKnown ? 'phone.read (known)' : 'phone.read (none)';
    default:
      return happening.type;
  }
}

const nameOf = (delay: string) => `${delay} passes`;

/**
 * What is taken for granted of a recovery: a delay that was started passes unless it is started anew. Users, apps and the SDK may
 * do nothing for ever.
 */
export const recoveryLiveness: LivenessOptions<RecoveryWorld, Happening> = {
  waiting: waitingIn,
  fairness: {
    weak: (happening) => (happening.type === 'timeout' ? nameOf(happening.delay) : undefined),
    restarts: ({ from, to }) => armedBetween(from.armed, to.armed).map(nameOf),
  },
  describe: describeHappening,
};

/** Every flow, one after another for ever, and every answer to everything. */
export const RECOVERY_WORLD = 'every flow of the recovery, every answer';
