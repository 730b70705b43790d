import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, expect } from 'vitest';
import { type BundleOptions, bundle } from './bundle.js';
import { launchChromium } from './chromium.js';

/**
 * An empty page with a script on it, in a Chromium of its own, for the tests of a `describe`. A test fails if something was
 * thrown on the page, or printed as a warning or an error.
 *
 * @param entry The script, by its path in the repository.
 * @returns What opens the page when it is first called, and gives it.
 */
export function onPage(entry: string, options: BundleOptions = {}): () => Promise<Page> {
  const complaints: string[] = [];
  let browser: Browser | undefined;
  let page: Promise<Page> | undefined;

  async function open(): Promise<Page> {
    const script = await bundle(entry, options);
    browser = await launchChromium('--js-flags=--expose-gc');
    const opened = await browser.newPage();
    opened.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
    opened.on('console', (message) => {
      if (['warning', 'error'].includes(message.type())) complaints.push(message.text());
    });
    // An origin of its own, so that the page has storage; nothing is fetched.
    await opened.route('**/*', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Layer</title><body></body>' }),
    );
    await opened.goto('http://localhost/');
    await opened.addScriptTag({ content: script });
    return opened;
  }

  afterEach(() => {
    expect(complaints.splice(0)).toEqual([]);
  });
  afterAll(() => browser?.close());

  return () => {
    page ??= open();
    return page;
  };
}
