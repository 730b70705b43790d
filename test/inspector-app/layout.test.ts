import { instance } from '@viz-js/viz';
import { strongAuthMachine } from 'strong-auth-machine/machine';
import { describe, expect, test } from 'vitest';
import { type Chart, type ChartState, chartOf } from '../../inspector/page/definition.js';
import { graphOf, layoutOf } from '../../inspector/page/graph.js';
import { render } from '../../inspector/page/render.js';
import { recoveryMachine } from '../../machines/recovery/index.js';
import { checkout } from './machines/checkout.js';
import { sixty } from './machines/sixty.js';
import { trafficLight } from './machines/traffic-light.js';
import { upload } from './machines/upload.js';

/** As `@statelyai/inspect` sends a definition: with its keys in alphabetical order. */
const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort()
            .map(([key, inner]) => [key, sorted(inner)]),
        )
      : value;

const boxOf = (state: ChartState): string => `${state.children.length > 0 ? 'cluster_' : 'n'}${state.index}`;

describe.each([
  ['strongAuth', strongAuthMachine.config],
  ['recovery', recoveryMachine.config],
  ['the traffic light', trafficLight.config],
  ['the upload', upload.config],
  ['the checkout', checkout.config],
  ['sixty states', sixty.config],
])('%s', (_, config) => {
  test.each([
    ['as it is written', config],
    ['in alphabetical order', sorted(config)],
  ])('%s: every state is inside its group, and every arrow is drawn', async (_, definition) => {
    const chart = chartOf(JSON.stringify(definition)) as Chart;
    const layout = layoutOf(render(await instance(), graphOf(chart)) ?? '');
    for (const state of chart.states.slice(1)) {
      const box = layout.boxes.get(boxOf(state));
      const around =
        state.parent === chart.root
          ? { x: 0, y: 0, width: layout.width, height: layout.height }
          : layout.boxes.get(boxOf(state.parent as ChartState));
      if (!box || !around) throw new Error(`${state.path} has no place`);
      expect(box.x, state.path).toBeGreaterThanOrEqual(around.x);
      expect(box.y, state.path).toBeGreaterThanOrEqual(around.y);
      expect(box.x + box.width, state.path).toBeLessThanOrEqual(around.x + around.width);
      expect(box.y + box.height, state.path).toBeLessThanOrEqual(around.y + around.height);
    }
    expect(chart.arrows.length).toBeGreaterThan(3);
    for (const { index } of chart.arrows) expect(layout.curves.get(`e${index}`)?.label).toBeDefined();
  });
});
