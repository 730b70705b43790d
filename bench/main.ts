import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { tableOfBudgets } from './budgets.js';
import { contenders } from './contenders.js';
import { type HeapUse, measureHeap } from './heap.js';
import { compare, concurrent, sequential } from './measure.js';
import { parts } from './parts.js';
import { probe } from './probes.js';
import { fill } from './report.js';
import { OWN_IMPORT, type Results } from './results.js';
import { measureSizes, modulesOfCore, sizeOfXstate } from './sizes.js';
import { tables } from './tables.js';
import { creation, firstPrompt, happyPath, importTimes, type Wave, wave } from './times.js';

const DOCUMENT = 'docs/performance.md';
/** Calls, rounds that count, and rounds before them: thousands of calls, so that the compiler has seen enough. */
const WAVES = [
  [1, 21, 20],
  [10, 21, 20],
  [100, 21, 20],
  [1_000, 15, 15],
  [10_000, 5, 2],
  [100_000, 3, 0],
] as const;

const began = performance.now();
const say = (what: string) =>
  console.error(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${what}`);

async function measure(): Promise<Results> {
  say('who answers rightly');
  const verdicts = await probe(contenders);
  say('calls that are never challenged');
  const oneByOne = await happyPath((each) => sequential(2_000, each), 9);
  const inFlight = await happyPath((each) => concurrent(10_000, each), 5);
  say('parts of such a call');
  const partTimes = await compare(parts, 9);
  const waves: Wave[] = [];
  for (const [calls, rounds, warmUps] of WAVES) {
    say(`a wave of ${calls}`);
    waves.push(await wave(calls, rounds, warmUps));
  }
  say('the way to the prompt');
  const [creations, prompts] = [await creation(), await firstPrompt()];
  const heap: Record<string, HeapUse> = {};
  for (const contender of contenders) {
    say(`heap of ${contender.name}`);
    heap[contender.name] = await measureHeap(contender);
  }
  say('import and size');
  return {
    verdicts,
    oneByOne,
    inFlight,
    parts: partTimes,
    waves,
    creations,
    prompts,
    heap,
    imports: importTimes({
      [OWN_IMPORT]: [new URL('../dist/index.js', import.meta.url).href],
      'xstate alone': [import.meta.resolve('xstate')],
      'axios and axios-auth-refresh': ['axios', 'axios-auth-refresh'].map((name) =>
        import.meta.resolve(name),
      ),
      robot3: [import.meta.resolve('robot3')],
    }),
    sizes: await measureSizes(),
    xstate: await sizeOfXstate(),
    modules: await modulesOfCore(),
  };
}

const results = await measure();
const host = `Measured ${new Date().toISOString().slice(0, 10)} with Node ${process.version} on ${availableParallelism()} cores (${process.platform}, ${process.arch}).`;
const blocks = Object.entries({ host, budgets: tableOfBudgets(results), ...tables(results) });
const before = readFileSync(DOCUMENT, 'utf8');
writeFileSync(
  DOCUMENT,
  blocks.reduce((document, [name, content]) => fill(document, name, content), before),
);
console.log(blocks.map(([, content]) => content).join('\n\n'));
say(`written to ${DOCUMENT}`);
process.exit(0); // the calls that are never answered would keep their time-outs
