import { describeLayer } from './support/layer.js';

describeLayer({ name: 'No framework', app: 'examples/vanilla/app.ts' });
