import { render as renderComponent } from 'svelte/server';
import RemoteControl from '../../../examples/svelte/RemoteControl.svelte';
import { remoteKey } from '../../../examples/svelte/remote.js';
import type { ServerSide } from '../support/hydration.js';

export const render: ServerSide['render'] = (remote) =>
  renderComponent(RemoteControl, { context: new Map([[remoteKey, remote]]) }).body;
