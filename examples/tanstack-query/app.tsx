import { QueryClientProvider, type UseMutationResult, useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { StrongAuthProvider, useStrongAuthClient } from 'strong-auth-machine/react';
import { PinDialog } from '../react/pin-dialog.js';
import { Status } from '../react/status.js';
import {
  type Command,
  commands,
  type Mount,
  type Outcome,
  outcomeOf,
  type Remote,
} from '../shared/remote.js';
import { type CommandVariables, commandMutation, createQueryClient, vehicleQuery } from './queries.js';

/** The remote with TanStack Query: commands are mutations, and what the car says of itself is a query. */
export function App({ strongAuth, pinPad }: Remote) {
  return (
    <StrongAuthProvider strongAuth={strongAuth} pinPad={pinPad}>
      <Status />
      {commands.map((command) => (
        <CommandRow key={command.id} command={command} />
      ))}
      <Doors />
      <PinDialog />
    </StrongAuthProvider>
  );
}

function CommandRow({ command: { id, label, request } }: { readonly command: Command }) {
  const mutation = useMutation(commandMutation(useStrongAuthClient()));
  const controller = useRef(new AbortController());
  useEffect(() => () => controller.current.abort(), []); // nobody is left to see what would become of it

  const send = () => {
    controller.current = new AbortController();
    mutation.mutate({ request, signal: controller.current.signal });
  };
  return (
    <p>
      <button type="button" data-testid={id} disabled={mutation.isPending} onClick={send}>
        {label}
      </button>{' '}
      <button type="button" data-testid={`${id}-give-up`} onClick={() => controller.current.abort()}>
        Give up
      </button>
      <output data-testid={`${id}-outcome`}>{shown(mutation)}</output>
    </p>
  );
}

function shown({ status, error, variables }: UseMutationResult<unknown, Error, CommandVariables>): Outcome {
  switch (status) {
    case 'idle':
      return 'unmade';
    case 'success':
      return 'succeeded';
    case 'error':
      return outcomeOf(error, variables.signal);
    default:
      return status;
  }
}

function Doors() {
  const [isShown, setIsShown] = useState(false);
  return (
    <p>
      <button type="button" data-testid="show" onClick={() => setIsShown(!isShown)}>
        {isShown ? 'Hide the doors' : 'Show the doors'}
      </button>
      {isShown && <DoorState />}
    </p>
  );
}

function DoorState() {
  const { data, error } = useQuery({
    ...vehicleQuery(useStrongAuthClient()),
    select: ({ vehicle }) => [vehicle?.ressources?.status?.doorStateInformation?.state].flat().join(', '),
  });
  return <output data-testid="doors">{error ? error.message : (data ?? 'asking the car')}</output>;
}

export const mount: Mount = (root, remote) => {
  const queryClient = createQueryClient();
  const app = createRoot(root);
  flushSync(() =>
    app.render(
      <QueryClientProvider client={queryClient}>
        <App {...remote} />
      </QueryClientProvider>,
    ),
  );
  return () => {
    app.unmount();
    queryClient.clear();
  };
};
