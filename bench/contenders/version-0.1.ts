// The package as its first version was, from this repository's history: a version is compared with the one before it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { contenderOf, type Measured, unlimited, type Version } from './strong-auth-machine.js';

const COMMIT = '90b3c2ad263a2bd0d23a4c207ab7a0a12e53b39b';
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
// Below node_modules, so that it finds the same xstate.
const FOLDER = `${ROOT}node_modules/.cache/strong-auth-machine-0.1`;
const BUILT = `${FOLDER}/index.mjs`;

/** @returns Its `createStrongAuth`. Builds it first, once. Rejects in a clone without its commit. */
async function load(): Promise<Version> {
  if (!existsSync(BUILT)) {
    mkdirSync(FOLDER, { recursive: true });
    const archive = execFileSync('git', ['archive', COMMIT, 'src', 'machines', 'tsconfig.json'], {
      cwd: ROOT,
    });
    execFileSync('tar', ['-x', '-C', FOLDER], { input: archive });
    await build({
      entryPoints: [`${FOLDER}/src/index.ts`],
      outfile: BUILT,
      bundle: true,
      format: 'esm',
      target: 'es2020',
      external: ['xstate'],
    });
  }
  const { createStrongAuth } = await import(pathToFileURL(BUILT).href);
  return createStrongAuth;
}

const createStrongAuth = await load().catch((cause) => {
  throw new Error('the bench needs the history of the repository: git fetch --unshallow', { cause });
});

/** @returns Version 0.1, with other options than its defaults. */
export const version01With = (options: Measured = {}) =>
  contenderOf('version 0.1', createStrongAuth, options);

export const version01 = version01With(unlimited);
