import { computed, type ReadonlySignal, signal } from '@preact/signals-core';
import type { ExternalStore } from 'strong-auth-machine';

/** A view as a signal, for Preact and whatever else reads its signals. @returns The signal, and how to stop. */
export function signalOf<View>(store: ExternalStore<View>): [view: ReadonlySignal<View>, stop: () => void] {
  const mirror = signal(store.getSnapshot());
  const stop = store.subscribe((view) => {
    mirror.value = view;
  });
  return [computed(() => mirror.value), stop]; // nobody can write to it
}
