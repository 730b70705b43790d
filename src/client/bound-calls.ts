import {
  type CallOptions,
  type EnsureOptions,
  readCallOptions,
  readEnsureOptions,
} from '../calls/call-options.js';
import type { TypedCalls } from '../pims/api-types.js';
import type { StrongAuth } from './strong-auth.js';

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
  // The types are for whoever calls; here requests and results only pass through. `index` is that of the options.
  const bind = <Options>(
    name: keyof BoundCalls,
    index: number,
    read: (options: Options | undefined) => Options | undefined,
    fallback?: Options,
  ) => {
    const call = strongAuth[name] as (...args: unknown[]) => Promise<unknown>;
    return (...args: unknown[]) => {
      try {
        // Read, not spread: options may be inherited, or getters.
        args[index] = { ...read(fallback), ...read(args[index] as Options | undefined), signal };
      } catch (error) {
        return Promise.reject(error);
      }
      return call(...args);
    };
  };
  return {
    get: bind('get', 2, readCallOptions, defaults),
    set: bind('set', 2, readCallOptions, defaults),
    send: bind('send', 1, readCallOptions, defaults),
    ensure: bind('ensure', 0, readEnsureOptions),
  } as unknown as BoundCalls;
}
