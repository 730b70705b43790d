import { type Contender, isChallenge, requestOtp, resultOf } from '../contender.js';

/**
 * What a careful team writes by hand for one app: one prompt and one OTP for all who wait, one replay each, and cancel. It has
 * no stragglers, no time-outs, no ages, no view, no budget, no subscriptions and no facade; that is part of the comparison.
 */
export const handWritten: Contender = {
  name: 'written by hand',
  create(scene) {
    let granting: Promise<void> | undefined;
    let cancel = () => {};

    async function grant(): Promise<void> {
      const cancelled = new Promise<never>((_, reject) => {
        cancel = () => reject(new Error('CANCELLED'));
      });
      const pin = await Promise.race([scene.enterPin(), cancelled]);
      if (!pin) throw new Error('CANCELLED');
      await Promise.race([requestOtp(scene, pin), cancelled]);
    }

    return {
      async get(api, parameters) {
        let message = await scene.send({ verb: 'get', api, parameters });
        if (isChallenge(message)) {
          granting ??= grant().finally(() => {
            granting = undefined;
          });
          await granting;
          message = await scene.send({ verb: 'get', api, parameters });
        }
        return resultOf(message);
      },
      cancel: () => cancel(),
      dispose() {},
    };
  },
};
