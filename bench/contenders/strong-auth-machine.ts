// The built package, as it is installed: what is measured is what is published.
import { createStrongAuth, type StrongAuthOptions } from '../../dist/index.js';
import type { Contender } from '../contender.js';

/** @returns The package with other options than its defaults. */
export const strongAuthMachineWith = (
  options: Pick<StrongAuthOptions, 'policy' | 'inspect' | 'onEvent'> = {},
): Contender => ({
  name: 'strong-auth-machine',
  create(scene) {
    const strongAuth = createStrongAuth({ transport: scene as never, enterPin: scene.enterPin, ...options });
    return {
      get: (api, parameters, signal) => strongAuth.get(api, parameters, signal && { signal }),
      cancel: () => strongAuth.cancel(),
      dispose: () => strongAuth.dispose(),
    };
  },
});

/** As it comes, except that more than 1,000 calls may wait. */
export const strongAuthMachine = strongAuthMachineWith({ policy: { maxWaiting: Number.POSITIVE_INFINITY } });
