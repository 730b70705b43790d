import { fileURLToPath } from 'node:url';
import { build, type PluginOption } from 'vite';
import { packageAliases } from '../../scripts/aliases.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** How a bundle differs from the usual one: other packages under a name, and what reads the files of a framework. */
export interface BundleOptions {
  /** What to take when this package, or a path in it, is imported. */
  readonly aliases?: Readonly<Record<string, string>>;
  readonly plugins?: readonly PluginOption[];
}

/**
 * Bundles a page's script with the package's source, in the development builds of what it uses.
 *
 * @param entry Its path in the repository.
 * @returns A classic script.
 */
export async function bundle(
  entry: string,
  { aliases = {}, plugins = [] }: BundleOptions = {},
): Promise<string> {
  const result = await build({
    configFile: false,
    root,
    mode: 'development',
    logLevel: 'warn',
    plugins: [...plugins],
    define: { 'process.env.NODE_ENV': '"development"' },
    resolve: {
      alias: [
        ...packageAliases,
        ...Object.entries(aliases).map(([name, replacement]) => ({
          find: new RegExp(`^${name}(?=/|$)`),
          replacement,
        })),
      ],
    },
    build: {
      write: false,
      minify: false,
      rollupOptions: { input: `${root}${entry}`, output: { format: 'iife' } },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (!output || !('output' in output)) throw new Error('the build watches');
  return output.output.flatMap((part) => (part.type === 'chunk' ? [part.code] : [])).join('\n');
}
