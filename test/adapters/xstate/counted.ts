import { fromStrongAuth } from 'strong-auth-machine/xstate';
import { createActor, setup } from 'xstate';
import type { CountedPart, MountCounted } from '../support/renders-page.js';

/** Reads the client as a child of an app's machine: the whole view as its snapshots come, the rest compared as `useSelector` does. */
export const mountCounted: MountCounted = (root, { strongAuth, pinPad }, count) => {
  const logic = fromStrongAuth(strongAuth);
  const app = createActor(
    setup({
      types: {} as { children: { strongAuth: 'strongAuth' } },
      actors: { strongAuth: logic },
    }).createMachine({ invoke: { id: 'strongAuth', src: 'strongAuth' } }),
  ).start();
  const { strongAuth: child } = app.getSnapshot().children;
  if (!child) throw new Error('the child is not there');

  function show(part: CountedPart, read: () => unknown) {
    const place = root.appendChild(document.createElement('p'));
    let shown: unknown;
    const render = () => {
      const seen = read();
      if (seen === shown) return;
      shown = seen;
      count(part);
      place.textContent = String(seen);
    };
    render();
    return render;
  }
  const view = () => child.getSnapshot().context;
  child.subscribe({ next: show('view', () => ({})) });
  child.subscribe({ next: show('status', () => view().status) });
  child.subscribe({ next: show('waiting', () => view().waiting) });
  // The pad is no actor: what it shows is not to be in an event.
  const unsubscribe = pinPad.view.subscribe(show('isOpen', () => pinPad.view.getSnapshot().isOpen));
  return () => {
    unsubscribe();
    app.stop();
  };
};
