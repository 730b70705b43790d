import { createAtom } from 'mobx';
import type { ExternalStore } from 'strong-auth-machine';

/**
 * A view as something that MobX observes: `strongAuth.view`, `pinPad.view`, or the view of a `createCall`. It listens only while an
 * observer, a reaction or a computed value uses it.
 */
export function observableOf<View>(store: ExternalStore<View>): { readonly current: View } {
  let unsubscribe = () => {};
  const atom = createAtom(
    'strong-auth view',
    () => {
      unsubscribe = store.subscribe(() => atom.reportChanged());
    },
    () => unsubscribe(),
  );
  return {
    get current() {
      atom.reportObserved();
      return store.getSnapshot(); // frozen, and replaced by each change: nothing inside needs to be observable
    },
  };
}
