import type { InspectionEvent } from 'xstate';
import { read } from '../host/ask.js';
import { systemClock } from '../host/clock.js';
import { refuseUnknownNames } from '../host/names.js';
import { type Policy, resolvePolicy } from '../host/policy.js';
import { surface } from '../host/surface.js';
import type { StrongAuthOptions } from './strong-auth.js';

/** The options of a client, read once and completed with the defaults. */
export type ResolvedOptions = Omit<StrongAuthOptions, 'policy' | 'clock'> & {
  readonly policy: Policy;
  readonly clock: NonNullable<StrongAuthOptions['clock']>;
};

type Check = (value: unknown) => void;

export const isFunction = (value: unknown): boolean => typeof value === 'function';
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
export const must = (isRight: boolean, what: string): void => {
  if (!isRight) throw new TypeError(what);
};
export const aFunction =
  (name: string): Check =>
  (value) =>
    must(isFunction(value), `${name} must be a function`);

/** A check for each option. A name that is not listed here is rejected. */
const checks: { readonly [Name in keyof Required<StrongAuthOptions>]: Check } = {
  transport: checkTransport,
  enterPin: aFunction('enterPin'),
  policy: () => {},
  onEvent: aFunction('onEvent'),
  inspect: checkInspect,
  clock: checkClock,
  classify(value) {
    must(isObject(value), 'classify must be an object');
    const { call, otp, ...others } = value as Record<string, unknown>;
    for (const name of Object.keys(others)) must(false, `classify.${name} is no phase: call and otp are`);
    for (const [name, given] of Object.entries({ call, otp })) {
      must(given === undefined || isFunction(given), `classify.${name} must be a function`);
    }
  },
  prepareReplay: aFunction('prepareReplay'),
  grant: (value) =>
    must(
      isObject(value) && isFunction(value.read) && isFunction(value.apply),
      'grant must have read() and apply()',
    ),
  requestOtp: aFunction('requestOtp'),
  recover: aFunction('recover'),
};

/**
 * Reads the options once.
 *
 * @throws TypeError for an option that is missing, invalid or unknown, and for a host
 *   without what the client needs.
 */
export function readOptions(options: StrongAuthOptions): ResolvedOptions {
  checkHost();
  must(isObject(options), 'createStrongAuth takes an options object');
  const own: Record<string, unknown> = {};
  refuseUnknownNames(options, checks, (name) => `${name} is no option of createStrongAuth`);
  for (const [name, check] of Object.entries(checks)) {
    const value: unknown = options[name as keyof StrongAuthOptions];
    const isNeeded = name === 'transport' || name === 'enterPin';
    if (value === undefined && !isNeeded) continue;
    check(value);
    own[name] = value;
  }
  const { policy, clock = systemClock, ...others } = own as unknown as StrongAuthOptions;
  return { ...others, clock, policy: resolvePolicy(policy) };
}

/** @throws TypeError unless `value` has the methods of a clock. */
export function checkClock(value: unknown): void {
  const clock = (value ?? {}) as Record<string, unknown>;
  for (const method of ['setTimeout', 'clearTimeout', 'now']) {
    must(isFunction(clock[method]), `clock must have ${method}()`);
  }
  const { monotonic } = clock;
  must(monotonic === undefined || isFunction(monotonic), 'clock.monotonic must be a function');
}

/** @throws TypeError unless `value` is a function or an observer. */
export function checkInspect(value: unknown): void {
  must(isFunction(value) || isObject(value), 'inspect must be a function or an observer');
}

/** @throws TypeError unless `transport` has a `send`. The message gives a hint if it is the SDK itself. */
export function checkTransport(transport: unknown): void {
  const { send, subscribe, get, set } = (transport ?? {}) as Record<string, unknown>;
  const looksLikeSdk = isFunction(get) && isFunction(set);
  must(
    isFunction(send),
    looksLikeSdk
      ? 'transport must have a send(): this looks like the SDK itself, give fromPims(sdk)'
      : 'transport must have a send()',
  );
  must(subscribe === undefined || isFunction(subscribe), 'transport.subscribe must be a function');
}

/**
 * @throws TypeError that names a function which all current hosts have and this one lacks; an old
 *   or minimal engine may lack it.
 */
export function checkHost(): void {
  for (const name of ['AbortController', 'queueMicrotask', 'setTimeout', 'clearTimeout']) {
    must(isFunction(read(globalThis, name)), `this host has no ${name}, which strong-auth-machine needs`);
  }
}

/** An inspector that throws must not stop the machine. */
export function shielded(
  inspect: NonNullable<StrongAuthOptions['inspect']>,
): (event: InspectionEvent) => void {
  return (event) => {
    try {
      if (typeof inspect === 'function') inspect(event);
      else inspect.next?.(event);
    } catch (error) {
      surface(error);
    }
  };
}
