import { register } from 'tsx/esm/api';

// Stryker loads its plugins with plain Node, in several processes.
register();
export const { strykerPlugins } = await import('./test-runner.ts');
