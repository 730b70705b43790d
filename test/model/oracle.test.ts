import { exploreWorld, strongAuthPaths } from 'strong-auth-machine/testing';
import { expect, test } from 'vitest';
import { Oracle } from './oracle.js';
import { worlds } from './worlds.js';

test.each(Object.entries(worlds))(
  'machine and oracle agree on every edge: %s',
  { timeout: 600_000 },
  (_, world) => {
    const paths = strongAuthPaths(world, exploreWorld(world)).sort((a, b) => a.steps.length - b.steps.length);
    let compared = 0;
    for (const { title, steps } of paths) {
      const oracle = new Oracle(world);
      for (const [index, { event, expected }] of steps.entries()) {
        oracle.happen(event);
        compared += 1;
        // Paths come shortest first, so the first disagreement is the shortest sequence that shows it.
        expect(
          oracle.observe(),
          `after step ${index + 1} of “${title}” (expected: machine, received: oracle)`,
        ).toEqual(expected);
      }
    }
    expect(compared).toBeGreaterThan(paths.length);
  },
);
