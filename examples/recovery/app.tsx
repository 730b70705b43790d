import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { StrongAuthProvider, useRecovery } from 'strong-auth-machine/react';
import type { Recovery } from 'strong-auth-machine/recovery';
import { PinDialog } from '../react/pin-dialog.js';
import { Status } from '../react/status.js';
import { useCommand } from '../react/use-command.js';
import { type Command, commands } from '../shared/remote.js';
import { RecoveryDialog } from './recovery-dialog.js';
import type { CuredRemote } from './simulated.js';
import { progressOf } from './words.js';

/** The remote of `examples/react`, which also cures the account while the command waits. */
export function App({ strongAuth, pinPad, recovery, recoveryPad }: CuredRemote) {
  return (
    <StrongAuthProvider strongAuth={strongAuth} pinPad={pinPad}>
      <Status />
      {commands.map((command) => (
        <CommandRow key={command.id} command={command} />
      ))}
      <PinDialog />
      <RecoveryProgress recovery={recovery} />
      <RecoveryDialog pad={recoveryPad} />
    </StrongAuthProvider>
  );
}

function CommandRow({ command }: { readonly command: Command }) {
  const { run, isPending, outcome, advice } = useCommand(command);
  return (
    <p>
      <button type="button" data-testid={command.id} disabled={isPending} onClick={run}>
        {command.label}
      </button>
      <output data-testid={`${command.id}-outcome`}>{outcome}</output> {advice}
    </p>
  );
}

function RecoveryProgress({ recovery }: { readonly recovery: Recovery }) {
  const view = useRecovery(recovery);
  return (
    <p>
      <output data-testid="recovery" data-status={view.status}>
        {progressOf(view)}
      </output>
    </p>
  );
}

/** Puts the app on the page. @returns How to take it off again. */
export function mount(root: HTMLElement, remote: CuredRemote): () => void {
  const app = createRoot(root);
  flushSync(() => app.render(<App {...remote} />)); // on the page when it returns
  return () => app.unmount();
}
