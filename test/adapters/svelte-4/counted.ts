import type { Remote } from '../../../examples/shared/remote.js';
import type { MountCounted } from '../support/renders-page.js';
import Counted from './Counted.svelte';

/** What a component is to Svelte 4. */
const Component = Counted as unknown as new (options: {
  readonly target: HTMLElement;
  readonly context: ReadonlyMap<string, Remote>;
}) => { $destroy(): void };

export const mountCounted: MountCounted = (root, remote, count) => {
  const app = new Component({ target: root, context: new Map([['counted', { ...remote, count }]]) });
  return () => app.$destroy();
};
