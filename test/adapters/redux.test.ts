import { describe, expect, test } from 'vitest';
import { loadForServer } from '../support/bundle.js';
import { onPage } from '../support/page.js';
import type { createChecks } from './redux/checks.js';
import { describeLayer } from './support/layer.js';

const ends = [
  { name: 'Redux Toolkit 2, React 19', aliases: {} },
  {
    name: 'Redux Toolkit 1.9, React 18.0',
    aliases: { '@reduxjs/toolkit': 'reduxjs-toolkit-1', react: 'react-18', 'react-dom': 'react-dom-18' },
  },
];

/** Their names, since they can only be loaded where there is a page. */
const titles: readonly (keyof ReturnType<typeof createChecks>)[] = [
  'StrictMode: one prompt, no orphan',
  'renders only when something it shows has changed',
  'time travel on a running app sends nothing, and its devtools have seen no PIN and no OTP',
];

for (const { name, aliases } of ends) {
  describeLayer({ name, app: 'test/adapters/redux/app.ts', aliases }, () => {
    describe('by itself', () => {
      const page = onPage('test/adapters/redux/page.ts', { aliases });

      test.each(titles)('%s', { timeout: 60_000 }, (title) =>
        page().evaluate((check) => window.reduxCheck(check), title),
      );

      test('server rendering and hydration', { timeout: 60_000 }, async () => {
        const { renderOnServer } = await loadForServer<typeof import('./redux/server.js')>(
          'test/adapters/redux/server.tsx',
          { aliases },
        );
        const html = renderOnServer();
        expect(html).toContain('Lock the doors');
        expect(globalThis).not.toHaveProperty('document');
        for (const busy of [false, true]) {
          await page().evaluate(([text, isBusy]) => window.hydrateRedux(text, isBusy), [html, busy] as const);
        }
      });
    });
  });
}
