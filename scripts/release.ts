import { readFileSync, writeFileSync } from 'node:fs';
import { inspect } from 'node:util';

/**
 * The parts of a release that npm does not know. `npm version 1.2.0` sets the version, commits and tags; in between it runs the
 * script `version`, which dates the changelog. Nothing is published from here: the release workflow publishes the tag, with a
 * provenance statement.
 *
 *   tsx scripts/release.ts date              what `npm version` runs
 *   npm run release:check -- v1.2.0          fails unless tag, version and changelog agree
 */
const CHANGELOG = 'CHANGELOG.md';

class ReleaseError extends Error {}

/** @returns The changelog with what is unreleased under `version`, and an empty section for what comes next. */
export function dateChangelog(changelog: string, version: string, date: string): string {
  const [, entries = ''] = /^## Unreleased\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(changelog) ?? [];
  if (!/^- /m.test(entries)) throw new ReleaseError('The changelog has nothing unreleased.');
  return changelog.replace('## Unreleased\n', () => `## Unreleased\n\n## ${version} - ${date}\n`);
}

/** What a release needs to know of package.json. */
interface Manifest {
  readonly version: string;
  /** Without it the registry refuses the provenance statement. */
  readonly repository?: unknown;
}

/** @throws ReleaseError that says what is missing, or does not agree with the tag. */
export function checkRelease(tag: string, { version, repository }: Manifest, changelog: string): void {
  if (!repository) throw new ReleaseError('package.json does not name its repository.');
  if (tag !== `v${version}`) throw new ReleaseError(`The tag is ${inspect(tag)}, the version ${version}.`);
  if (!changelog.includes(`\n## ${version} - `)) throw new ReleaseError(`The changelog has no ${version}.`);
}

function main([task, tag = '']: readonly string[]): void {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
  const changelog = readFileSync(CHANGELOG, 'utf8');
  if (task === 'check') checkRelease(tag, manifest, changelog);
  else {
    const today = new Date().toISOString().slice(0, 10);
    writeFileSync(CHANGELOG, dateChangelog(changelog, manifest.version, today));
  }
}

if (process.argv[1]?.endsWith('release.ts')) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
