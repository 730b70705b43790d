import { createCoverage, createScriptedDriver, strongAuthPaths, walkPath } from 'strong-auth-machine/testing';
import { describe, expect, test } from 'vitest';
import { worlds } from './worlds.js';

const coverage = createCoverage();

/** With an inspector the chart is walked each time; without, what it answers to traffic is remembered (src/remember.ts). */
const watchers = { 'with an inspector': { inspect: coverage.inspect }, 'without one': {} };

describe('every edge of the graph, walked through the public surface', () => {
  const runs = Object.entries(watchers).flatMap(([watched, options]) =>
    Object.entries(worlds).map(([name, world]) => [name, watched, world, options] as const),
  );
  test.each(runs)('%s, %s', { timeout: 600_000 }, async (_, __, world, options) => {
    const paths = strongAuthPaths(world);
    const failures: string[] = [];
    let assertions = 0;
    for (const path of paths) {
      const driver = createScriptedDriver(world, { options });
      try {
        assertions += (await walkPath(path, driver)).assertions;
      } catch (error) {
        failures.push((error as Error).message);
      }
    }
    // The shortest one tells most.
    failures.sort((a, b) => a.length - b.length);
    expect(failures.slice(0, 3), `${failures.length} of ${paths.length} paths fail`).toEqual([]);
    expect(assertions).toBeGreaterThan(paths.length * 9);
  });

  test('somebody who leaves a wave that is over ends no other one', async () => {
    const driver = createScriptedDriver({ calls: ['ensure'] }, { options: { inspect: coverage.inspect } });
    const { strongAuth, clock } = driver;
    const first = strongAuth.ensure({ timeoutMs: 1000 }).catch((error) => error.code);
    // In one piece of host code, in the middle of the transition that the PIN leads to.
    const subscription = strongAuth.actor.subscribe(({ value }) => {
      if (!JSON.stringify(value).includes('requestingOtp')) return;
      subscription.unsubscribe();
      strongAuth.cancel();
      void driver.makeCall(0, 'ensure');
      clock.advance(1000);
    });
    await driver.enterPin('pin');
    expect(driver.observe()).toMatchObject({ status: 'needStrongAuth', prompts: 2, otpRequests: [] });
    expect([await first, ...driver.observe().outcomes]).toEqual(['TIMED_OUT', 'pending']);
  });

  test('leaves no state, edge or side of a guard unwalked', () => {
    expect(coverage.missing()).toEqual([]);
  });
});
