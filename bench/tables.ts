import { strongAuthMachine } from './contenders/strong-auth-machine.js';
import { version01 } from './contenders/version-0.1.js';
import { bareTransport, contenders } from './contenders.js';
import { callsThatSettle } from './heap.js';
import { figure } from './measure.js';
import { spreadIn, tableOf, timesAsMuch } from './report.js';
import { byHand, columns, isReference, ofVersion01, ours, type Results, spreadFor } from './results.js';
import { tableOfSizes } from './sizes.js';
import type { Bytes, Spreads, Wave } from './times.js';

const count = (value: number): string => value.toLocaleString('en');
const kB = (bytes: number): string => `${(bytes / 1000).toFixed(2)} kB`;

/** The last column: the package to its first version. No column where that could not be built. */
const toVersion01 = (own: number, before: number | undefined): string[] =>
  before === undefined ? [] : [timesAsMuch(own, before)];
const lastHead = version01 ? ['strong-auth-machine to version 0.1'] : [];

/** One row: each contender's figure, and how many times that of the hand-written one it is. */
const timesRow = (name: string, spreads: Spreads): string[] => [
  name,
  ...contenders.map((contender) => {
    const spread = spreadFor(spreads, contender);
    const ratio = isReference(contender) ? '' : `, ${timesAsMuch(spread.median, byHand(spreads))}`;
    return `${spreadIn('µs', spread)}${ratio}`;
  }),
  ...toVersion01(ours(spreads), ofVersion01(spreads)?.median),
];

const happyRow = (name: string, spreads: Spreads): string[] => {
  const [title = '', ...cells] = timesRow(name, spreads);
  return [title, spreadIn('µs', spreadFor(spreads, bareTransport)), ...cells];
};

const waveRow = ({ calls, times, lost }: Wave): string[] => {
  const [title = '', ...cells] = timesRow(`a wave of ${count(calls)}, per call`, times);
  const isLost = contenders.map(({ name }) => lost[name] ?? 0);
  return [title, ...cells.map((cell, i) => (isLost[i] ? `${cell}, loses ${count(isLost[i])}` : cell))];
};

const heapRow = (name: string, bytes: Bytes): string[] => [
  name,
  ...contenders.map((contender) => {
    const own = figure(bytes, contender.name);
    const reference = contenders.find(isReference)?.name ?? '';
    const ratio = isReference(contender) ? '' : `, ${timesAsMuch(own, figure(bytes, reference))}`;
    return `${own.toFixed(0)} B${ratio}`;
  }),
  ...toVersion01(figure(bytes, strongAuthMachine.name), ofVersion01(bytes)),
];

const listOf = (head: readonly [string, string], unit: string, spreads: Spreads): string =>
  tableOf(
    head,
    Object.entries(spreads).map(([name, spread]) => [name, spreadIn(unit, spread)]),
  );

/** @returns The tables of the document, in Markdown, by the name of their place in it. */
export function tables(results: Results): Record<string, string> {
  const { verdicts, heap, sizes, xstate } = results;
  const head = columns(verdicts);
  const core = sizes.find(({ name }) => name === '.');
  const total = core
    ? `\`.\` with XState is ${kB(core.gzippedWithXstate)}, of which XState alone is ${kB(xstate)}.`
    : '';
  return {
    probes: tableOf(
      ['what is right', ...head],
      verdicts.map(({ title, wrong }) => [title, ...contenders.map(({ name }) => wrong[name] ?? 'yes')]),
    ),
    'happy-path': tableOf(
      ['per call', bareTransport.name, ...head, ...lastHead],
      [happyRow('one after another', results.oneByOne), happyRow('10,000 in flight', results.inFlight)],
    ),
    parts: listOf(['one call after another', 'per call'], 'µs', results.parts),
    waves: tableOf(
      ['', ...head, ...lastHead],
      [
        timesRow('a client is made', results.creations),
        timesRow('from the first call to the prompt', results.prompts),
        ...results.waves.map(waveRow),
      ],
    ),
    heap: tableOf(
      ['', ...head, ...lastHead],
      [
        heapRow('per call in flight', heap.pending),
        heapRow('per call that waits for the PIN', heap.waiting),
        [
          'grown by calls that have settled',
          ...contenders.map((contender) => {
            const grown = figure(heap.grown, contender.name);
            return `${(grown / 1000).toFixed(0)} kB after ${count(callsThatSettle(contender))}`;
          }),
          ...lastHead.map(() => '–'),
        ],
      ],
    ),
    import: listOf(['import in a fresh process', 'time'], 'ms', results.imports),
    sizes: `${tableOfSizes(sizes)}\n\n${total}`,
    modules: tableOf(
      ['module of `.`', 'min'],
      results.modules
        .filter(({ minified }) => minified > 1000)
        .map(({ module, minified }) => [`\`${module}\``, kB(minified)]),
    ),
  };
}
