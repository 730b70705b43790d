import type { Plugin } from 'vite';
import { strongAuthMachine } from '../../../src/machine.js';
import { drawChart } from './draw-chart.js';

const NAME = 'virtual:strong-auth-chart';

/** Gives the page the picture of the machine as it is now: `import { chart } from 'virtual:strong-auth-chart'`. */
export function chartPlugin(): Plugin {
  return {
    name: 'strong-auth-chart',
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    load(id) {
      if (id !== `\0${NAME}`) return undefined;
      return `export const chart = ${JSON.stringify(drawChart(strongAuthMachine))};`;
    },
  };
}
