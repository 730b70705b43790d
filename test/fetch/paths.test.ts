import {
  isEssential,
  strongAuthPaths,
  type WorldEvent,
  type WorldOptions,
  walkPath,
} from 'strong-auth-machine/testing';
import { describe, expect, test } from 'vitest';
import { createStepUpDriver, isOfStepUp } from './driver.js';

const worlds: Readonly<Record<string, WorldOptions>> = {
  'one request': { recovers: true },
  'two requests': { calls: ['call', 'call'] },
  'a request and an ensure': { calls: ['call', 'ensure'] },
  'a request and a poller, sent again twice, one waiting at most': {
    calls: ['call', 'background'],
    policy: { maxRounds: 2, maxWaiting: 1 },
  },
  'a POST and a GET, where only those that change something go one after another': {
    calls: ['call', 'read'],
    replays: 'serial',
  },
};

describe('the generated paths, walked through createStepUpFetch', () => {
  test.each(Object.entries(worlds))('%s', async (_, options) => {
    // With several requests, one outcome of each kind that they can tell apart.
    const isTried = options.calls ? isEssential : () => true;
    const world = { ...options, alphabet: (event: WorldEvent) => isTried(event) && isOfStepUp(event) };
    const paths = strongAuthPaths(world);
    const failures: string[] = [];
    const kinds = new Set<string>();
    let assertions = 0;
    for (const path of paths) {
      for (const { event } of path.steps) kinds.add(event.type);
      try {
        assertions += (await walkPath(path, createStepUpDriver(world))).assertions;
      } catch (error) {
        failures.push((error as Error).message);
      }
    }
    failures.sort((a, b) => a.length - b.length); // the shortest one tells most
    expect(failures.slice(0, 3), `${failures.length} of ${paths.length} paths fail`).toEqual([]);
    expect(assertions).toBeGreaterThan(paths.length * 7);
    expect([...kinds]).toEqual(
      expect.arrayContaining(['call.challenged', 'pin.given', 'otp.granted', 'timeout', 'otp.answeredLate']),
    );
  });
});
