import {
  createScriptedDriver,
  strongAuthPaths,
  type WorldOptions,
  walkPath,
} from 'strong-auth-machine/testing';
import { expect, test } from 'vitest';
import { Oracle } from '../model/oracle.js';

/** Small worlds, for runs that repeat them for every mutant. The full ones are in test/model. */
const isBrief = (type: string) =>
  !['pin.malformed', 'otp.pinMalformed', 'disposed', 'reset', 'call.failed'].includes(type);
const worlds: Readonly<Record<string, WorldOptions>> = {
  'one call': { alphabet: ({ type }) => type !== 'otp.pinMalformed' },
  'a call and an ensure on a blocked account': {
    calls: ['call', 'ensure'],
    alphabet: (event) => isBrief(event.type) && (!('code' in event) || event.code === 'ACCOUNT_BLOCKED'),
    policy: { maxPinAttempts: 1, maxWaiting: 1 },
  },
};

test.each(Object.entries(worlds))('%s', async (_, world) => {
  for (const path of strongAuthPaths(world)) {
    // A mutated chart agrees with paths of its own making; the oracle does not.
    const oracle = new Oracle(world);
    for (const { event, expected } of path.steps) {
      oracle.happen(event);
      expect(oracle.observe(), path.title).toEqual(expected);
    }
    await walkPath(path, createScriptedDriver(world));
  }
});
