import type { QueryClient } from '@tanstack/react-query';
import { isStrongAuthError, type StrongAuthFact } from 'strong-auth-machine';

/**
 * Polls fail with `INTERACTION_REQUIRED` while nobody is asked for the PIN. Once the user has given it for something else, they are read
 * again: `createStrongAuth({ …, onEvent: refreshAfterGrant(queryClient) })`.
 */
export const refreshAfterGrant =
  (queryClient: QueryClient) =>
  ({ type }: StrongAuthFact): void => {
    if (type !== 'otpGranted') return;
    void queryClient.invalidateQueries({
      predicate: ({ state: { error } }) => isStrongAuthError(error) && error.code === 'INTERACTION_REQUIRED',
    });
  };
