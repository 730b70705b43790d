import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import type { PinPad } from 'strong-auth-machine';
import { useStore } from 'zustand';
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
      <button type="button" data-testid={command.id} onClick={() => press(command)}>
        {command.label}
      </button>
      <button type="button" data-testid={`${command.id}-give-up`} onClick={() => giveUp(command)}>
        Give up
      </button>
      <output data-testid={`${command.id}-outcome`}>{outcome}</output>
    </p>
  );
}

/** The PIN goes from the form to the pad, and is in no state. */
function Pad({ store, pinPad }: { readonly store: RemoteStore; readonly pinPad: PinPad }) {
  const reason = useStore(
    store,
    ({ strongAuth: { prompt } }) =>
      prompt && `${prompt.reason}, attempt ${prompt.attempt}, ${prompt.attemptsLeft} left`,
  );
  if (!reason) return null;
  return (
    <form
      data-testid="pad"
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const pin = String(new FormData(form).get('pin'));
        form.reset();
        pinPad.submit(pin);
      }}
    >
      <output data-testid="reason">{reason}</output>
      <input
        data-testid="pin"
        name="pin"
        type="password"
        inputMode="numeric"
        autoComplete="off"
        aria-label="PIN"
      />
      <button type="submit" data-testid="submit">
        Unlock
      </button>
      <button type="button" data-testid="cancel" onClick={pinPad.cancel}>
        Cancel
      </button>
    </form>
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
      <Pad store={store} pinPad={pinPad} />
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
