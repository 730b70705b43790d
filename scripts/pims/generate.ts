import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { writeApiMap } from './api-map.js';
import { writeCatalogue } from './catalogue.js';
import { apisOf } from './data.js';
import { writeSimulatedApis } from './simulator.js';

/*
 * Writes the generated files from the facts beside this script.
 *
 *   npm run generate:pims                 writes them
 *   npm run generate:pims -- --check      fails if they are not what it would write
 */

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** @returns The generated files by their path in the repository, formatted as the linter wants them. */
export function generate(): Map<string, string> {
  const apis = apisOf('2.3');
  const texts = {
    'src/pims/api-map.generated.ts': writeApiMap(apis),
    'src/pims/catalogue.generated.ts': writeCatalogue(apis),
    'src/simulator/apis.generated.ts': writeSimulatedApis(),
  };
  return new Map(Object.entries(texts).map(([path, text]) => [path, format(path, text)]));
}

/** @returns The paths of the generated files whose content is not up to date. */
export function stale(): string[] {
  return [...generate()].filter(([path, text]) => readOr(at(path)) !== text).map(([path]) => path);
}

function format(path: string, text: string): string {
  const biome = at('node_modules/@biomejs/biome/bin/biome');
  return execFileSync(process.execPath, [biome, 'format', `--stdin-file-path=${at(path)}`], {
    cwd: at('.'),
    input: text,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
    maxBuffer: 16 * 1024 * 1024,
  });
}

function readOr(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function main(): void {
  if (!process.argv.includes('--check')) {
    for (const [path, text] of generate()) writeFileSync(at(path), text);
    return;
  }
  const paths = stale();
  if (paths.length === 0) return;
  console.error(`Out of date: ${paths.join(', ')}. Run: npx tsx scripts/pims/generate.ts`);
  process.exitCode = 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main();
