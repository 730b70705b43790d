import { defineStore } from 'pinia';
import type { StrongAuth } from 'strong-auth-machine';
import { useStrongAuth, useStrongAuthCall } from 'strong-auth-machine/vue';

/** A store whose actions are calls. They live as long as the store: `$dispose()` aborts what is pending. */
export const defineCarStore = (strongAuth: StrongAuth) =>
  defineStore('car', () => {
    const waiting = useStrongAuth(strongAuth, (view) => view.waiting);
    const doors = useStrongAuthCall(strongAuth, ({ set }, doorState: 'lock' | 'unlock') =>
      set('pims.vehicle.command', { action: 'doors', doorState }),
    );
    // To Pinia `isPending` and `error` are getters, and `moveDoors` is an action. The client itself is not returned: a store would wrap it.
    return { waiting, moveDoors: doors.run, isPending: doors.isPending, error: doors.error };
  });
