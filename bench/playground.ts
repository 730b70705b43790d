import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSite } from '../test/playground/site.js';
import { launchChromium } from '../test/support/chromium.js';
import { BEGIN, cpuTime, report, take } from './frames.js';

/*
 * `npm run bench:playground`: how smoothly the playground draws while 1,000 calls are under way at the same time. Measured in
 * Chromium, between the callbacks of its own animation frames. On a busy machine the frames tell more about its other tenants than
 * about the page: the processor time of the page's own process, per frame, does not. 16.7 ms are there for each.
 */

const CALLS = 1000;

const directory = await mkdtemp(join(tmpdir(), 'playground-'));
const site = await buildSite(directory);
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(site.url);
  await page.selectOption('#load-count', String(CALLS));
  await page.waitForFunction(() => true); // what looks into the page is compiled before anything counts
  await page.evaluate(BEGIN);
  let spent = await cpuTime(browser);
  const tell = async (name: string) => {
    const now = await cpuTime(browser);
    report(name, await take(page), now - spent);
    spent = now;
  };
  const reaches = (id: string) =>
    page.waitForFunction(
      ([count, text]) => document.getElementById(count as string)?.textContent === text,
      [id, String(CALLS)],
    );
  await page.waitForTimeout(2000);
  await tell('at rest');
  await page.click('#load');
  await reaches('count-waiting');
  await tell(`${CALLS} calls sent and challenged`);
  await page.waitForTimeout(2000);
  await tell(`${CALLS} calls wait`);
  await page.fill('#pin', '1234');
  await page.keyboard.press('Enter');
  await reaches('count-settled');
  await tell('granted, sent again, answered');
} finally {
  await browser.close();
  await site.close();
  await rm(directory, { recursive: true, force: true });
}
