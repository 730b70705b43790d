import { getContext } from 'svelte';
import type { Remote } from '../shared/remote.js';

/** Where the remote of the app is: in its context, so that every app, and every request to a server, has its own. */
export const remoteKey = Symbol('remote');

export const useRemote = (): Remote => getContext(remoteKey);
