import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle } from '../support/bundle.js';
import { launchChromium } from '../support/chromium.js';

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium();
  page = await browser.newPage();
  await page.setContent('<!doctype html><title>Conformance</title>');
  await page.addScriptTag({ content: await bundle('test/conformance/page.ts') });
}, 600_000);

afterAll(() => browser?.close());

test('the suite runs in a browser: the bridge of the web view passes there', async () => {
  const { passed, text } = await page.evaluate(() => window.runSuite(false));
  expect(passed, text).toBe(true);
}, 30_000);

test('a browser, too, tells of a rejection that nobody handles', async () => {
  const { results } = await page.evaluate(() => window.runSuite(true));
  expect(results.filter(({ passed }) => !passed)).toMatchObject([
    { id: 'unhandled', found: expect.stringContaining('nobody hears this') },
  ]);
}, 30_000);
