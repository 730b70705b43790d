import type { CallOptions, EnsureOptions, ExternalStore, StrongAuth } from '../index.js';
import type { TypedCalls } from '../pims/index.js';

/** The options of a call whose signal is given by whoever makes the call: a component, a query, an invoke. */
export type BoundCallOptions = Omit<CallOptions, 'signal'>;

/** The calls of a client, with its types, all with one signal. They need no `this`. */
export interface BoundCalls extends Pick<TypedCalls<BoundCallOptions>, 'get' | 'set' | 'send'> {
  /** Strong authentication ahead of need. Resolves at the grant. */
  ensure(options?: Omit<EnsureOptions, 'signal'>): Promise<void>;
}

/** @returns The calls of the client, with `signal`, and with `defaults` for what the options of a call leave out. */
export function bindCalls(
  strongAuth: StrongAuth,
  signal: AbortSignal,
  defaults?: BoundCallOptions,
): BoundCalls {
  // The types are for whoever calls; here requests and results only pass through.
  const { get, set, send } = strongAuth as unknown as Record<
    'get' | 'set' | 'send',
    (...args: unknown[]) => unknown
  >;
  const withSignal = (options: object) => ({ ...defaults, ...options, signal });
  return {
    get: (api: string, parameters: unknown, options: object) => get(api, parameters, withSignal(options)),
    set: (api: string, parameters: unknown, options: object) => set(api, parameters, withSignal(options)),
    send: (request: object, options: object) => send(request, withSignal(options)),
    ensure: (options: object) => strongAuth.ensure({ ...options, signal }),
  } as BoundCalls;
}

/** The state of a call of a component, told apart by `status`. */
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

/** What a component does with its call. The functions need no `this`, and stay the same. */
export interface CallActions<Args extends readonly unknown[], Result> {
  /**
   * Makes the call. While it is pending, nothing is made: the promise is that of the pending call, whatever the arguments.
   *
   * @returns Resolves and rejects as the call does. A rejection that nobody handles is not reported: it is the `error` of the state.
   */
  run(this: void, ...args: Args): Promise<Result>;
  /** Ends a pending call: its state is `aborted`, and its promise rejects with an AbortError. Does nothing otherwise. */
  abort(this: void): void;
  /** Ends a pending call, and forgets its result or error: the state is `idle`. */
  reset(this: void): void;
}

export const IDLE_CALL: CallState<never> = Object.freeze({ status: 'idle', isPending: false });
const PENDING: CallState<never> = Object.freeze({ status: 'pending', isPending: true });
const ABORTED: CallState<never> = Object.freeze({ status: 'aborted', isPending: false });

/** A call of a component, as a store. It is reset when its last subscriber leaves: nobody is left to see what becomes of it. */
export function createCall<Args extends readonly unknown[], Result>(
  strongAuth: StrongAuth,
  make: MakeCall<Args, Result>,
): ExternalStore<CallState<Result>> & CallActions<Args, Result> {
  const listeners = new Set<(state: CallState<Result>) => void>();
  let state: CallState<Result> = IDLE_CALL;
  /** Of the pending call. */
  let controller: AbortController | undefined;
  let promise: Promise<Result>;

  const show = (next: CallState<Result>) => {
    state = next;
    for (const listener of [...listeners]) listener(next);
  };
  const end = (next: CallState<Result>) => {
    controller?.abort();
    controller = undefined;
    if (state !== next) show(next);
  };
  const reset = () => end(IDLE_CALL);
  return {
    getSnapshot: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) reset();
      };
    },
    run(...args) {
      if (controller) return promise;
      const own = new AbortController();
      controller = own;
      // What throws at once rejects, too.
      promise = (async () => make(bindCalls(strongAuth, own.signal), ...args))();
      const settle = (next: CallState<Result>) => {
        if (controller !== own) return; // aborted: whatever comes now is of no call that is shown
        controller = undefined;
        show(next);
      };
      promise.then(
        (result) => settle({ status: 'succeeded', isPending: false, result }),
        (error) => settle({ status: 'failed', isPending: false, error }),
      );
      show(PENDING);
      return promise;
    },
    abort: () => controller && end(ABORTED),
    reset,
  };
}
