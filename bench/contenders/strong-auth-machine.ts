import type { StrongAuthOptions } from '../../src/index.js';
import type { Contender } from '../contender.js';
import { createStrongAuth } from '../package.js';

/** @returns A version of the package, as it comes except that more than 1,000 calls may wait. */
export const contenderOf = (name: string, create: typeof createStrongAuth): Contender => ({
  name,
  create(scene, timeoutMs) {
    const policy: StrongAuthOptions['policy'] = {
      maxWaiting: Number.POSITIVE_INFINITY,
      ...(timeoutMs && { pinEntryTimeoutMs: timeoutMs, otpTimeoutMs: timeoutMs, callTimeoutMs: timeoutMs }),
    };
    const strongAuth = create({ transport: scene as never, enterPin: scene.enterPin, policy });
    return {
      get: (api, parameters, signal) => strongAuth.get(api, parameters, signal && { signal }),
      cancel: () => strongAuth.cancel(),
      dispose: () => strongAuth.dispose(),
    };
  },
});

export const strongAuthMachine = contenderOf('strong-auth-machine', createStrongAuth);
