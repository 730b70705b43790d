import { svelte } from '@sveltejs/vite-plugin-svelte';
import { describe } from 'vitest';
import { testHydration } from './support/hydration.js';
import { describeLayer } from './support/layer.js';
import { testRenders } from './support/renders.js';
import { svelte4 } from './svelte-4/plugin.js';

const ends = [
  {
    name: 'Svelte 5',
    app: 'examples/svelte/app.ts',
    server: 'test/adapters/svelte/server.ts',
    counted: 'test/adapters/svelte/counted.ts',
    plugins: [svelte({ configFile: false })],
  },
  {
    name: 'Svelte 4.0',
    app: 'test/adapters/svelte-4/app.ts',
    server: 'test/adapters/svelte-4/server.ts',
    counted: 'test/adapters/svelte-4/counted.ts',
    aliases: { svelte: 'svelte-4' },
    extent: 'every screen' as const,
    plugins: [svelte4()],
  },
];

for (const end of ends) {
  describeLayer(end, () => {
    describe('from a server', () => testHydration(end));
    describe('counted', () => testRenders(end.counted, end));
  });
}
