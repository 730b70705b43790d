import { svelte } from '@sveltejs/vite-plugin-svelte';
import { describeLayer } from './support/layer.js';

describeLayer({
  name: 'Svelte 5',
  app: 'examples/svelte/app.ts',
  plugins: [svelte({ configFile: false })],
});
