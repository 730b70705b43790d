import { configureStore } from '@reduxjs/toolkit';
import { createApi } from '@reduxjs/toolkit/query';
import type { ReplayOption, StrongAuth } from 'strong-auth-machine';
import {
  strongAuthBaseQuery,
  strongAuthEndpoint,
  strongAuthQueryFn,
  toQueryResult,
} from 'strong-auth-machine/redux';
import { describe, expect, test, vi } from 'vitest';
import {
  CHALLENGE,
  COMMAND,
  DOORS,
  failed,
  OTP,
  settleDown,
  stage,
  succeeded,
} from '../../lifecycle/support.js';
import { createCarApi, GRANT, INFORMATIONS, PIN, staged } from './store.js';

/**
 * How RTK Query calls the client.
 *
 * @param complaints What was printed.
 */
export function describeQueries(complaints: unknown[][]): void {
  describe('a query', () => {
    test('reads, and a mutation commands, unless they say otherwise', async () => {
      const { store, endpoints, transport, answer } = staged();
      const query = store.dispatch(endpoints.read.initiate('V'));
      await settleDown();
      await answer(succeeded({ vin: 'V' }));
      expect((await query).data).toEqual({ vin: 'V' });
      const mutation = store.dispatch(endpoints.command.initiate());
      await settleDown();
      await answer(succeeded());
      expect(await mutation).toEqual({ data: null }); // a command without a result
      expect(transport.requests.map(({ request }) => request)).toEqual([
        { verb: 'get', api: INFORMATIONS, parameters: { action: 'refresh', vin: 'V' } },
        { verb: 'set', api: COMMAND, parameters: DOORS },
      ]);
    });

    test('waits for strong authentication with all others, behind one prompt', async () => {
      const { store, endpoints, answer, type, user, requestsOf, transport } = staged();
      const query = store.dispatch(endpoints.read.initiate('V'));
      const mutation = store.dispatch(endpoints.command.initiate());
      await settleDown();
      await answer(CHALLENGE, 0);
      await answer(CHALLENGE, 1);
      await type(PIN);
      await answer(GRANT);
      expect(transport.requests).toHaveLength(5); // both were sent again
      await answer(succeeded({ n: 1 }), 3);
      await answer(succeeded({ n: 2 }), 4);
      expect([(await query).data, await mutation]).toEqual([{ n: 1 }, { data: { n: 2 } }]);
      expect([user.prompts.length, requestsOf(OTP).length]).toEqual([1, 1]);
    });

    test("fails with the SDK's error as plain data", async () => {
      const { store, endpoints, answer } = staged();
      const query = store.dispatch(endpoints.read.initiate('V'));
      await settleDown();
      await answer(failed(2204, 'Server Error'));
      expect((await query).error).toStrictEqual({
        name: 'ApiError',
        message: `get ${INFORMATIONS} failed with 2204: Server Error`,
        code: 2204,
        label: 'Server Error',
        category: 'output',
        verb: 'get',
        api: INFORMATIONS,
        details: {},
        transactionId: 't',
      });
    });

    test('fails with ours as plain data, without the cause', async () => {
      const { store, endpoints, fail } = staged();
      const mutation = store.dispatch(endpoints.command.initiate());
      await settleDown();
      await fail(new Error(`could not send ${PIN}`));
      expect(await mutation).toStrictEqual({
        error: {
          name: 'StrongAuthError',
          message: `set ${COMMAND} (doors): The transport failed (TRANSPORT_FAILED)`,
          code: 'TRANSPORT_FAILED',
          remedy: 'checkState',
          details: { sent: true },
          verb: 'set',
          api: COMMAND,
          action: 'doors',
        },
      });
      expect(JSON.stringify(store.getState())).not.toContain(PIN);
    });

    test('leaves the call with it when it is aborted', async () => {
      const { store, endpoints, transport, answer, status, user } = staged();
      expect(status).toBe('idle');
      const inFlight = store.dispatch(endpoints.read.initiate('V'));
      const waiting = store.dispatch(endpoints.command.initiate());
      await settleDown();
      await answer(CHALLENGE, 1);
      const signals = [transport.requests[0]?.signal, user.prompts[0]?.prompt.signal];
      waiting.abort();
      inFlight.abort();
      await new Promise((resolve) => setTimeout(resolve, 2)); // the turn ends
      expect(signals.map((signal) => signal?.aborted)).toEqual([true, true]);
      expect(store.getState().strongAuth).toMatchObject({ waiting: 0, inFlight: false });
      expect(await waiting).toEqual({ error: { name: 'AbortError', message: 'Aborted' } });
      expect((await inFlight).error).toEqual({ name: 'AbortError', message: 'Aborted' });
    });

    test('with interactive: false opens no prompt, unless one of its calls may', async () => {
      const { store, endpoints, answer, user } = staged();
      const query = store.dispatch(endpoints.poll.initiate({}));
      await settleDown();
      await answer(CHALLENGE);
      expect((await query).error).toMatchObject({ code: 'INTERACTION_REQUIRED', remedy: 'authenticate' });
      expect(user.prompts).toEqual([]);
      store.dispatch(endpoints.poll.initiate({ interactive: true }));
      await settleDown();
      await answer(CHALLENGE);
      expect(user.prompts).toHaveLength(1);
    });

    test('decides about its replay, with a function that the store never sees', async () => {
      const on = stage();
      const asked = vi.fn<Extract<ReplayOption, (...args: never) => unknown>>(() => false);
      const car = createApi({
        baseQuery: strongAuthBaseQuery(on.strongAuth),
        endpoints: (build) => ({
          lock: build.mutation<unknown, void>({
            query: () => ({ api: COMMAND, parameters: DOORS, replay: asked }),
          }),
        }),
      });
      const store = configureStore({
        reducer: { [car.reducerPath]: car.reducer },
        middleware: (getDefault) => getDefault().concat(car.middleware),
      });
      const mutation = store.dispatch(car.endpoints.lock.initiate());
      await settleDown();
      await on.answer(CHALLENGE);
      await on.type(PIN);
      await on.answer(GRANT);
      expect(await mutation).toMatchObject({ error: { code: 'REPLAY_DECLINED' } });
      expect(asked).toHaveBeenCalledExactlyOnceWith({ verb: 'set', api: COMMAND, parameters: DOORS });
    });

    test('finds its client through the store, so that stores can share one API', async () => {
      const car = createCarApi(({ extra }) => (extra as ReturnType<typeof stage>).strongAuth);
      const made = [stage(), stage()].map((on) => ({
        on,
        store: configureStore({
          reducer: { [car.reducerPath]: car.reducer },
          middleware: (getDefault) => getDefault({ thunk: { extraArgument: on } }).concat(car.middleware),
        }),
      }));
      for (const { store } of made) store.dispatch(car.endpoints.command.initiate());
      await settleDown();
      expect(made.map(({ on }) => on.transport.requests.length)).toEqual([1, 1]);
    });

    test('with arguments that make no sense is an error of the app', async () => {
      const { store, endpoints } = staged();
      const query = store.dispatch(endpoints.poll.initiate({ interactive: 'no' as never }));
      const { error } = await query;
      expect(error).toMatchObject({ name: 'TypeError', message: 'options.interactive must be a boolean' });
      expect(complaints.splice(0)).toHaveLength(1); // RTK Query prints it
    });
  });

  test('a typed call is a queryFn', async () => {
    const on = stage();
    const car = createApi({
      baseQuery: strongAuthBaseQuery(on.strongAuth),
      endpoints: (build) => ({
        version: build.query<string | undefined, void>({
          async queryFn(_, { signal }) {
            const { data, error } = await toQueryResult(
              on.strongAuth.get('pims.sdk.version', undefined, { signal }),
            );
            return error ? { error } : { data: data.versionCore };
          },
        }),
      }),
    });
    const store = configureStore({
      reducer: { [car.reducerPath]: car.reducer },
      middleware: (getDefault) => getDefault().concat(car.middleware),
    });
    const query = store.dispatch(car.endpoints.version.initiate());
    await settleDown();
    await on.answer(succeeded({ versionCore: '2.3' }));
    expect((await query).data).toBe('2.3');
    const ended = await toQueryResult<void>(Promise.resolve());
    expect(ended).toEqual({ data: null });
  });

  test('a typed endpoint passes its argument and its options on, and ends its call when it is aborted', async () => {
    const on = stage();
    const car = createApi({
      baseQuery: strongAuthBaseQuery(on.strongAuth),
      endpoints: (build) => ({
        doors: build.mutation({
          queryFn: strongAuthQueryFn(
            ({ extra }) => extra as StrongAuth,
            ({ set }, doorState: 'lock' | 'unlock') =>
              set<string>(COMMAND, { action: 'doors', doorState }, { timeoutMs: 1000 }),
          ),
          extraOptions: { interactive: false },
        }),
      }),
    });
    const store = configureStore({
      reducer: { [car.reducerPath]: car.reducer },
      middleware: (getDefault) =>
        getDefault({ thunk: { extraArgument: on.strongAuth } }).concat(car.middleware),
    });
    const make = async (doorState: 'lock' | 'unlock') => {
      const mutation = store.dispatch(car.endpoints.doors.initiate(doorState));
      await settleDown();
      return { mutation };
    };
    const first = await make('unlock');
    expect(on.requests[0]?.request).toMatchObject({ verb: 'set', parameters: { doorState: 'unlock' } });
    await on.answer(succeeded('done'));
    expect((await first.mutation).data).toBe('done');

    const second = await make('lock');
    await on.answer(CHALLENGE);
    expect((await second.mutation).error).toMatchObject({ code: 'INTERACTION_REQUIRED' });

    const third = await make('lock');
    await on.pass(1000);
    expect((await third.mutation).error).toMatchObject({ code: 'TIMED_OUT', remedy: 'checkState' });

    const fourth = await make('lock');
    fourth.mutation.abort();
    await settleDown();
    expect(on.requests[3]?.signal?.aborted).toBe(true);
    expect((await fourth.mutation).error).toMatchObject({ name: 'AbortError' });
  });

  test('a typed request goes through the base query, with its argument and its options, and its result is the data', async () => {
    const on = stage();
    const car = createApi({
      baseQuery: strongAuthBaseQuery(on.strongAuth),
      endpoints: (build) => ({
        doors: build.mutation({
          ...strongAuthEndpoint((doorState: 'lock' | 'unlock') => ({
            verb: 'set',
            api: COMMAND,
            parameters: { action: 'doors', doorState },
            interactive: false,
          })),
        }),
      }),
    });
    const store = configureStore({
      reducer: { [car.reducerPath]: car.reducer },
      middleware: (getDefault) => getDefault().concat(car.middleware),
    });
    const first = store.dispatch(car.endpoints.doors.initiate('unlock'));
    await settleDown();
    expect(on.requests[0]?.request).toEqual({
      verb: 'set',
      api: COMMAND,
      parameters: { action: 'doors', doorState: 'unlock' },
    });
    await on.answer(succeeded({ doors: 'unlocked' }));
    expect((await first).data).toEqual({ doors: 'unlocked' });
    const second = store.dispatch(car.endpoints.doors.initiate('lock'));
    await settleDown();
    await on.answer(CHALLENGE);
    expect((await second).error).toMatchObject({ code: 'INTERACTION_REQUIRED' });
  });
}
