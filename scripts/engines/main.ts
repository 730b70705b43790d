import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fill, tableOf } from '../../bench/report.js';
import { root } from '../docs/markdown.js';
import { pack } from '../pack.js';
import { bundleAsPublished, bundleByMetro, createEngineApp, storyOutput, versionOf } from './app.js';
import { type Engine, engines, hermes } from './engines.js';

/**
 * `npm run engines`: runs the README's program and the checks on the packed package in every engine that is installed, and writes
 * what came of it to docs/compatibility.md and the README; with `--check` it writes nothing. An engine that is not installed keeps its row, and is
 * named.
 */
const README = join(root, 'README.md');
const DOCUMENT = join(root, 'docs/compatibility.md');

/** @returns The figure for the table, or nothing if something failed, which is printed. */
function passed(engine: Engine, printed: readonly string[]): string | undefined {
  const [, count, of] = /^(\d+) of (\d+) checks$/.exec(printed[printed.length - 1] ?? '') ?? [];
  const told = printed.slice(0, storyOutput.length).join('\n') === storyOutput.join('\n');
  if (told && count !== undefined && count === of) return `${count} of ${of}`;
  console.error(`${engine.name}:\n${printed.join('\n')}`);
  return undefined;
}

const place = mkdtempSync(join(tmpdir(), 'strong-auth-engines-'));
try {
  const app = createEngineApp(pack(place), place);
  const published = await bundleAsPublished(app);
  const metro = `Metro ${versionOf('metro')} with React Native's preset ${versionOf('@react-native/babel-preset')}`;
  const scripts = (engine: Engine): [how: string, script: string][] =>
    engine === hermes
      ? [
          [`${metro}, by \`exports\``, bundleByMetro(app, 'exports')],
          [`${metro}, by folders`, bundleByMetro(app, 'folders')],
        ]
      : [['as published, ES2020', published]];
  const document = readFileSync(DOCUMENT, 'utf8');
  const rows: string[][] = [];
  for (const engine of engines) {
    const version = engine.version();
    if (version === undefined) {
      console.log(`${engine.name} is not installed: its row stays as it was.`);
      rows.push(...rowsBefore(document, engine));
      continue;
    }
    for (const [how, script] of scripts(engine)) {
      const result = passed(engine, await engine.run(script));
      if (result === undefined) process.exitCode = 1;
      rows.push([`${engine.name} ${version}`, engine.from, how, result ?? '**fails**']);
    }
  }
  const table = tableOf(['Engine', 'Where it is from', 'Bundled', 'Checks passed'], rows);
  console.log(table);
  if (!process.argv.includes('--check')) {
    writeFileSync(DOCUMENT, fill(document, 'engines', table));
    // The README has one row for each engine, without how it was bundled.
    const summary = new Map(rows.map(([engine = '', , , result = '']) => [engine, result]));
    const short = tableOf(['Engine', 'Checks passed'], [...summary]);
    writeFileSync(README, fill(readFileSync(README, 'utf8'), 'engines', short));
  }
} finally {
  rmSync(place, { recursive: true });
}

/** @returns What the table says of an engine that is not here. */
function rowsBefore(document: string, { name }: Engine): string[][] {
  return document
    .split('\n')
    .filter((line) => line.startsWith(`| ${name} `))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}
