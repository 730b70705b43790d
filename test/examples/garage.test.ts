import { PathError, strongAuthPaths, walkPaths } from 'strong-auth-machine/testing';
import { describe, expect, test } from 'vitest';
import { driveGarage } from './garage/driver.js';
import { reduceByAction, reduceById } from './garage/garage.js';

describe("a stranger's app, along every path of two calls", () => {
  const paths = strongAuthPaths({ calls: ['call', 'call'], alphabet: 'essential' });

  test('with a bug in its store, fails after two steps: the second command has taken the row of the first', async () => {
    const error = await walkPaths(paths, driveGarage(reduceByAction)).catch((reason) => reason);
    expect(error).toBeInstanceOf(PathError);
    expect(error.message).toMatch(
      /^After 2 steps, “call 1 made → call 0 made”: outcomes should be \["pending","pending"\], and is \["pending","unmade"\]\./,
    );
  });

  test('repaired, passes', async () => {
    const { paths: walked, assertions } = await walkPaths(paths, driveGarage(reduceById));
    expect(walked).toBe(paths.length);
    expect(assertions).toBeGreaterThan(10 * walked);
  });
});
