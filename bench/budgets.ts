import { handWritten } from './contenders/hand-written.js';
import { strongAuthMachine } from './contenders/strong-auth-machine.js';
import { callsThatSettle } from './heap.js';
import { figure } from './measure.js';
import { tableOf, timesAsMuch } from './report.js';
import { byHand, OWN_IMPORT, ofVersion01, ours, overBare, type Results, XSTATE_IMPORT } from './results.js';
import type { Size } from './sizes.js';
import type { Bytes, Spreads } from './times.js';

/** What is flat may still differ by this between two collections. */
const FLAT_KB = 100;
/** What the budgets of times allow. */
export const LIMITS = {
  /** µs of a call over the bare transport. */
  call: 3,
  /** µs of a call that waits for strong authentication, from its first sending to its answer. */
  waitingCall: 12,
  /** A call that is never challenged, as many times what it was in version 0.1. */
  toVersion01: 1.3,
} as const;
/** kB that an entry may add to an app that has `.`: min+gzip. */
const ENTRIES: Readonly<Record<string, number>> = {
  './react': 1.2,
  './redux': 1.2,
  './zustand': 1.2,
  './vue': 1.2,
  './svelte': 1.2,
  './xstate': 1.2,
  './fetch': 3,
  './recovery': 5,
};

interface Row {
  readonly what: string;
  readonly limit: number;
  readonly unit: string;
  readonly measured: number;
  /** How many times as much the others need. */
  readonly toVersion01?: string | undefined;
  readonly toHand?: string | undefined;
}

const ratio = (own: number, other: number | undefined) =>
  other === undefined ? undefined : timesAsMuch(own, other);
const ratiosOf = (spreads: Spreads) => ({
  toVersion01: ratio(ours(spreads), ofVersion01(spreads)?.median),
  toHand: ratio(ours(spreads), byHand(spreads)),
});

/** A budget in relation to version 0.1. No row where that could not be built. */
const comparedWithVersion01 = (what: string, own: number, before: number | undefined): Row[] =>
  before === undefined
    ? []
    : [{ what: `${what}, to version 0.1`, limit: LIMITS.toVersion01, unit: '×', measured: own / before }];

/** @returns Each budget of the package with what was measured, in Markdown. */
export function tableOfBudgets({ oneByOne, inFlight, waves, heap, imports, sizes }: Results): string {
  const own = (bytes: Bytes): number => figure(bytes, strongAuthMachine.name);
  const entries: Record<string, Size> = Object.fromEntries(sizes.map((size) => [size.name, size]));
  const core = figure(entries, '.');
  const oneByOneBefore = ofVersion01(oneByOne)?.median;
  const rows: Row[] = [
    {
      what: 'a call over the bare transport, one after another',
      limit: LIMITS.call,
      unit: 'µs',
      measured: overBare(oneByOne, ours(oneByOne)),
      ...ratiosOf(oneByOne),
    },
    ...comparedWithVersion01(
      'a call over the bare transport, one after another',
      overBare(oneByOne, ours(oneByOne)),
      oneByOneBefore && overBare(oneByOne, oneByOneBefore),
    ),
    ...comparedWithVersion01('a call, 10,000 in flight', ours(inFlight), ofVersion01(inFlight)?.median),
    ...waves
      .filter(({ calls }) => calls >= 1_000) // in smaller ones, the wave itself costs more than its calls
      .map(({ calls, times }) => ({
        what: `a call in a wave of ${calls.toLocaleString('en')}`,
        limit: LIMITS.waitingCall,
        unit: 'µs',
        measured: ours(times),
        ...ratiosOf(times),
      })),
    {
      what: 'heap of a pending call',
      limit: 1,
      unit: 'kB',
      measured: own(heap.pending) / 1000,
      toVersion01: ratio(own(heap.pending), ofVersion01(heap.pending)),
      toHand: ratio(own(heap.pending), figure(heap.pending, handWritten.name)),
    },
    ...comparedWithVersion01('heap of a pending call', own(heap.pending), ofVersion01(heap.pending)),
    {
      what: `heap grown by ${callsThatSettle(strongAuthMachine).toLocaleString('en')} calls`,
      limit: FLAT_KB,
      unit: 'kB',
      measured: Math.max(0, own(heap.grown) / 1000),
    },
    { what: '`.` min+gzip, without xstate', limit: 17, unit: 'kB', measured: core.gzipped / 1000 },
    { what: '`.` min+gzip, with xstate', limit: 30, unit: 'kB', measured: core.gzippedWithXstate / 1000 },
    ...sizes.flatMap(({ name, gzippedBesideCore }) => {
      const limit = ENTRIES[name];
      const what = `\`${name}\` min+gzip, beside \`.\``;
      return limit === undefined ? [] : [{ what, limit, unit: 'kB', measured: gzippedBesideCore / 1000 }];
    }),
    {
      what: 'import of `.` in Node, to xstate alone',
      limit: 2.2,
      unit: '×',
      measured: figure(imports, OWN_IMPORT).median / figure(imports, XSTATE_IMPORT).median,
    },
  ];
  return tableOf(
    ['', 'budget', 'measured', 'to version 0.1', 'to the hand-written one', ''],
    rows.map(({ what, limit, unit, measured, toVersion01 = '–', toHand = '–' }) => [
      what,
      `${limit} ${unit}`,
      `${measured.toFixed(measured < 10 ? 2 : 1)} ${unit}`,
      toVersion01,
      toHand,
      measured <= limit ? 'met' : `**missed**: ${timesAsMuch(measured, limit)}`,
    ]),
  );
}
