import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type PluginOption } from 'vite';
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
export async function bundle(entry: string, options: BundleOptions = {}): Promise<string> {
  return codeOf(entry, options, { rollupOptions: { output: { format: 'iife' } } });
}

/**
 * Bundles a module for a server, with everything it uses, and loads it.
 *
 * @param entry Its path in the repository.
 * @returns What it exports.
 */
export async function loadForServer<Module>(entry: string, options: BundleOptions = {}): Promise<Module> {
  const code = await codeOf(entry, options, { ssr: true, rollupOptions: { output: { format: 'es' } } });
  return import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`);
}

async function codeOf(
  entry: string,
  { aliases = {}, plugins = [] }: BundleOptions,
  { rollupOptions, ...how }: BuildOptions,
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
    ssr: { noExternal: true },
    build: {
      ...how,
      write: false,
      minify: false,
      rollupOptions: { ...rollupOptions, input: `${root}${entry}` },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (!output || !('output' in output)) throw new Error('the build watches');
  return output.output.flatMap((part) => (part.type === 'chunk' ? [part.code] : [])).join('\n');
}
