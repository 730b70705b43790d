import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = new URL('../../', import.meta.url).pathname;

/** The packages' folders under `node_modules` that are taken for others, by the names under which they are imported. */
export type Replacements = Readonly<Record<string, string>>;

/**
 * Checks files with the native compiler, which `npm run typecheck` uses too.
 *
 * @param entries Paths in the repository.
 * @returns What the compiler prints of errors, and every file that it has read.
 */
export function checkTypes(
  entries: readonly string[],
  replacements: Replacements,
): { complaints: string[]; files: string[] } {
  const place = mkdtempSync(join(tmpdir(), 'types-'));
  try {
    const paths = Object.entries(replacements).map(([name, folder]) => [
      name,
      [`${root}node_modules/${folder}`],
    ]);
    const own = JSON.parse(printed(['--showConfig', '-p', `${root}tsconfig.json`]).join('\n'));
    const ownPaths = Object.entries<string[]>(own.compilerOptions.paths).map(([name, places]) => [
      name,
      places.map((path) => join(root, path)),
    ]);
    const config = {
      extends: `${root}tsconfig.json`,
      compilerOptions: {
        paths: Object.fromEntries([...ownPaths, ...paths]),
        typeRoots: [`${root}node_modules/@types`],
      },
      include: [],
      files: entries.map((path) => join(root, path)),
    };
    writeFileSync(join(place, 'tsconfig.json'), JSON.stringify(config));
    const lines = printed(['--listFiles', '--pretty', 'false', '-p', place]);
    const isFile = (line: string) => /^\/.*\.\w+$/.test(line) && !line.includes(': error TS');
    return {
      files: lines.filter(isFile),
      complaints: lines.filter((line) => line !== '' && !isFile(line)),
    };
  } finally {
    rmSync(place, { recursive: true });
  }
}

function printed(args: readonly string[]): string[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [`${root}node_modules/typescript-7/bin/tsc`, ...args],
    { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  return `${stdout}${stderr}`.split('\n');
}
