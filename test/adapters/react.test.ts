import { expect, test } from 'vitest';
import { loadForServer } from '../support/bundle.js';
import type { checks } from './react/checks.js';
import { describeLayer } from './support/layer.js';
import { testOwn } from './support/own.js';

const ends = [
  { name: 'React 19', aliases: {}, extent: 'every edge' },
  { name: 'React 18.0', aliases: { react: 'react-18', 'react-dom': 'react-dom-18' }, extent: 'every screen' },
] as const;

/** Their names, since they can only be loaded where there is a page. */
const titles: readonly (keyof typeof checks)[] = [
  'StrictMode: one prompt, no orphan',
  'a component that owns its client leaves none behind, also in StrictMode',
  'renders only when something it shows has changed',
  'a selection is compared by what it is: a date is not another, a list not a shorter one',
  'a render in pieces shows one state everywhere, where a careless hook shows two',
  'a tree that suspends listens to nothing, and then shows what is true by then',
  'another client is shown as soon as it is given, and the one before let go',
  'the field of the PIN says what it is, and forgets what was typed when the prompt goes',
  'what a render got answers the prompt of that render, and no other',
  'a keypad of your own and a TextInput of React Native give the PIN, too',
];

for (const { name, aliases, extent } of ends) {
  describeLayer({ name, extent, app: 'examples/react/app.tsx', aliases }, () => {
    testOwn({ folder: 'react', titles, aliases });

    test('without a provider a hook says so', { timeout: 600_000 }, async () => {
      const { renderUnprovided } = await loadForServer<typeof import('./react/server.js')>(
        'test/adapters/react/server.tsx',
        { aliases },
      );
      expect(renderUnprovided).toThrow('no strongAuth provided');
    });
  });
}
