import { expect, test } from 'vitest';
import type { Remote } from '../../../examples/shared/remote.js';
import { type BundleOptions, loadForServer } from '../../support/bundle.js';
import { onPage } from '../../support/page.js';
import { createCountedStage } from './counted.js';

/** What the module for the server exports. */
export interface ServerSide {
  /** @returns The app as HTML. */
  render(remote: Remote): string | Promise<string>;
}

/** An app that a server can render. */
export interface ServerRenderedLayer extends BundleOptions {
  /** The module that exports `mountServerRendered`, by its path in the repository. */
  readonly app: string;
  /** The module that exports {@link ServerSide}. */
  readonly server: string;
}

/** Renders the app as a server does, and lets a page take it over: what was sent stays, and nothing is held on the server. */
export function testHydration({ app, server, aliases, plugins }: ServerRenderedLayer): void {
  const page = onPage('test/adapters/support/hydration-page.ts', {
    aliases: { ...aliases, 'layer-under-test': `/${app}` },
    plugins: plugins ?? [],
  });

  test('server rendering and hydration', { timeout: 120_000 }, async () => {
    const { render } = await loadForServer<ServerSide>(server, {
      aliases: aliases ?? {},
      plugins: plugins ?? [],
    });
    const stage = createCountedStage();
    const html = await render(stage.remote);
    expect(html.replace(/<!--.*?-->/g, '')).toContain('data-testid="status">idle</output>');
    expect(stage.listening()).toBe(0);

    expect(await page().evaluate((sent) => window.hydrate(sent), html)).toBe(0);
    const [, ...later] = await page().evaluate((sent) => window.hydrateBusy(sent), html);
    expect(later).toEqual(['needStrongAuth', 'Enter your PIN. Attempt 1, 2 left.']);
  });
}
