import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { tableOfBudgets } from './budgets.js';
import { withoutVersion01 } from './contenders/version-0.1.js';
import { bareTransport, contenders } from './contenders.js';
import { probe } from './probes.js';
import { fill } from './report.js';
import { OWN_IMPORT, type Results, XSTATE_IMPORT } from './results.js';
import { measureSizes, modulesOfCore, sizeOfXstate } from './sizes.js';
import { tables } from './tables.js';
import { heapUse, importTimes, partTimes, times, type Wave, wave } from './times.js';

const DOCUMENT = 'docs/performance.md';
/** Calls, rounds that count, and rounds before them: thousands of calls, so that the compiler has seen enough. */
const WAVES = [
  [1, 21, 50],
  [10, 21, 50],
  [100, 21, 50],
  [1_000, 21, 20],
  [10_000, 9, 6],
  [100_000, 3, 1],
] as const;

const began = performance.now();
const say = (what: string) =>
  console.error(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${what}`);

async function measure(): Promise<Results> {
  if (withoutVersion01) say(withoutVersion01);
  say('who answers rightly');
  const verdicts = await probe(contenders);
  say('calls that are never challenged');
  const withBare = [...contenders, bareTransport];
  const oneByOne = await times('oneByOne', { rounds: 9, warmUps: 6 }, withBare);
  const inFlight = await times('inFlight', { rounds: 15, warmUps: 10 }, withBare);
  say('parts of such a call');
  const parts = await partTimes({ rounds: 9, warmUps: 6 });
  const waves: Wave[] = [];
  for (const [calls, rounds, warmUps] of WAVES) {
    say(`a wave of ${calls}`);
    waves.push(await wave(calls, { rounds, warmUps }));
  }
  say('the way to the prompt');
  const creations = await times('creation', { rounds: 51, warmUps: 1 });
  const prompts = await times('firstPrompt', { rounds: 51, warmUps: 1 });
  say('heap');
  const heap = {
    pending: await heapUse('pending'),
    waiting: await heapUse('waiting'),
    grown: await heapUse('grown'),
  };
  say('import and size');
  return {
    verdicts,
    oneByOne,
    inFlight,
    parts,
    waves,
    creations,
    prompts,
    heap,
    imports: importTimes({
      [OWN_IMPORT]: [new URL('../dist/index.js', import.meta.url).href],
      [XSTATE_IMPORT]: [import.meta.resolve('xstate')],
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

async function writeDocument(): Promise<void> {
  const results = await measure();
  const host = `Measured ${new Date().toISOString().slice(0, 10)} with Node ${process.version} on ${availableParallelism()} cores (${process.platform}, ${process.arch}).`;
  const blocks = Object.entries({
    host: withoutVersion01 ? `${host}\n\n${withoutVersion01}` : host,
    budgets: tableOfBudgets(results),
    ...tables(results),
  });
  const before = readFileSync(DOCUMENT, 'utf8');
  writeFileSync(
    DOCUMENT,
    blocks.reduce((document, [name, content]) => fill(document, name, content), before),
  );
  console.log(blocks.map(([, content]) => content).join('\n\n'));
  say(`written to ${DOCUMENT}`);
}

await writeDocument();
