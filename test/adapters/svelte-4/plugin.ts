import { compile } from 'svelte-4/compiler';
import type { Plugin } from 'vite';

/** Reads `.svelte` files as Svelte 4 does: the plugin for Vite is for Svelte 5 alone by now. */
export const svelte4 = (): Plugin => ({
  name: 'svelte-4',
  transform(source, id, options) {
    if (!id.endsWith('.svelte')) return null;
    const generate = options?.ssr ? 'ssr' : 'dom';
    const { js, warnings } = compile(source, { filename: id, generate, dev: true, hydratable: true });
    if (warnings.length > 0) throw new Error(warnings.map(({ message }) => message).join('\n'));
    return { code: js.code, map: js.map };
  },
});
