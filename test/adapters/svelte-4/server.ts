import type { Remote } from '../../../examples/shared/remote.js';
import { remoteKey } from '../../../examples/svelte/remote.js';
import type { ServerSide } from '../support/hydration.js';
import RemoteControl from './RemoteControl.svelte';

/** What a component is to Svelte 4 on a server. */
const Component = RemoteControl as unknown as {
  render(
    props: object,
    options: { readonly context: ReadonlyMap<symbol, Remote> },
  ): { readonly html: string };
};

export const render: ServerSide['render'] = (remote) =>
  Component.render({}, { context: new Map([[remoteKey, remote]]) }).html;
