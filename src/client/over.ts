import type { CallId, strongAuthMachine } from '../../machines/strong-auth/index.js';

type Machine = typeof strongAuthMachine;

/**
 * Wraps the machine's logic to ignore events of calls that a `reset` or `dispose` has ended. XState tells an inspector of an event before
 * the machine receives it, and an inspector may sign out: the event would open a prompt for the next account.
 */
export function ignoreOver(machine: Machine, isOver: (call: { readonly id: CallId }) => boolean): Machine {
  return {
    ...machine,
    transition(snapshot, event, scope) {
      if ('id' in event && isOver(event)) return snapshot;
      return machine.transition(snapshot, event, scope);
    },
  } as Machine;
}
