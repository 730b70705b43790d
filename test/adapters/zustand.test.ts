import { describeLayer } from './support/layer.js';

describeLayer({ name: 'Zustand 5', app: 'examples/zustand/app.tsx' });
describeLayer({ name: 'Zustand 4.0', app: 'examples/zustand/app.tsx', aliases: { zustand: 'zustand-4' } });
