import type { SerializedError } from '@reduxjs/toolkit';
import { useEffect, useRef } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { Provider, useSelector } from 'react-redux';
import type { PinPad } from 'strong-auth-machine';
import { connectStrongAuth, type StrongAuthQueryError } from 'strong-auth-machine/redux';
import { PinDialog } from '../react/pin-dialog.js';
import { advice, type Command, commands, type Mount, type Outcome } from '../shared/remote.js';
import { carApi, createStore, type State } from './store.js';

/** The remote on Redux: what it shows comes from the store. The dialog is the pad's: the PIN goes from the form to it, and never through an action. */
export function App({ pinPad }: { readonly pinPad: PinPad }) {
  const status = useSelector((state: State) => state.strongAuth.status);
  const waiting = useSelector((state: State) => state.strongAuth.waiting);
  const failure = useSelector((state: State) => state.strongAuth.failure?.code);
  return (
    <>
      <output data-testid="status">{status}</output>
      <output data-testid="waiting">{waiting}</output>
      <output data-testid="failure">{failure}</output>
      {commands.map((command) => (
        <CommandRow key={command.id} command={command} />
      ))}
      <PinDialog pinPad={pinPad} />
    </>
  );
}

function CommandRow({ command: { id, label, request } }: { readonly command: Command }) {
  const [send, { isUninitialized, isLoading, error }] = carApi.useCommandMutation();
  const running = useRef<ReturnType<typeof send>>(undefined);
  useEffect(() => () => running.current?.abort(), []); // nobody is left to see what would become of it

  const ended = error ? outcomeOf(error) : 'succeeded';
  return (
    <p>
      <button
        type="button"
        data-testid={id}
        disabled={isLoading}
        onClick={() => {
          running.current = send(request);
        }}
      >
        {label}
      </button>
      <button type="button" data-testid={`${id}-give-up`} onClick={() => running.current?.abort()}>
        Give up
      </button>
      <output data-testid={`${id}-outcome`}>
        {isUninitialized ? 'unmade' : isLoading ? 'pending' : ended}
      </output>{' '}
      {error && 'remedy' in error && advice[error.remedy]}
    </p>
  );
}

/** Redux Toolkit has an error of its own for what it did not expect; what the others are is told by what they have. */
function outcomeOf(error: StrongAuthQueryError | SerializedError): Outcome {
  if (error.name === 'AbortError') return 'aborted';
  return 'remedy' in error ? error.code : 'failed';
}

export const mount: Mount = (root, remote) => {
  const store = createStore(remote);
  const disconnect = connectStrongAuth(store, remote.strongAuth);
  const app = createRoot(root);
  flushSync(() =>
    app.render(
      <Provider store={store}>
        <App pinPad={remote.pinPad} />
      </Provider>,
    ),
  );
  return () => {
    app.unmount();
    disconnect();
  };
};
