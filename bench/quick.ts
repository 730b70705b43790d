import { rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { buildCommit, buildWorkingCopy, findCommit } from './builds.js';

/*
 * `npm run bench:quick [commit]`: the two figures of quick-table.ts, for somebody who changes the core. It needs no `npm run build`:
 * it bundles the sources as they are now, or as they were at a commit.
 */

/** Measures what is built in `folder`. */
async function measure(folder: string): Promise<void> {
  process.env.BENCH_PACKAGE = pathToFileURL(folder).href;
  const { printQuickTable } = await import('./quick-table.js'); // not before: it imports what BENCH_PACKAGE names
  await printQuickTable();
}

const [name] = process.argv.slice(2);
if (name) {
  const commit = findCommit(name);
  const folder = commit && (await buildCommit(commit));
  if (!folder) throw new Error(`this copy of the repository has no commit ${name}`);
  await measure(folder);
} else {
  const folder = await buildWorkingCopy();
  try {
    await measure(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
