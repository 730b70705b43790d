import chromiumBinary from '@sparticuz/chromium';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import {
  type StrongAuthDriver,
  strongAuthPaths,
  type WorldOptions,
  walkPath,
} from 'strong-auth-machine/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

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
  const click = (id: string) => page.locator(id).click();
  return {
    makeCall: (call) => click(`#press-${call}`),
    abortCall: (call) => click(`#give-up-${call}`),
    answerCall: (call, message) =>
      page.evaluate(([n, m]) => window.hands.answerCall(n, m), [call, message] as const),
    answerOtp: (message) => page.evaluate((m) => window.hands.answerOtp(m), message),
    advance: (ms) => page.evaluate((time) => window.hands.advance(time), ms),
    async enterPin(entry) {
      if (entry === 'decline') return click('#cancel');
      await page.locator('#pin').fill('123456');
      await page.locator('#pin').press('Enter');
    },
    cancel: () => Promise.reject(new Error('the page has no button for it')),
    reset: () => Promise.reject(new Error('the page has no button for it')),
    dispose: () => Promise.reject(new Error('the page has no button for it')),
    observe: () =>
      page.evaluate(() => {
        const text = (id: string) => document.getElementById(id)?.textContent ?? '';
        const [reason, attempt, attemptsLeft] = text('reason').split(', ');
        return {
          status: text('status') as never,
          waiting: Number(text('waiting')),
          outcomes: [text('outcome-0')],
          prompt: reason
            ? { attempt: Number(attempt), attemptsLeft: Number(attemptsLeft), reason }
            : undefined,
        };
      }),
  };
}

describe('the page, along every path that a user can take', () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: [new URL('page.ts', import.meta.url).pathname],
      bundle: true,
      write: false,
      format: 'iife',
    });
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM_PATH ?? (await chromiumBinary.executablePath()),
      args: ['--no-sandbox'],
    });
    page = await browser.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.setContent('<!doctype html><title>Remote</title><body></body>');
    await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
  }, 60_000);

  afterAll(() => browser?.close());

  const paths = strongAuthPaths(world);
  test(`${paths.length} paths`, { timeout: 120_000 }, async () => {
    for (const path of paths) {
      await page.evaluate((options) => window.hands.start(options), {});
      await walkPath(path, drive(page));
    }
    expect(complaints).toEqual([]);
  });
});
