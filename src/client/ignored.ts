import type { strongAuthMachine } from '../../machines/strong-auth/index.js';

type Machine = typeof strongAuthMachine;

/** What the host may say at any time, and what means nothing where nobody waits or nothing is remembered. */
type Word = 'cancelled' | 'recovered';

/** What XState tells the logic of an actor that is stopped. */
const STOP = 'xstate.stop';

/**
 * Composes a logic over the machine that tells of its being stopped before any inspector hears of it. A host may stop the actor
 * itself; an inspector that calls back must find everything over.
 */
export function watchStop(machine: Machine, onStop: () => void): Machine {
  return {
    ...machine,
    transition(...[snapshot, event, scope]: Parameters<Machine['transition']>) {
      if ((event.type as string) === STOP) onStop();
      return machine.transition(snapshot, event, scope);
    },
  } as Machine;
}

/**
 * Composes a logic over the machine that knows what would mean nothing. XState notifies subscribers of ignored events too, and an
 * inspector before an event is taken: one of them that cancels whenever it is notified would never come to an end.
 */
export function watchIgnored(machine: Machine): {
  readonly logic: Machine;
  /** Says `word` to the machine, unless it has just ignored it, or is about to hear it. */
  readonly say: (word: Word, send: (event: { type: Word }) => void) => void;
  /** The machine is told something else, after which a word may mean something. */
  readonly onOther: () => void;
} {
  /** Since the machine has changed. */
  const ignored = new Set<string>();
  /** Since it was told something else. */
  const underWay = new Set<string>();
  let isDeciding = false;
  const logic = {
    ...machine,
    transition(...[snapshot, event, scope]: Parameters<Machine['transition']>) {
      isDeciding = true;
      try {
        const next = machine.transition(snapshot, event, scope);
        if (next === snapshot) ignored.add(event.type);
        else if (ignored.size > 0) ignored.clear();
        return next;
      } finally {
        isDeciding = false;
        if (underWay.size > 0) underWay.delete(event.type);
      }
    },
  } as Machine;
  return {
    logic,
    say(word, send) {
      // While it decides it may be about to be elsewhere.
      if (underWay.has(word) || (!isDeciding && ignored.has(word))) return;
      underWay.add(word);
      send({ type: word });
    },
    onOther() {
      if (underWay.size > 0) underWay.clear();
    },
  };
}
