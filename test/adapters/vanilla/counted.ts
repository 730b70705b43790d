import type { ExternalStore } from 'strong-auth-machine';
import type { CountedPart, MountCounted } from '../support/renders-page.js';

/** Each place listens by itself, and puts its text there again only if another is to be seen. */
export const mountCounted: MountCounted = (root, { strongAuth, pinPad }, count) => {
  function show<View>(part: CountedPart, store: ExternalStore<View>, select: (view: View) => unknown) {
    const place = root.appendChild(document.createElement('p'));
    let shown: unknown;
    const render = () => {
      const seen = select(store.getSnapshot());
      if (seen === shown) return;
      shown = seen;
      count(part);
      place.textContent = String(seen);
    };
    render();
    return store.subscribe(render);
  }
  const unsubscribers = [
    // Told of nothing but changes, it need not compare.
    show('view', strongAuth.view, () => ({})),
    show('status', strongAuth.view, ({ status }) => status),
    show('waiting', strongAuth.view, ({ waiting }) => waiting),
    show('isOpen', pinPad.view, ({ isOpen }) => isOpen),
  ];
  return () => {
    for (const unsubscribe of unsubscribers) unsubscribe();
  };
};
