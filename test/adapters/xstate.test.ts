import { describe } from 'vitest';
import { describeLayer } from './support/layer.js';
import { testRenders } from './support/renders.js';
import './support/xstate-calls.js';
import './support/xstate-child.js';

const ends = [
  { name: 'XState 5.33', aliases: {}, extent: 'every edge' },
  { name: 'XState 5.30', aliases: { xstate: 'xstate-5.30' }, extent: 'every screen' },
] as const;

for (const { name, aliases, extent } of ends) {
  describeLayer({ name, extent, app: 'examples/xstate/app.ts', aliases }, () => {
    describe('counted', () => testRenders('test/adapters/xstate/counted.ts', { aliases }));
  });
}
