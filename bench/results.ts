import type { Contender } from './contender.js';
import { handWritten } from './contenders/hand-written.js';
import { strongAuthMachine } from './contenders/strong-auth-machine.js';
import { version01 } from './contenders/version-0.1.js';
import { bareTransport, contenders } from './contenders.js';
import type { HeapPart } from './heap.js';
import { figure, type Spread } from './measure.js';
import type { Verdict } from './probes.js';
import type { Size } from './sizes.js';
import type { Bytes, Spreads, Wave } from './times.js';

/** Everything that one run has measured. */
export interface Results {
  readonly verdicts: readonly Verdict[];
  /** Calls that are never challenged, one after another; µs per call. */
  readonly oneByOne: Spreads;
  /** The same, 10,000 at once. */
  readonly inFlight: Spreads;
  readonly parts: Spreads;
  readonly waves: readonly Wave[];
  readonly creations: Spreads;
  readonly prompts: Spreads;
  readonly heap: Readonly<Record<HeapPart, Bytes>>;
  readonly imports: Spreads;
  readonly sizes: readonly Size[];
  /** min+gzip bytes of what the package uses of XState. */
  readonly xstate: number;
  readonly modules: readonly { readonly module: string; readonly minified: number }[];
}

/** The package's own import, among the others. */
export const OWN_IMPORT = '`strong-auth-machine` with xstate';
/** What it stands on. */
export const XSTATE_IMPORT = 'xstate alone';

export const spreadFor = (spreads: Spreads, { name }: Contender): Spread => figure(spreads, name);
export const ours = (spreads: Spreads): number => spreadFor(spreads, strongAuthMachine).median;
export const byHand = (spreads: Spreads): number => spreadFor(spreads, handWritten).median;
/** What of `time` is not the transport's own. */
export const overBare = (spreads: Spreads, time: number): number =>
  time - spreadFor(spreads, bareTransport).median;
/** The same measurement of version 0.1. Undefined where it could not be built. */
export const ofVersion01 = <T>(figures: Readonly<Record<string, T>>): T | undefined =>
  version01 && figure(figures, version01.name);
export const isReference = (contender: Contender): boolean => contender === handWritten;

/** @returns The contenders as heads of columns; who answers wrongly is not named without saying so. */
export const columns = (verdicts: readonly Verdict[]): string[] =>
  contenders.map(({ name }) => {
    const count = verdicts.filter(({ wrong }) => wrong[name] !== undefined).length;
    return count === 0 ? name : `${name} (${count} of ${verdicts.length} wrong)`;
  });
