import type { strongAuthMachine } from '../../machines/strong-auth/index.js';

type Machine = typeof strongAuthMachine;

/** The event with which XState stops an actor. */
const STOP = 'xstate.stop';

/**
 * Wraps the machine's logic to call `onStop` first when the host stops the actor itself. XState tells inspectors of the stop before
 * it tells subscribers that the actor is complete, and an inspector may call back.
 */
export function watchStop(machine: Machine, onStop: () => void): Machine {
  return {
    ...machine,
    transition(snapshot, event, scope) {
      if ((event.type as string) === STOP) onStop();
      return machine.transition(snapshot, event, scope);
    },
  } as Machine;
}
