import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { exploreWorld, strongAuthPaths } from 'strong-auth-machine/testing';
import { worlds } from '../test/model/worlds.js';
import { playLifecycles } from '../test/properties/host-behaviour.js';
import { anyRun, play } from '../test/properties/interleavings.js';
import { Sinks } from '../test/secrets/sinks.js';

/**
 * `npm run reliability`: plays random lifecycles, runs the scenario suites, and writes what came of it to docs/reliability.md.
 * RUNS (interleavings), LIFECYCLES (with hosts that misbehave) and SEED change how many and which.
 */
const runs = Number(process.env.RUNS ?? 100_000);
const lifecycles = Number(process.env.LIFECYCLES ?? 100_000);
const seed = Number(process.env.SEED ?? 20_261_123);
/** Every so many runs are searched for secrets; the search costs more than the run. */
const SEARCHED = 20;

const sums = { calls: 0, executions: 0, prompts: 0, otps: 0 };
const faults: Record<string, number> = {};
const breaches: string[] = [];
const sinks = new Sinks();
let searched = 0;
let played = 0;
let unhandled = 0;
process.on('unhandledRejection', () => {
  unhandled += 1;
});

globalThis.gc?.();
let heapBefore = 0;
const verdict = await fc.check(
  fc.asyncProperty(anyRun, fc.scheduler(), async (run, scheduler) => {
    played += 1;
    const isSearched = played % SEARCHED === 0;
    if (isSearched) searched += 1;
    const watch = isSearched
      ? { options: sinks.options, look: (client: Parameters<Sinks['lookAt']>[0]) => sinks.lookAt(client) }
      : {};
    const result = await play(run, scheduler, watch);
    for (const name of ['calls', 'executions', 'prompts', 'otps'] as const) sums[name] += result[name];
    for (const [kind, times] of Object.entries(result.faults)) faults[kind] = (faults[kind] ?? 0) + times;
    breaches.push(...result.breaches);
    if (played === Math.ceil(runs / 10)) {
      globalThis.gc?.();
      heapBefore = process.memoryUsage().heapUsed;
    }
    return result.breaches.length === 0;
  }),
  { numRuns: runs, seed },
);
globalThis.gc?.();
const heapGrown = process.memoryUsage().heapUsed - heapBefore;

const began = Date.now();
const hosts = await playLifecycles(seed, lifecycles);
console.log(`${lifecycles} lifecycles took ${Math.round((Date.now() - began) / 1000)} s`);
const misbehaved = [...hosts.met].reduce(
  (sum, [key, times]) => sum + (key.endsWith(' behaves') ? 0 : times),
  0,
);

const suites = ['test/scenarios', 'test/lifecycle', 'test/secrets', 'test/laws'].map((suite) => {
  const { stdout } = spawnSync('npx', ['vitest', 'run', suite, '--reporter=json'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const report = JSON.parse(stdout.slice(stdout.indexOf('{"num'))) as {
    numTotalTests: number;
    numPassedTests: number;
  };
  return [suite, report.numPassedTests, report.numTotalTests] as const;
});
const graphs = Object.values(worlds).map((world) => {
  const graph = exploreWorld(world);
  return { states: graph.states, edges: graph.edges, paths: strongAuthPaths(world, graph).length };
});
const total = (name: 'states' | 'edges' | 'paths') => graphs.reduce((sum, graph) => sum + graph[name], 0);

const number = (value: number) => value.toLocaleString('en');
const repeat = `\`RUNS=${runs} SEED=${seed} npm run reliability\``;
const repeatHosts = `\`LIFECYCLES=${lifecycles} SEED=${seed} npm run reliability\``;
const kindsOfFailure = {
  'Promises and callbacks lost, or settled twice': /settled|fact/,
  'Actors in an error': /the actor/,
  'Errors that surfaced and were not the host’s own': /unhandledRejection|uncaughtException|printed/,
  'Timers left': /timer/,
  'Commands executed twice, or sent after their end': /executed|sent/,
} as const;
const failuresOf = (kind: RegExp) => hosts.failures.filter((failure) => kind.test(failure)).length;
const others = hosts.failures.filter(
  (failure) => !Object.values(kindsOfFailure).some((kind) => kind.test(failure)),
).length;
const rows: [what: string, result: string, how: string][] = [
  ...suites.map(([suite, passed, all]): [string, string, string] => [
    `Tests in \`${suite}\``,
    `${passed} of ${all} hold`,
    `\`npx vitest run ${suite}\``,
  ]),
  [
    'Reachable states, edges',
    `${number(total('states'))}, ${number(total('edges'))}; every rule holds in each`,
    '`npx vitest run test/laws`',
  ],
  ['Generated paths, walked through the public surface', number(total('paths')), '`npm run coverage:model`'],
  ['Random interleavings', number(played), repeat],
  ['Calls made in them', number(sums.calls), repeat],
  [
    'Calls lost, or settled twice',
    number(breaches.filter((breach) => breach.includes('settled')).length),
    repeat,
  ],
  ['Requests executed by the simulated car and account', number(sums.executions), repeat],
  [
    'Commands executed twice',
    number(breaches.filter((breach) => breach.includes('executed')).length),
    repeat,
  ],
  ['Prompts, OTP requests', `${number(sums.prompts)}, ${number(sums.otps)}`, repeat],
  [
    'Other promises broken',
    number(breaches.filter((breach) => !/settled|executed/.test(breach)).length),
    repeat,
  ],
  ...Object.entries(faults)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, times]): [string, string, string] => [`Faults injected: ${kind}`, number(times), repeat]),
  ['Unhandled rejections', number(unhandled), repeat],
  ['Lifecycles with a host that misbehaves', number(hosts.played), repeatHosts],
  [
    'Times the host was called; misbehaved or called back',
    `${number(hosts.counts.callOuts)}; ${number(misbehaved)}`,
    repeatHosts,
  ],
  [
    'Calls made in them; prompts, OTP requests',
    `${number(hosts.counts.calls)}; ${number(hosts.counts.prompts)}, ${number(hosts.counts.otps)}`,
    repeatHosts,
  ],
  ...Object.entries(kindsOfFailure).map(([what, kind]): [string, string, string] => [
    what,
    number(failuresOf(kind)),
    repeatHosts,
  ]),
  ['Other promises broken in them', number(others), repeatHosts],
  ['Interleavings searched for secrets', number(searched), repeat],
  ['Secrets found', sinks.leaks.size === 0 ? '0' : [...sinks.leaks].join(', '), repeat],
  [
    'Heap grown over the last nine tenths of the runs',
    `${(heapGrown / played).toFixed(1)} bytes a run`,
    repeat,
  ],
];
const text = [
  '# Reliability',
  '',
  'Written by `npm run reliability` from the runs themselves. A failure prints the seed and the shortest run that shows it.',
  '',
  '| What | Result | Repeat with |',
  '| --- | --- | --- |',
  ...rows.map((cells) => `| ${cells.join(' | ')} |`),
  '',
].join('\n');
writeFileSync(new URL('../docs/reliability.md', import.meta.url), text);
console.log(text);
if (verdict.failed) console.error(fc.defaultReportMessage(verdict));
for (const failure of hosts.failures) console.error(failure);
process.exitCode =
  verdict.failed || hosts.failures.length > 0 || sinks.leaks.size > 0 || unhandled > 0 ? 1 : 0;
