import type { MachinePolicy } from '../../machines/strong-auth/index.js';
import { refuseUnknownNames } from './names.js';

/** Where a host keeps the times of its OTP requests across restarts. Both methods may be asynchronous. */
export interface OtpBudgetStore {
  /** @returns The times that were saved last, in epoch ms; an empty list the first time. */
  load(): number[] | Promise<number[]>;
  /** Saves `times` (epoch ms) for the next `load`. */
  save(times: number[]): void | Promise<void>;
}

/** A host's own limit on OTP requests, to stay below the back end's limit, which is not published. */
export interface OtpBudget {
  /** The highest number of OTP requests within `perMs`. */
  readonly max: number;
  /** The length of the sliding window, in milliseconds. */
  readonly perMs: number;
  /**
   * Keeps the count across restarts.
   *
   * @default in memory, so each `createStrongAuth` starts at zero
   */
  readonly store?: OtpBudgetStore | undefined;
}

/** The limits of the lifecycle. Durations in milliseconds. */
export interface Policy extends MachinePolicy {
  /**
   * How long each sending of a call may take. The time a call waits does not count.
   * `Infinity` switches the limit off.
   *
   * @default 60_000
   */
  readonly callTimeoutMs: number;
  /**
   * A call older than this when it is challenged, or when the grant comes, rejects `STALE`.
   *
   * @default 300_000
   */
  readonly maxAgeMs: number;
  /**
   * What a PIN looks like. A PIN that does not match is never sent.
   *
   * @default /^\d{4,8}$/
   */
  readonly pinPattern: RegExp;
  /**
   * How the `set` calls that waited are replayed: `parallel` sends all of them at once; `serial` sends each
   * one when the one before has settled, for a back end that may execute two commands in another order than
   * it received them. Reads are sent at once.
   *
   * @default 'parallel'
   */
  readonly replays: 'parallel' | 'serial';
  /**
   * The app's own limit on OTP requests.
   *
   * @default undefined: no limit
   */
  readonly otpBudget: OtpBudget | undefined;
}

/** The `policy` of `createStrongAuth`. A value that is left out has its default. */
export type PolicyOptions = { readonly [Name in keyof Policy]?: Policy[Name] | undefined };

/** The default of every value of `policy`. */
export const defaultPolicy: Policy = {
  maxPinAttempts: 2,
  maxRounds: 1,
  maxWaiting: 1000,
  pinEntryTimeoutMs: 120_000,
  otpTimeoutMs: 30_000,
  callTimeoutMs: 60_000,
  maxAgeMs: 300_000,
  pinPattern: /^\d{4,8}$/,
  replays: 'parallel',
  otpBudget: undefined,
};

/** The longest time a timer can be set for: hosts fire a timer with a longer time at once. */
export const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** A check for each policy: what the value must be, if it is not; otherwise `undefined`. */
export type PolicyChecks<All> = { readonly [Name in keyof All]: (value: unknown) => string | undefined };

const checks: PolicyChecks<Policy> = {
  maxPinAttempts: count,
  maxRounds: count,
  maxWaiting: (value) => (value === Number.POSITIVE_INFINITY ? undefined : count(value)),
  pinEntryTimeoutMs: timeout,
  otpTimeoutMs: timeout,
  callTimeoutMs: (value) => (value === Number.POSITIVE_INFINITY ? undefined : timeout(value)),
  maxAgeMs: (value) =>
    typeof value === 'number' && value >= 0 ? undefined : 'a number of milliseconds, 0 or more',
  pinPattern: (value) => (isPattern(value) ? undefined : 'a regular expression'),
  replays: (value) => (value === 'parallel' || value === 'serial' ? undefined : "'parallel' or 'serial'"),
  otpBudget: (value) =>
    value === undefined || isBudget(value) ? undefined : '{ max, perMs, store? }, max and perMs above 0',
};

/** @returns The whole policy. @throws TypeError for an invalid value or an unknown name. */
export const resolvePolicy = (options: PolicyOptions = {}): Policy =>
  completePolicy(options, defaultPolicy, checks);

/**
 * Reads each policy of `options` once, an inherited one too, and completes them with `defaults`.
 *
 * @throws TypeError for an invalid value or an unknown name.
 */
export function completePolicy<All extends object>(
  options: { readonly [Name in keyof All]?: All[Name] | undefined },
  defaults: All,
  checks: PolicyChecks<All>,
): All {
  if (typeof options !== 'object' || options === null) throw new TypeError('policy must be an object');
  refuseUnknownNames(options, checks, (name) => `policy.${name} is no policy`);
  const policy = { ...defaults } as Record<string, unknown>;
  for (const name of Object.keys(checks) as (keyof All & string)[]) {
    const value: unknown = options[name];
    if (value === undefined) continue;
    const expected = checks[name](value);
    if (expected) throw new TypeError(`policy.${name} must be ${expected}`);
    policy[name] = isPattern(value) ? withoutMemory(value) : value;
  }
  return policy as All;
}

/** @returns Whether `value` is a regular expression, also one of another realm. */
export const isPattern = (value: unknown): value is RegExp =>
  Object.prototype.toString.call(value) === '[object RegExp]';

/**
 * Without the flags `g` and `y`: a pattern with one of them keeps its last position and
 * would refuse every second PIN.
 */
const withoutMemory = ({ source, flags }: RegExp): RegExp => new RegExp(source, flags.replace(/[gy]/g, ''));

/** @returns What `value` must be, if it is no duration that a timer can hold; otherwise `undefined`. */
export function timeout(value: unknown): string | undefined {
  if (typeof value === 'number' && value > 0 && value <= MAX_TIMEOUT_MS) return undefined;
  return `a number of milliseconds above 0 and at most ${MAX_TIMEOUT_MS}`;
}

/** @returns What `value` must be, if it is no whole number above 0; otherwise `undefined`. */
export function count(value: unknown): string | undefined {
  return Number.isSafeInteger(value) && (value as number) > 0 ? undefined : 'a whole number above 0';
}

/** @returns Whether `value` is a limit in a sliding window. */
export function isBudget(value: unknown): value is OtpBudget {
  if (typeof value !== 'object' || value === null) return false;
  const { max, perMs, store, ...unknown } = value as Partial<OtpBudget>;
  if (Object.keys(unknown).length > 0 || count(max) !== undefined) return false;
  if (!(typeof perMs === 'number' && perMs > 0)) return false;
  return store === undefined || (typeof store?.load === 'function' && typeof store.save === 'function');
}
