import { bindStrongAuth, type StrongAuthSlice, strongAuthSlice } from 'strong-auth-machine/zustand';
import { createStore } from 'zustand';
import { type Command, commands, type Outcome, outcomeOf, type Remote } from '../shared/remote.js';

/** What the remote shows and does: the client's view as a slice, beside the app's own. */
export interface RemoteState extends StrongAuthSlice {
  readonly outcomes: Readonly<Record<Command['id'], Outcome>>;
  press(command: Command): Promise<void>;
  giveUp(command: Command): void;
}

/**
 * @param initial The view that a server has rendered, where one has: the page begins with it, and is then told what is true by now.
 * @returns The store of one remote, and how to end it: it lets go of the client, and its calls are aborted.
 */
export function createRemoteStore(
  { strongAuth }: Remote,
  initial: StrongAuthSlice = strongAuthSlice(strongAuth),
) {
  const controllers = new Map<Command['id'], AbortController>();
  const store = createStore<RemoteState>()((set, get) => {
    const settle = (id: Command['id'], outcome: Outcome) =>
      set(({ outcomes }) => ({ outcomes: { ...outcomes, [id]: outcome } }));
    return {
      ...initial,
      outcomes: { lock: 'unmade', horn: 'unmade' },
      async press({ id, request }) {
        if (get().outcomes[id] === 'pending') return; // one of a kind at a time
        const controller = new AbortController();
        controllers.set(id, controller);
        settle(id, 'pending');
        try {
          await strongAuth.send(request, { signal: controller.signal });
          settle(id, 'succeeded');
        } catch (error) {
          settle(id, outcomeOf(error, controller.signal));
        }
      },
      giveUp: ({ id }) => controllers.get(id)?.abort(),
    };
  });
  const unbind = bindStrongAuth(store, strongAuth);
  const end = () => {
    unbind();
    for (const command of commands) store.getState().giveUp(command);
  };
  return { store, end };
}
