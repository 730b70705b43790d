import type { Host } from './host.js';
import type { Manners } from './manners.js';
import type { CallRecord } from './record.js';

/** A signal that the app has given to calls, and the means to abort it. */
export interface Signal {
  readonly signal: AbortSignal;
  abort(): void;
  /** The calls that it was given to. */
  readonly calls: CallRecord[];
  /** Why it has aborted, as far as it said. */
  readonly reasons: ReadonlySet<unknown>;
}

/** A signal of the platform's own. */
export function ownSignal(manners: Manners, host: Host): Signal {
  const controller = new AbortController();
  const calls: CallRecord[] = [];
  const reasons = new Set<unknown>();
  if (manners.chance.maybe(0.3))
    controller.signal.addEventListener('abort', () => host.listen('options.signal'));
  return {
    signal: controller.signal,
    calls,
    reasons,
    abort() {
      if (controller.signal.aborted) return;
      abortAll(calls);
      const reason = manners.chance.pick([undefined, 'gone', manners.hostile('options.signal')]);
      reasons.add(reason);
      controller.abort(reason);
    },
  };
}

/** A signal that some host has made, which calls back and fails as it likes. */
export function hostsSignal(manners: Manners): Signal {
  const { chance } = manners;
  const place = 'options.signal';
  const calls: CallRecord[] = [];
  const reasons = new Set<unknown>();
  const listeners = new Set<() => void>();
  let aborted = chance.maybe(0.05);
  const signal = {
    get aborted() {
      if (manners.enter(place) === 'throws') throw manners.error(place);
      return aborted;
    },
    get reason() {
      const manner = manners.enter(place);
      if (manner === 'throws') throw manners.error(place);
      const reason = manner === 'hostile' ? manners.hostile(place) : 'gone';
      reasons.add(reason);
      return reason;
    },
    addEventListener(_: string, listener: () => void) {
      const manner = manners.enter(place);
      if (manner === 'throws') throw manners.error(place);
      listeners.add(listener);
      if (manner !== 'sync') return;
      aborted = true;
      abortAll(calls);
      listener();
    },
    removeEventListener(_: string, listener: () => void) {
      const manner = manners.enter(place);
      if (manner !== 'hostile') listeners.delete(listener); // or it forgets to
      if (manner === 'throws') throw manners.error(place);
    },
  };
  return {
    signal: signal as unknown as AbortSignal,
    calls,
    reasons,
    abort() {
      aborted = true;
      abortAll(calls);
      for (const listener of [...listeners]) listener(); // and again, each time
    },
  };
}

/** Their signal aborts now. */
function abortAll(calls: readonly CallRecord[]): void {
  for (const call of calls) {
    call.isAborted = true;
    if (call.subscriber) call.subscriber.isOver = true;
  }
}
