import type { Chance } from './chance.js';
import { describe, isOfRevoked } from './reading.js';
import type { Record } from './record.js';
import { HostileValues, type Meddling } from './values.js';

/** What host code does when it is called. */
export type Manner =
  | 'behaves'
  | 'throws'
  | 'rejects'
  /** Throws or rejects after it has done what it was asked to do. */
  | 'throwsAfter'
  | 'late'
  | 'never'
  | 'twice'
  | 'sync'
  | 'hostile'
  | 'reenters';

const LATER: readonly Manner[] = [
  'throws',
  'throwsAfter',
  'rejects',
  'late',
  'never',
  'twice',
  'sync',
  'hostile',
];
const AT_ONCE: readonly Manner[] = ['throws', 'rejects', 'hostile'];
const LISTENER: readonly Manner[] = ['throws', 'rejects'];

/** Where the client calls the host, or looks at what the host gave it; and how the host may answer there, beside well and by calling back. */
export const waysOf = {
  'transport.send': LATER,
  'transport.subscribe': LATER,
  'transport.signal': LISTENER,
  enterPin: LATER,
  'prompt.signal': LISTENER,
  replay: LATER,
  prepareReplay: LATER,
  'grant.read': AT_ONCE,
  'grant.apply': LATER,
  requestOtp: LATER,
  'classify.call': AT_ONCE,
  'classify.otp': AT_ONCE,
  onEvent: LISTENER,
  'view listener': LISTENER,
  'actor listener': LISTENER,
  inspect: LISTENER,
  'store.load': LATER,
  'store.save': LATER,
  'clock.now': ['throws', 'hostile'],
  'clock.monotonic': ['throws', 'hostile'],
  'clock.setTimeout': ['throws', 'throwsAfter', 'late', 'twice', 'sync', 'hostile'],
  'clock.clearTimeout': ['throws', 'throwsAfter', 'hostile'],
  'options.signal': ['throws', 'rejects', 'sync', 'hostile'],
  parameters: ['throws'],
  onResult: LISTENER,
  callback: LISTENER,
} as const satisfies { readonly [place: string]: readonly Manner[] };
export type Place = keyof typeof waysOf;

/** Every way in which each place can be met: a run that did not meet one has shown nothing of it. */
export const everyManner: readonly string[] = Object.entries(waysOf).flatMap(([place, ways]) =>
  ['behaves', 'reenters', ...ways].map((way) => `${place} ${way}`),
);

/** Errors of the host's code here are the host's to see; elsewhere they end the call or the wave, and surface nowhere. */
const SURFACING: ReadonlySet<Place> = new Set([
  'transport.signal',
  'enterPin',
  'prompt.signal',
  'onEvent',
  'view listener',
  'actor listener',
  'inspect',
  'clock.now',
  'clock.monotonic',
  'clock.setTimeout',
  'clock.clearTimeout',
  'options.signal',
  'onResult',
  'callback',
]);

/** Places that are called so often that a lifecycle would be nothing else, and those that few lifecycles reach. */
const WEIGHTS: Partial<{ readonly [P in Place]: number }> = {
  'clock.now': 0.08,
  'clock.monotonic': 0.08,
  'clock.setTimeout': 0.7,
  'clock.clearTimeout': 0.7,
  inspect: 0.1,
  parameters: 0.4,
  onEvent: 0.3,
  'actor listener': 0.5,
  'view listener': 0.7,
  replay: 4,
  prepareReplay: 4,
  'grant.read': 4,
  'grant.apply': 4,
  requestOtp: 3,
  'classify.otp': 4,
  'store.load': 3,
  'store.save': 3,
  onResult: 3,
  'prompt.signal': 2,
};

/** So many times a lifecycle's host code may call back into the client, at most so deep. */
const REENTRIES = 14;
const DEPTH = 3;
/** More calls of host code than this in one lifecycle, and something goes round in circles. */
const MAX_CALL_OUTS = 20_000;

/** How one call-out is answered, by one who behaves and by one who does not. */
export interface Answers {
  readonly place: Place;
  /** Does what was asked. */
  readonly well: () => unknown;
  /** An answer at once, not as a promise. */
  readonly atOnce?: () => unknown;
  readonly hostile?: () => unknown;
  /** What it answers a second time. */
  readonly again?: () => unknown;
  /** What it throws and rejects with. */
  readonly error?: () => unknown;
  /** Called where nothing asynchronous is to come. */
  readonly onAnswered?: () => void;
}

/** Decides how the host behaves each time, and marks the errors that are its own. */
export class Manners {
  readonly values: HostileValues;
  /** Whether the host's code is called by the client, and how deep. */
  depth = 0;
  /** How often each place showed each manner. */
  readonly met = new Map<string, number>();
  /** Does something with the client. */
  meddleWith: () => void = () => {};
  private readonly misbehaving: ReadonlySet<string>;
  private readonly mood: number;
  private readonly marked = new Map<unknown, Place>();
  private reentries = REENTRIES;

  constructor(
    readonly chance: Chance,
    private readonly record: Record,
  ) {
    this.values = new HostileValues(chance);
    this.mood = chance.pick([0.02, 0.08, 0.2, 0.5]);
    const share = chance.pick([1, 0.5, 0.15, 0.15]);
    this.misbehaving = new Set<string>(Object.keys(waysOf).filter(() => chance.maybe(share)));
  }

  /** The client calls host code. @returns How it behaves; it has called back already if it does. */
  enter(place: Place): Manner {
    const { record, chance } = this;
    if (record.isChecking) return 'behaves';
    record.counts.callOuts += 1;
    if (record.counts.callOuts > MAX_CALL_OUTS) {
      record.breach('it goes round in circles');
      return 'behaves';
    }
    if (!place.startsWith('clock')) record.check();
    const isBad = this.misbehaving.has(place) && chance.maybe(this.mood * (WEIGHTS[place] ?? 1));
    const manner = isBad ? chance.pick<Manner>([...waysOf[place], 'reenters']) : 'behaves';
    this.note(place, manner);
    if (manner === 'reenters') {
      // An inspector hears of an event before the machine does: what it asks for overtakes that event.
      if (place === 'inspect') record.overtaken += 1;
      this.meddle();
    }
    return manner;
  }

  /** The host's code calls back into the client. */
  meddle(): void {
    if (this.depth >= DEPTH || this.reentries <= 0) return;
    this.reentries -= 1;
    this.depth += 1;
    this.perform(this.meddleWith);
    this.depth -= 1;
  }

  /** Does something with the client, which must not throw. */
  perform(deed: () => void): void {
    try {
      deed();
    } catch (error) {
      this.record.breach(`a method of the client threw: ${describe(error)}`);
    }
  }

  /** @returns Something to throw, that is known as the host's own. */
  error(place: Place, more: object = {}): unknown {
    const error = this.chance.pick<() => unknown>([
      () => Object.assign(new Error(`of the host: ${place}`), more),
      () => Object.assign(new Error(`of the host: ${place}`), more),
      () => Object.assign(new TypeError(`of the host: ${place}`), { status: 503, code: 2302 }, more),
      () => Symbol(place),
      () => Object.freeze({ thrown: place, ...more }),
      () => Object.defineProperty({}, 'name', { get: this.failing(place) }),
      () => {
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        return proxy;
      },
    ])();
    return this.mark(error, place);
  }

  mark<T>(error: T, place: Place): T {
    this.marked.set(error, place);
    return error;
  }

  /** How values of this place throw and call back when they are looked at. */
  meddling(place: Place): Meddling {
    return { fail: this.failing(place), meddle: () => this.chance.maybe(0.3) && this.meddle() };
  }

  hostile(place: Place): unknown {
    return this.values.any(this.meddling(place));
  }

  /** Something was thrown at nobody. */
  surfaced(how: string, error: unknown): void {
    const { record } = this;
    record.counts.surfaced += 1;
    const place = this.marked.get(error);
    // An event that was overtaken by the end, in an inspector's call.
    if (how === 'printed' && record.overtaken > 0) return;
    if (isOfRevoked(error)) return; // what the engine says of a value of the host's
    if (place === undefined) record.breach(`${how}: ${describe(error)}`);
    else if (!SURFACING.has(place)) record.breach(`${how}: an error of ${place} came out`);
  }

  isMarked(error: unknown): boolean {
    return this.marked.has(error);
  }

  private failing(place: Place): () => never {
    return () => {
      throw this.mark(new Error(`of the host, when looked at: ${place}`), place);
    };
  }

  private note(place: Place, manner: Manner): void {
    const key = `${place} ${manner}`;
    this.met.set(key, (this.met.get(key) ?? 0) + 1);
  }
}
