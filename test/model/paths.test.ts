import {
  createCoverage,
  createScriptedDriver,
  type StrongAuthPath,
  strongAuthPaths,
  walkPaths,
} from 'strong-auth-machine/testing';
import { describe, expect, test, vi } from 'vitest';
import { createSecretDriver, Sinks } from '../secrets/sinks.js';
import { worlds } from './worlds.js';

const coverage = createCoverage();

describe('every edge of the graph, walked through the public surface', () => {
  test.each(Object.entries(worlds))('%s; and no secret comes out', { timeout: 600_000 }, async (_, world) => {
    const printed: unknown[] = [];
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
      vi.spyOn(console, method).mockImplementation((...args) => void printed.push(args));
    const paths = strongAuthPaths(world);
    const sinks = new Sinks();
    const firstTime = firstTimes();
    let walked = 0;
    const report = await walkPaths(paths, () => {
      const isNew = firstTime(paths[walked++]);
      let step = 0;
      // What was looked at on an earlier path that begins in the same way is not looked at again.
      sinks.isLooking = isNew[step] ?? false;
      const driver = createSecretDriver(world, sinks, {
        inspect(event) {
          coverage.inspect(event);
          sinks.inspect(event);
        },
      });
      const { observe } = driver;
      driver.observe = () => {
        sinks.lookAt(driver);
        step += 1;
        sinks.isLooking = isNew[step] ?? false;
        return observe();
      };
      return driver;
    });
    sinks.isLooking = true;
    sinks.look('console', printed);
    expect(report.assertions).toBeGreaterThan(paths.length * 9);
    expect([...sinks.leaks]).toEqual([]);
    expect(sinks.inspected).toBeGreaterThan(paths.length * 8);
  });

  test('without an inspector: one call, every outcome', async () => {
    const paths = strongAuthPaths();
    expect(await walkPaths(paths, createScriptedDriver)).toMatchObject({ paths: paths.length });
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

/** @returns What says of each step of a path whether no earlier path came to it in the same way. */
function firstTimes(): (path: StrongAuthPath | undefined) => boolean[] {
  const ways = new Set<string>();
  return (path) => {
    let way = '';
    return (path?.steps ?? []).map(({ event }) => {
      way += JSON.stringify(event);
      const isNew = !ways.has(way);
      ways.add(way);
      return isNew;
    });
  };
}
