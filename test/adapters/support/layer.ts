import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type BundleOptions, bundle } from '../../support/bundle.js';
import { launchChromium } from '../../support/chromium.js';
import { type Check, checksOf } from './checks.js';

declare module 'vitest' {
  interface TaskMeta {
    /** What a check counted, for docs/state-layers.md. */
    counted?: string;
  }
}

/** An example app, and what it is bundled with. */
export interface Layer extends BundleOptions {
  /** Framework and version, as docs/state-layers.md names it. */
  readonly name: string;
  /** The module that exports `mount`, by its path in the repository. */
  readonly app: string;
}

/**
 * Takes the app of a layer through every check in a real Chromium. A test in `more` whose title is a column of
 * docs/state-layers.md fills that cell, too.
 */
export function describeLayer({ name, app, aliases, plugins }: Layer, more: () => void = () => {}): void {
  describe(name, () => {
    let browser: Browser;
    let page: Page;
    const complaints: string[] = [];

    beforeAll(async () => {
      const script = await bundle('test/adapters/support/page.ts', {
        aliases: { ...aliases, 'layer-under-test': `/${app}` },
        plugins: plugins ?? [],
      });
      browser = await launchChromium('--js-flags=--expose-gc');
      page = await browser.newPage();
      page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
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

    for (const check of Object.keys(checksOf(() => () => {})) as Check[]) {
      test(check, { timeout: 120_000 }, async ({ task }) => {
        const counted = await page.evaluate((title) => window.check(title), check);
        if (counted) task.meta.counted = counted;
      });
    }

    more();
  });
}
