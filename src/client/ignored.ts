import type { strongAuthMachine } from '../../machines/strong-auth/index.js';

type Machine = typeof strongAuthMachine;

/** The events that the host may send at any time, also where they have no effect. */
type Word = 'cancelled' | 'recovered';

/**
 * Wraps the machine's logic to know which events have no effect now. XState notifies subscribers of ignored
 * events too, and an inspector before an event is processed: a subscriber or inspector that cancels on each
 * notification would cause an endless loop.
 */
export function watchIgnored(machine: Machine): {
  readonly logic: Machine;
  /** Sends `word`, unless the machine has just ignored it or is about to process it. */
  readonly say: (word: Word, send: (event: { type: Word }) => void) => void;
  /** Call it when another event is sent, after which a word may have an effect again. */
  readonly onOther: () => void;
} {
  /** The events that were ignored since the machine last changed. */
  const ignored = new Set<string>();
  /** The words that were sent since the last other event and are not processed yet. */
  const underWay = new Set<string>();
  let isDeciding = false;
  const logic = {
    ...machine,
    transition(snapshot, event, scope) {
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
      // During a transition, the machine may be about to enter another state.
      if (underWay.has(word) || (!isDeciding && ignored.has(word))) return;
      underWay.add(word);
      send({ type: word });
    },
    onOther() {
      if (underWay.size > 0) underWay.clear();
    },
  };
}
