import { hydrate, mount as mountComponent, unmount } from 'svelte';
import type { Mount, Remote } from '../shared/remote.js';
import RemoteControl from './RemoteControl.svelte';
import { remoteKey } from './remote.js';

export const mount: Mount = (root, remote) => {
  const app = mountComponent(RemoteControl, { target: root, context: contextOf(remote) });
  return () => {
    unmount(app);
  };
};

/** The same on what a server has sent. */
export const mountServerRendered: Mount = (root, remote) => {
  const app = hydrate(RemoteControl, { target: root, context: contextOf(remote) });
  return () => {
    unmount(app);
  };
};

const contextOf = (remote: Remote) => new Map([[remoteKey, remote]]);
