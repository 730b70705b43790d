import { describe, test } from 'vitest';
import type { BundleOptions } from '../../support/bundle.js';
import { onPage } from '../../support/page.js';
import { type Check, checksOf, type Extent } from './checks.js';

declare module 'vitest' {
  interface TaskMeta {
    /** What a check counted, for docs/state-layers.md. */
    counted?: string;
  }
}

/** An example app, and what it is bundled with. */
export interface Layer extends BundleOptions {
  /** Framework and version, as docs/state-layers.md names it. */
  readonly name: string;
  /** The module that exports `mount`, by its path in the repository. */
  readonly app: string;
  /** How much of the generated paths is walked. Default: every edge. */
  readonly extent?: Extent | undefined;
}

/**
 * Takes the app of a layer through every check in a real Chromium. A test in `more` whose title is a column of
 * docs/state-layers.md fills that cell, too.
 */
export function describeLayer(
  { name, app, aliases, plugins, extent = 'every edge' }: Layer,
  more: () => void = () => {},
): void {
  describe(name, () => {
    const page = onPage('test/adapters/support/page.ts', {
      aliases: { ...aliases, 'layer-under-test': `/${app}` },
      plugins: plugins ?? [],
    });

    for (const check of Object.keys(checksOf(() => () => {})) as Check[]) {
      test(check, { timeout: 120_000 }, async ({ task }) => {
        const counted = await page().evaluate(([title, walked]) => window.check(title, walked), [
          check,
          extent,
        ] as const);
        if (counted) task.meta.counted = counted;
      });
    }

    more();
  });
}
