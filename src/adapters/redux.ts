import type { Reducer } from '@reduxjs/toolkit';
import type { BaseQueryApi, BaseQueryFn } from '@reduxjs/toolkit/query';
import {
  type AnyStrongAuthError,
  type ApiError,
  type ApiRequest,
  type BoundCallOptions,
  bindCalls,
  type ExternalStore,
  isApiError,
  isStrongAuthError,
  type MakeCall,
  type StrongAuth,
  type StrongAuthView,
} from '../index.js';
import type { NoUnknownIn, RequestFor, RequestResult } from '../pims/index.js';

/*
 * Only types are imported from Redux Toolkit: 1.9 has no ES module that Node accepts, and a slice is small enough to be written
 * out. Nothing here listens to a store, so that a state which time travel brings back, or an action it repeats, sends nothing.
 */

/** What a store is told after each change: the whole view as plain data, so that the next one puts right whatever was missed. */
export type StrongAuthChanged = {
  /** The same for every change. */
  readonly type: 'strongAuth/changed';
  /** The view after the change. */
  readonly payload: StrongAuthView;
};

/** What the store says while no client is connected. */
const disconnected: StrongAuthView = { status: 'idle', since: 0, inFlight: false, waiting: 0 };

const changed = Object.assign(
  (payload: StrongAuthView): StrongAuthChanged => ({ type: 'strongAuth/changed', payload }),
  {
    /** The type of the action. */
    type: 'strongAuth/changed' as const,
    /** @returns Whether an action is this one. */
    match: (action: unknown): action is StrongAuthChanged =>
      (action as StrongAuthChanged).type === 'strongAuth/changed',
  },
);

const reducer: Reducer<StrongAuthView> = (state = disconnected, action) => {
  if (!changed.match(action)) return state;
  const { prompt, failure, waiting } = action.payload;
  return {
    ...action.payload,
    // Another number of calls is another prompt: nothing to compare, however many they are.
    ...(prompt && waiting === state.waiting && { prompt: keepIfSame(state.prompt, prompt) }),
    ...(failure && { failure: keepIfSame(state.failure, failure) }),
  } as StrongAuthView;
};

/** A selector of a part must not select something new when another part has changed. */
function keepIfSame<Part>(kept: Part | undefined, part: Part): Part {
  return kept && JSON.stringify(kept) === JSON.stringify(part) ? kept : part;
}

/**
 * The view of a client in a store: `reducer: { [strongAuthSlice.name]: strongAuthSlice.reducer }`, or
 * `combineSlices(strongAuthSlice)` with Redux Toolkit 2. It holds what a `StrongAuthView` holds, and nothing private.
 */
export const strongAuthSlice = {
  /** The key of the slice in the state of the store. */
  name: 'strongAuth',
  /** The same key, under the name that `combineSlices` reads. */
  reducerPath: 'strongAuth',
  /** Puts the view of each {@link StrongAuthChanged} in the place of the one before, and leaves every other action alone. */
  reducer,
  /** `changed` is dispatched by {@link connectStrongAuth}; match it in a reducer or a listener of your own. */
  actions: {
    /** Makes the action for a view. */
    changed,
  },
  /** @returns What the store says while no client is connected. */
  getInitialState: (): StrongAuthView => disconnected,
  /** @returns The view, of the state of the whole store. */
  selectSlice: (state: { readonly strongAuth: StrongAuthView }): StrongAuthView => state.strongAuth,
} as const;

/**
 * Mirrors the view of a running client into the {@link strongAuthSlice} of a store, from now on. A store mirrors one client.
 *
 * @returns How to stop. The store then says `idle`; the client goes on.
 */
export function connectStrongAuth(
  store: { dispatch(action: StrongAuthChanged): unknown },
  { view }: { readonly view: ExternalStore<StrongAuthView> },
): () => void {
  const mirror = () => {
    const { prompt, ...rest } = view.getSnapshot();
    // The prompt's `calls` is a getter: the store gets what it says now.
    store.dispatch(changed({ ...rest, ...(prompt && { prompt: { ...prompt } }) } as StrongAuthView));
  };
  let unsubscribe: (() => void) | undefined = view.subscribe(mirror);
  mirror();
  return () => {
    if (!unsubscribe) return; // another client may be connected by now
    unsubscribe();
    unsubscribe = undefined;
    store.dispatch(changed(disconnected));
  };
}

/** What an endpoint may ask for its calls; the signal is the query's own. */
export type StrongAuthQueryOptions = BoundCallOptions;

/** What the `query` of an endpoint returns. It is not kept in the store, so `replay` may be a function. */
export interface StrongAuthQueryArgs extends Pick<ApiRequest, 'api' | 'parameters'>, StrongAuthQueryOptions {
  /** `get` for queries and `set` for mutations, unless given. */
  readonly verb?: ApiRequest['verb'] | undefined;
}

/** The SDK said FAILED: an `ApiError` as plain data. */
export interface PlainApiError
  extends Pick<ApiError, 'name' | 'message' | 'code' | 'label' | 'category' | 'verb' | 'api' | 'details'> {
  /** The SDK's id of the call, if it sent one. */
  readonly transactionId?: string;
}

/** The call ended without an answer of its own: a `StrongAuthError` as plain data, without its `cause`. */
export type PlainStrongAuthError = PlainOf<AnyStrongAuthError>;

/** One by one, so that `switch (error.code)` narrows `details`. */
type PlainOf<E> = E extends AnyStrongAuthError
  ? Pick<E, 'name' | 'message' | 'code' | 'remedy' | 'details' | 'verb' | 'api' | 'action'>
  : never;

/** The call was given up with its query. */
export interface PlainAbortError {
  /** The name of what an `AbortSignal` gives as its reason. */
  readonly name: 'AbortError';
  /** What happened, for a log. */
  readonly message: string;
}

/** Why a query failed, as plain data. Switch on `name`, then on `code`. */
export type StrongAuthQueryError = PlainApiError | PlainStrongAuthError | PlainAbortError;

/** RTK Query takes no `undefined` for data. */
type Data<Result> = Result extends void ? null : Result;

/** What a `queryFn` returns. */
export type StrongAuthQueryResult<Result> =
  | {
      /** The result of the call, `null` if the SDK sent none. */
      readonly data: Data<Result>;
      /** None: the call succeeded. */
      readonly error?: undefined;
    }
  | {
      /** None: the call failed. */
      readonly data?: undefined;
      /** Why it failed, as plain data. */
      readonly error: StrongAuthQueryError;
    };

/**
 * A `baseQuery` for RTK Query whose calls go through a client: they wait for strong authentication, and end with their query.
 * The data is the result, `null` if the SDK sent none.
 *
 * An endpoint's `extraOptions` hold for all of its calls, those its `query` returns for one.
 *
 * @param client The client, or a function that finds it, for an API that several stores share.
 */
export function strongAuthBaseQuery(
  client: Pick<StrongAuth, 'send'> | ((api: BaseQueryApi) => Pick<StrongAuth, 'send'>),
): BaseQueryFn<StrongAuthQueryArgs, unknown, StrongAuthQueryError, StrongAuthQueryOptions> {
  return ({ api, parameters, verb, ...options }, query, extraOptions) => {
    const found = typeof client === 'function' ? client(query) : client;
    const { send } = bindCalls(found as StrongAuth, query.signal, extraOptions);
    const request = { verb: verb ?? (query.type === 'mutation' ? 'set' : 'get'), api, parameters };
    return toQueryResult(send(request, options).then(({ result }) => result));
  };
}

/** What a typed endpoint gives to `build.query` or `build.mutation`. */
export interface StrongAuthEndpoint<Arg, Result> {
  /** Makes the request, for {@link strongAuthBaseQuery}. */
  query(arg: Arg): StrongAuthQueryArgs;
  /** Passes the result on, with its type. */
  transformResponse(result: unknown): Result;
}

/** What the base query resolves with: of `set`, the SDK may leave the result out. */
type RequestData<Request> = Request extends { readonly verb: 'get' }
  ? Data<RequestResult<Request>>
  : Data<RequestResult<Request> | undefined>;

/**
 * A typed endpoint over {@link strongAuthBaseQuery}, which may be shared by several stores or wrapped: the argument, the parameters
 * and the result are those of the request, as with `send` of the client. A name that begins with `pims.` must be one of the SDK's; any
 * other is accepted, and its data is `unknown`. Give the endpoint no type arguments.
 *
 * @param make Makes the request, with the argument of the endpoint; it takes one at most. It may add the options of the call.
 *
 * @example
 * doors: build.mutation({
 *   ...strongAuthEndpoint((doorState: 'lock' | 'unlock') => ({
 *     verb: 'set',
 *     api: 'pims.vehicle.command',
 *     parameters: { action: 'doors', doorState },
 *   })),
 *   invalidatesTags: ['doors'],
 * }),
 */
export function strongAuthEndpoint<
  Args extends readonly unknown[],
  V extends ApiRequest['verb'],
  Api extends string,
  const Request extends RequestFor<V, Api>,
>(
  make: (
    ...args: Args
  ) => Request & { readonly verb: V; readonly api: Api } & NoUnknownIn<Request> & StrongAuthQueryOptions,
): StrongAuthEndpoint<Args extends readonly [infer Arg] ? Arg : void, RequestData<Request>> {
  return {
    query: (arg) => make(...([arg] as unknown as Args)) as StrongAuthQueryArgs,
    transformResponse: (result) => result as RequestData<Request>,
  };
}

/** The `queryFn` of an endpoint. */
export type StrongAuthQueryFn<Arg, Result> = (
  arg: Arg,
  query: BaseQueryApi,
  extraOptions?: StrongAuthQueryOptions,
) => Promise<StrongAuthQueryResult<Result>>;

/**
 * A typed endpoint: a `queryFn` whose argument and result are those of the call. The call waits for strong authentication, and ends
 * with its query. Give the endpoint no type arguments: `build.mutation({ queryFn: strongAuthQueryFn(strongAuth, …) })`.
 *
 * The `extraOptions` of the endpoint hold for the calls that say nothing else.
 *
 * @param client The client, or a function that finds it, for an API that several stores share.
 * @param call Makes the call, or a few that belong together, with the argument of the endpoint; it takes one at most.
 *
 * @example
 * doors: build.mutation({
 *   queryFn: strongAuthQueryFn(strongAuth, ({ set }, doorState: 'lock' | 'unlock') =>
 *     set('pims.vehicle.command', { action: 'doors', doorState }),
 *   ),
 * }),
 */
export function strongAuthQueryFn<Args extends readonly unknown[], Result>(
  client: StrongAuth | ((api: BaseQueryApi) => StrongAuth),
  call: MakeCall<Args, Result>,
): StrongAuthQueryFn<Args extends readonly [infer Arg] ? Arg : void, Result> {
  return (arg, query, extraOptions) => {
    const strongAuth = typeof client === 'function' ? client(query) : client;
    return toQueryResult(
      (async () => call(bindCalls(strongAuth, query.signal, extraOptions), ...([arg] as unknown as Args)))(),
    );
  };
}

/**
 * A call as a `queryFn` returns it: `queryFn: (_, { signal }) => toQueryResult(strongAuth.get(api, parameters, { signal }))`,
 * which has the types of the call.
 *
 * @returns Resolves with data, or with an error as plain data. Rejects with whatever is neither the SDK's answer, ours, nor an
 *   AbortError, such as the TypeError for arguments that make no sense.
 */
export async function toQueryResult<Result>(
  call: PromiseLike<Result>,
): Promise<StrongAuthQueryResult<Result>> {
  try {
    return { data: ((await call) ?? null) as Data<Result> };
  } catch (error) {
    return { error: toQueryError(error) };
  }
}

function toQueryError(error: unknown): StrongAuthQueryError {
  if (isApiError(error)) {
    return error.toJSON() as PlainApiError;
  }
  if (isStrongAuthError(error)) {
    return error.toJSON() as PlainStrongAuthError;
  }
  const { name, message } = Object(error) as Partial<Error>;
  // RTK Query ended the query before, and would print an error that is thrown.
  if (name === 'AbortError') return { name, message: String(message) };
  throw error;
}
