import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { SLOW_MACHINE_MS } from '../support/chromium.js';

const require = createRequire(import.meta.url);

export const phone: BrowserContextOptions = {
  viewport: { width: 360, height: 740 },
  isMobile: true,
  hasTouch: true,
};
export const desktop: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };
/** The pad, when nothing else on the phone can be reached. */
export const PAD = '.phone.is-modal #pad[open]';

/** Opens pages of the playground, each test in a context of its own. Fails a test whose pages complain. */
export function visitPlayground() {
  let browser: Browser;
  const site = inject('playground');
  let axe: string;
  let context: BrowserContext | undefined;
  /** What no visitor should ever cause: errors, and requests to anywhere else. */
  const complaints: string[] = [];

  beforeAll(async () => {
    axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
    browser = await chromium.connect(inject('playground').browser);
  });
  afterEach(async () => {
    await context?.close();
    context = undefined;
    expect(complaints.splice(0)).toEqual([]);
  });
  afterAll(() => browser?.close());

  const watch = (page: Page) => {
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(site.url) && !request.url().startsWith('data:'))
        complaints.push(request.url());
    });
    page.on('response', (response) => {
      if (!response.ok()) complaints.push(`${response.status()} ${response.url()}`);
    });
  };
  /** Makes a context that is closed after the test. */
  const newContext = async (options?: BrowserContextOptions) => {
    context = await browser.newContext(options);
    context.setDefaultTimeout(SLOW_MACHINE_MS);
    return context;
  };
  const open = async (path = '', options: BrowserContextOptions = desktop): Promise<Page> => {
    const page = await (context ?? (await newContext({ reducedMotion: 'reduce', ...options }))).newPage();
    watch(page);
    await page.goto(site.url + path);
    await page.clock.install();
    return page;
  };
  /** Lets the time of the page go on until something is true there: no test waits for answers to come, and no picture is drawn meanwhile. */
  const eventually = async <Arg>(page: Page, isTrue: (wanted: Arg) => unknown, ...[wanted]: Arg[]) => {
    for (let turn = 0; turn < 200; turn += 1) {
      if (await page.evaluate(isTrue as (wanted: unknown) => unknown, wanted)) return;
      await page.clock.fastForward(100);
      // To go back in its history is the browser's own work, which on a busy machine takes real time.
      if (turn > 50) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`it never happened at ${page.url()}: ${isTrue} of ${wanted}`);
  };
  const says = (page: Page, selector: string, text: string) =>
    eventually(page, ([wanted, words]) => document.querySelector(wanted)?.textContent === words, [
      selector,
      text,
    ] as const);
  const comes = (page: Page, selector: string) =>
    eventually(page, (wanted) => document.querySelector(wanted)?.checkVisibility(), selector);
  const text = (page: Page, id: string) => page.locator(`#${id}`).textContent();
  const until = (page: Page, status: string) => says(page, '#status', status);
  /** Waits until the page, which draws in its next frame, says which story it plays. */
  const untilStory = (page: Page, name: string) =>
    eventually(
      page,
      (wanted) => {
        const select = document.getElementById('story-select') as HTMLSelectElement | null;
        return select?.value === wanted && document.getElementById('story-text')?.textContent !== '';
      },
      name,
    );
  const seen = (page: Page) =>
    page.evaluate(() => {
      const { requests, otpRequests, challenges, wrongPins } = window.playground.simulator.effects;
      return { requests: requests.length, otps: otpRequests.length, challenges, wrongPins };
    });
  const violations = async (page: Page, ...rules: string[]): Promise<string[]> => {
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
    return page.evaluate(async (runOnly) => {
      const { axe } = window as unknown as {
        axe: {
          run(options: {
            runOnly?: string[];
            resultTypes: string[];
          }): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
        };
      };
      const { violations } = await axe.run({
        ...(runOnly.length > 0 && { runOnly }),
        resultTypes: ['violations'], // of what passes, axe would describe every element
      });
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
      );
    }, rules);
  };
  const overflow = (page: Page) =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

  const nextStep = async (page: Page) => {
    const before = await page.locator('.dots .is-done').count();
    await page.click('#story-step');
    await eventually(page, (done) => document.querySelectorAll('.dots .is-done').length === done + 1, before);
  };
  const playSteps = (steps: number) => async (page: Page) => {
    for (let step = 0; step < steps; step += 1) await nextStep(page);
  };

  /** What a visitor sees of an element: whether no part of it is covered, or beyond the edge of the window. */
  const isInSight = (page: Page, selector: string) =>
    page.evaluate((wanted) => {
      const element = document.querySelector(wanted) as Element;
      const whole = element.closest('[data-state]') ?? element;
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const middle = (one: number, other: number) => (one + other) / 2;
      return (
        [
          [left + 2, middle(top, bottom)],
          [right - 2, middle(top, bottom)],
          [middle(left, right), top + 2],
          [middle(left, right), bottom - 2],
        ] as const
      ).every(([x, y]) => {
        const hit = document.elementFromPoint(x, y);
        return hit !== null && whole.contains(hit);
      });
    }, selector);

  return {
    ...{ site, open, watch, eventually, says, comes, text, until, untilStory, seen, violations, overflow },
    ...{ nextStep, playSteps, isInSight, newContext },
  };
}
