import {
  createScriptedDriver,
  exploreWorld,
  strongAuthPaths,
  type WorldOptions,
  walkPath,
} from 'strong-auth-machine/testing';
import { expect, test } from 'vitest';
import { Oracle } from '../model/oracle.js';

const world: WorldOptions = {
  calls: ['call', 'call', 'call'],
  alphabet: 'essential',
  policy: { maxPinAttempts: 1 },
};

test('every edge of a world of three calls', { timeout: 3_600_000 }, async () => {
  const graph = exploreWorld(world);
  const paths = strongAuthPaths(world, graph);
  console.info(`three calls: ${graph.states} states, ${graph.edges} edges, ${paths.length} paths`);
  for (const path of paths) {
    const oracle = new Oracle(world);
    for (const { event, expected } of path.steps) {
      oracle.happen(event);
      expect(oracle.observe(), path.title).toEqual(expected);
    }
    await walkPath(path, createScriptedDriver(world));
  }
});
