import { mutationOptions, QueryClient, queryOptions } from '@tanstack/react-query';
import { type ApiRequest, isApiError, isStrongAuthError, type StrongAuth } from 'strong-auth-machine';

/** SDK codes that may be gone a moment later: timeout, no internet, server error. */
const passing: readonly unknown[] = [2201, 2202, 2204];

/**
 * For queries: whether to read again by itself, twice at most. Never after strong authentication has ended without a grant: the
 * user would be asked once more for the PIN they have just refused to give, or got wrong.
 */
export function shouldRetry(failures: number, error: unknown): boolean {
  if (failures >= 2) return false;
  if (isStrongAuthError(error)) return error.code === 'TRANSPORT_FAILED';
  return isApiError(error) && passing.includes(error.code);
}

/** @returns A cache for one signed-in account: `clear()` it together with `strongAuth.reset()`. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: shouldRetry,
        networkMode: 'always', // the SDK knows whether the car can be reached; the browser does not
        refetchOnWindowFocus: false, // a PIN is asked for what the user did, not for their return to the window
      },
      mutations: {
        retry: false, // a command that may have been executed is sent again by the user, or by nobody
        networkMode: 'always',
        gcTime: 0, // keeps no command that nobody shows any more
      },
    },
  });
}

/** What the car says of itself. Waits for strong authentication if need be; leaving the screen cancels it. */
export const vehicleQuery = (strongAuth: StrongAuth) =>
  queryOptions({
    queryKey: ['vehicle'],
    queryFn: ({ signal }) => strongAuth.get('pims.vehicle.informations', { action: 'get' }, { signal }),
  });

/** The same again and again, for a screen that stays open. It never opens a prompt; challenged, it keeps the last answer. */
export const polledVehicleQuery = (strongAuth: StrongAuth, everyMs: number) =>
  queryOptions({
    ...vehicleQuery(strongAuth),
    queryFn: ({ signal }) =>
      strongAuth.get('pims.vehicle.informations', { action: 'get' }, { signal, interactive: false }),
    refetchInterval: everyMs,
  });

/** What a command is given: a mutation has no signal of its own. */
export interface CommandVariables {
  readonly request: ApiRequest;
  readonly signal: AbortSignal;
}

/** A command. It is pending for as long as the user is asked; what the car says of itself is read anew afterwards. */
export const commandMutation = (strongAuth: StrongAuth) =>
  mutationOptions({
    mutationFn: ({ request, signal }: CommandVariables) => strongAuth.send(request, { signal }),
    onSuccess: (_result, _variables, _onMutateResult, { client }) => {
      void client.invalidateQueries(vehicleQuery(strongAuth));
    },
  });
