import { expect, test } from 'vitest';
import type { BundleOptions } from '../../support/bundle.js';
import { onPage } from '../../support/page.js';

/**
 * Counts how often the parts of a page are rendered.
 *
 * @param mountCounted The module that exports `mountCounted`, by its path in the repository.
 */
export function testRenders(mountCounted: string, { aliases, plugins }: BundleOptions): void {
  const page = onPage('test/adapters/support/renders-page.ts', {
    aliases: { ...aliases, 'counted-under-test': `/${mountCounted}` },
    plugins: plugins ?? [],
  });

  test('renders only when something it shows has changed', { timeout: 60_000 }, async ({ task }) => {
    const seen = await page().evaluate(() => window.countRenders());
    const rows = Object.entries(seen).map(([step, { listeners, ...renders }]) => [
      step,
      Object.values(renders),
      listeners > 0,
    ]);
    expect(rows).toEqual([
      ['mounted', [1, 1, 1, 1], true],
      ['a call left', [2, 2, 1, 1], true],
      ['another came and went', [2, 2, 1, 1], true],
      ['there was nothing to cancel, and nothing to submit', [2, 2, 1, 1], true],
      ['the call was challenged', [3, 3, 2, 2], true],
      ['another left meanwhile', [4, 3, 2, 2], true],
      ['it joined', [5, 3, 3, 2], true],
      ['the user declined', [6, 4, 4, 3], true],
      ['unmounted', [6, 4, 4, 3], false],
      ['a call left, and nobody looked', [6, 4, 4, 3], false],
    ]);
    task.meta.counted = `holds (${rows.length} steps counted)`;
  });
}
