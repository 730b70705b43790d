import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * `npm run mutation:summary`: reads what `npm run mutation` left in reports/, and writes docs/mutation.md. Every mutant that survived needs a
 * reason in test/mutation/survivors.json; the script prints those that have none, and reasons that excuse nothing any more.
 */

type Mutant = Report['files'][string]['mutants'][number];
type Status = 'Killed' | 'Timeout' | 'Survived' | 'NoCoverage' | 'CompileError' | 'RuntimeError' | 'Ignored';

interface Report {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: string;
        readonly mutants: readonly {
          readonly mutatorName: string;
          readonly replacement?: string;
          readonly status: Status;
          /** How many tests ran to their end. */
          readonly testsCompleted?: number;
          readonly location: {
            readonly start: { readonly line: number; readonly column: number };
            readonly end: { readonly line: number; readonly column: number };
          };
        }[];
      }
    >
  >;
}

/** Why a mutant that survived is no gap in the tests. Told by the code it replaces, so that a moved line keeps its reason. */
interface Reason {
  readonly file: string;
  readonly code: string;
  readonly replacement: string;
  readonly why: string;
}

const at = (path: string) => new URL(`../../${path}`, import.meta.url);
const readJson = <T>(path: string) => JSON.parse(readFileSync(at(path), 'utf8')) as T;

if (!existsSync(at('reports/mutation.json'))) {
  console.error('There is no report: npm run mutation writes one.');
  process.exit(1);
}
const report = readJson<Report>('reports/mutation.json');
const reasons = readJson<readonly Reason[]>('test/mutation/survivors.json');

/**
 * Whether the tests have not noticed it. Where no test came to its end, the module could not even be loaded: every test file fails,
 * but the runner looks only at the tests that ran, and calls it a survivor.
 */
const survives = ({ status, testsCompleted }: Mutant): boolean =>
  status === 'NoCoverage' || (status === 'Survived' && testsCompleted !== 0);
const counts = ({ status }: Mutant): boolean =>
  status === 'Killed' || status === 'Timeout' || status === 'Survived' || status === 'NoCoverage';

const oneLine = (code: string) => code.replace(/\s+/g, ' ').trim();

/** @returns The source that a mutant replaces. */
function codeAt(source: string, { start, end }: Mutant['location']): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  lines[last] = (lines[last] ?? '').slice(0, end.column - 1);
  lines[0] = (lines[0] ?? '').slice(start.column - 1);
  return oneLine(lines.join('\n'));
}

/** The files that are to be mutated and have something to mutate: types and lists of exports do not. */
const configured = readJson<{ readonly mutate: readonly string[] }>('stryker.config.json').mutate.flatMap(
  (path) => {
    if (!path.endsWith('/*.ts')) return [path];
    const folder = path.slice(0, -'*.ts'.length);
    return readdirSync(at(folder))
      .filter((name) => name !== 'index.ts' && !name.endsWith('.types.ts'))
      .map((name) => folder + name);
  },
);
const notRun = configured.filter((path) => !(path in report.files));

const rows: { file: string; killed: number; survived: number }[] = [];
const survivors: {
  file: string;
  line: number;
  code: string;
  replacement: string;
  why: string | undefined;
}[] = [];
for (const [file, { source, mutants }] of Object.entries(report.files)) {
  const unnoticed = mutants.filter(survives);
  rows.push({
    file,
    killed: mutants.filter(counts).length - unnoticed.length,
    survived: unnoticed.length,
  });
  for (const mutant of unnoticed) {
    const code = codeAt(source, mutant.location);
    const replacement = oneLine(mutant.replacement ?? '');
    const reason = reasons.find(
      (other) => other.file === file && other.code === code && other.replacement === replacement,
    );
    survivors.push({ file, line: mutant.location.start.line, code, replacement, why: reason?.why });
  }
}

const score = (of: readonly { killed: number; survived: number }[]) => {
  const killed = of.reduce((sum, row) => sum + row.killed, 0);
  const all = of.reduce((sum, row) => sum + row.killed + row.survived, 0);
  return { killed, all, percent: all === 0 ? '–' : `${((100 * killed) / all).toFixed(1)} %` };
};
const line = (name: string, of: typeof rows) => {
  const { killed, all, percent } = score(of);
  const open = survivors.filter(({ file, why }) => !why && of.some((row) => row.file === file)).length;
  return `| ${name} | ${all} | ${killed} | ${all - killed} | ${open} | ${percent} |`;
};
const cell = (code: string) => `\`${code.replaceAll('|', '\\|').slice(0, 120) || ' '}\``;
const explained = survivors.filter(({ why }) => why !== undefined);
const byFile = [...rows].sort((a, b) => (a.file < b.file ? -1 : 1));

const text = `# Mutation testing

Written by \`npm run mutation:summary\` from a run of \`npm run mutation\`: Stryker changes one place of the core at a time, and the tests have to notice.
A mutant that makes a test run for ever counts as noticed, and so does one with which a module throws while it is loaded.
Scores are of the code at that run; reasons in \`test/mutation/survivors.json\` may be newer.

Every mutant meets the tests of \`scripts/mutation/tests.ts\`: those that decide about behaviour in milliseconds. The large worlds, random
interleavings, hosts that misbehave at random, and the search of the heap are too slow to be run for each, and notice some of the survivors.
Of a run that leaves out more (\`MUTATION_WITHOUT\`), as that of the whole core on two processor cores has to, the scores are lower bounds.

| Where | Mutants | Noticed | Survived | Not explained | Score |
| --- | --- | --- | --- | --- | --- |
${line(
  '**machines/**',
  rows.filter(({ file }) => file.startsWith('machines/')),
)}
${line(
  '**src/**',
  rows.filter(({ file }) => file.startsWith('src/')),
)}
${byFile.map((row) => line(`\`${row.file}\``, [row])).join('\n')}

${
  notRun.length > 0
    ? `Not part of this run: ${notRun.map((path) => `\`${path}\``).join(', ')}.
`
    : ''
}
## Survivors

Each of these leaves the behaviour that the package promises as it is. \`npm run mutation:summary\` prints those that nobody has explained yet.

| Where | Code | Became | Why no test can, or should, notice |
| --- | --- | --- | --- |
${explained.map(({ file, line, code, replacement, why }) => `| \`${file}:${line}\` | ${cell(code)} | ${cell(replacement)} | ${why} |`).join('\n')}
`;
writeFileSync(at('docs/mutation.md'), text);

const unexplained = survivors.filter(({ why }) => why === undefined);
for (const { file, line, code, replacement } of unexplained) {
  console.error(`${file}:${line} survives without a reason:\n    ${code}\n    ${replacement}`);
}
const idle = reasons.filter(
  ({ file, code, replacement }) =>
    file in report.files &&
    !survivors.some(
      (other) => other.file === file && other.code === code && other.replacement === replacement,
    ),
);
for (const { file, code, replacement } of idle)
  console.error(`${file}: no such survivor: ${code} → ${replacement}`);
console.log(
  `${rows.length} files, ${score(rows).percent} noticed, ${unexplained.length} survivors without a reason`,
);
process.exitCode = unexplained.length + idle.length > 0 ? 1 : 0;
