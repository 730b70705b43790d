import { usePinPad, useStrongAuth } from 'strong-auth-machine/vue';
import { type ComputedRef, createApp, defineComponent, h } from 'vue';
import type { CountedPart, MountCounted } from '../support/renders-page.js';

export const mountCounted: MountCounted = (root, { strongAuth, pinPad }, count) => {
  /** A component that reads one part. */
  const reader = (part: CountedPart, use: () => ComputedRef<unknown>) =>
    defineComponent(() => {
      const value = use();
      return () => {
        count(part);
        return h('p', String(value.value));
      };
    });
  const readers = [
    reader('view', () => useStrongAuth(strongAuth)),
    reader('status', () => useStrongAuth(strongAuth, (view) => view.status)),
    reader('waiting', () => useStrongAuth(strongAuth, (view) => view.waiting)),
    reader('isOpen', () => usePinPad(pinPad).isOpen),
  ];
  const app = createApp(() => readers.map((component) => h(component)));
  app.mount(root);
  return () => app.unmount();
};
