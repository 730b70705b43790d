import type { ObservableStore } from 'strong-auth-machine';

/** A store whose listeners are counted. */
export function counted<View>(store: ObservableStore<View>): {
  readonly store: ObservableStore<View>;
  readonly listeners: number;
} {
  let listeners = 0;
  return {
    store: {
      ...store,
      subscribe(listener) {
        const unsubscribe = store.subscribe(listener);
        listeners += 1;
        return () => {
          unsubscribe();
          listeners -= 1;
        };
      },
    },
    get listeners() {
      return listeners;
    },
  };
}
