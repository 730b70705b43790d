import { describe } from 'vitest';
import { describeLayer } from './support/layer.js';
import { testRenders } from './support/renders.js';
import './support/xstate-adapter.js';

const ends = [
  { name: 'XState 5.33', aliases: {} },
  { name: 'XState 5.30', aliases: { xstate: 'xstate-5.30' } },
];

for (const { name, aliases } of ends) {
  describeLayer({ name, app: 'examples/xstate/app.ts', aliases }, () => {
    describe('counted', () => testRenders('test/adapters/xstate/counted.ts', { aliases }));
  });
}
