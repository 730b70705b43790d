import { type Atom, atom } from 'jotai';
import type { ExternalStore } from 'strong-auth-machine';

/** A view as an atom. It listens while it is mounted: while a component or `store.sub` uses it. */
export function atomOf<View>(view: ExternalStore<View>): Atom<View> {
  const mirror = atom(view.getSnapshot());
  mirror.onMount = (set) => {
    const show = () => set(view.getSnapshot());
    show(); // it may have changed since the atom was made
    return view.subscribe(show);
  };
  return atom((get) => get(mirror)); // nobody can write to it
}
