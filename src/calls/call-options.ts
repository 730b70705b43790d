import { timeout } from '../host/policy.js';
import type { ApiParameters, ApiRequest } from '../messages/message.js';

/** Whether a call that was challenged may be sent again once strong authentication is there. */
export type ReplayOption = 'auto' | 'never' | ((request: ApiRequest) => boolean | Promise<boolean>);

/** What one call may ask for itself. */
export interface CallOptions {
  /** Ends the call at once; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the whole call, waiting included. No limit unless given. */
  readonly timeoutMs?: number | undefined;
  /**
   * `auto` (default) sends a challenged call again after the grant. `never`, and a function that answers anything but true,
   * reject `REPLAY_DECLINED` instead: for commands that must not happen late.
   */
  readonly replay?: ReplayOption | undefined;
  /** Milliseconds; older than this when the grant comes, the call rejects `STALE`. The policy's unless given. */
  readonly maxAgeMs?: number | undefined;
  /** False for calls nobody is waiting for, such as pollers: they join a running wave but never open a prompt. */
  readonly interactive?: boolean | undefined;
}

/** What `ensure` may be given. */
export interface EnsureOptions {
  /** Stops waiting; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds. No limit unless given. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds; a last grant younger than this is good enough, and nobody is asked. */
  readonly maxAgeMs?: number | undefined;
}

/** @throws TypeError that names the option which makes no sense. */
export function checkOptions(options: CallOptions | undefined): void {
  if (options === undefined) return;
  if (typeof options !== 'object' || options === null) throw new TypeError('options must be an object');
  const { signal, timeoutMs, replay, maxAgeMs, interactive } = options;
  if (signal !== undefined && typeof signal?.addEventListener !== 'function') {
    throw new TypeError('options.signal must be an AbortSignal');
  }
  if (timeoutMs !== undefined && timeoutMs !== Number.POSITIVE_INFINITY) {
    const expected = timeout(timeoutMs);
    if (expected) throw new TypeError(`options.timeoutMs must be ${expected}`);
  }
  if (replay !== undefined && replay !== 'auto' && replay !== 'never' && typeof replay !== 'function') {
    throw new TypeError("options.replay must be 'auto', 'never' or a function");
  }
  if (maxAgeMs !== undefined && !(typeof maxAgeMs === 'number' && maxAgeMs >= 0)) {
    throw new TypeError('options.maxAgeMs must be a number of milliseconds, 0 or more');
  }
  if (interactive !== undefined && typeof interactive !== 'boolean') {
    throw new TypeError('options.interactive must be a boolean');
  }
}

/** @throws TypeError that says what is wrong with the request. */
export function checkRequest({ verb, api, parameters }: ApiRequest, verbs: readonly string[]): void {
  if (!verbs.includes(verb)) throw new TypeError(`the verb must be one of ${verbs.join(', ')}`);
  if (typeof api !== 'string' || api === '') throw new TypeError('the API must be named by a string');
  if (parameters !== undefined && (typeof parameters !== 'object' || parameters === null)) {
    throw new TypeError('the parameters must be an object');
  }
}

/**
 * Copies parameters as they are now: the app may change its object before the replay. Plain objects and arrays are copied,
 * everything else is passed on as it is.
 */
export function captureParameters(parameters: ApiParameters | undefined): ApiParameters | undefined {
  return parameters === undefined ? undefined : (copy(parameters, undefined) as ApiParameters);
}

function copy(value: unknown, outer: Map<object, unknown> | undefined): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const copied = outer?.get(value);
  if (copied !== undefined) return copied;
  const isList = Array.isArray(value);
  if (!isList && !isPlain(value)) return value;

  const target: unknown[] | Record<string, unknown> = isList ? [] : {};
  let seen = outer;
  for (const key of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[key];
    let kept = inner;
    if (typeof inner === 'object' && inner !== null) {
      seen ??= new Map();
      seen.set(value, target); // for a cycle
      kept = copy(inner, seen);
    }
    if (key === '__proto__') {
      Object.defineProperty(target, key, {
        value: kept,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    } else {
      (target as Record<string, unknown>)[key] = kept;
    }
  }
  return target;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}
