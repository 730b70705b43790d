import { playgroundHash, type WorldEvent } from 'strong-auth-machine/testing';
import { describe, expect, test } from 'vitest';
import { stories } from '../../examples/playground/src/stories.js';
import { PAD, phone, visitPlayground } from './visit.js';

describe('the stories of the playground', { timeout: 600_000 }, () => {
  const {
    site,
    open,
    eventually,
    says,
    comes,
    text,
    until,
    untilStory,
    seen,
    nextStep,
    playSteps,
    isInSight,
  } = visitPlayground();

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
});
