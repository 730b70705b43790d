import {
  checkLiveness,
  explore,
  renewableWorld,
  type WorldOptions,
  worldLiveness,
} from 'strong-auth-machine/testing';
import { describe, expect, test } from 'vitest';
import { laws } from './laws.js';
import { type Livelock, livelocks, worldWith } from './livelocks.js';

/** @returns The numbers of the laws that are broken in a world of two calls, and in the livelock's own. */
function lawsThatSee(livelock: Livelock): number[] {
  const broken = new Set<number>();
  const own = livelock.world;
  const worlds: WorldOptions[] = own.calls?.[1]
    ? [own]
    : [own, { calls: ['call', 'call'], alphabet: 'essential' }];
  for (const options of worlds)
    explore(worldWith(livelock, options), (edge) => {
      for (const { name, breach } of laws) if (breach(edge)) broken.add(Number.parseInt(name, 10));
    });
  return [...broken].sort((a, b) => a - b);
}

describe('a seeded livelock is told by its shortest lasso, and no law sees it but those that are said', () => {
  test.each(livelocks.map((livelock) => [livelock.name, livelock] as const))('%s', (_, livelock) => {
    const { violations } = checkLiveness(worldWith(livelock, renewableWorld(livelock.world)), worldLiveness);
    expect(violations[0]?.title).toBe(livelock.lasso);
    expect(lawsThatSee(livelock)).toEqual(livelock.seenBy);
  });

  test('the same worlds without it have none', () => {
    const options = new Set(livelocks.map(({ world }) => world));
    const found = [...options].flatMap((world) => checkLiveness(world).violations);
    expect(found).toEqual([]);
  });

  test('fifteen of thirty-three are seen by no law', () => {
    const unseen = livelocks.filter(({ seenBy }) => seenBy.length === 0);
    expect([livelocks.length, unseen.length]).toEqual([33, 15]);
  });
});
