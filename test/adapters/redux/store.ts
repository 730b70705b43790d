import { configureStore } from '@reduxjs/toolkit';
import { createApi } from '@reduxjs/toolkit/query';
import type { CallOptions, StrongAuth, StrongAuthView } from 'strong-auth-machine';
import { connectStrongAuth, strongAuthBaseQuery, strongAuthSlice } from 'strong-auth-machine/redux';
import { COMMAND, DOORS, stage, succeeded } from '../../lifecycle/support.js';
import { createDevtools } from '../../support/devtools.js';

export const PIN = '70416253';
export const SECRET_OTP = 'otp-83b1f0c2';
export const GRANT = succeeded({ otp: SECRET_OTP });
export const INFORMATIONS = 'pims.vehicle.informations';

/** The endpoints of the tests. `read` and `command` take the options of a call as they are. */
export const createCarApi = (client: Parameters<typeof strongAuthBaseQuery>[0]) =>
  createApi({
    reducerPath: 'car',
    baseQuery: strongAuthBaseQuery(client),
    endpoints: (build) => ({
      read: build.query<unknown, string>({
        query: (vin) => ({ api: INFORMATIONS, parameters: { action: 'refresh', vin } }),
      }),
      poll: build.query<unknown, Pick<CallOptions, 'interactive'>>({
        query: (options) => ({ api: INFORMATIONS, parameters: { action: 'get' }, ...options }),
        extraOptions: { interactive: false },
      }),
      command: build.mutation<unknown, void>({ query: () => ({ api: COMMAND, parameters: DOORS }) }),
    }),
  });

/** A store that shows a client and calls it, with the devtools on it. */
function makeStore(client: StrongAuth) {
  const devtools = createDevtools();
  const car = createCarApi(client);
  const store = configureStore({
    reducer: { [strongAuthSlice.name]: strongAuthSlice.reducer, [car.reducerPath]: car.reducer },
    middleware: (getDefault) => getDefault().concat(car.middleware),
    enhancers: devtools.enhancers,
  });
  const disconnect = connectStrongAuth(store, client);
  return { store, devtools, disconnect, endpoints: car.endpoints, shown: () => store.getState().strongAuth };
}

/** A stage and its store. */
export function staged(options: Parameters<typeof stage>[0] = {}) {
  const on = stage(options);
  return { ...on, ...makeStore(on.strongAuth) };
}

export const plain = (view: StrongAuthView): unknown => JSON.parse(JSON.stringify(view));
