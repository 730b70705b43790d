import { describeLayer } from './support/layer.js';
import './support/xstate-adapter.js';

describeLayer({ name: 'XState 5.33', app: 'examples/xstate/app.ts' });
describeLayer({ name: 'XState 5.30', app: 'examples/xstate/app.ts', aliases: { xstate: 'xstate-5.30' } });
