import { type Browser, chromium, type Page } from 'playwright-core';
import { strongAuthMachine } from 'strong-auth-machine/machine';
import { type StrongAuthPath, walkPath } from 'strong-auth-machine/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { chartOf } from '../../scripts/chart.js';
import { choosePaths } from './chosen-paths.js';
import { drivePage, type Fingers, quickFingers, realFingers } from './driver.js';

/** How many pages walk at the same time: a page waits for its next picture most of the time. */
const PAGES = 3;

/**
 * Edges that nothing on the page leads to: they need limits that it does not set (one call that may wait, a budget of OTPs), a call
 * that the PIN entry makes itself, somebody who leaves a wave in the moment in which it ends, or an app that cures.
 */
const OUT_OF_REACH =
  /isFull|pin\.unaffordable|isOfPrompt|waiters\.gone|canRecover|recovery\.|recoverTimeout|recovering/;

describe('the playground, along generated paths', { timeout: 600_000 }, () => {
  let browser: Browser;
  const site = inject('playground');
  const complaints: string[] = [];
  const choosing = choosePaths();

  beforeAll(async () => {
    browser = await chromium.connect(inject('playground').browser);
  });
  afterAll(() => browser?.close());

  const open = async (): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 1300 } });
    page.on('pageerror', ({ message }) => {
      // What the PIN entry throws surfaces, as it should: a path breaks it on purpose.
      if (message !== 'the PIN pad broke') complaints.push(message);
    });
    await page.goto(`${site.url}?by-hand`);
    return page;
  };

  /** Walks paths on one page, and compares what the page says of the SDK with what the simulator saw. */
  const walk = async (page: Page, fingers: Fingers, paths: readonly StrongAuthPath[], saw: Set<string>) => {
    let assertions = 0;
    for (const path of paths) {
      await fingers.press('#story-again');
      const driver = drivePage(page, fingers, path.world.calls);
      await driver.observe(); // the new stage is drawn
      assertions += (await walkPath(path, driver)).assertions;
      for (const state of driver.saw) saw.add(state);
      expect(await page.evaluate(compareWithSimulator), path.title).toEqual([]);
    }
    return assertions;
  };

  const walkAll = async (paths: readonly StrongAuthPath[], saw: Set<string>) => {
    const shares = Array.from({ length: PAGES }, (_, share) =>
      paths.filter((_, index) => index % PAGES === share),
    );
    const counts = await Promise.all(
      shares.map(async (share) => {
        const page = await open();
        const assertions = await walk(page, quickFingers(page), share, saw);
        await page.close();
        return assertions;
      }),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  };

  test('it says what the machine and the simulator say, on every edge that a visitor can take', async () => {
    const { paths, coverage } = await choosing;
    const saw = new Set<string>();
    const assertions = await walkAll(paths, saw);
    expect(complaints).toEqual([]);
    expect(assertions).toBeGreaterThan(7 * paths.length);
    expect(coverage.missing().filter((missing) => !OUT_OF_REACH.test(missing))).toEqual([]);
    expect([...saw].sort()).toEqual(everyState());
  });

  test('every state is reached with a mouse and a keyboard', async () => {
    const saw = new Set<string>();
    const page = await open();
    await walk(page, realFingers(page), shortWayToEverything(await choosing), saw);
    expect([...saw].sort()).toEqual(everyState());
    expect(complaints).toEqual([]);
  });
});

/** @returns Paths on which everything that can happen happens once, and every status is seen. */
function shortWayToEverything({ paths }: Awaited<ReturnType<typeof choosePaths>>): StrongAuthPath[] {
  const met = new Set<string>();
  return paths.filter(({ steps }) => {
    const before = met.size;
    for (const { event, expected } of steps) {
      met.add(expected.status).add(event.type === 'timeout' ? event.delay : event.type);
    }
    return met.size > before;
  });
}

/** @returns The states in which the machine can be found: all but those that are only passed through. */
const everyState = (): string[] =>
  chartOf(strongAuthMachine)
    .states.filter(({ always }) => !always?.length)
    .map(({ path }) => path.join('.'))
    .filter((path) => !OUT_OF_REACH.test(path))
    .sort();

/** Runs in the page: where its own account of the SDK differs from the simulator's. */
function compareWithSimulator(): string[] {
  const { effects } = window.playground.simulator;
  const numbers = document.getElementById('seen')?.textContent?.match(/\d+/g)?.map(Number) ?? [];
  const seen = [effects.requests.length, effects.challenges, effects.otpRequests.length, effects.executions];
  const differences =
    seen.join() === numbers.join() ? [] : [`the page says ${numbers}, the simulator saw ${seen}`];
  if (effects.maxOtpInFlight > 1) differences.push(`${effects.maxOtpInFlight} OTP requests at the same time`);
  return differences;
}
