import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fill } from '../bench/report.js';
import { pack } from './pack.js';

/**
 * `npm run compatibility`: installs the packed package beside each XState of the peer range, walks the kit's generated paths with it on
 * each Node, and writes what came of it to docs/compatibility.md.
 */
const NODES = ['20', '22', '24', '26'];
const root = fileURLToPath(new URL('../', import.meta.url));

const { peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  peerDependencies: Record<string, string>;
};
const lowest = peerDependencies.xstate?.replace(/^\^/, '') as string;

const run = (command: string, args: readonly string[], cwd: string): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();

/** @returns The lowest version of the peer range, and the last of each minor version in it. */
function xstateVersions(): string[] {
  const published = JSON.parse(
    run('npm', ['view', `xstate@^${lowest}`, 'version', '--json'], root),
  ) as string[];
  const lastOfMinor = new Map(published.map((version) => [version.replace(/\.\d+$/, ''), version]));
  return [...new Set([lowest, ...lastOfMinor.values()])];
}

/** @returns A folder in which an app has installed the package and this XState, and nothing else. */
function createApp(place: string, tarball: string, xstate: string): string {
  const app = join(place, `xstate-${xstate}`);
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true }));
  run('npm', ['install', '--no-audit', '--no-fund', '--omit=optional', tarball, `xstate@${xstate}`], app);
  copyFileSync(new URL('compatibility-app.mjs', import.meta.url), join(app, 'app.mjs'));
  return app;
}

/** @returns What the app said on this Node, or how it broke. */
function tryOn(node: string, app: string): string {
  try {
    return run('npx', ['--yes', '--package', `node@${node}`, '--', 'node', 'app.mjs'], app);
  } catch (error) {
    console.error((error as { stderr?: string }).stderr ?? error);
    return '**fails**';
  }
}

const place = mkdtempSync(join(tmpdir(), 'strong-auth-compatibility-'));
try {
  const tarball = pack(place);
  const versions = xstateVersions();
  const apps = versions.map((version) => createApp(place, tarball, version));
  const rows = NODES.map((node) => [`Node ${node}`, ...apps.map((app) => tryOn(node, app))]);
  const table = [
    ['', ...versions.map((version) => `XState ${version}`)],
    ['---', ...versions.map(() => '---')],
    ...rows,
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
  console.log(table);
  if (table.includes('**fails**')) process.exitCode = 1;
  const document = join(root, 'docs/compatibility.md');
  writeFileSync(document, fill(readFileSync(document, 'utf8'), 'versions', table));
} finally {
  rmSync(place, { recursive: true });
}
