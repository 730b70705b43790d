import { configureStore } from '@reduxjs/toolkit';
import { createApi } from '@reduxjs/toolkit/query/react';
import type { ApiRequest } from 'strong-auth-machine';
import { strongAuthBaseQuery, strongAuthSlice } from 'strong-auth-machine/redux';
import type { Remote } from '../shared/remote.js';

/** The car's commands as mutations. The client comes with the store, so that the API can be made once and for all. */
export const carApi = createApi({
  reducerPath: 'car',
  baseQuery: strongAuthBaseQuery(({ extra }) => (extra as Remote).strongAuth),
  endpoints: (build) => ({
    command: build.mutation<unknown, ApiRequest>({ query: (request) => request }),
  }),
});

/** @returns The store of the app, whose thunks and endpoints find the client in their extra argument. */
export const createStore = (remote: Remote) =>
  configureStore({
    reducer: {
      [strongAuthSlice.name]: strongAuthSlice.reducer,
      [carApi.reducerPath]: carApi.reducer,
    },
    middleware: (getDefault) => getDefault({ thunk: { extraArgument: remote } }).concat(carApi.middleware),
  });

/** What the store holds. */
export type State = ReturnType<ReturnType<typeof createStore>['getState']>;
