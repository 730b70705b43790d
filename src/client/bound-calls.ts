import type { CallOptions, EnsureOptions } from '../calls/call-options.js';
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
  const bind = (name: keyof BoundCalls, index: number) => {
    const call = strongAuth[name] as (...args: unknown[]) => unknown;
    return (...args: unknown[]) => {
      args[index] = { ...(index > 0 && defaults), ...(args[index] as object | undefined), signal };
      return call(...args);
    };
  };
  return {
    get: bind('get', 2),
    set: bind('set', 2),
    send: bind('send', 1),
    ensure: bind('ensure', 0),
  } as unknown as BoundCalls;
}
