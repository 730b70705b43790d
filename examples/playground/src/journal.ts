import type { StrongAuthFact, Verb } from 'strong-auth-machine';
import type { RecoveryFact } from 'strong-auth-machine/recovery';

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
  readonly verb: Verb | 'ensure';
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
  readonly counts: ReadonlyMap<StrongAuthFact['type'], number>;
  /** The app makes a call. */
  open(call: Pick<CallLife, 'label' | 'verb' | 'api' | 'giveUp'>): CallLife;
  /** The promise of a call has settled. */
  close(call: CallLife, outcome: string): void;
  /** Takes a fact of the client. */
  readonly fact: (fact: StrongAuthFact) => void;
  /** Takes a fact of the recovery. */
  readonly recoveryFact: (fact: RecoveryFact) => void;
  note(kind: Entry['kind'], text: string, tone?: Entry['tone']): void;
}

/** @param onChange Called after each change. */
export function createJournal(now: () => number, onChange: () => void): Journal {
  const calls: CallLife[] = [];
  const counts = new Map<StrongAuthFact['type'], number>();
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
  const numbered = ({ verb, api }: Pick<CallLife, 'verb' | 'api'>): CallLife | undefined => {
    for (const call of unnumbered) {
      if (call.verb !== verb || call.api !== api) continue;
      unnumbered.delete(call);
      return call;
    }
    return undefined;
  };

  const take = (fact: StrongAuthFact): void => {
    const { at } = fact;
    switch (fact.type) {
      case 'callStarted': {
        const call = numbered(fact);
        if (call) byId.set(fact.id, call);
        return note(at, 'call', `${nameOf(call, fact)} sent`);
      }
      case 'challenged': {
        const call = byId.get(fact.id);
        turn(call, 'waiting', at);
        return note(at, 'call', `${nameOf(call, fact)} challenged (2302)`, 'warning');
      }
      case 'replayed': {
        const call = byId.get(fact.id);
        turn(call, 'replay', at);
        if (call) call.sent = fact.rounds + 1;
        return note(at, 'call', `${nameOf(call, fact)} sent again`);
      }
      case 'settled': {
        const text = `${nameOf(byId.get(fact.id), fact)} ${fact.outcome}${fact.code === undefined ? '' : `, ${fact.code}`}`;
        byId.delete(fact.id);
        return note(at, 'call', text, fact.outcome === 'succeeded' ? 'good' : 'bad');
      }
      case 'pinRequested':
        return note(
          at,
          'user',
          `asked for the PIN, ${attempts(fact.attemptsLeft)} left, ${fact.waiting} waiting`,
        );
      case 'pinAnswered':
        return note(at, 'user', `PIN ${fact.outcome}`, fact.outcome === 'given' ? 'plain' : 'warning');
      case 'otpRequested':
        return note(at, 'otp', fact.resetStep ? 'requested again, with resetStep' : 'requested with the PIN');
      case 'otpGranted':
        return note(at, 'otp', `granted after ${Math.round(fact.durationMs)} ms`, 'good');
      case 'otpDenied':
        return note(
          at,
          'otp',
          `${fact.verdict}${fact.otpCode === undefined ? '' : `, ${fact.otpCode}`}`,
          'bad',
        );
      case 'recoveryStarted':
        return note(at, 'wave', `the app is asked to cure ${fact.code}, ${fact.waiting} waiting`, 'warning');
      case 'recoveryEnded':
        return note(at, 'wave', fact.isCured ? 'cured' : 'not cured', fact.isCured ? 'good' : 'bad');
      case 'waveDenied':
        return note(at, 'wave', `denied with ${fact.code}, ${fact.rejected} rejected`, 'bad');
      case 'subscriptionEnded':
        return note(at, 'call', `subscription of ${fact.api} ended`);
      case 'eventDropped':
        return note(at, 'call', `a late event of ${fact.api} was dropped`, 'warning');
      case 'budgetStoreFailed':
        return note(at, 'otp', 'the store of the OTP budget failed', 'bad');
      default:
        throw new TypeError(`an unknown fact: ${JSON.stringify(fact satisfies never)}`);
    }
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
    fact(fact) {
      counts.set(fact.type, (counts.get(fact.type) ?? 0) + 1);
      take(fact);
      onChange();
    },
    recoveryFact(fact) {
      note(fact.at, 'flow', ...wordsOf(fact));
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

const nameOf = (call: CallLife | undefined, { id, verb, api }: { id: number; verb: string; api: string }) =>
  call ? `#${call.number} ${call.label}` : `call ${id}, ${verb} ${api},`;

const attempts = (left: number) => (left === 1 ? '1 attempt' : `${left} attempts`);

/** @returns A fact of the recovery in words. */
function wordsOf(fact: RecoveryFact): [text: string, tone?: Entry['tone']] {
  switch (fact.type) {
    case 'flowStarted':
      return [`${fact.flow}() begins`];
    case 'flowEnded':
      return fact.code === undefined
        ? [`${fact.flow}() is over`, 'good']
        : [`${fact.flow}() ended with ${fact.code}`, 'bad'];
    case 'asked':
      return [`asked for ${fact.kind}, ${fact.reason}`];
    case 'answered':
      return [`${fact.kind} ${fact.outcome}`, fact.outcome === 'given' ? 'plain' : 'warning'];
    case 'requested':
      return [`${fact.request} sent`];
    case 'smsRequested':
      return [`a text message for ${fact.purpose}`, 'warning'];
    case 'responded':
      return [
        `${fact.request}: ${fact.outcome}${fact.apiCode === undefined ? '' : `, ${fact.apiCode}`}`,
        fact.apiCode === undefined ? 'plain' : 'bad',
      ];
    case 'budgetStoreFailed':
      return ['the store of the SMS budget failed', 'bad'];
    default:
      throw new TypeError(`an unknown fact: ${JSON.stringify(fact satisfies never)}`);
  }
}
