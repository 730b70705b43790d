import type { ExternalStore } from 'strong-auth-machine';

/** A store whose listeners are counted. */
export function counted<View>(store: ExternalStore<View>): {
  readonly store: ExternalStore<View>;
  readonly listeners: number;
} {
  let listeners = 0;
  return {
    store: {
      getSnapshot: store.getSnapshot,
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
