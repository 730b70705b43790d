import { describe, expect, test } from 'vitest';
import { loadForServer } from '../../support/bundle.js';
import { onPage } from '../../support/page.js';

/** What the module for the server exports. */
export interface OwnServer {
  /** @returns The app as HTML. */
  renderOnServer(): string;
}

/** The checks of a layer that renders through React. */
export interface OwnChecks {
  /** The folder of its `page.ts` and `server.tsx`, in test/adapters. */
  readonly folder: string;
  /** Their names, since they can only be loaded where there is a page. */
  readonly titles: readonly string[];
  readonly aliases: Readonly<Record<string, string>>;
}

/** Runs what only this layer can get wrong on a page, renders its app as a server does, and lets a page take that over. */
export function testOwn({ folder, titles, aliases }: OwnChecks): void {
  describe('by itself', () => {
    const page = onPage(`test/adapters/${folder}/page.ts`, { aliases });

    test.each(titles)('%s', { timeout: 60_000 }, (title) =>
      page().evaluate((check) => window.own.check(check), title),
    );

    test('server rendering and hydration', { timeout: 60_000 }, async () => {
      const server = `test/adapters/${folder}/server.tsx`;
      const { renderOnServer } = await loadForServer<OwnServer>(server, { aliases });
      const html = renderOnServer();
      expect(html).toContain('Lock the doors');
      expect(globalThis).not.toHaveProperty('document');
      for (const busy of [false, true]) {
        await page().evaluate(([text, isBusy]) => window.own.hydrate(text, isBusy), [html, busy] as const);
      }
    });
  });
}
