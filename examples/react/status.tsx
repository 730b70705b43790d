import { useStrongAuth } from 'strong-auth-machine/react';

/** What the user may know of the lifecycle. Renders when one of the three has changed, and not for anything else in the view. */
export function Status() {
  const { status, waiting, failure } = useStrongAuth((view) => ({
    status: view.status,
    waiting: view.waiting,
    failure: view.failure?.code,
  }));
  return (
    <p>
      <output data-testid="status">{status}</output>
      <output data-testid="waiting">{waiting}</output>
      <output data-testid="failure">{failure}</output>
    </p>
  );
}
