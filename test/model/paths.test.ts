import {
  createCoverage,
  createScriptedDriver,
  type StrongAuthPath,
  strongAuthPaths,
  walkPaths,
} from 'strong-auth-machine/testing';
import { describe, expect, test, vi } from 'vitest';
import type { InspectionEvent } from 'xstate';
import { createDisguisedDriver, Sinks } from '../secrets/sinks.js';
import { worlds } from './worlds.js';

const coverage = createCoverage();

describe('every edge of the graph, walked through the public surface', () => {
  test.each(Object.entries(worlds))('%s; and no secret comes out', { timeout: 600_000 }, async (_, world) => {
    const printed: unknown[] = [];
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
      vi.spyOn(console, method).mockImplementation((...args) => void printed.push(args));
    const paths = strongAuthPaths(world);
    const sinks = new Sinks();
    const inspect = (event: InspectionEvent) => {
      coverage.inspect(event);
      sinks.inspect(event);
    };
    const firstNewStep = firstNewSteps();
    let walked = 0;
    const report = await walkPaths(paths, () => {
      // What was looked at on an earlier path that begins in the same way is not looked at again.
      const firstNew = firstNewStep(paths[walked++]);
      sinks.isLooking = firstNew === 0;
      const driver = createDisguisedDriver(world, {
        onEvent: sinks.options.onEvent,
        inspect: firstNew === 0 ? inspect : undefined,
      });
      const { observe, strongAuth } = driver;
      if (firstNew === 0) sinks.watchInStore(strongAuth);
      let step = 0;
      driver.observe = () => {
        sinks.lookAt(driver);
        step += 1;
        if (step === firstNew) {
          sinks.isLooking = true;
          sinks.watchInStore(strongAuth);
          strongAuth.actor.system.inspect(inspect);
        }
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

/** @returns What says which step of a path is the first that no earlier path came to in the same way. */
function firstNewSteps(): (path: StrongAuthPath | undefined) => number {
  const ways = new Set<string>();
  return (path) => {
    let way = '';
    const isNew = (path?.steps ?? []).map(({ event }) => {
      way += JSON.stringify(event);
      const { size } = ways;
      return ways.add(way).size > size;
    });
    return isNew.indexOf(true);
  };
}
