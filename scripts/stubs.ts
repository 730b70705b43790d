import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { entries } from '../tsup.config.js';
import { root } from './docs/markdown.js';

/*
 * A folder for each entry beside `.`, which leads a resolver that does not know `exports` to the built file: Metro before React
 * Native 0.79, Browserify, TypeScript's `node10`. They stand in the root, so they are there only while the package is packed.
 */

const names = Object.keys(entries).filter((name) => name !== 'index');

/** Writes the folders. */
export function writeStubs(): void {
  for (const name of names) {
    const stub = {
      main: `../dist/${name}.cjs`,
      module: `../dist/${name}.js`,
      types: `../dist/${name}.d.ts`,
      sideEffects: false,
    };
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, 'package.json'), `${JSON.stringify(stub, null, 2)}\n`);
  }
}

/** Takes them away. */
export function removeStubs(): void {
  for (const name of names) rmSync(join(root, name), { recursive: true, force: true });
}
