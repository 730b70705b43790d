import { handWritten } from './contenders/hand-written.js';
import { strongAuthMachine } from './contenders/strong-auth-machine.js';
import { version01 } from './contenders/version-0.1.js';
import { callsThatSettle } from './heap.js';
import { figure } from './measure.js';
import { tableOf, timesAsMuch } from './report.js';
import { byHand, OWN_IMPORT, ours, type Results, spreadFor, XSTATE_IMPORT } from './results.js';
import type { Size } from './sizes.js';
import type { Bytes, Spreads } from './times.js';

/** What is flat may still differ by this between two collections. */
const FLAT_KB = 100;

type Row = readonly [what: string, limit: number, unit: string, measured: number, ratio?: string];

const toHand = (spreads: Spreads): string => timesAsMuch(ours(spreads), byHand(spreads));
const toVersion01 = (spreads: Spreads): number => ours(spreads) / spreadFor(spreads, version01).median;

/** A time may be this many times that of version 0.1. */
const DEARER = 1.3;
const timeRow = (what: string, spreads: Spreads): Row => [
  `${what}, to version 0.1`,
  DEARER,
  '×',
  toVersion01(spreads),
  toHand(spreads),
];

/** @returns Each budget of the package with what was measured, in Markdown. */
export function tableOfBudgets({ oneByOne, inFlight, waves, heap, imports, sizes }: Results): string {
  const own = (bytes: Bytes): number => figure(bytes, strongAuthMachine.name);
  const entries: Record<string, Size> = Object.fromEntries(sizes.map((size) => [size.name, size]));
  const core = figure(entries, '.');
  const rows: Row[] = [
    timeRow('a call, one after another', oneByOne),
    timeRow('a call, 10,000 in flight', inFlight),
    ...waves.map(({ calls, times }) => timeRow(`a call in a wave of ${calls.toLocaleString('en')}`, times)),
    [
      'heap of a pending call, to version 0.1',
      DEARER,
      '×',
      own(heap.pending) / figure(heap.pending, version01.name),
      timesAsMuch(own(heap.pending), figure(heap.pending, handWritten.name)),
    ],
    [
      `heap grown by ${callsThatSettle(strongAuthMachine).toLocaleString('en')} calls`,
      FLAT_KB,
      'kB',
      Math.max(0, own(heap.grown) / 1000),
    ],
    ['`.` min+gzip, without xstate', 17, 'kB', core.gzipped / 1000],
    ['`.` min+gzip, with xstate', 30, 'kB', core.gzippedWithXstate / 1000],
    ...['react', 'redux', 'zustand', 'vue', 'svelte', 'xstate'].map(
      (name): Row => [
        `\`./${name}\` min+gzip, beside \`.\``,
        1.2,
        'kB',
        figure(entries, `./${name}`).gzippedBesideCore / 1000,
      ],
    ),
    [
      'import of `.` in Node, to xstate alone',
      2.2,
      '×',
      figure(imports, OWN_IMPORT).median / figure(imports, XSTATE_IMPORT).median,
    ],
  ];
  return tableOf(
    ['', 'budget', 'measured', 'to the hand-written one', ''],
    rows.map(([what, limit, unit, measured, ratio = '–']) => [
      what,
      `${limit} ${unit}`,
      `${measured.toFixed(measured < 10 ? 2 : 1)} ${unit}`,
      ratio,
      measured <= limit ? 'met' : `**missed**: ${timesAsMuch(measured, limit)}`,
    ]),
  );
}
