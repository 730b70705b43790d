import { useEffect, useRef, useState } from 'react';
import { useStrongAuthClient } from 'strong-auth-machine/react';
import { type Command, type Outcome, outcomeOf } from '../shared/remote.js';

/** One command of the remote: how to send it, how to give it up, and what became of it. Given up when the component goes. */
export function useCommand({ request }: Command) {
  const strongAuth = useStrongAuthClient();
  const [outcome, setOutcome] = useState<Outcome>('unmade');
  const controller = useRef(new AbortController());

  useEffect(() => () => controller.current.abort(), []); // nobody is left to see what would become of it

  const send = async () => {
    controller.current = new AbortController();
    const { signal } = controller.current;
    setOutcome('pending');
    try {
      await strongAuth.send(request, { signal });
      setOutcome('succeeded');
    } catch (error) {
      setOutcome(outcomeOf(error, signal));
    }
  };
  return { outcome, send, giveUp: () => controller.current.abort() };
}
