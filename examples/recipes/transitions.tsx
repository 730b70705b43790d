import { useOptimistic, useState, useTransition } from 'react';
import { useStrongAuthCall } from 'strong-auth-machine/react';

type Door = 'lock' | 'unlock';

/**
 * The doors, shown as they will be: at once what was asked for, and what they really are if it fails. The call is the action of a
 * transition, which lasts while the PIN is asked for. Keep the dialog outside of it: it is shown at once, as all views are.
 */
export function useDoors(initial: Door) {
  const [door, setDoor] = useState(initial);
  const [shown, show] = useOptimistic(door);
  const [isMoving, startTransition] = useTransition();
  const { run, error } = useStrongAuthCall(({ set }, doorState: Door) =>
    set('pims.vehicle.command', { action: 'doors', doorState }),
  );
  const move = (next: Door) =>
    startTransition(async () => {
      show(next);
      const { status } = await run(next);
      if (status === 'succeeded') startTransition(() => setDoor(next)); // after an `await` React wants it said again
    });
  return { shown, isMoving, error, move };
}
