import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import type { PinPad } from 'strong-auth-machine';
import { useStore } from 'zustand';
import { PinDialog } from '../react/pin-dialog.js';
import { type Command, commands, type Mount } from '../shared/remote.js';
import { createRemoteStore } from './store.js';

type RemoteStore = ReturnType<typeof createRemoteStore>['store'];

/** Each component selects what it shows, and renders when that has changed. */
function View({ store }: { readonly store: RemoteStore }) {
  const status = useStore(store, ({ strongAuth }) => strongAuth.status);
  const waiting = useStore(store, ({ strongAuth }) => strongAuth.waiting);
  const failure = useStore(store, ({ strongAuth }) => strongAuth.failure?.code);
  return (
    <>
      <output data-testid="status">{status}</output>
      <output data-testid="waiting">{waiting}</output>
      <output data-testid="failure">{failure}</output>
    </>
  );
}

function Row({ store, command }: { readonly store: RemoteStore; readonly command: Command }) {
  const outcome = useStore(store, ({ outcomes }) => outcomes[command.id]);
  const { press, giveUp } = store.getState();
  return (
    <p data-testid="command">
      <button
        type="button"
        data-testid={command.id}
        disabled={outcome === 'pending'}
        onClick={() => press(command)}
      >
        {command.label}
      </button>
      <button type="button" data-testid={`${command.id}-give-up`} onClick={() => giveUp(command)}>
        Give up
      </button>
      <output data-testid={`${command.id}-outcome`}>{outcome}</output>
    </p>
  );
}

/** The remote, as it is shown. */
export function App({ store, pinPad }: { readonly store: RemoteStore; readonly pinPad: PinPad }) {
  return (
    <>
      <View store={store} />
      {commands.map((command) => (
        <Row key={command.id} store={store} command={command} />
      ))}
      {/* The PIN goes from the form to the pad, and is in no state. */}
      <PinDialog pinPad={pinPad} />
    </>
  );
}

/** The remote in a store of zustand, shown by React. */
export const mount: Mount = (root, remote) => {
  const { store, end } = createRemoteStore(remote);
  const app = createRoot(root);
  flushSync(() => app.render(<App store={store} pinPad={remote.pinPad} />)); // on the page when it returns
  return () => {
    app.unmount();
    end();
  };
};
