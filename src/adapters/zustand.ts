/** For stores of zustand: the view as a slice of one. */
import type { StrongAuth, StrongAuthView } from '../index.js';

/** The part of a store's state that is the view. */
export interface StrongAuthSlice {
  /** The client's view. Read only: whatever else is written here is put right at once. */
  readonly strongAuth: StrongAuthView;
}

/** What is asked of a store: that of zustand 4 and 5, with whichever middleware. */
export interface SliceStore<State extends StrongAuthSlice> {
  /** @returns The state as it is now. */
  getState(): State;
  /** Merges a part into the state. */
  setState(partial: Partial<State>): void;
  /** Calls `listener` after each change. @returns How to stop. */
  subscribe(listener: () => void): () => void;
}

/** @returns The slice to begin with; {@link bindStrongAuth} keeps it in step. */
export const strongAuthSlice = ({ view }: Pick<StrongAuth, 'view'>): StrongAuthSlice => ({
  strongAuth: view.getSnapshot(),
});

/**
 * Keeps the slice of a store in step with the client. What a middleware brings back from a storage or a devtools session
 * into this slice does not stay: it shows what is.
 *
 * @returns How to stop. The store is held until then.
 */
export function bindStrongAuth<State extends StrongAuthSlice>(
  store: SliceStore<State>,
  { view }: Pick<StrongAuth, 'view'>,
): () => void {
  const mirror = () => {
    const strongAuth = view.getSnapshot();
    if (store.getState().strongAuth !== strongAuth) store.setState({ strongAuth } as Partial<State>);
  };
  const unsubscribers = [view.subscribe(mirror), store.subscribe(mirror)];
  mirror();
  return () => {
    for (const unsubscribe of unsubscribers) unsubscribe();
  };
}
