import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { trafficLight } from './machines/traffic-light.js';
import { upload } from './machines/upload.js';
import { expectActive, onInspector } from './on-inspector.js';

describe('the page of the inspector, for everybody', () => {
  const at = onInspector();
  const { open, start } = at;

  test.each(['light', 'dark'] as const)('axe finds nothing, in %s', async (colorScheme) => {
    const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const page = await open();
    await page.emulateMedia({ colorScheme });
    const violations = async () => {
      await page.evaluate(axe);
      return page.evaluate(async () => {
        const { axe } = window as unknown as {
          axe: {
            run(): Promise<{ passes: unknown[]; violations: { id: string; nodes: { html: string }[] }[] }>;
          };
        };
        const result = await axe.run();
        return [
          ...(result.passes.length > 10 ? [] : ['nothing was looked at']),
          ...result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`),
        ];
      });
    };
    await expect.poll(() => page.locator('#help-socket').textContent()).toContain(at.inspector.socketUrl);
    expect(await violations()).toEqual([]);
    const { actor } = start(trafficLight);
    actor.send({ type: 'button.pressed' });
    start(upload);
    await page.waitForSelector('#chart .is-taken');
    await page.click('summary');
    expect(await page.locator('#help').isVisible()).toBe(false);
    expect(await violations()).toEqual([]);
    await page.click('#back');
    await page.waitForSelector('#log .is-later');
    expect(await violations()).toEqual([]);
    // A phone, and 200 % of a small window, with the sequence too.
    for (const viewport of [
      { width: 390, height: 844 },
      { width: 720, height: 450 },
    ]) {
      await page.setViewportSize(viewport);
      for (const view of ['#show-sequence', '#show-chart']) {
        await page.click(view);
        await page.waitForSelector(`${view}[aria-pressed=true]`);
        expect(await violations(), `${view} at ${viewport.width}`).toEqual([]);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow, `${view} at ${viewport.width}`).toBeLessThanOrEqual(0);
      }
    }
  });

  test('is operated by keyboard alone', async () => {
    const page = await open();
    const { actor } = start(trafficLight);
    await page.waitForSelector('#chart .state.is-active');
    actor.send({ type: 'button.pressed' });
    actor.send({ type: 'power.lost' });
    await expectActive(page, 'dark');
    /** Tab, until the element is reached. */
    const tabTo = async (selector: string) => {
      for (let tabs = 0; tabs < 40; tabs += 1) {
        await page.keyboard.press('Tab');
        if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
      }
      throw new Error(`no tab leads to ${selector}`);
    };
    await tabTo('#actors button');
    await page.keyboard.press('Enter');
    await tabTo('#show-sequence');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#sequence-messages button'); // drawn a frame later
    await tabTo('#sequence-messages button');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#sequence-messages .is-current');
    await tabTo('#latest');
    await page.keyboard.press('Enter');
    await tabTo('#search');
    await page.keyboard.type('power');
    await page.waitForFunction(() => document.querySelectorAll('#log li').length === 1);
    await tabTo('#log button');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.getElementById('latest')?.ariaPressed === 'false');
  });
});
