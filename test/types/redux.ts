/*
 * What the types of `./redux` promise, with Redux Toolkit 2 and with 1.9. Nothing here runs: `npm run typecheck` compiles it,
 * and redux.test.ts once more with the older toolkit. `Is` compares exactly, so a type that decays to `any` fails.
 */
import {
  configureStore,
  createListenerMiddleware,
  createSlice,
  type SerializedError,
} from '@reduxjs/toolkit';
import { createApi } from '@reduxjs/toolkit/query/react';
import type { StrongAuth, StrongAuthView } from 'strong-auth-machine';
import {
  connectStrongAuth,
  type PlainApiError,
  type PlainStrongAuthError,
  type StrongAuthQueryError,
  strongAuthBaseQuery,
  strongAuthEndpoint,
  strongAuthQueryFn,
  strongAuthSlice,
  toQueryResult,
} from 'strong-auth-machine/redux';

type Is<Actual, Expected> =
  (<T>() => T extends Actual ? 1 : 2) extends <T>() => T extends Expected ? 1 : 2 ? true : false;
const prove = <_Proof extends true>(): void => {};

declare const strongAuth: StrongAuth;

const car = createApi({
  baseQuery: strongAuthBaseQuery(strongAuth),
  endpoints: (build) => ({
    version: build.query<string | undefined, void>({
      async queryFn(_, { signal }) {
        const { data, error } = await toQueryResult(
          strongAuth.get('pims.sdk.version', undefined, { signal }),
        );
        if (error) return { error };
        prove<Is<typeof data.versionCore, string | undefined>>();
        return { data: data.versionCore };
      },
    }),
    lock: build.mutation<unknown, { vin: string }>({
      query: ({ vin }) => ({
        api: 'pims.vehicle.command',
        parameters: { action: 'doors', doorState: 'lock', vin },
        replay: 'never',
      }),
      extraOptions: { timeoutMs: 30_000 },
    }),
    doors: build.mutation({
      queryFn: strongAuthQueryFn(strongAuth, ({ set }, doorState: 'lock' | 'unlock') =>
        set('pims.vehicle.command', { action: 'doors', doorState }, { maxAgeMs: 1000 }),
      ),
      extraOptions: { timeoutMs: 30_000 },
    }),
    core: build.query({
      queryFn: strongAuthQueryFn(
        () => strongAuth,
        async ({ get }) => (await get('pims.sdk.version', undefined)).versionCore ?? 'unknown',
      ),
    }),
    typo: build.mutation({
      // @ts-expect-error no API of the SDK has this name
      queryFn: strongAuthQueryFn(strongAuth, ({ set }) => set('pims.vehicle.comand', { action: 'horn' })),
    }),
    doorsByRequest: build.mutation({
      ...strongAuthEndpoint((doorState: 'lock' | 'unlock') => ({
        verb: 'set',
        api: 'pims.vehicle.command',
        parameters: { action: 'doors', doorState },
        maxAgeMs: 1000,
      })),
      extraOptions: { timeoutMs: 30_000 },
    }),
    facade: build.query(strongAuthEndpoint(() => ({ verb: 'get', api: 'pims.sdk.version' }))),
    transfer: build.query(
      strongAuthEndpoint((amount: number) => ({
        verb: 'get',
        api: 'backend.transfer',
        parameters: { amount },
      })),
    ),
    unknownName: build.query(
      strongAuthEndpoint(() => ({
        verb: 'get',
        // @ts-expect-error no API of the SDK has this name
        api: 'pims.vehicle.information',
        parameters: { action: 'get' },
      })),
    ),
    otherVerb: build.query(
      strongAuthEndpoint(() => ({
        verb: 'get',
        // @ts-expect-error it cannot be read
        api: 'pims.vehicle.command',
        parameters: { action: 'horn' },
      })),
    ),
    wrongValue: build.mutation(
      strongAuthEndpoint(() => ({
        verb: 'set',
        api: 'pims.vehicle.command',
        // @ts-expect-error doors are not left ajar
        parameters: { action: 'doors', doorState: 'ajar' },
      })),
    ),
    unknownParameter: build.mutation(
      strongAuthEndpoint(() => ({
        verb: 'set',
        api: 'pims.vehicle.command',
        // @ts-expect-error a horn has no volume
        parameters: { action: 'horn', volume: 1 },
      })),
    ),
    wrongOption: build.mutation(
      strongAuthEndpoint(() => ({
        verb: 'set',
        api: 'pims.vehicle.command',
        parameters: { action: 'horn' },
        // @ts-expect-error there is no such policy
        replay: 'sometimes',
      })),
    ),
    watch: build.query<unknown, void>({
      // @ts-expect-error there is no such policy
      query: () => ({ api: 'pims.vehicle.informations', replay: 'sometimes' }),
      // @ts-expect-error a Boolean
      extraOptions: { interactive: 'no' },
    }),
  }),
});

export function stores() {
  const listener = createListenerMiddleware();
  listener.startListening({
    actionCreator: strongAuthSlice.actions.changed,
    effect: ({ payload }) => prove<Is<typeof payload, StrongAuthView>>(),
  });
  const seen = createSlice({
    name: 'seen',
    initialState: 0,
    reducers: {},
    extraReducers: (builder) =>
      builder.addCase(strongAuthSlice.actions.changed, (_, { payload }) => payload.since),
  });
  const store = configureStore({
    reducer: {
      [strongAuthSlice.name]: strongAuthSlice.reducer,
      [car.reducerPath]: car.reducer,
      [seen.name]: seen.reducer,
    },
    middleware: (getDefault) => getDefault().prepend(listener.middleware).concat(car.middleware),
  });
  prove<Is<ReturnType<typeof store.getState>['strongAuth'], StrongAuthView>>();
  const disconnect = connectStrongAuth(store, strongAuth);
  prove<Is<typeof disconnect, () => void>>();
}

export function Lock() {
  const [, { error }] = car.useLockMutation();
  prove<Is<typeof error, StrongAuthQueryError | SerializedError | undefined>>();
  if (error && 'remedy' in error) prove<Is<typeof error, PlainStrongAuthError>>();
  if (error && 'label' in error) prove<Is<typeof error, PlainApiError>>();
  return null;
}

export function Typed() {
  const [send, { data }] = car.useDoorsMutation();
  prove<Is<Parameters<typeof send>[0], 'lock' | 'unlock'>>();
  prove<Is<typeof data, Readonly<Record<string, never>> | null | undefined>>();
  // @ts-expect-error doors are not left ajar
  send('ajar');
  const core = car.useCoreQuery();
  prove<Is<typeof core.data, string | undefined>>();
  const [moveDoors, moved] = car.useDoorsByRequestMutation();
  prove<Is<Parameters<typeof moveDoors>[0], 'lock' | 'unlock'>>();
  prove<Is<typeof moved.data, typeof data>>();
  // @ts-expect-error neither here
  moveDoors('ajar');
  const facade = car.useFacadeQuery();
  prove<Is<NonNullable<typeof facade.data>['versionFacade'], string | undefined>>();
  const transfer = car.useTransferQuery(12);
  prove<Is<typeof transfer.data, unknown>>();
  // @ts-expect-error an amount is a number
  car.useTransferQuery('12');
  return null;
}

export function errors(error: StrongAuthQueryError): string | number {
  switch (error.name) {
    case 'ApiError':
      prove<Is<typeof error.code, number | string>>();
      return error.label;
    case 'StrongAuthError':
      switch (error.code) {
        case 'OTP_BUDGET_SPENT':
          return error.details.retryAt;
        case 'TIMED_OUT':
          prove<Is<typeof error.details.sent, boolean>>();
          return error.remedy;
        default:
          // @ts-expect-error the others have no such fact
          return error.details.retryAt;
      }
    case 'AbortError':
      return error.message;
    default:
      return error satisfies never;
  }
}

export async function results() {
  const done = await toQueryResult(
    strongAuth.set('pims.vehicle.command', { action: 'doors', doorState: 'lock' }),
  );
  prove<Is<undefined extends (typeof done)['data'] ? true : false, true>>(); // of the error
  if (!done.error) prove<Is<Extract<typeof done.data, undefined>, never>>(); // RTK Query takes none
  const granted = await toQueryResult(strongAuth.ensure());
  if (!granted.error) prove<Is<typeof granted.data, null>>();
}
