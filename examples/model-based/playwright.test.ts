import type { Browser, Page } from 'playwright-core';
import type { StrongAuthStatus } from 'strong-auth-machine';
import {
  type StrongAuthDriver,
  strongAuthPaths,
  type WorldOptions,
  walkPath,
} from 'strong-auth-machine/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../../test/support/bundle.js';
import { launchChromium } from '../../test/support/chromium.js';
import { reasons } from '../shared/pad-text.js';

/** What a user can do with the page: no sign-out, and nothing that breaks the pad. */
const world: WorldOptions = {
  alphabet: (event) =>
    !['pin.failed', 'otp.pinMalformed', 'pin.malformed', 'reset', 'disposed', 'cancelled'].includes(
      event.type,
    ) &&
    (event.type !== 'otp.denied' || event.code === 'OFFLINE'),
};

/** The hands and the eye of the kit, on a page: clicks where a user clicks, and texts as a user reads them. */
function drive(page: Page): StrongAuthDriver {
  const noButton = () => Promise.reject(new Error('the page has no button for it'));
  const text = async (part: string) => (await page.getByTestId(part).textContent()) ?? '';
  return {
    makeCall: () => page.getByRole('button', { name: 'Lock the doors' }).click(),
    async abortCall() {
      await page.getByTestId('lock-give-up').click();
      await page.evaluate(() => window.stage.clock.advance(0)); // the prompt closes when the turn ends
    },
    answerCall: (call, message) =>
      page.evaluate(([n, m]) => window.stage.answerCall(n, m), [call, message] as const),
    answerOtp: (message) => page.evaluate((m) => window.stage.answerOtp(m), message),
    advance: (ms) => page.evaluate((time) => window.stage.clock.advance(time), ms),
    async enterPin(entry) {
      if (entry === 'decline') return page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByLabel('PIN').fill('123456');
      await page.getByLabel('PIN').press('Enter');
    },
    cancel: noButton,
    reset: noButton,
    dispose: noButton,
    async observe() {
      const isOpen = (await page.getByTestId('pad').count()) > 0;
      return {
        status: (await text('status')) as StrongAuthStatus,
        waiting: Number(await text('waiting')),
        outcomes: [await text('lock-outcome')],
        prompt: isOpen ? promptShown(await text('reason')) : undefined,
      };
    },
  };
}

/** @returns What the pad asks, as the kit compares it; nothing while it checks the PIN. */
function promptShown(text: string) {
  const [said = '', attempt, attemptsLeft] = text.split(/ Attempt |, | left/);
  const [reason] = Object.entries(reasons).find(([, words]) => words === said) ?? [];
  return reason ? { reason, attempt: Number(attempt), attemptsLeft: Number(attemptsLeft) } : undefined;
}

describe('the page, along every path that a user can take', () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
    page = await browser.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.setContent('<!doctype html><title>Remote</title><body></body>');
    await page.addScriptTag({ content: await bundle('examples/model-based/page.ts') });
  }, 600_000);

  afterAll(() => browser?.close());

  const paths = strongAuthPaths(world);
  test(`${paths.length} paths`, { timeout: 600_000 }, async () => {
    for (const path of paths) {
      await page.evaluate(() => window.start({}));
      await walkPath(path, drive(page));
    }
    expect(complaints).toEqual([]);
  });
});
