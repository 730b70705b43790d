import type { Mount, Remote } from '../../../examples/shared/remote.js';
import { remoteKey } from '../../../examples/svelte/remote.js';
import RemoteControl from './RemoteControl.svelte';

/** What a component is to Svelte 4. */
const Component = RemoteControl as unknown as new (options: {
  readonly target: HTMLElement;
  readonly context: ReadonlyMap<symbol, Remote>;
  readonly hydrate?: boolean;
}) => { $destroy(): void };

const mountWith =
  (hydrate: boolean): Mount =>
  (root, remote) => {
    const app = new Component({ target: root, context: new Map([[remoteKey, remote]]), hydrate });
    return () => app.$destroy();
  };

export const mount = mountWith(false);
/** The same on what a server has sent. */
export const mountServerRendered = mountWith(true);
