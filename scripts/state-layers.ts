import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { checksOf } from '../test/adapters/support/checks.js';

/**
 * `npm run docs:state-layers`: runs the tests of every state layer and writes what came of them to docs/state-layers.md. A row is
 * a `describe`, a cell the test in it with the title of the column.
 */
const columns = [
  ...Object.keys(checksOf(() => () => {})),
  'StrictMode: one prompt, no orphan',
  'server rendering and hydration',
  'renders only when something it shows has changed',
];

interface Result {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly status: string;
  readonly meta: { readonly counted?: string };
}

const { stdout } = spawnSync('npx', ['vitest', 'run', 'test/adapters', '--reporter=json'], {
  encoding: 'utf8',
  maxBuffer: 2 ** 28,
});
const report = JSON.parse(stdout.slice(stdout.indexOf('{"num'))) as {
  testResults: readonly { readonly assertionResults: readonly Result[] }[];
};

const layers = new Map<string, Map<string, Result>>();
for (const result of report.testResults.flatMap(({ assertionResults }) => assertionResults)) {
  const [layer = ''] = result.ancestorTitles;
  const cells = layers.get(layer) ?? new Map<string, Result>();
  layers.set(layer, cells.set(result.title, result));
}

function cell(result: Result | undefined): string {
  if (!result) return '–';
  if (result.status !== 'passed') return '**fails**';
  return result.meta.counted ?? 'holds';
}

const rows = [...layers]
  .filter(([, cells]) => columns.some((column) => cells.has(column)))
  .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
const table = [
  ['', ...rows.map(([name]) => name)],
  ['---', ...rows.map(() => '---')],
  ...columns.map((column) => [column, ...rows.map(([, cells]) => cell(cells.get(column)))]),
];
const text = [
  '# State layers',
  '',
  'What was checked of each layer, with the real framework at both ends of the range it is a peer of. Written by `npm run docs:state-layers` from the tests',
  'themselves: each row is the title of a test in `test/adapters`, run against the app in `examples`, in a real Chromium where it renders. A dash is',
  'what there is not: only React has a StrictMode, and what has no components renders nothing on a server. TanStack Query and Zustand are shown by',
  'React, so their rows are of their apps in it. The newest version walks every edge of the generated graph, the oldest the shortest paths to',
  'everything that an app can show.',
  '',
  ...table.map((cells) => `| ${cells.join(' | ')} |`),
  '',
].join('\n');
writeFileSync(new URL('../docs/state-layers.md', import.meta.url), text);
console.log(text);
process.exitCode = text.includes('**fails**') ? 1 : 0;
