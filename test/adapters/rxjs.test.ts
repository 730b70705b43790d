import { describeLayer } from './support/layer.js';

describeLayer({ name: 'RxJS 7', app: 'examples/rxjs/app.ts' });
