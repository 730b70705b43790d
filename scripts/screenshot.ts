import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSite } from '../test/playground/site.js';
import { launchChromium } from '../test/support/chromium.js';

/*
 * `npm run docs:screenshot`: docs/playground.png, the playground in the middle of a story.
 */

const STORY = 'all-at-once';

const directory = await mkdtemp(join(tmpdir(), 'playground-'));
const site = await buildSite(directory);
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1010 }, colorScheme: 'light' });
  await page.goto(`${site.url}?story=${STORY}`);
  await page.evaluate(() => document.fonts.ready);
  await page.click('#story-step');
  await page.waitForFunction(() => document.querySelectorAll('.dots .is-done').length === 1);
  await page.mouse.move(0, 0);
  await page.screenshot({ path: fileURLToPath(new URL('../docs/playground.png', import.meta.url)) });
} finally {
  await browser.close();
  await site.close();
  await rm(directory, { recursive: true, force: true });
}
