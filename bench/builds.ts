import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
/** Ignored by git, and below `node_modules`, so that what is built here imports the same xstate as everything else. */
const CACHE = `${ROOT}node_modules/.cache`;

/** Reads from the history of this repository, without a word on the console if that fails. */
const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 28 });

/** @returns The full hash of a commit. Undefined if the history does not have it, as in a shallow clone or an unpacked tarball. */
export function findCommit(name: string): string | undefined {
  try {
    return git('rev-parse', '--verify', `${name}^{commit}`).toString().trim();
  } catch {
    return undefined;
  }
}

/**
 * Builds the package as it was at `commit`, once: the folder is kept for the next run.
 *
 * @param commit The full hash.
 * @returns A folder with `index.js` and `machine.js`. Undefined if neither the cache nor the history has the commit.
 */
export async function buildCommit(commit: string): Promise<string | undefined> {
  const folder = `${CACHE}/bench-${commit.slice(0, 12)}`;
  if (existsSync(folder)) return folder;
  if (!findCommit(commit)) return undefined;
  // Built under another name, so that no other process finds it half built.
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  try {
    const archive = git('archive', commit, 'src', 'machines', 'package.json', 'tsconfig.json');
    execFileSync('tar', ['-x', '-C', unfinished], { input: archive });
    await bundle(unfinished, unfinished);
    if (!existsSync(folder)) renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** @returns A folder with `index.js` and `machine.js`, built from the sources as they are now. The caller removes it. */
export async function buildWorkingCopy(): Promise<string> {
  const folder = `${CACHE}/bench-working-copy.${process.pid}`;
  await bundle(ROOT, folder);
  copyFileSync(`${ROOT}package.json`, `${folder}/package.json`); // it says that they are ES modules
  return folder;
}

/** Bundles the ES modules of the package with the settings of tsup.config.ts. */
async function bundle(root: string, outdir: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: { index: 'src/index.ts', machine: 'src/machine.ts' },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2020',
    platform: 'neutral',
    external: ['xstate'],
    tsconfig: `${root}/tsconfig.json`,
    logLevel: 'error',
  });
}
