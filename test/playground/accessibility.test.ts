import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { stories } from '../../examples/playground/src/stories.js';
import { desktop, PAD, visitPlayground } from './visit.js';

describe('the playground, for everybody', { timeout: 600_000 }, () => {
  const { open, eventually, says, comes, text, untilStory, violations, overflow, nextStep, playSteps } =
    visitPlayground();

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
});
