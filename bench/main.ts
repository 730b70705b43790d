import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Contender } from './contender.js';
import { axiosAuthRefresh } from './contenders/axios-auth-refresh.js';
import { handWritten } from './contenders/hand-written.js';
import { strongAuthMachine } from './contenders/strong-auth-machine.js';
import { xstatePerCall } from './contenders/xstate-per-call.js';
import { contenders } from './contenders.js';
import { heapGrowth, heapPerCall } from './heap.js';
import { compare, concurrent, type Spread, sequential } from './measure.js';
import { parts } from './parts.js';
import { probe, type Verdict } from './probes.js';
import { fill, spreadIn, tableOf, timesAsMuch } from './report.js';
import { silent, unattended } from './scripted.js';
import { measureSizes, modulesOfCore, sizeOfXstate, tableOfSizes } from './sizes.js';
import { creation, firstPrompt, happyPath, importTimes, type Spreads, type Wave, wave } from './times.js';

const DOCUMENT = 'docs/performance.md';
const began = performance.now();

const of = (spreads: Spreads, { name }: Contender): Spread => spreads[name] as Spread;
const say = (what: string) =>
  console.error(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${what}`);

// ---- All of it.

const lasting = (verdicts: readonly Verdict[], { name }: Contender) =>
  verdicts.filter(({ wrong }) => wrong[name] !== undefined).length;

say('probes');
const verdicts = await probe(contenders);
const headOf = (contender: Contender) => {
  const wrong = lasting(verdicts, contender);
  return wrong === 0 ? contender.name : `${contender.name} (${wrong} wrong)`;
};
const head = contenders.map(headOf);
const probeTable = tableOf(
  ['what is right', ...head],
  verdicts.map(({ title, wrong }) => [title, ...contenders.map(({ name }) => wrong[name] ?? 'yes')]),
);

/** One row: each contender's figure, and how many times that of the hand-written one it is. */
const rowOf = (name: string, unit: string, spreads: Spreads) => [
  name,
  ...contenders.map((contender) => {
    const spread = of(spreads, contender);
    const ratio = timesAsMuch(spread.median, of(spreads, handWritten).median);
    return contender === handWritten ? spreadIn(unit, spread) : `${spreadIn(unit, spread)}, ${ratio}`;
  }),
];

say('happy path');
const oneByOne = await happyPath((each) => sequential(2_000, each));
const inFlight = await happyPath((each) => concurrent(10_000, each));
const happyTable = tableOf(
  ['per call', 'bare transport', ...head],
  [
    ['one after another', oneByOne],
    ['10,000 in flight', inFlight],
  ].map(([name, spreads]) => {
    const [title, ...cells] = rowOf(name as string, 'µs', spreads as Spreads);
    return [title as string, spreadIn('µs', (spreads as Spreads).bare as Spread), ...cells];
  }),
);

say('parts of the happy path');
const partTimes = await compare(parts, 9);
const partTable = tableOf(
  ['one call after another', 'per call'],
  Object.entries(partTimes).map(([name, spread]) => [name, spreadIn('µs', spread)]),
);

const waves: Wave[] = [];
for (const [calls, rounds, warmUps] of [
  [1, 51, 5],
  [10, 31, 2],
  [100, 21, 1],
  [1_000, 9, 1],
  [10_000, 5, 1],
  [100_000, 3, 0],
] as const) {
  say(`a wave of ${calls}`);
  waves.push(await wave(calls, rounds, warmUps));
}
say('first prompt');
const prompts = await firstPrompt();
const creations = await creation();
const waveTable = tableOf(
  ['', ...head],
  [
    rowOf('a client is made', 'µs', creations),
    rowOf('from the first call to the prompt', 'µs', prompts),
    ...waves.map(({ calls, times, lost }) => {
      const [title, ...cells] = rowOf(`a wave of ${calls.toLocaleString('en')}, per call`, 'µs', times);
      const withLost = cells.map((cell, index) => {
        const count = lost[contenders[index]?.name ?? ''] ?? 0;
        return count > 0 ? `${cell}, loses ${count.toLocaleString('en')}` : cell;
      });
      return [title as string, ...withLost];
    }),
  ],
);

say('heap');
const pending: Record<string, number> = {};
const waiting: Record<string, number> = {};
const growth: Record<string, readonly [number, number]> = {};
for (const contender of contenders) {
  pending[contender.name] = await heapPerCall(contender, silent, 20_000);
  waiting[contender.name] = await heapPerCall(contender, unattended, 20_000);
  const calls = contender === axiosAuthRefresh || contender === xstatePerCall ? 100_000 : 1_000_000;
  growth[contender.name] = [calls, await heapGrowth(contender, calls)];
  say(`heap of ${contender.name}`);
}
const bytesRow = (name: string, bytes: Readonly<Record<string, number>>) => [
  name,
  ...contenders.map((contender) => {
    const own = bytes[contender.name] as number;
    const ratio = timesAsMuch(own, bytes[handWritten.name] as number);
    return `${own.toFixed(0)} B${contender === handWritten ? '' : `, ${ratio}`}`;
  }),
];
const heapTable = tableOf(
  ['', ...head],
  [
    bytesRow('per call in flight', pending),
    bytesRow('per call that waits for the PIN', waiting),
    [
      'grown by calls that have settled',
      ...contenders.map(({ name }) => {
        const [calls, grown] = growth[name] as readonly [number, number];
        return `${(grown / 1000).toFixed(0)} kB after ${calls.toLocaleString('en')}`;
      }),
    ],
  ],
);

say('import');
const modules = {
  '`strong-auth-machine` with xstate': ['./dist/index.js'].map(
    (file) => new URL(`../${file}`, import.meta.url).href,
  ),
  'xstate alone': [import.meta.resolve('xstate')],
  'axios and axios-auth-refresh': ['axios', 'axios-auth-refresh'].map((name) => import.meta.resolve(name)),
  robot3: [import.meta.resolve('robot3')],
};
const imports = importTimes(modules);
const importTable = tableOf(
  ['import in a fresh process', 'time'],
  Object.entries(imports).map(([name, spread]) => [name, spreadIn('ms', spread)]),
);

say('sizes');
const sizes = await measureSizes();
const xstate = await sizeOfXstate();
const inCore = await modulesOfCore();
const moduleTable = tableOf(
  ['module of `.`', 'min'],
  inCore
    .filter(({ minified }) => minified > 1000)
    .map(({ module, minified }) => [`\`${module}\``, `${(minified / 1000).toFixed(2)} kB`]),
);

// ---- Against the budgets.

const ours = (spreads: Spreads) => of(spreads, strongAuthMachine).median;
const bare = (spreads: Spreads) => (spreads.bare as Spread).median;
const waveOf = (calls: number) => (waves.find((wave) => wave.calls === calls) as Wave).times;
const core = sizes.find(({ name }) => name === '.');
if (!core) throw new Error('the package has no main entry');
const adapters = sizes.filter(({ name }) => /^\.\/(react|redux|zustand|vue|svelte|xstate)$/.test(name));
const largest = adapters.reduce((a, b) => (a.gzippedBesideCore > b.gzippedBesideCore ? a : b));
const [grownCalls, grown] = growth[strongAuthMachine.name] as readonly [number, number];

const budget = (what: string, limit: number, unit: string, measured: number, ratio = '–') => [
  what,
  `${limit} ${unit}`,
  `${measured.toFixed(digitsOf(measured))} ${unit}`,
  ratio,
  measured <= limit ? 'met' : `**missed** by ${timesAsMuch(measured, limit)}`,
];
const digitsOf = (value: number) => (value < 10 ? 2 : 1);
const toHand = (spreads: Spreads) => timesAsMuch(ours(spreads), of(spreads, handWritten).median);
const budgetTable = tableOf(
  ['', 'budget', 'measured', 'to the hand-written one', ''],
  [
    budget(
      'a call over the bare transport, one after another',
      10,
      'µs',
      ours(oneByOne) - bare(oneByOne),
      toHand(oneByOne),
    ),
    budget(
      'a call over the bare transport, 10,000 in flight',
      1.5,
      'µs',
      ours(inFlight) - bare(inFlight),
      toHand(inFlight),
    ),
    budget('a waiting call in a wave of 10,000', 10, 'µs', ours(waveOf(10_000)), toHand(waveOf(10_000))),
    budget('a waiting call in a wave of 100,000', 10, 'µs', ours(waveOf(100_000)), toHand(waveOf(100_000))),
    budget(
      'heap of a pending call',
      1,
      'kB',
      (pending[strongAuthMachine.name] as number) / 1000,
      timesAsMuch(pending[strongAuthMachine.name] as number, pending[handWritten.name] as number),
    ),
    budget(`heap grown by ${grownCalls.toLocaleString('en')} calls`, 100, 'kB', Math.max(0, grown / 1000)),
    budget('`.` min+gzip, without xstate', 8, 'kB', core.gzipped / 1000),
    budget('`.` with xstate', 20, 'kB', core.gzippedWithXstate / 1000),
    budget(`largest adapter beside \`.\`: \`${largest.name}\``, 1, 'kB', largest.gzippedBesideCore / 1000),
    budget(
      'import in Node, with xstate',
      40,
      'ms',
      (imports['`strong-auth-machine` with xstate'] as Spread).median,
    ),
  ],
);
const host = `Node ${process.version} on ${availableParallelism()} cores (${process.platform}, ${process.arch}), ${new Date().toISOString().slice(0, 10)}.`;

const blocks = {
  host,
  budgets: budgetTable,
  probes: probeTable,
  'happy-path': happyTable,
  parts: partTable,
  waves: waveTable,
  heap: heapTable,
  import: importTable,
  sizes: `${tableOfSizes(sizes)}\n\nOf the ${(core.gzippedWithXstate / 1000).toFixed(2)} kB of \`.\` with xstate, XState alone is ${(xstate / 1000).toFixed(2)} kB.`,
  modules: moduleTable,
};
writeFileSync(
  DOCUMENT,
  Object.entries(blocks).reduce(
    (document, [name, content]) => fill(document, name, content),
    readFileSync(DOCUMENT, 'utf8'),
  ),
);
console.log(Object.values(blocks).join('\n\n'));
say(`written to ${DOCUMENT}`);
process.exit(0); // the calls that are never answered would keep their time-outs
