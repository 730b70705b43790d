import { type BoundCalls, bindCalls } from './bound-calls.js';
import { createStore, Listeners, type ObservableStore } from './store.js';
import type { StrongAuth } from './strong-auth.js';

/** UI state of a call, told apart by `status`. */
export type CallState<Result> =
  | {
      /** Not made yet, or reset. */
      readonly status: 'idle';
      /** Whether it is pending. */
      readonly isPending: false;
      /** Missing: the call has not succeeded. */
      readonly result?: undefined;
      /** Missing: the call has not failed. */
      readonly error?: undefined;
    }
  | {
      /** In flight, or waiting for strong authentication. */
      readonly status: 'pending';
      /** Whether it is pending. */
      readonly isPending: true;
      /** Missing: the call has not succeeded. */
      readonly result?: undefined;
      /** Missing: the call has not failed. */
      readonly error?: undefined;
    }
  | {
      /** It has resolved. */
      readonly status: 'succeeded';
      /** Whether it is pending. */
      readonly isPending: false;
      /** What it resolved with. */
      readonly result: Result;
      /** Missing: the call has not failed. */
      readonly error?: undefined;
    }
  | {
      /** It has rejected. */
      readonly status: 'failed';
      /** Whether it is pending. */
      readonly isPending: false;
      /** Missing: the call has not succeeded. */
      readonly result?: undefined;
      /** What it rejected with: an `ApiError` or a `StrongAuthError` (`isApiError`, `isStrongAuthError`), or what the function threw. */
      readonly error: Error;
    }
  | {
      /** Ended by `abort`. If it had been sent, it may have been executed. */
      readonly status: 'aborted';
      /** Whether it is pending. */
      readonly isPending: false;
      /** Missing: the call has not succeeded. */
      readonly result?: undefined;
      /** Missing: the call has not failed. */
      readonly error?: undefined;
    };

/** Makes a call, or a few that belong together, with the arguments of `run`. */
export type MakeCall<Args extends readonly unknown[], Result> = (
  calls: BoundCalls,
  ...args: Args
) => PromiseLike<Result>;

/** How a call has ended. */
export type EndedCall<Result> = Extract<
  CallState<Result>,
  {
    /** Of the states, those with an end. */
    readonly status: 'succeeded' | 'failed' | 'aborted';
  }
>;

/** What a UI does with its call. The functions need no `this`, and stay the same. */
export interface CallActions<Args extends readonly unknown[], Result> {
  /**
   * Makes the call. While it is pending, nothing is made: the promise is that of the pending call, whatever the arguments.
   *
   * @returns Resolves with how the call has ended: `const { status, result, error } = await run()`. Never rejects, so that the handler
   *   of an event may return it.
   */
  run(this: void, ...args: Args): Promise<EndedCall<Result>>;
  /** Ends a pending call: its state is `aborted`. Does nothing otherwise. */
  abort(this: void): void;
  /** Ends a pending call, and forgets its result or error: the state is `idle`. */
  reset(this: void): void;
}

/** @returns The state, with what belongs to it. */
const stateOf = (status: CallState<unknown>['status'], more?: object) =>
  Object.freeze({ ...more, status, isPending: status === 'pending' }) as never;

const IDLE: CallState<never> = stateOf('idle');
const PENDING: CallState<never> = stateOf('pending');
const ABORTED: EndedCall<never> = stateOf('aborted');

/** A call that is pending, and who waits for its end. */
interface Pending<Result> {
  readonly controller: AbortController;
  readonly promise: Promise<EndedCall<Result>>;
  readonly resolve: (ended: EndedCall<Result>) => void;
}

/** A call of a UI, made with {@link createCall}. */
export interface CallHandle<Args extends readonly unknown[], Result> extends CallActions<Args, Result> {
  /** UI state of the call. */
  readonly view: ObservableStore<CallState<Result>>;
}

/**
 * A call for a UI: pending from the moment it is made, and made once however often `run` is called meanwhile. The adapters for React,
 * Vue and Svelte make one for each component; call `reset` where nobody is left to see what becomes of it.
 *
 * @param make Makes the call, with the arguments of `run`.
 */
export function createCall<Args extends readonly unknown[], Result>(
  strongAuth: StrongAuth,
  make: MakeCall<Args, Result>,
): CallHandle<Args, Result> {
  const listeners = new Listeners<CallState<Result>>();
  let state: CallState<Result> = IDLE;
  let pending: Pending<Result> | undefined;

  const show = (next: CallState<Result>) => {
    state = next;
    listeners.notify(next);
  };
  const end = (ended: EndedCall<Result>, shown: CallState<Result> = ended) => {
    const last = pending;
    pending = undefined;
    if (ended === ABORTED) last?.controller.abort();
    show(shown);
    last?.resolve(ended);
  };
  return {
    view: createStore({ getSnapshot: () => state, subscribe: (listener) => listeners.add(listener) }),
    run(...args) {
      if (pending) return pending.promise;
      const controller = new AbortController();
      let resolve: Pending<Result>['resolve'] = () => {};
      const promise = new Promise<EndedCall<Result>>((settle) => {
        resolve = settle;
      });
      const own = { controller, promise, resolve };
      pending = own;
      show(PENDING);
      if (pending !== own) return promise; // ended by a listener: there is nothing to make
      // What throws at once is a rejection, too.
      const call = (async () => make(bindCalls(strongAuth, controller.signal), ...args))();
      // Whatever comes of a call that was aborted is shown nowhere.
      const settle = (ended: EndedCall<Result>) => pending === own && end(ended);
      call.then(
        (result) => settle(stateOf('succeeded', { result })),
        (error) => settle(stateOf('failed', { error })),
      );
      return promise;
    },
    abort() {
      if (pending) end(ABORTED);
    },
    reset() {
      if (state !== IDLE) end(ABORTED, IDLE);
    },
  };
}
