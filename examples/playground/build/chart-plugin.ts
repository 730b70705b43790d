import type { Plugin } from 'vite';
import { strongAuthMachine } from '../../../src/machine.js';
import { drawChart } from './draw-chart.js';
import { drawRecovery } from './draw-recovery.js';

const NAME = 'virtual:strong-auth-chart';

/** Gives the page the pictures of the machines as they are now: `import { chart } from 'virtual:strong-auth-chart'`. */
export function chartPlugin(): Plugin {
  return {
    name: 'strong-auth-chart',
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    async load(id) {
      if (id !== `\0${NAME}`) return undefined;
      return [
        `export const chart = ${JSON.stringify(drawChart(strongAuthMachine))};`,
        `export const recoveryChart = ${JSON.stringify(await drawRecovery())};`,
      ].join('\n');
    },
  };
}
