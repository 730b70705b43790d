import type { StrongAuthFact, Verb } from 'strong-auth-machine';
import type { StepUpFact } from 'strong-auth-machine/fetch';
import type { RecoveryFact } from 'strong-auth-machine/recovery';
import { type Words, wordsOf, wordsOfRecovery, wordsOfStepUp } from './fact-words.js';

/** A stretch of a call's life: on its way, waiting for strong authentication, or on its way again. Times are epoch ms. */
export interface Stretch {
  readonly kind: 'flight' | 'waiting' | 'replay';
  readonly from: number;
  to: number | undefined;
}

/** One call, as the app that made it saw it. */
export interface CallLife {
  readonly number: number;
  readonly label: string;
  /** The verb of the SDK, or the method of a request over HTTP. */
  readonly verb: Verb | 'ensure' | 'GET' | 'POST';
  /** The API of the SDK, or the URL of the request. */
  readonly api: string;
  readonly madeAt: number;
  readonly stretches: Stretch[];
  /** How often it was sent. */
  sent: number;
  /** `pending`, `succeeded`, `aborted`, or the code it was rejected with. */
  outcome: string;
  endedAt: number | undefined;
  /** How often its promise settled: once, or the page says so. */
  settlements: number;
  /** The app gives it up. */
  giveUp(): void;
}

/** What happened, in words. */
export interface Entry {
  readonly number: number;
  readonly at: number;
  readonly kind: 'call' | 'user' | 'otp' | 'wave' | 'state' | 'car' | 'flow';
  readonly tone: 'plain' | 'good' | 'bad' | 'warning';
  readonly text: string;
}

/** How many entries are kept: the page shows fewer. */
const KEPT = 400;

/** Everything that a stage has to tell, calls and facts. */
export interface Journal {
  readonly calls: readonly CallLife[];
  /** The latest entries, in order. */
  readonly entries: readonly Entry[];
  /** How many entries there were. */
  readonly written: number;
  /** Counts of facts by type. */
  readonly counts: ReadonlyMap<(StrongAuthFact | StepUpFact)['type'], number>;
  /** The app makes a call. */
  open(call: Pick<CallLife, 'label' | 'verb' | 'api' | 'giveUp'>): CallLife;
  /** The promise of a call has settled. */
  close(call: CallLife, outcome: string): void;
  /** Takes a fact of the client. */
  readonly fact: (fact: StrongAuthFact) => void;
  /** Takes a fact of the client that steps up over HTTP. */
  readonly stepUpFact: (fact: StepUpFact) => void;
  /** Takes a fact of the recovery. */
  readonly recoveryFact: (fact: RecoveryFact) => void;
  note(kind: Entry['kind'], text: string, tone?: Entry['tone']): void;
}

/** @param onChange Called after each change. */
export function createJournal(now: () => number, onChange: () => void): Journal {
  const calls: CallLife[] = [];
  const counts = new Map<(StrongAuthFact | StepUpFact)['type'], number>();
  const byId = new Map<number, CallLife>();
  /** Made, but the client has not told its number yet. */
  const unnumbered = new Set<CallLife>();
  let entries: Entry[] = [];
  let written = 0;

  const note = (at: number, kind: Entry['kind'], text: string, tone: Entry['tone'] = 'plain') => {
    written += 1;
    entries.push({ number: written, at, kind, tone, text });
    if (entries.length > 2 * KEPT) entries = entries.slice(-KEPT);
  };
  const turn = (call: CallLife | undefined, kind: Stretch['kind'], at: number) => {
    if (!call || call.endedAt !== undefined) return;
    const last = call.stretches.at(-1);
    if (last) last.to = at;
    call.stretches.push({ kind, from: at, to: undefined });
  };

  /** @returns The call that a number was told for: the first of those without one that fits. */
  const numbered = ({ verb, api }: { verb: string; api: string }): CallLife | undefined => {
    for (const call of unnumbered) {
      if (call.verb !== verb || call.api !== api) continue;
      unnumbered.delete(call);
      return call;
    }
    return undefined;
  };

  /** What a fact says of its call: the call is numbered, turns, or is over. */
  const trace = (fact: StrongAuthFact | StepUpFact): CallLife | undefined => {
    if (!('id' in fact)) return undefined;
    const call = byId.get(fact.id) ?? (isStart(fact) ? numbered(nameIn(fact)) : undefined);
    if (!call) return undefined;
    byId.set(fact.id, call);
    if (fact.type === 'challenged') turn(call, 'waiting', fact.at);
    if (fact.type === 'replayed') {
      turn(call, 'replay', fact.at);
      call.sent = fact.rounds + 1;
    }
    if (fact.type === 'settled') byId.delete(fact.id);
    return call;
  };
  const take = (fact: StrongAuthFact | StepUpFact, words: Words) => {
    counts.set(fact.type, (counts.get(fact.type) ?? 0) + 1);
    note(fact.at, ...words);
    onChange();
  };

  return {
    calls,
    counts,
    get entries() {
      return entries.slice(-KEPT);
    },
    get written() {
      return written;
    },
    open(made) {
      const madeAt = now();
      const call: CallLife = {
        ...made,
        number: calls.length + 1,
        madeAt,
        stretches: [{ kind: made.verb === 'ensure' ? 'waiting' : 'flight', from: madeAt, to: undefined }],
        sent: made.verb === 'ensure' ? 0 : 1,
        outcome: 'pending',
        endedAt: undefined,
        settlements: 0,
      };
      calls.push(call);
      if (made.verb !== 'ensure') unnumbered.add(call);
      onChange();
      return call;
    },
    close(call, outcome) {
      call.settlements += 1;
      call.outcome = call.settlements === 1 ? outcome : `settled ${call.settlements} times`;
      call.endedAt = now();
      unnumbered.delete(call);
      const last = call.stretches.at(-1);
      if (last) last.to = call.endedAt;
      onChange();
    },
    fact: (fact) => take(fact, wordsOf(fact, trace(fact))),
    stepUpFact: (fact) => take(fact, wordsOfStepUp(fact, trace(fact))),
    recoveryFact(fact) {
      note(fact.at, ...wordsOfRecovery(fact));
      onChange();
    },
    note(kind, text, tone) {
      note(now(), kind, text, tone);
      onChange();
    },
  };
}

/** @returns What a call did at a time, epoch ms; nothing before it was made. */
export function phaseAt({ madeAt, endedAt, stretches }: CallLife, time: number): Phase | undefined {
  if (madeAt > time) return undefined;
  if (endedAt !== undefined && endedAt <= time) return 'settled';
  return stretches.filter(({ from }) => from <= time).at(-1)?.kind;
}

/** What a call does. */
export type Phase = Stretch['kind'] | 'settled';

/** @returns How many calls did what at a time, epoch ms. */
export function phasesAt(calls: readonly CallLife[], time: number): Record<Phase, number> {
  const counts = { flight: 0, waiting: 0, replay: 0, settled: 0 };
  for (const call of calls) {
    const phase = phaseAt(call, time);
    if (phase) counts[phase] += 1;
  }
  return counts;
}

const isStart = ({ type }: StrongAuthFact | StepUpFact) =>
  type === 'callStarted' || type === 'requestStarted';
/** What a fact calls the call that it is about, as the journal does. */
const nameIn = (fact: Extract<StrongAuthFact | StepUpFact, { readonly id: number }>) =>
  'verb' in fact ? fact : { verb: fact.method, api: fact.url };
