import { type Graph, instance } from '@viz-js/viz';
import { render } from './render.js';

/* Runs in a worker: a chart that takes too long to lay out holds nothing up, and is given up. */

const viz = instance();

self.addEventListener('message', async ({ data }: MessageEvent<Graph>) => {
  self.postMessage(render(await viz, data));
});
