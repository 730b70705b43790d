import type { createChecks } from './redux/checks.js';
import { describeLayer } from './support/layer.js';
import { testOwn } from './support/own.js';

const ends = [
  { name: 'Redux Toolkit 2, React 19', aliases: {}, extent: 'every edge' },
  {
    name: 'Redux Toolkit 1.9, React 18.0',
    aliases: { '@reduxjs/toolkit': 'reduxjs-toolkit-1', react: 'react-18', 'react-dom': 'react-dom-18' },
    extent: 'every screen',
  },
] as const;

/** Their names, since they can only be loaded where there is a page. */
const titles: readonly (keyof ReturnType<typeof createChecks>)[] = [
  'StrictMode: one prompt, no orphan',
  'renders only when something it shows has changed',
  'time travel on a running app sends nothing, and its devtools have seen no PIN and no OTP',
];

for (const { name, aliases, extent } of ends) {
  describeLayer({ name, extent, app: 'test/adapters/redux/app.ts', aliases }, () =>
    testOwn({ folder: 'redux', titles, aliases }),
  );
}
