import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

interface Compiler {
  compile(
    source: string,
    options: {
      readonly filename: string;
      readonly generate: 'dom' | 'ssr';
      readonly dev: boolean;
      readonly hydratable: boolean;
    },
  ): { readonly js: { readonly code: string }; readonly warnings: readonly { readonly message: string }[] };
}

// Not imported: its types are declared under the name of Svelte 5's, and would mix with them.
const { compile }: Compiler = createRequire(import.meta.url)('svelte-4/compiler');

/** Reads `.svelte` files as Svelte 4 does: the plugin for Vite is for Svelte 5 alone by now. */
export const svelte4 = (): Plugin => ({
  name: 'svelte-4',
  transform(source, id, options) {
    if (!id.endsWith('.svelte')) return null;
    const generate = options?.ssr ? 'ssr' : 'dom';
    const { js, warnings } = compile(source, { filename: id, generate, dev: true, hydratable: true });
    if (warnings.length > 0) throw new Error(warnings.map(({ message }) => message).join('\n'));
    return js.code;
  },
});
