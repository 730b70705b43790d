import vue from '@vitejs/plugin-vue';
import { describe } from 'vitest';
import * as compiler from 'vue-3.3/compiler-sfc';
import { testHydration } from './support/hydration.js';
import { describeLayer } from './support/layer.js';
import { testRenders } from './support/renders.js';

const app = 'examples/vue/app.ts';
const server = 'test/adapters/vue/server.ts';
const ends = [
  { name: 'Vue 3.5', app, server, plugins: [vue()] },
  {
    name: 'Vue 3.3',
    app,
    server,
    aliases: { vue: 'vue-3.3' },
    extent: 'every screen' as const,
    // The plugin names the compiler of the newest Vue; it asks of it what 3.3 has.
    plugins: [vue({ compiler: compiler as never })],
  },
];

for (const end of ends) {
  describeLayer(end, () => {
    describe('from a server', () => testHydration(end));
    describe('counted', () => testRenders('test/adapters/vue/counted.ts', end));
  });
}
