import { type InjectionKey, inject } from 'vue';
import type { Remote } from '../shared/remote.js';

/** The remote of the app: given with `app.provide`, so that every app, and every request to a server, has its own. */
export const remoteKey: InjectionKey<Remote> = Symbol('remote');

export function useRemote(): Remote {
  const remote = inject(remoteKey);
  if (!remote) throw new Error('this app was given no remote');
  return remote;
}
