import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { type Api, apisOf, constantsOf, fieldsOf, shapes } from './data.js';

/*
 * What the types of the calls cost the compiler: 200 calls, checked with types and without.
 *
 *   npx tsx scripts/pims/measure-types.ts
 */

const CALLS = 200;
const RUNS = 15;

const root = fileURLToPath(new URL('../../', import.meta.url));
const file = `${root}src/pims/measured.ts`;

const untyped = `import type { CallOptions } from '../call-options.js';
import type { Subscription, SubscriptionEvent } from '../create-strong-auth.js';
import type { ApiParameters } from '../protocol.js';
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

/** @returns Milliseconds that the compiler needs to check the file, its program being there already. */
function check(text: string): number {
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, target) => {
    if (name === file) return ts.createSourceFile(name, text, target);
    if (!parsed.has(name)) parsed.set(name, getSourceFile(name, target));
    return parsed.get(name);
  };
  host.fileExists = (name) => name === file || ts.sys.fileExists(name);
  const program = ts.createProgram([file], options, host);
  program.getTypeChecker();
  const source = program.getSourceFile(file);
  const start = performance.now();
  const problems = program.getSemanticDiagnostics(source);
  const took = performance.now() - start;
  if (problems.length > 0) {
    throw new Error(ts.formatDiagnostics(problems.slice(0, 3), { ...host, getNewLine: () => '\n' }));
  }
  return took;
}

const calls = writeCalls();
const median = (times: number[]) => times.sort((one, other) => one - other)[times.length >> 1] as number;
const times = { typed: [] as number[], untyped: [] as number[] };
for (let run = -3; run < RUNS; run += 1) {
  for (const [name, head] of [
    ['untyped', untyped],
    ['typed', typed],
  ] as const) {
    const took = check(head + calls);
    if (run >= 0) times[name].push(took);
  }
}
const [withTypes, without] = [median(times.typed), median(times.untyped)];
console.log(
  `${CALLS} calls: ${withTypes.toFixed(1)} ms typed, ${without.toFixed(1)} ms untyped (median of ${RUNS})`,
);
console.log(`ratio ${(withTypes / without).toFixed(2)}`);
