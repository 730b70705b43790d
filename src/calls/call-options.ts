import { refuseUnknownNames } from '../host/names.js';
import { timeout } from '../host/policy.js';
import { checkSignal } from '../host/signals.js';
import type { ApiRequest } from '../messages/message.js';

/** Whether a call that was challenged may be sent again once strong authentication is granted. */
export type ReplayOption = 'auto' | 'never' | ((request: ApiRequest) => boolean | Promise<boolean>);

/** The options of one call. */
export interface CallOptions {
  /** Ends the call at once: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Limit for the whole call, waiting included, in milliseconds; then it rejects `TIMED_OUT`.
   *
   * @default undefined: no limit
   */
  readonly timeoutMs?: number | undefined;
  /**
   * `auto` sends a challenged call again after the grant. With `never`, or a function
   * that returns anything but true, the call rejects `REPLAY_DECLINED` instead: for commands
   * that must not be executed late.
   *
   * @default 'auto'
   */
  readonly replay?: ReplayOption | undefined;
  /**
   * Limit for the call's age, in milliseconds. A call that is older when it is challenged, or when the grant
   * comes, rejects `STALE`.
   *
   * @default the policy's
   */
  readonly maxAgeMs?: number | undefined;
  /**
   * False for calls that no user waits for, such as pollers: they join a running wave but
   * never open a prompt.
   *
   * @default true
   */
  readonly interactive?: boolean | undefined;
  /** The app's own description of the call, shown as `prompt.calls[].label` and in `explain()`. */
  readonly label?: string | undefined;
}

/** The options of an `ensure`. */
export interface EnsureOptions {
  /** Ends the `ensure`: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Limit in milliseconds; then it rejects `TIMED_OUT`.
   *
   * @default undefined: no limit
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Milliseconds. If the last grant is younger, `ensure` resolves at once, without a prompt.
   *
   * @default undefined: every `ensure` asks
   */
  readonly maxAgeMs?: number | undefined;
}

type Checks<Options> = { readonly [Name in keyof Required<Options>]: (value: unknown) => string | undefined };

const ensureChecks: Checks<EnsureOptions> = {
  signal(value) {
    checkSignal(value);
    return undefined;
  },
  timeoutMs: (value) => (value === Number.POSITIVE_INFINITY ? undefined : timeout(value)),
  maxAgeMs: (value) =>
    typeof value === 'number' && value >= 0 ? undefined : 'a number of milliseconds, 0 or more',
};

const callChecks: Checks<CallOptions> = {
  ...ensureChecks,
  replay: (value) =>
    value === 'auto' || value === 'never' || typeof value === 'function'
      ? undefined
      : "'auto', 'never' or a function",
  interactive: (value) => (typeof value === 'boolean' ? undefined : 'a boolean'),
  label: (value) => (typeof value === 'string' ? undefined : 'a string'),
};

/**
 * Copies the options of a call into an object of our own.
 *
 * @throws TypeError that names the option that is unknown or has an invalid value.
 */
export const readCallOptions = (options: CallOptions | undefined): CallOptions | undefined =>
  readOptions(options, callChecks);

/** Copies the options of an `ensure` in the same way. */
export const readEnsureOptions = (options: EnsureOptions | undefined): EnsureOptions | undefined =>
  readOptions(options, ensureChecks);

function readOptions<Options extends object>(
  options: Options | undefined,
  checks: Checks<Options>,
): Options | undefined {
  if (options === undefined) return undefined;
  if (typeof options !== 'object' || options === null) throw new TypeError('options must be an object');
  // This also finds a signal given instead of options.
  refuseUnknownNames(options, checks, (name) => `options.${name} is no option`);
  const own: Record<string, unknown> = {};
  for (const name of Object.keys(checks)) {
    const value: unknown = options[name as keyof Options];
    if (value === undefined) continue;
    const expected = checks[name as keyof Options](value);
    if (expected) throw new TypeError(`options.${name} must be ${expected}`);
    own[name] = value;
  }
  return own as Options;
}

/**
 * Copies a request, without its parameters, into an object of our own.
 *
 * @throws TypeError that says what is wrong with it.
 */
export function readRequest(request: ApiRequest, verbs: readonly string[]): ApiRequest {
  const { verb, api, parameters } = request ?? {};
  if (!verbs.includes(verb)) throw new TypeError(`the verb must be one of ${verbs.join(', ')}`);
  if (typeof api !== 'string' || api === '') throw new TypeError('the API must be named by a string');
  if (parameters !== undefined && (typeof parameters !== 'object' || parameters === null)) {
    throw new TypeError('the parameters must be an object');
  }
  return parameters === undefined ? { verb, api } : { verb, api, parameters };
}
