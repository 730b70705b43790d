import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { type Api, apisOf, constantsOf, fieldsOf, shapes } from './data.js';

/*
 * What the types of the calls cost the compiler: a file with 200 calls, with types and without. Once from nothing, as `tsc` does
 * it, and once with everything else read already, as an editor does it after a change. CPU time, so that a busy machine does
 * not count.
 *
 *   npx tsx scripts/pims/measure-types.ts
 */

const CALLS = 200;
const RUNS = 9;

const root = fileURLToPath(new URL('../../', import.meta.url));
const file = `${root}src/pims/measured.ts`;

const untyped = `import type { CallOptions } from '../calls/call-options.js';
import type { Subscription, SubscriptionEvent } from '../messages/subscription.js';
import type { ApiParameters } from '../messages/message.js';
interface Untyped {
  get<Result = unknown>(api: string, parameters?: ApiParameters, options?: CallOptions): Promise<Result>;
  set<Result = unknown>(api: string, parameters?: ApiParameters, options?: CallOptions): Promise<Result | undefined>;
  subscribe<Result = unknown>(
    api: string,
    parameters: ApiParameters | undefined,
    onResult: (event: SubscriptionEvent<Result>) => void,
    options?: CallOptions,
  ): Promise<Subscription>;
}
declare const strongAuth: Untyped;
`;
const typed = `import type { TypedCalls } from './api-types.js';
declare const strongAuth: TypedCalls;
`;

/** Every variant in turn, with what the reference requires. */
function writeCalls(): string {
  const apis = apisOf('2.3');
  const calls = Array.from({ length: CALLS }, (_, index) =>
    writeCall(apis[index % apis.length] as Api, index),
  );
  return `export async function calls() {\n${calls.join('\n')}\n}\n`;
}

function writeCall({ verb, api, parameters }: Api, index: number): string {
  const object = parameters ? writeObject(parameters) : 'undefined';
  if (verb === 'subscribe')
    return `  await strongAuth.subscribe('${api}', ${object}, (event) => void event.result);`;
  return `  const result${index} = await strongAuth.${verb}('${api}', ${object});\n  void result${index};`;
}

function writeObject(fields: Readonly<Record<string, string>>): string {
  const members = fieldsOf(fields)
    .filter(({ isOptional }) => !isOptional)
    .map(({ name, type }) => `${name}: ${writeValue(type)}`);
  return `{ ${members.join(', ')} }`;
}

function writeValue(type: string): string {
  const member = type.replace(/\[\??\]$/, '');
  if (member !== type) return `[${writeValue(member)}]`;
  const [constant] = constantsOf(type) ?? [];
  if (constant !== undefined) return /^(true|false|\d+)$/.test(constant) ? constant : `'${constant}'`;
  const shape = shapes[type];
  if (shape) return writeObject(shape);
  return (
    { number: '1', numeric: '1', boolean: 'true', flag: 'true', text: "'x'", string: "'x'" }[type] ?? '{}'
  );
}

const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, root);
const parsed = new Map<string, ts.SourceFile | undefined>();

/** @returns Milliseconds of CPU time: from nothing, and for the file alone. */
function check(text: string, isKept: (name: string) => boolean): Cost {
  const start = cpu();
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, target) => {
    if (name === file) return ts.createSourceFile(name, text, target);
    if (!isKept(name)) return getSourceFile(name, target);
    if (!parsed.has(name)) parsed.set(name, getSourceFile(name, target));
    return parsed.get(name);
  };
  host.fileExists = (name) => name === file || ts.sys.fileExists(name);
  const program = ts.createProgram([file], options, host);
  program.getTypeChecker();
  const ready = cpu();
  const problems = program.getSemanticDiagnostics(program.getSourceFile(file));
  const end = cpu();
  if (problems.length > 0) {
    throw new Error(ts.formatDiagnostics(problems.slice(0, 3), { ...host, getNewLine: () => '\n' }));
  }
  return { whole: end - start, alone: end - ready };
}

interface Cost {
  readonly whole: number;
  readonly alone: number;
}

const cpu = (): number => process.cpuUsage().user / 1000;

const calls = writeCalls();
const median = (values: number[]) => values.sort((one, other) => one - other)[values.length >> 1] as number;
const heads = { untyped, typed };

/** The median of what `measure` says of each head, taken in turns. */
function compare(measure: (text: string) => number): { typed: number; untyped: number } {
  const measured = { typed: [] as number[], untyped: [] as number[] };
  for (let run = -2; run < RUNS; run += 1) {
    for (const name of ['untyped', 'typed'] as const) {
      const value = measure(heads[name] + calls);
      if (run >= 0) measured[name].push(value);
    }
  }
  return { typed: median(measured.typed), untyped: median(measured.untyped) };
}

const results = {
  'from nothing, as tsc does': compare((text) => check(text, () => false).whole),
  'the file alone, as an editor does after a change': compare((text) => check(text, () => true).alone),
};
for (const [what, { typed, untyped }] of Object.entries(results)) {
  const ratio = (typed / untyped).toFixed(2);
  console.log(
    `${CALLS} calls, ${what}: ${typed.toFixed(0)} ms typed, ${untyped.toFixed(0)} ms untyped, ratio ${ratio}`,
  );
}
