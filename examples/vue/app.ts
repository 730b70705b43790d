import { type App, createApp, createSSRApp } from 'vue';
import type { Mount, Remote } from '../shared/remote.js';
import RemoteControl from './RemoteControl.vue';
import { remoteKey } from './remote.js';

export const mount: Mount = (root, remote) => {
  const app = createApp(RemoteControl).provide(remoteKey, remote);
  app.mount(root);
  return () => app.unmount();
};

/** The same app for a server, and for the page it has sent. */
export const createServerRenderedApp = (remote: Remote): App =>
  createSSRApp(RemoteControl).provide(remoteKey, remote);

export const mountServerRendered: Mount = (root, remote) => {
  const app = createServerRenderedApp(remote);
  app.mount(root);
  return () => app.unmount();
};
