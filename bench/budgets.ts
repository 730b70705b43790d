import { handWritten } from './contenders/hand-written.js';
import { strongAuthMachine } from './contenders/strong-auth-machine.js';
import { bareTransport } from './contenders.js';
import { callsThatSettle } from './heap.js';
import { figure } from './measure.js';
import { tableOf, timesAsMuch } from './report.js';
import { byHand, OWN_IMPORT, ours, type Results, spreadFor } from './results.js';
import type { Size } from './sizes.js';
import type { Bytes, Spreads } from './times.js';

/** What is flat may still differ by this between two collections. */
const FLAT_KB = 100;

type Row = readonly [what: string, limit: number, unit: string, measured: number, ratio?: string];

const overBare = (spreads: Spreads): number => ours(spreads) - spreadFor(spreads, bareTransport).median;
const toHand = (spreads: Spreads): string => timesAsMuch(ours(spreads), byHand(spreads));

/** @returns Each budget of the package with what was measured, in Markdown. */
export function tableOfBudgets({ oneByOne, inFlight, waves, heap, imports, sizes }: Results): string {
  const own = (bytes: Bytes): number => figure(bytes, strongAuthMachine.name);
  const entries: Record<string, Size> = Object.fromEntries(sizes.map((size) => [size.name, size]));
  const core = figure(entries, '.');
  const rows: Row[] = [
    ['a call over the bare transport, one after another', 10, 'µs', overBare(oneByOne), toHand(oneByOne)],
    ['a call over the bare transport, 10,000 in flight', 1.5, 'µs', overBare(inFlight), toHand(inFlight)],
    ...waves
      .filter(({ calls }) => calls >= 1_000)
      .map(
        ({ calls, times }): Row => [
          `a call in a wave of ${calls.toLocaleString('en')}`,
          10,
          'µs',
          ours(times),
          toHand(times),
        ],
      ),
    [
      'heap of a pending call',
      1,
      'kB',
      own(heap.pending) / 1000,
      timesAsMuch(own(heap.pending), figure(heap.pending, handWritten.name)),
    ],
    [
      `heap grown by ${callsThatSettle(strongAuthMachine).toLocaleString('en')} calls`,
      FLAT_KB,
      'kB',
      Math.max(0, own(heap.grown) / 1000),
    ],
    ['`.` min+gzip, without xstate', 8, 'kB', core.gzipped / 1000],
    ['`.` min+gzip, with xstate', 20, 'kB', core.gzippedWithXstate / 1000],
    ...['react', 'redux', 'zustand', 'vue', 'svelte', 'xstate'].map(
      (name): Row => [
        `\`./${name}\` min+gzip, beside \`.\``,
        1,
        'kB',
        figure(entries, `./${name}`).gzippedBesideCore / 1000,
      ],
    ),
    ['import of `.` in Node, with xstate', 40, 'ms', figure(imports, OWN_IMPORT).median],
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
