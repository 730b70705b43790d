import { timeout } from '../host/policy.js';
import { checkSignal } from '../host/signals.js';
import type { ApiRequest } from '../messages/message.js';

/** Whether a call that was challenged may be sent again once strong authentication is granted. */
export type ReplayOption = 'auto' | 'never' | ((request: ApiRequest) => boolean | Promise<boolean>);

/** The options of one call. */
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
  /** Milliseconds; older than this when it is challenged, or when the grant comes, the call rejects `STALE`. Default: the policy's. */
  readonly maxAgeMs?: number | undefined;
  /** False for calls nobody is waiting for, such as pollers: they join a running wave but never open a prompt. Default true. */
  readonly interactive?: boolean | undefined;
  /** The app's own words for what is asked, shown as `prompt.calls[].label` and in `explain()`. */
  readonly label?: string | undefined;
}

/** The options of an `ensure`. */
export interface EnsureOptions {
  /** Stops waiting; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds. No limit unless given. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds; if the last grant is younger, `ensure` resolves at once and nobody is asked. */
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
 * Reads the options of a call once, into an object of our own.
 *
 * @throws TypeError that names the option which makes no sense, or which is none.
 */
export const readCallOptions = (options: CallOptions | undefined): CallOptions | undefined =>
  readOptions(options, callChecks);

/** The same for an `ensure`. */
export const readEnsureOptions = (options: EnsureOptions | undefined): EnsureOptions | undefined =>
  readOptions(options, ensureChecks);

function readOptions<Options extends object>(
  options: Options | undefined,
  checks: Checks<Options>,
): Options | undefined {
  if (options === undefined) return undefined;
  if (typeof options !== 'object' || options === null) throw new TypeError('options must be an object');
  // Inherited ones too: of defaults that others are derived from, and of a signal given instead of options.
  for (const name in options) {
    const isKnown = Object.keys(checks).includes(name) || name in Object.prototype;
    if (!isKnown) throw new TypeError(`options.${name} is no option`);
  }
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
 * Reads a request once.
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
