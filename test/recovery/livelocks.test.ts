import { checkLiveness } from 'strong-auth-machine/testing';
import { describe, expect, test } from 'vitest';
import { recoveryLivelocks, recoveryWorldOf } from './livelocks.js';
import { recoveryLiveness } from './liveness.js';

describe('a livelock seeded into the recovery is told by its shortest lasso, and its world has none without it', () => {
  test.each(recoveryLivelocks.map((livelock) => [livelock.name, livelock] as const))('%s', (_, livelock) => {
    const [found] = checkLiveness(recoveryWorldOf(livelock), recoveryLiveness).violations;
    expect(found?.title).toBe(livelock.lasso);
    expect(checkLiveness(recoveryWorldOf(livelock, false), recoveryLiveness).violations).toEqual([]);
  });
});
