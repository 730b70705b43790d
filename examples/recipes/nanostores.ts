import { atom, onMount, type ReadableAtom } from 'nanostores';
import type { ExternalStore } from 'strong-auth-machine';

/** A view as a store. It listens while somebody listens to it, and for a second longer, as every mounted store of Nano Stores. */
export function storeOf<View>(view: ExternalStore<View>): ReadableAtom<View> {
  const $view = atom(view.getSnapshot());
  onMount($view, () => {
    const show = () => $view.set(view.getSnapshot());
    show(); // it may have changed since the store was made
    return view.subscribe(show);
  });
  return $view;
}
