import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { inspect } from 'node:util';

/**
 * Prepares and checks releases. Nothing is published from here: the tag that `npm run release` makes is published by the release
 * workflow, with a provenance statement.
 *
 *   npm run release -- 1.2.0            sets the version, dates the changelog, commits and tags
 *   npm run release:check -- v1.2.0     fails unless tag, version and changelog agree
 */
const CHANGELOG = 'CHANGELOG.md';
const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
const read = (path: string) => readFileSync(path, 'utf8');

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

function release(version: string | undefined): void {
  if (!version || !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) {
    throw new ReleaseError('Say which version: npm run release -- 1.2.0');
  }
  if (git('status', '--porcelain') !== '')
    throw new ReleaseError('There are changes that are not committed.');
  if (git('branch', '--show-current') !== 'main') throw new ReleaseError('Releases are made from main.');
  const today = new Date().toISOString().slice(0, 10);
  writeFileSync(CHANGELOG, dateChangelog(read(CHANGELOG), version, today));
  execFileSync('npm', ['version', version, '--no-git-tag-version'], { stdio: 'inherit' });
  git('commit', '--all', '--message', `Release ${version}`);
  git('tag', '--annotate', `v${version}`, '--message', `Version ${version}`);
  console.log(`Tagged v${version}. git push --follow-tags origin main publishes it.`);
}

function main([task, argument]: readonly string[]): void {
  if (task === 'check') {
    checkRelease(argument ?? '', JSON.parse(read('package.json')) as Manifest, read(CHANGELOG));
  } else release(argument ?? task);
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
