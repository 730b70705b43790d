import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type BundleOptions, bundle } from './bundle.js';
import { launchChromium } from './chromium.js';

/**
 * Opens an empty page with a script on it, in a Chromium of its own, for the tests of a `describe`. A test fails if something was
 * thrown on the page, or printed as a warning or an error.
 *
 * @param entry The script, by its path in the repository.
 * @returns What gives the page, once the tests run.
 */
export function onPage(entry: string, options: BundleOptions = {}): () => Page {
  let browser: Browser | undefined;
  let page: Page | undefined;
  const complaints: string[] = [];

  beforeAll(async () => {
    const script = await bundle(entry, options);
    browser = await launchChromium('--js-flags=--expose-gc');
    page = await browser.newPage();
    page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
    page.on('console', (message) => {
      if (['warning', 'error'].includes(message.type())) complaints.push(message.text());
    });
    // An origin of its own, so that the page has storage; nothing is fetched.
    await page.route('**/*', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Layer</title><body></body>' }),
    );
    await page.goto('http://localhost/');
    await page.addScriptTag({ content: script });
  }, 120_000);
  afterEach(() => {
    expect(complaints.splice(0)).toEqual([]);
  });
  afterAll(() => browser?.close());

  return () => {
    if (!page) throw new Error('the page is not open yet');
    return page;
  };
}
