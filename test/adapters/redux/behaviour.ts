import { configureStore } from '@reduxjs/toolkit';
import { createApi } from '@reduxjs/toolkit/query';
import type { CallOptions, ReplayOption, StrongAuth, StrongAuthView } from 'strong-auth-machine';
import {
  connectStrongAuth,
  type StrongAuthChanged,
  strongAuthBaseQuery,
  strongAuthEndpoint,
  strongAuthQueryFn,
  strongAuthSlice,
  toQueryResult,
} from 'strong-auth-machine/redux';
import { createScriptedDriver, strongAuthPaths, walkPath } from 'strong-auth-machine/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
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
import { worlds } from '../../model/worlds.js';
import { createDevtools } from '../../support/devtools.js';

const PIN = '70416253';
const SECRET_OTP = 'otp-83b1f0c2';
const GRANT = succeeded({ otp: SECRET_OTP });
const INFORMATIONS = 'pims.vehicle.informations';

/** The endpoints of the tests. `read` and `command` take the options of a call as they are. */
const createCarApi = (client: Parameters<typeof strongAuthBaseQuery>[0]) =>
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
function staged(options: Parameters<typeof stage>[0] = {}) {
  const on = stage(options);
  return { ...on, ...makeStore(on.strongAuth) };
}

const plain = (view: StrongAuthView): unknown => JSON.parse(JSON.stringify(view));

/** What the adapter promises, on the Redux Toolkit that the calling file has put under the name. */
export function describeRedux(name: string): void {
  describe(name, () => {
    let complaints: unknown[][];
    beforeEach(() => {
      complaints = [];
      // Redux Toolkit complains of what cannot be serialised, of mutations, and of errors it did not expect.
      for (const level of ['error', 'warn'] as const)
        vi.spyOn(console, level).mockImplementation((...said) => {
          if (!/took \d+ms/.test(String(said))) complaints.push(said); // a busy machine
        });
    });
    afterEach(() => expect(complaints).toEqual([]));

    describe('the slice', () => {
      test('says idle until a client is connected, and from then on what the client says', async () => {
        const { challenged, strongAuth, type, answer } = stage();
        await challenged();
        const store = configureStore({ reducer: { strongAuth: strongAuthSlice.reducer } });
        expect(store.getState().strongAuth).toEqual({
          status: 'idle',
          since: 0,
          inFlight: false,
          waiting: 0,
        });
        connectStrongAuth(store, strongAuth);
        const shown = () => strongAuthSlice.selectSlice(store.getState());
        expect(shown()).toEqual(plain(strongAuth.view.getSnapshot()));
        // A value, where the view has a getter that would tell an old state what is true later.
        const calls = Object.getOwnPropertyDescriptor(shown().prompt, 'calls');
        expect(calls?.value).toEqual([{ verb: 'set', api: COMMAND, action: 'doors' }]);
        await type(PIN);
        expect([shown().status, shown().prompt]).toEqual(['requestingOtp', undefined]);
        await answer(failed(2310));
        expect(shown().failure).toEqual({ code: 'ACCOUNT_BLOCKED', remedy: 'unblockAccount' });
        expect(shown()).toEqual(plain(strongAuth.view.getSnapshot()));
      });

      test('is the view as plain data after every step of the generated paths', {
        timeout: 120_000,
      }, async () => {
        let compared = 0;
        const paths = strongAuthPaths(worlds['one call, every outcome'] ?? {});
        for (const path of paths.filter((_, index) => index % 4 === 0)) {
          const driver = createScriptedDriver(path.world);
          const store = configureStore({ reducer: { strongAuth: strongAuthSlice.reducer } });
          connectStrongAuth(store, driver.strongAuth);
          await walkPath(path, {
            ...driver,
            observe() {
              const view = driver.strongAuth.view.getSnapshot();
              expect(store.getState().strongAuth).toStrictEqual(plain(view));
              compared += 1;
              return driver.observe();
            },
          });
        }
        expect(compared).toBeGreaterThan(paths.length);
      });

      test('hears one action for each change of the view, and none for what changes nothing', async () => {
        const { strongAuth, answer, devtools, challenged, user } = staged();
        const told = () => devtools.actions.filter(strongAuthSlice.actions.changed.match).length;
        const changes = vi.fn();
        strongAuth.view.subscribe(changes);
        const before = told();
        await challenged();
        const second = strongAuth.get('pims.sdk.version'); // a second call in flight
        strongAuth.actor.send({ type: 'pin.malformed' }); // a late event of nobody's
        await answer(succeeded({}));
        await second;
        expect(user.prompts.length).toBeGreaterThan(0);
        expect(told() - before).toBe(changes.mock.calls.length);
        const rest = told();
        strongAuth.actor.send({ type: 'otp.lineFree' });
        await settleDown();
        expect(told()).toBe(rest);
      });

      test('keeps prompt and failure while only something else has changed', async () => {
        const { shown, strongAuth, answer, challenged, type } = staged();
        await challenged();
        const { prompt } = shown();
        const beside = strongAuth.get('pims.sdk.version');
        await settleDown();
        expect(shown().inFlight).toBe(true);
        expect(shown().prompt).toBe(prompt);
        await type(null);
        const { failure } = shown();
        expect([shown().status, failure?.code]).toEqual(['calling', 'CANCELLED']);
        await answer(succeeded({}));
        await beside;
        expect(shown().status).toBe('cancelled');
        expect(shown().failure).toBe(failure);
      });

      test('shows another call in the prompt as soon as it waits', async () => {
        const { shown, strongAuth, answer, challenged } = staged();
        await challenged();
        strongAuth.set(COMMAND, { action: 'horn' }).catch(() => {});
        await settleDown();
        await answer(CHALLENGE);
        expect(shown().prompt?.calls.map(({ action }) => action)).toEqual(['doors', 'horn']);
      });

      test('matches its action, so that a listener or another slice can', () => {
        const { changed } = strongAuthSlice.actions;
        const action: StrongAuthChanged = changed(strongAuthSlice.getInitialState());
        expect([changed.type, changed.match(action), changed.match({ type: 'else' })]).toEqual([
          action.type,
          true,
          false,
        ]);
      });
    });

    describe('disconnected', () => {
      test('the store says idle, and the client goes on', async () => {
        const { shown, disconnect, challenged, strongAuth } = staged();
        await challenged();
        disconnect();
        expect(shown()).toEqual(strongAuthSlice.getInitialState());
        strongAuth.cancel();
        expect(shown()).toEqual(strongAuthSlice.getInitialState());
        expect(strongAuth.view.getSnapshot().status).toBe('cancelled');
      });

      test('late or twice, it leaves the next client alone', async () => {
        const { store, disconnect, shown } = staged();
        disconnect();
        const next = stage();
        await next.challenged();
        connectStrongAuth(store, next.strongAuth);
        disconnect();
        expect(shown().status).toBe('needStrongAuth');
      });

      test('nobody listens to the view any more', () => {
        const listeners = new Set<unknown>();
        const { view } = stage().strongAuth;
        const { store } = staged();
        const disconnect = connectStrongAuth(store, {
          view: {
            getSnapshot: view.getSnapshot,
            subscribe(listener) {
              listeners.add(listener);
              return () => listeners.delete(listener);
            },
          },
        });
        expect(listeners.size).toBe(1);
        disconnect();
        expect(listeners.size).toBe(0);
      });
    });

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

    describe('the devtools', () => {
      /** Two calls of one wave, a wrong PIN, a right one, and both answers. */
      async function play() {
        const on = staged();
        const { store, endpoints, answer, type } = on;
        const subscription = store.dispatch(endpoints.read.initiate('argument-6c1d'));
        store.dispatch(endpoints.command.initiate());
        await settleDown();
        await answer(CHALLENGE, 0);
        await answer(CHALLENGE, 1);
        await type(PIN);
        await answer(failed(2308, 'Wrong pin'));
        await type(PIN);
        await answer(GRANT);
        await answer(succeeded({ vin: 'result-e94c' }), -2);
        await answer(succeeded(), -1);
        await subscription;
        return on;
      }

      test('see no PIN and no OTP, in no action and in no state', async () => {
        const { devtools, shown } = await play();
        expect(shown().status).toBe('done');
        expect(devtools.actions.length).toBeGreaterThan(10);
        const seen = JSON.stringify([devtools.actions, devtools.states]);
        for (const secret of [PIN, SECRET_OTP]) expect(seen).not.toContain(secret);
      });

      test("see what RTK Query keeps, an endpoint's argument and its data, and nothing else of a call", async () => {
        const { devtools } = await play();
        const isOurs = strongAuthSlice.actions.changed.match;
        const [ours, theirs] = [true, false].map((wanted) =>
          JSON.stringify(devtools.actions.filter((action) => isOurs(action) === wanted)),
        );
        for (const kept of ['argument-6c1d', 'result-e94c']) {
          expect(theirs).toContain(kept);
          expect(ours).not.toContain(kept);
        }
        // Parameters that `query` adds are in neither.
        expect(`${ours}${theirs}${JSON.stringify(devtools.states)}`).not.toContain(DOORS.doorState);
      });

      test('travel in time, and nothing is sent and nobody asked', async () => {
        const { devtools, transport, user, store, strongAuth, shown } = await play();
        const before = [transport.requests.length, user.prompts.length];
        const seen = new Set<string>();
        for (let index = 0; index <= devtools.actions.length; index += 1) {
          devtools.jump(index);
          seen.add(shown().status);
          await settleDown();
        }
        devtools.replay();
        await settleDown();
        expect([...seen]).toEqual([
          'idle',
          'calling',
          'needStrongAuth',
          'requestingOtp',
          'replaying',
          'done',
        ]);
        expect([transport.requests.length, user.prompts.length]).toEqual(before);
        expect(strongAuth.view.getSnapshot().status).toBe('done');
        expect(store.getState()).toEqual(devtools.states[devtools.actions.length]);
      });

      test('resume, and the store says what has happened meanwhile', async () => {
        const { devtools, shown, challenged } = await play();
        devtools.jump(0);
        await challenged();
        expect(shown().status).toBe('idle'); // what the user wants to look at
        devtools.resume();
        expect(shown().status).toBe('needStrongAuth');
      });
    });

    test('a state from elsewhere is put right by the next change', async () => {
      const { strongAuth, challenged, type } = stage();
      const reducer: typeof strongAuthSlice.reducer = (state, action) =>
        action.type === 'persist/REHYDRATE'
          ? { status: 'failed', since: 1, inFlight: false, waiting: 7, lastGrantAt: 5 }
          : strongAuthSlice.reducer(state, action);
      const store = configureStore({ reducer: { strongAuth: reducer } });
      connectStrongAuth(store, strongAuth);
      await challenged();
      store.dispatch({ type: 'persist/REHYDRATE' });
      expect(store.getState().strongAuth.waiting).toBe(7);
      await type(null);
      expect(store.getState().strongAuth).toEqual(plain(strongAuth.view.getSnapshot()));
    });
  });
}
