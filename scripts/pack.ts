import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './docs/markdown.js';
import { removeStubs, writeStubs } from './stubs.js';

/**
 * Packs the package as `npm publish` does, but for the API reference, which takes long and is of no use to a program;
 * `npm run build` comes first. @returns The tarball.
 */
export function pack(place: string): string {
  removeStubs();
  writeStubs();
  try {
    const args = ['pack', '--ignore-scripts', '--pack-destination', place];
    execFileSync('npm', args, { cwd: root, stdio: 'pipe' });
  } finally {
    removeStubs();
  }
  return join(place, readdirSync(place).find((name) => name.endsWith('.tgz')) as string);
}

/** Unpacks it where an app has its packages. @returns The folder of the package. */
export function unpack(tarball: string, app: string): string {
  const installed = join(app, 'node_modules/strong-auth-machine');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['xzf', tarball, '--strip-components=1', '-C', installed]);
  return installed;
}
