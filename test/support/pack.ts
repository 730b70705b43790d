import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { pack } from '../../scripts/pack.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The packed package, and a folder beside it for what tests make of it. */
    readonly packed: { readonly tarball: string; readonly place: string };
  }
}

/** Packs the package once for all tests of the project; `npm test` builds first. */
export default function setup(project: TestProject): () => void {
  const place = mkdtempSync(join(tmpdir(), 'strong-auth-machine-'));
  project.provide('packed', { tarball: pack(place), place });
  return () => rmSync(place, { recursive: true });
}
