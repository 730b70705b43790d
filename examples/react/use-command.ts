import { useStrongAuthCall } from 'strong-auth-machine/react';
import { adviceFor, type Command, outcomeOfCall } from '../shared/remote.js';

/** One command of the remote: how to send it, how to give it up, and what became of it. Given up when the component goes. */
export function useCommand({ request }: Command) {
  const { run, abort, isPending, status, error } = useStrongAuthCall(({ send }) => send(request));
  return { run, abort, isPending, outcome: outcomeOfCall(status, error), advice: adviceFor(error) };
}
