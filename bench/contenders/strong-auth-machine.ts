// The built package, as it is installed: what is measured is what is published.
import { createStrongAuth, type StrongAuthOptions } from '../../dist/index.js';
import type { Contender } from '../contender.js';

/** Any version of the package. */
export type Version = typeof createStrongAuth;

/** Options that a measurement changes. */
export type Measured = Pick<StrongAuthOptions, 'policy' | 'inspect' | 'onEvent'>;

/** Without the limit of 1,000 calls that may wait. */
export const unlimited: Measured = { policy: { maxWaiting: Number.POSITIVE_INFINITY } };

/** @returns A version of the package, with other options than its defaults. */
export const contenderOf = (name: string, create: Version, options: Measured): Contender => ({
  name,
  create(scene) {
    const strongAuth = create({ transport: scene as never, enterPin: scene.enterPin, ...options });
    return {
      get: (api, parameters, signal) => strongAuth.get(api, parameters, signal && { signal }),
      cancel: () => strongAuth.cancel(),
      dispose: () => strongAuth.dispose(),
    };
  },
});

/** @returns The package as it is built, with other options than its defaults. */
export const strongAuthMachineWith = (options: Measured = {}): Contender =>
  contenderOf('strong-auth-machine', createStrongAuth, options);

export const strongAuthMachine = strongAuthMachineWith(unlimited);
