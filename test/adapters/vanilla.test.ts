import { describe } from 'vitest';
import { describeLayer } from './support/layer.js';
import { testRenders } from './support/renders.js';

describeLayer({ name: 'No framework', app: 'examples/vanilla/app.ts' }, () => {
  describe('counted', () => testRenders('test/adapters/vanilla/counted.ts', {}));
});
