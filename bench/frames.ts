import type { Browser, Page } from 'playwright-core';

/** What a page drew. */
export interface Frames {
  /** Between two frames, ms. */
  readonly gaps: number[];
  /** Work of the page's main thread that held a frame up for 50 ms or more. */
  readonly longTasks: number[];
}

/** Begins to count frames in the page. A text, since what compiles this file puts helpers of its own into functions. */
export const BEGIN = `
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
export const take = (page: Page): Promise<Frames> =>
  page.evaluate(() => {
    const { frameCount } = window as unknown as { frameCount: Frames };
    return { gaps: frameCount.gaps.splice(0), longTasks: frameCount.longTasks.splice(0) };
  });

/** Prints how evenly a page drew. */
export function report(name: string, { gaps, longTasks }: Frames, cpuMs: number): void {
  const sorted = [...gaps].sort((one, other) => one - other);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1).padStart(6);
  const rate = (1000 * gaps.length) / gaps.reduce((sum, gap) => sum + gap, 0);
  const cpu = (cpuMs / gaps.length).toFixed(1);
  console.log(
    `${name.padEnd(34)} ${rate.toFixed(1).padStart(5)} a second  median ${at(0.5)}  95 % ${at(0.95)}  99 % ${at(0.99)}  longest ${at(1)} ms  long tasks ${longTasks.length}  processor ${cpu} ms a frame`,
  );
}

/** @returns The processor time of the pages' processes so far, in ms. */
export async function cpuTime(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return 1000 * processInfo.reduce((sum, { type, cpuTime }) => sum + (type === 'renderer' ? cpuTime : 0), 0);
}
