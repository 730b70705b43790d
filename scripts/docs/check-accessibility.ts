import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { serve } from '../../test/playground/site.js';
import { launchChromium } from '../../test/support/chromium.js';

/** One page of each kind. The playground and the inspector, which have pages of their own, are looked at by their tests. */
const PAGES = ['index', 'guides/quick-start', 'guides/react', 'guides/errors', 'lifecycle', 'api/index'];

/** What VitePress draws, and no setting changes: groups of the menu are a button in a button, and its search has no words on a phone. */
const OF_VITEPRESS = ['.VPNavBarSearch', '.VPLocalNav', '.VPSidebarItem > .item[role=button]'];

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Looks at a built site with axe, light and dark, on a desk and on a phone.
 *
 * @returns What is wrong with it, as `page: rule: element`.
 */
export async function checkAccessibility(directory: string): Promise<string[]> {
  const site = await serve(directory);
  const browser = await launchChromium();
  const wrong = new Set<string>();
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1440, 390]) {
        const viewport = { width, height: 900 };
        const context = await browser.newContext({ colorScheme, viewport, reducedMotion: 'reduce' });
        const page = await context.newPage();
        for (const path of PAGES) {
          await page.goto(`${site.url}${path}.html`);
          await page.waitForLoadState('networkidle');
          for (const violation of await violationsOf(page))
            wrong.add(`${path}, ${colorScheme}, ${width} px: ${violation}`);
        }
        await context.close();
      }
    }
  } finally {
    await browser.close();
    await site.close();
  }
  return [...wrong];
}

async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async (exclude) => {
    type Result = { passes: unknown[]; violations: { id: string; nodes: { html: string }[] }[] };
    const { axe } = window as unknown as { axe: { run(context: object, options: object): Promise<Result> } };
    const { passes, violations } = await axe.run({ exclude }, { iframes: false });
    return [
      ...(passes.length > 10 ? [] : ['nothing was looked at']),
      ...violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`)),
    ];
  }, OF_VITEPRESS);
}
