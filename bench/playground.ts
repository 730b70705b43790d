import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { buildSite } from '../test/playground/site.js';
import { launchChromium } from '../test/support/chromium.js';

/*
 * `npm run bench:playground`: how smoothly the playground draws while 1,000 calls are under way at the same time. Measured in
 * Chromium, between the callbacks of its own animation frames. On a busy machine the frames tell more about its other tenants than
 * about the page: the processor time of the page's own process, per frame, does not. 16.7 ms are there for each.
 */

const CALLS = 1000;

interface Frames {
  /** Between two frames, ms. */
  readonly gaps: number[];
  /** Work of the page's main thread that held a frame up for 50 ms or more. */
  readonly longTasks: number[];
}

/** Begins to count frames in the page. A text, since what compiles this file puts helpers of its own into functions. */
const BEGIN = `
  const frames = { gaps: [], longTasks: [] };
  let last;
  const count = (now) => {
    if (last !== undefined) frames.gaps.push(now - last);
    last = now;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) frames.longTasks.push(duration);
  }).observe({ entryTypes: ['longtask'] });
  window.frameCount = frames;
`;

/** @returns The frames since the last time. */
const take = (page: Page): Promise<Frames> =>
  page.evaluate(() => {
    const { frameCount } = window as unknown as { frameCount: Frames };
    return { gaps: frameCount.gaps.splice(0), longTasks: frameCount.longTasks.splice(0) };
  });

function report(name: string, { gaps, longTasks }: Frames, cpuMs: number): void {
  const sorted = [...gaps].sort((one, other) => one - other);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1).padStart(6);
  const rate = (1000 * gaps.length) / gaps.reduce((sum, gap) => sum + gap, 0);
  const cpu = (cpuMs / gaps.length).toFixed(1);
  console.log(
    `${name.padEnd(34)} ${rate.toFixed(1).padStart(5)} a second  median ${at(0.5)}  95 % ${at(0.95)}  longest ${at(1)} ms  long tasks ${longTasks.length}  processor ${cpu} ms a frame`,
  );
}

/** @returns The processor time of the pages' processes so far, in ms. */
async function cpuTime(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return 1000 * processInfo.reduce((sum, { type, cpuTime }) => sum + (type === 'renderer' ? cpuTime : 0), 0);
}

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
