import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { StrongAuthProvider } from 'strong-auth-machine/react';
import { type Command, commands, type Mount, type Remote } from '../shared/remote.js';
import { PinDialog } from './pin-dialog.js';
import { Status } from './status.js';
import { useCommand } from './use-command.js';

/** The remote in React. Client and pad are made outside, once, and given to all hooks by the provider. */
export function App({ strongAuth, pinPad }: Remote) {
  return (
    <StrongAuthProvider strongAuth={strongAuth} pinPad={pinPad}>
      <Status />
      {commands.map((command) => (
        <CommandRow key={command.id} command={command} />
      ))}
      <PinDialog />
    </StrongAuthProvider>
  );
}

function CommandRow({ command }: { readonly command: Command }) {
  const { run, abort, isPending, outcome, advice } = useCommand(command);
  return (
    <p>
      <button type="button" data-testid={command.id} disabled={isPending} onClick={run}>
        {command.label}
      </button>{' '}
      <button type="button" data-testid={`${command.id}-give-up`} onClick={abort}>
        Give up
      </button>
      <output data-testid={`${command.id}-outcome`}>{outcome}</output> {advice}
    </p>
  );
}

export const mount: Mount = (root, remote) => {
  const app = createRoot(root);
  flushSync(() => app.render(<App {...remote} />)); // on the page when it returns
  return () => app.unmount();
};
