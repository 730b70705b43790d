import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { playgroundHash, type WorldEvent } from 'strong-auth-machine/testing';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { stories } from '../../examples/playground/src/stories.js';
import { SLOW_MACHINE_MS } from '../support/chromium.js';

const require = createRequire(import.meta.url);

const phone: BrowserContextOptions = {
  viewport: { width: 360, height: 740 },
  isMobile: true,
  hasTouch: true,
};
/** The pad, when nothing else on the phone can be reached. */
const PAD = '.phone.is-modal #pad[open]';
const desktop: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };

describe('the playground', { timeout: 600_000 }, () => {
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
  const open = async (path = '', options: BrowserContextOptions = desktop): Promise<Page> => {
    context ??= await browser.newContext({ reducedMotion: 'reduce', ...options });
    context.setDefaultTimeout(SLOW_MACHINE_MS);
    const page = await context.newPage();
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

  test('locks the doors by keyboard alone, with one prompt and one OTP', async () => {
    const page = await open();
    /** Tab, until the element is reached as a visitor reaches it. */
    const tabTo = async (id: string) => {
      for (let tabs = 0; tabs < 60; tabs += 1) {
        await page.keyboard.press('Tab');
        if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), id)) return;
      }
      throw new Error(`no tab leads to ${id}`);
    };
    await tabTo('[data-command=lock]');
    await page.keyboard.press('Enter');
    await comes(page, PAD);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('pin');
    await page.keyboard.type('0000');
    await page.keyboard.press('Enter');
    await says(page, '#pad-reason', 'That was not the PIN.');
    expect(await text(page, 'pad-attempts')).toBe('Attempt 2, 1 left');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('pin');
    await page.keyboard.type('1234');
    await page.keyboard.press('Enter');
    await until(page, 'done');
    expect(await text(page, 'car-text')).toContain('locked');
    // The focus is back where it came from, for the next command.
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-command'))).toBe('lock');
    expect(await seen(page)).toEqual({ requests: 4, otps: 2, challenges: 1, wrongPins: 1 });

    await page.evaluate(() => window.playground.simulator.expireSession());
    await tabTo('[data-command=horn]');
    await page.keyboard.press(' ');
    await comes(page, PAD);
    await page.keyboard.press('Escape');
    await until(page, 'cancelled');
    expect(await page.locator('[data-call="2"] .outcome').textContent()).toBe('CANCELLED');
    expect((await seen(page)).otps).toBe(2);
  });

  test('is operated by touch on a phone, with keys of its own and no second keyboard', async () => {
    const page = await open('', phone);
    const isChartInSight = () =>
      page.evaluate(() => {
        const { top, bottom } = (
          document.querySelector('#chart [data-state="wave.needStrongAuth"]') as Element
        ).getBoundingClientRect();
        const sheet = document.getElementById('phone')?.getBoundingClientRect().top ?? 0;
        return top >= 0 && bottom <= sheet;
      });
    await page.locator('#phone-toggle').tap();
    await page.locator('[data-command=unlock]').tap();
    await comes(page, PAD);
    expect(await isChartInSight()).toBe(true);
    expect(await page.locator('#pin').getAttribute('inputmode')).toBe('none');
    for (const key of ['1', '9', '⌫', '2', '3', '4']) await page.locator('.key', { hasText: key }).tap();
    await page.locator('#pad-submit').tap();
    await eventually(
      page,
      () => document.querySelector('[data-call="1"]')?.getAttribute('data-outcome') !== 'pending',
    );
    expect(await page.locator('[data-call="1"] .outcome').textContent()).toBe('failed 2360'); // they were unlocked
    expect(await overflow(page)).toBe(0);
    const small = await page.evaluate(
      () =>
        [...document.querySelectorAll('button, select')]
          .filter((element) => element.checkVisibility({ visibilityProperty: true }))
          .map((element) => element.getBoundingClientRect())
          .filter(({ width, height }) => width < 24 || height < 24).length,
    );
    expect(small).toBe(0);
  });

  test('in another page it has the colours of that page, until the visitor chooses', async () => {
    context = await browser.newContext({ colorScheme: 'light' });
    await context.route(`${site.url}around.html`, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: '<!doctype html><iframe src="./index.html"></iframe>',
      }),
    );
    const page = await context.newPage();
    watch(page);
    await page.goto(`${site.url}around.html`);
    const playground = page.frameLocator('iframe');
    const says = (theme: unknown) =>
      page.evaluate((said) => window.frames[0]?.postMessage({ theme: said }, location.origin), theme);
    const isShown = (theme: string | null) =>
      expect.poll(() => playground.locator('html').getAttribute('data-theme')).toBe(theme);
    await says('dark');
    await isShown('dark');
    expect(await playground.locator('[name=theme][value=auto]').isChecked()).toBe(true);
    await playground.locator('[name=theme][value=light]').check();
    await says('dark');
    await isShown('light');
    await playground.locator('[name=theme][value=auto]').check();
    await isShown('dark');
    await says('another');
    await says('light');
    await isShown('light');
  });

  test('the pad is modal on the phone, and the page around it stays in use', async () => {
    const page = await open();
    await page.click('[data-command=lock]');
    await comes(page, PAD);
    await page.keyboard.type('12');
    // No key leads back to the app on the phone, and no press.
    for (let tabs = 0; tabs < 40; tabs += 1) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.closest('#phone-app') === null)).toBe(true);
    }
    await expect(page.click('[data-command=horn]', { timeout: 200 })).rejects.toThrow();
    await page.click('[data-command=poll]');
    await says(page, '#count-waiting', '2');
    expect(await page.inputValue('#pin')).toBe('12');
    await page.click('#cancel-wave');
    await until(page, 'cancelled');
    expect(await page.locator('#pad').getAttribute('open')).toBeNull();
    await page.click('[data-command=horn]');
    await comes(page, PAD);
  });

  test('the phone is a sheet where there is no room beside the chart, and a prompt raises it', async () => {
    const page = await open('', phone);
    const isUp = () => page.locator('#phone-toggle').getAttribute('aria-expanded');
    expect(await page.locator('[data-command=lock]').isVisible()).toBe(false);
    expect(await isUp()).toBe('false');
    await page.locator('#ensure').tap();
    await comes(page, PAD);
    expect(await isUp()).toBe('true');
    await page.locator('#pad-cancel').tap();
    await until(page, 'cancelled');
    expect(await isUp()).toBe('false');
  });

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

  test.each([
    ['on a phone', phone],
    ['at 200 %', { viewport: { width: 720, height: 450 } }],
    ['at 200 % of a small screen', { viewport: { width: 640, height: 360 } }],
  ])('beside the sheet, the words of a step and the active state stay in sight: %s', async (_, options) => {
    const page = await open('?story=lock', options);
    await untilStory(page, 'lock');
    await nextStep(page);
    await comes(page, PAD);
    expect(await isInSight(page, '#story-text')).toBe(true);
    await expect.poll(() => isInSight(page, '#chart [data-state="wave.needStrongAuth"] .box')).toBe(true);
  });

  test('the chart of the recovery can be read, and stays in sight with its question and the story', async () => {
    const page = await open('?story=enroll-device');
    await untilStory(page, 'enroll-device');
    await playSteps(4)(page);
    await comes(page, '#question[open]');
    for (const selector of [
      '#story-text',
      '#sms',
      '#answer',
      '#recovery-chart .is-active:not(.is-group) .box',
    ])
      expect(await isInSight(page, selector), selector).toBe(true);
    for (const width of [1440, 1280, 1041]) {
      await page.setViewportSize({ width, height: 900 });
      const scale = await page.evaluate(() => {
        const svg = document.querySelector('#recovery-chart') as SVGSVGElement;
        return svg.getScreenCTM()?.a;
      });
      expect(scale, `at ${width}`).toBeGreaterThan(0.84); // names of 11 px
    }
  });

  test('by hand, what waits for an answer is in sight', async () => {
    const page = await open('?by-hand');
    await page.click('[data-command=horn]');
    await comes(page, '[data-kind=horn]');
    expect(await isInSight(page, '[data-kind=horn] [data-answer="2302"]')).toBe(true);
  });

  test('what the chart shows is also there in words, and the end of a call is read out once', async () => {
    const page = await open();
    await page.click('[data-command=lock]');
    await comes(page, PAD);
    const words = await page.getAttribute('#chart', 'aria-label');
    expect(words).toContain('Active: needStrongAuth in wave.');
    expect(words).toContain('Taken last: call.challenged, working to wave.');
    expect(words).toMatch(/Possible now: .*pin\.given to wave\.requestingOtp/);
    expect(await page.locator('#pad').ariaSnapshot()).toContain('dialog "Enter your PIN"');
    expect(await text(page, 'pad-for')).toBe('for lock');
    await page.fill('#pin', '1234');
    await page.keyboard.press('Enter');
    await says(page, '#calls-news', 'Call 1, lock: succeeded');
    expect(await page.locator('#calls').ariaSnapshot()).not.toContain('status:');
    await page.click('#session-expire');
    await page.click('#together');
    await says(page, '#count-waiting', '6');
    await page.click('#pad-cancel');
    await says(page, '#calls-news', '6 calls settled');
  });

  test('where the visitor has chosen the colours, what is chosen, pressed and done still differs', async () => {
    const page = await open('?story=lock');
    await page.emulateMedia({ forcedColors: 'active' });
    await untilStory(page, 'lock');
    await nextStep(page);
    const backgrounds = (...selectors: string[]) =>
      page.evaluate(
        (all) =>
          all.map((wanted) => getComputedStyle(document.querySelector(wanted) as Element).backgroundColor),
        selectors,
      );
    for (const [one, other] of [
      ['#mode input:checked + span', '#mode input:not(:checked) + span'],
      ['#time-now', '#time-back'],
      ['.dots .is-done', '.dots li:not(.is-done)'],
      ['.stretch.flight', '.bar'],
    ] as const) {
      const [first, second] = await backgrounds(one, other);
      expect(first, one).not.toBe(second);
    }
    expect(
      await page.evaluate(() => getComputedStyle(document.querySelector('#offline') as Element).appearance),
    ).toBe('auto');
  });

  test.each([
    ['as it opens', '', async () => {}],
    [
      'with the pad open',
      '',
      async (page: Page) => {
        await page.click('#together');
        await comes(page, PAD);
      },
    ],
    ['at the end of a story', '?story=wrong-pin', playSteps(5)],
    [
      'by hand, with an OTP to answer',
      '?by-hand',
      async (page: Page) => {
        await page.click('[data-command=horn]');
        await page.click('[data-kind=get] [data-answer="2302"], [data-kind=horn] [data-answer="2302"]');
        await page.fill('#pin', '1234');
        await page.click('#pad-submit');
        await comes(page, '[data-kind=otp]');
      },
    ],
    ['with a question of the recovery, and its text message', '?story=enroll-device', playSteps(4)],
    ['with the sheet of a sign-in', '?story=step-up-joined', playSteps(2)],
    ['the inspector', 'inspector.html', async () => {}],
  ])('axe finds nothing, and nothing overflows: %s', async (_, path, prepare) => {
    const page = await open(path, { ...desktop, colorScheme: 'light' });
    await prepare(page);
    await page.clock.resume();
    expect(await violations(page)).toEqual([]);
    // What differs in the dark are colours, and on a phone what is scrolled.
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await violations(page, 'color-contrast')).toEqual([]);
    for (const width of [1440, 1000, 700, 360]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await overflow(page), `at ${width}`).toBeLessThanOrEqual(0);
    }
    await expect.poll(() => violations(page, 'scrollable-region-focusable', 'target-size')).toEqual([]);
  });

  test('axe finds nothing in any other state, in light and dark', async () => {
    const page = await open('', { ...desktop, colorScheme: 'light' });
    await page.clock.resume();
    const choose = async (story: string) => {
      await page.selectOption('#story-select', story);
      await untilStory(page, story);
    };
    const check = async (state: string) => {
      await page.emulateMedia({ colorScheme: 'light' });
      expect(await violations(page), state).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await violations(page, 'color-contrast'), `${state}, dark`).toEqual([]);
    };
    for (const [story, ...stops] of [
      ['all-at-once', 1, 2, 3, 4],
      ['wrong-pin', 3],
      ['blocked', 3],
      ['unblock-account', 3],
      ['change-pin', 1, 2],
      ['step-up', stories['step-up']?.steps.length ?? 0],
    ] as const) {
      await choose(story);
      let done = 0;
      for (const stop of stops) {
        await playSteps(stop - done)(page);
        done = stop;
        await check(`${story}, step ${stop}`);
      }
    }
    await page.click('#time-back');
    await page.click('#time-back');
    await check('the past');
    await choose('');
    await page.check('#offline');
    await page.click('#fault button');
    await page.click('[data-command=horn]');
    await eventually(page, () => document.querySelector('[data-call="1"]')?.textContent?.includes('failed'));
    await check('with faults');
    await page.uncheck('#offline');
    await page.click('#load');
    await says(page, '#count-waiting', '1000');
    await check('a thousand calls wait');
  });

  test('the chart names the event of the last edge and those that are possible now, and shows where a call stands', async () => {
    const page = await open('?story=lock');
    await untilStory(page, 'lock');
    const shown = (kind: string) =>
      page.evaluate(
        (selector) =>
          [...document.querySelectorAll(selector)]
            .filter((text) => getComputedStyle(text).visibility === 'visible')
            .map(({ textContent }) => textContent),
        kind,
      );
    const linked = (selector: string) => page.locator(`${selector}.is-linked`).count();
    expect(await shown('.edge-label > text')).toEqual([]);
    expect(await shown('.edge-label > g > text')).toContain('calls.started');
    await nextStep(page);
    expect(await shown('.edge-label > text')).toEqual(['call.challenged']);
    expect(await shown('.edge-label > g > text')).toEqual(
      expect.arrayContaining(['pin.given', 'pin.malformed', 'cancelled']),
    );
    await page.hover('[data-call="1"] .label');
    expect(await linked('[data-state="wave.needStrongAuth"]')).toBe(1);
    await page.hover('[data-state="wave.needStrongAuth"]');
    expect(await linked('[data-call="1"]')).toBe(1);
    await page.hover('[data-state="working.replaying"]');
    expect(await linked('[data-call="1"]')).toBe(0);
    await page.focus('[data-call="1"] .give-up');
    expect(await linked('[data-state="wave.needStrongAuth"]')).toBe(1);
  });

  test('plays every story to its end by keyboard alone, and what should have happened did', {
    timeout: 600_000,
  }, async () => {
    const all = Object.entries(stories);
    const half = Math.ceil(all.length / 2);
    const play = async (first: number, last: number) => {
      const page = await open();
      const { keyboard } = page;
      const hasFocus = (id: string) => page.evaluate((wanted) => document.activeElement?.id === wanted, id);
      for (let tabs = 0; !(await hasFocus('story-select')); tabs += 1) {
        expect(tabs, 'no tab leads to the stories').toBeLessThan(20);
        await keyboard.press('Tab');
      }
      for (let skipped = 0; skipped < first; skipped += 1) await keyboard.press('ArrowDown');
      for (const [name, { steps, title }] of all.slice(first, last)) {
        await keyboard.press('ArrowDown');
        await page.waitForURL(`${site.url}?story=${name}`);
        const before = `${steps.length} steps. Nothing is sent before the first.`;
        await says(page, '#story-text', before);
        await keyboard.press('Tab');
        for (const index of steps.keys()) {
          // What opens on the phone meanwhile leaves the focus here.
          expect(await hasFocus('story-step'), `${title}, step ${index + 1}`).toBe(true);
          await keyboard.press(index % 2 === 0 ? 'Enter' : ' ');
          await eventually(
            page,
            (done) => document.querySelectorAll('.dots .is-done').length === done,
            index + 1,
          );
        }
        await comes(page, '#story-checks li');
        const checks = await page.locator('#story-checks li').allTextContents();
        expect(checks.length, title).toBeGreaterThan(1);
        expect(
          checks.filter((check) => !check.startsWith('✓')),
          title,
        ).toEqual([]);
        await keyboard.press('Shift+Tab');
      }
    };
    await Promise.all([play(0, half), play(half, all.length)]);
  });

  test('a recovery is used on the phone: the text message, the code, and a new PIN, by keyboard alone', async () => {
    const page = await open();
    await page.check('#with-recovery');
    await page.focus('[data-flow=resetPin]');
    await page.keyboard.press('Enter');
    await comes(page, '#question[data-kind=smsCode][open]');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('answer');
    await comes(page, '#sms');
    expect(await text(page, 'recovery-status')).toBe('awaitingCode');
    await page.keyboard.type((await text(page, 'sms-code')) ?? '');
    await page.keyboard.press('Enter');
    await comes(page, '#question[data-kind=newPin][open]');
    await page.keyboard.type('2580');
    await page.keyboard.press('Enter');
    await says(page, '#recovery-status', 'done');
    expect(await text(page, 'right-pin')).toBe('2580');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-flow'))).toBe('resetPin');

    await page.keyboard.press('Enter');
    await comes(page, '#question[data-kind=smsCode][open]');
    await page.keyboard.press('Escape');
    await says(page, '#recovery-failure', 'CANCELLED, remedy retry');
  });

  test('goes back in time, shows everything as it was, and undoes nothing', async () => {
    const page = await open('?story=late-joiner');
    await untilStory(page, 'late-joiner');
    for (let step = 0; step < 3; step += 1) await nextStep(page);
    await until(page, 'requestingOtp');
    await page.focus('#time');
    const shownAt = async (position: string) => {
      await eventually(
        page,
        (wanted) => document.getElementById('time-position')?.textContent?.startsWith(wanted),
        position,
      );
      return page.evaluate(() => {
        const isThere = (element: Element) => element.checkVisibility();
        return {
          status: document.getElementById('status')?.textContent,
          active: [...document.querySelectorAll<SVGGElement>('#chart .is-active:not(.is-group)')].map(
            ({ dataset }) => dataset.state,
          ),
          counts: ['in-flight', 'waiting', 'settled'].map(
            (name) => document.getElementById(`count-${name}`)?.textContent,
          ),
          calls: [...document.querySelectorAll('.call')].filter(isThere).length,
          facts: [...document.querySelectorAll('.fact')].filter(isThere).length,
        };
      });
    };
    for (let back = 0; back < 2; back += 1) await page.keyboard.press('ArrowLeft');
    const then = await shownAt('step 3 of 5');
    expect(then).toMatchObject({
      status: 'needStrongAuth',
      active: ['wave.needStrongAuth'],
      counts: ['0', '1', '0'],
      calls: 1,
    });
    await page.keyboard.press('Home');
    expect(await shownAt('step 1 ')).toMatchObject({ status: 'idle', counts: ['0', '0', '0'], calls: 0 });
    const { requests } = await seen(page);
    await page.click('#time-now');
    const now = await shownAt('step 5 of 5');
    expect(now).toMatchObject({ status: 'requestingOtp', counts: ['0', '2', '0'], calls: 2 });
    expect(now.facts).toBeGreaterThan(then.facts);
    expect((await seen(page)).requests).toBe(requests);
    await nextStep(page);
    await until(page, 'replaying');
  });

  test('a story is shared by its address, and opening it sends nothing', async () => {
    const page = await open('?story=straggler');
    await untilStory(page, 'straggler');
    await page.clock.fastForward(300);
    expect(await seen(page)).toMatchObject({ requests: 0, otps: 0 });
    expect(await text(page, 'status')).toBe('idle');
    await nextStep(page);
    expect((await seen(page)).requests).toBe(1);
    await page.reload();
    await page.clock.fastForward(300);
    expect((await seen(page)).requests).toBe(0);
    await untilStory(await open('?story=__proto__'), '');
  });

  test('plays the path that a failing test links, step by step, and nothing that it does not understand', async () => {
    const ways: (readonly [WorldEvent[], string])[] = [
      [
        [
          { type: 'call.made', call: 0 },
          { type: 'call.made', call: 1 },
          { type: 'call.challenged', call: 0 },
          { type: 'call.challenged', call: 1 },
          { type: 'pin.malformed' },
          { type: 'pin.given' },
          { type: 'otp.pinRejected', otpCode: 2308 },
          { type: 'pin.given' },
          { type: 'otp.resetNeeded', otpCode: 2312 },
          { type: 'call.aborted', call: 1 },
          { type: 'otp.granted' },
          { type: 'call.succeeded', call: 0 },
        ],
        'done',
      ],
      [
        [
          { type: 'call.made', call: 1 },
          { type: 'call.challenged', call: 1 },
          { type: 'timeout', delay: 'pinEntryTimeout' },
        ],
        'failed',
      ],
    ];
    for (const [events, status] of ways) {
      const page = await open(playgroundHash(events, { calls: ['call', 'call'] }));
      await untilStory(page, '');
      expect((await seen(page)).requests).toBe(0);
      for (const _ of events) await nextStep(page);
      await until(page, status);
      await comes(page, '#story-checks li');
      expect(await page.locator('#story-checks li').allTextContents()).toEqual([
        '✓ every step could be taken on the real machine',
      ]);
      await page.close();
    }
    const page = await open('#calls=call&path=0.made~7.made');
    await untilStory(page, '');
    expect(await page.locator('.dots li').count()).toBe(0);
  });

  test('going back ends what was begun, and sends nothing', async () => {
    const page = await open();
    await page.selectOption('#story-select', 'lock');
    await nextStep(page);
    await page.selectOption('#story-select', 'offline');
    await untilStory(page, 'offline');
    await page.goBack();
    await untilStory(page, 'lock');
    await page.clock.fastForward(300);
    expect(await text(page, 'status')).toBe('idle');
    expect(await page.locator('#pad').getAttribute('open')).toBeNull();
    expect((await seen(page)).requests).toBe(0);
    await page.goBack();
    await untilStory(page, '');
    await page.goForward();
    await untilStory(page, 'lock');
    await nextStep(page);
    expect((await seen(page)).requests).toBe(1);
  });

  test('double clicks and held keys send nothing twice', async () => {
    const page = await open();
    await page.locator('[data-command=lock]').dblclick();
    await comes(page, PAD);
    expect((await seen(page)).requests).toBe(1);
    await page.fill('#pin', '1234');
    await page.locator('#pad-submit').dblclick();
    await page.keyboard.down('Enter');
    await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    await until(page, 'done');
    expect(await seen(page)).toEqual({ requests: 3, otps: 1, challenges: 1, wrongPins: 0 });
    expect(await page.locator('.call').count()).toBe(1);
  });

  test('what is pasted or filled in counts by its digits, and what is no PIN spends no attempt', async () => {
    const page = await open();
    await page.click('[data-command=horn]');
    await comes(page, PAD);
    const paste = (pasted: string) =>
      page.evaluate((inserted) => {
        const input = document.getElementById('pin') as HTMLInputElement;
        input.focus();
        input.select();
        document.execCommand('insertText', false, inserted);
        return input.value;
      }, pasted);
    expect(await paste('driver@example.com')).toBe('');
    expect(await text(page, 'pad-reason')).toBe('Only digits count.');
    expect(await page.locator('#pad-submit').getAttribute('aria-disabled')).toBe('true');
    await page.click('#pad-submit', { force: true });
    expect(await page.locator('#pad').getAttribute('open')).toBe(''); // an empty PIN declines nothing
    expect(await paste('123456789')).toBe('12345678');

    // A browser that fills in fires the same event, without a key.
    await page.fill('#pin', '12');
    await page.click('#pad-submit');
    await eventually(page, () =>
      document.getElementById('pad-reason')?.textContent?.startsWith('A PIN has 4 to 8'),
    );
    expect(await text(page, 'pad-attempts')).toBe('Attempt 1, 2 left');
    expect((await seen(page)).otps).toBe(0);
    expect(await paste(' 12 34\n')).toBe('1234');
    await page.keyboard.press('Enter');
    await until(page, 'done');
    expect((await seen(page)).otps).toBe(1);
  });

  test('two tabs with their pads open know nothing of each other', async () => {
    const [one, other] = [await open(), await open()];
    for (const page of [one, other]) {
      await page.click('[data-command=lock]');
      await comes(page, PAD);
    }
    await one.fill('#pin', '1234');
    await one.click('#pad-submit');
    await until(one, 'done');
    expect(await text(other, 'status')).toBe('needStrongAuth');
    expect((await seen(other)).otps).toBe(0);
    await other.reload();
    expect(await text(other, 'status')).toBe('idle');
    expect((await seen(other)).requests).toBe(0);
    expect(await seen(one)).toMatchObject({ requests: 3, otps: 1 });
  });

  test('a reload in the middle of everything leaves nothing stuck', async () => {
    const page = await open();
    await page.click('#together');
    await comes(page, PAD);
    await page.fill('#pin', '1234');
    await page.click('#pad-submit');
    await page.reload();
    expect(await text(page, 'status')).toBe('idle');
    expect(await page.inputValue('#pin')).toBe('');
    await page.click('[data-command=horn]');
    await comes(page, PAD);
    expect((await seen(page)).requests).toBe(1);
  });

  test('faults can be added, and the page shows what they cause', async () => {
    const page = await open();
    await page.selectOption('#fault-kind', 'refused with 2204');
    await page.selectOption('#fault-target', 'command');
    await page.click('#fault button');
    expect(await text(page, 'faults-hit')).toBe('1 added, 0 hit');
    await page.click('[data-command=horn]');
    await says(page, '[data-call="1"] .outcome', 'failed 2204');
    expect(await text(page, 'faults-hit')).toBe('1 added, 1 hit');

    await page.click('#session-grant');
    await page.check('#offline');
    await page.click('[data-command=horn]');
    await says(page, '[data-call="2"] .outcome', 'failed 2202');
    await page.uncheck('#offline');
    await page.check('#blocked');
    await page.click('#session-expire');
    await page.click('[data-command=horn]');
    await comes(page, PAD);
    await page.fill('#pin', '1234');
    await page.keyboard.press('Enter');
    await until(page, 'failed');
    expect(await text(page, 'failure')).toBe('ACCOUNT_BLOCKED: unblock the account');
    await page.uncheck('#blocked');
    await page.click('#sign-out');
    await page.selectOption('#device', '2317 reset');
    await page.click('#hold');
    await page.click('[data-command=status]');
    await says(page, '#hold', 'Release (1 held)');
    await page.click('[data-command=horn]');
    await comes(page, PAD);
    await page.fill('#pin', '1234');
    await page.keyboard.press('Enter');
    await says(page, '[data-call="5"] .outcome', 'succeeded');
    expect(await page.inputValue('#device')).toBe('known'); // the reset step cured it
    await page.click('#hold');
    await says(page, '[data-call="4"] .outcome', 'succeeded');
    await until(page, 'done');
  });

  test('a thousand calls at once share one prompt and one OTP, and all of them settle', async () => {
    const page = await open();
    await page.click('#load');
    await says(page, '#count-waiting', '1000');
    await page.fill('#pin', '1234');
    await page.keyboard.press('Enter');
    await says(page, '#count-settled', '1000');
    expect(await seen(page)).toEqual({ requests: 2001, otps: 1, challenges: 1000, wrongPins: 0 });
    expect(await page.locator('#swarm').isVisible()).toBe(true);
  });

  test('no PIN is on the page or in what it stores, once it was given', async () => {
    const page = await open();
    await page.click('[data-command=lock]');
    await comes(page, PAD);
    await page.fill('#pin', '987654');
    await page.keyboard.press('Enter');
    await says(page, '#pad-reason', 'That was not the PIN.');
    const everything = await page.evaluate(() =>
      [
        document.documentElement.outerHTML,
        ...[...document.querySelectorAll('input')].map(({ value }) => value),
        JSON.stringify({ ...localStorage, ...sessionStorage }),
        String(window.playground.strongAuth.explain()),
      ].join('\n'),
    );
    expect(everything).not.toContain('987654');
  });
});
