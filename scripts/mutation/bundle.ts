import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { constants, Script } from 'node:vm';
import { build, type Plugin } from 'esbuild';
import { entries } from '../../tsup.config.js';
import type * as Runner from './vitest.js';

/** The tests, the sources and XState, evaluated once: nothing is shared with another evaluation. */
export interface Evaluation {
  readonly startTests: typeof Runner.startTests;
  readonly restore: typeof Runner.restore;
  /** Evaluates a test file, which registers its tests. */
  readonly files: Readonly<Record<string, () => unknown>>;
}

/**
 * Bundles test files with everything they import, as it is in the current folder.
 *
 * @param files Paths relative to the current folder.
 * @returns Evaluates the bundle.
 */
export async function bundleTests(files: readonly string[]): Promise<() => Evaluation> {
  const root = process.cwd();
  const names = Object.entries(entries).map(([name, path]) => [
    `strong-auth-machine${name === 'index' ? '' : `/${name}`}`,
    resolve(path),
  ]);
  const requires = files.map(
    (file) => `${JSON.stringify(file)}: () => require(${JSON.stringify(`./${file}`)}),`,
  );
  const built = await build({
    stdin: {
      contents: `import { restore, startTests } from 'vitest';
        module.exports = { restore, startTests, files: { ${requires.join('\n')} } };`,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    conditions: ['development'],
    alias: { ...Object.fromEntries(names), vitest: join(import.meta.dirname, 'vitest.ts') },
    plugins: [ownUrls],
    logLevel: 'error',
  });
  const code = built.outputFiles[0]?.text ?? '';
  const script = new Script(`(function (module, require) {${code}\n})`, {
    filename: join(root, 'bundle.cjs'),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER, // for Node's own modules
  });
  const require = createRequire(join(root, 'package.json'));
  return () => {
    const module = { exports: {} };
    script.runInThisContext()(module, require);
    return module.exports as Evaluation;
  };
}

/** In a bundle, `import.meta.url` would be that of the bundle. */
const ownUrls: Plugin = {
  name: 'own-urls',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      if (!source.includes('import.meta.url')) return undefined;
      const url = JSON.stringify(pathToFileURL(path).href);
      return { contents: source.replaceAll('import.meta.url', url), loader: 'ts' };
    });
  },
};
