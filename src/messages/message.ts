/** What crosses the transport: requests, messages, and the one place where a message is read. */
import { isObject, isThenable, read } from '../host/ask.js';
import { otherFields, toPlain, unbox } from './plain.js';

/**
 * The verbs of the SDK. There is no create or delete: both are a `set` with an `action` (SDK: Get Started).
 */
export type Verb = 'get' | 'set' | 'subscribe' | 'unsubscribe';

/** Parameters of a call, as the SDK takes them: plain data by name. */
export type ApiParameters = Readonly<Record<string, unknown>>;

/** One call of the SDK. */
export interface ApiRequest {
  /** The verb of the call. */
  readonly verb: Verb;
  /** The name of the API, for example `pims.vehicle.command`. */
  readonly api: string;
  /** The parameters, copied when the call is made, so that a replay sends what was meant then. */
  readonly parameters?: ApiParameters | undefined;
}

/** The API of strong authentication itself. The app's own calls of it are never challenged. */
export const OTP_API = 'pims.authentication.otp';

/** The SDK's reason why a call failed. */
export interface ApiMessageError {
  /** A number; a numeric string is converted to one. Any other text is unchanged. */
  readonly code: number | string;
  /** The SDK's text. For developers; not translated. */
  readonly label?: string;
  /** Not documented by the SDK, but its template has it for 2204, 2205 and 2209. */
  readonly subCode?: unknown;
  /** The other fields of the error, as plain data. */
  readonly [field: string]: unknown;
}

/**
 * The SDK's envelope, read once into a plain object. A numeric text in `error.code` becomes a number: the
 * SDK's documentation shows both (OTP page: number; Get Started: string). `result` is passed on unchanged.
 */
export type ApiMessage<Result = unknown> =
  | {
      /** The SDK's id of the call. */
      readonly transactionId?: string;
      /** The call was executed, or the subscription runs. */
      readonly status: 'SUCCEEDED';
      /** The result. A `set` may have none. */
      readonly result?: Result;
    }
  | {
      /** The SDK's id of the call. */
      readonly transactionId?: string;
      /** The call was refused, or could not be executed. */
      readonly status: 'FAILED';
      /** Why the call failed. */
      readonly error: ApiMessageError;
    }
  | {
      /** The SDK's id of the subscription. */
      readonly transactionId?: string;
      /** An event of a subscription. */
      readonly status: 'RESULT';
      /** The data of the event. */
      readonly result?: Result;
      /** The error of the event. It does not end the subscription. */
      readonly error?: ApiMessageError;
    };

/** A message that answers a call with a success. */
export type SucceededMessage<Result = unknown> = Extract<ApiMessage<Result>, { status: 'SUCCEEDED' }>;
/** A message that answers a call with an error of the SDK. */
export type FailedMessage = Extract<ApiMessage, { status: 'FAILED' }>;
/** One event of a subscription. */
export type ResultMessage<Result = unknown> = Extract<ApiMessage<Result>, { status: 'RESULT' }>;

const ofMessage: ReadonlySet<string> = new Set(['status', 'result', 'error', 'transactionId', 'then']);
const ofError: ReadonlySet<string> = new Set(['code', 'label', 'subCode', 'stack', 'then']);

/**
 * Reads what a transport resolved with, or what an SDK passed to a callback, once, field by field, into a
 * plain message of our own. Fields may be own or inherited, getters, or fields of a proxy or a host object.
 *
 * @returns The message; `undefined` if `raw` is no message: it has another status, FAILED without an `error`
 *   with a code, a thenable as result, or it throws when it is read.
 */
export function readMessage(raw: unknown): ApiMessage | undefined {
  if (!isObject(raw)) return undefined;
  try {
    const { status } = raw;
    if (status !== 'SUCCEEDED' && status !== 'FAILED' && status !== 'RESULT') return undefined;
    let error: ApiMessageError | undefined;
    const given = status === 'SUCCEEDED' ? undefined : raw.error;
    if (status === 'FAILED' || (given !== undefined && given !== null)) {
      error = readError(given);
      if (!error) return undefined;
    }
    const result = error ? undefined : raw.result;
    if (isThenable(result)) return undefined;
    const message: Record<string, unknown> = { status };
    const id = unbox(read(raw, 'transactionId'));
    if (typeof id === 'string') message.transactionId = id;
    if (error) message.error = error;
    if (result !== undefined) message.result = result;
    const others = hasOtherFields(raw) ? otherFields(raw, ofMessage) : undefined;
    return (others ? { ...others, ...message } : message) as unknown as ApiMessage;
  } catch {
    return undefined;
  }
}

/** @returns A copy for host code, which may change it: the message itself is still read. */
export function copyMessage(message: ApiMessage): ApiMessage {
  const { error } = message as { error?: ApiMessageError };
  return error ? ({ ...message, error: { ...error } } as ApiMessage) : { ...message };
}

/**
 * Reads what a transport rejected with. Only an envelope, or an object with an envelope's `error`, is an
 * answer. A bare `code` is not, because a DOMException and most errors of Node have one too.
 *
 * @returns The message; `undefined` if the transport itself failed.
 */
export function readThrown(thrown: unknown): FailedMessage | undefined {
  if (!isObject(thrown)) return undefined;
  try {
    const { status } = thrown;
    if (status !== 'FAILED' && status !== undefined) return undefined;
    const error = readError(thrown.error);
    const id = unbox(read(thrown, 'transactionId'));
    return error && { status: 'FAILED', error, ...(typeof id === 'string' && { transactionId: id }) };
  } catch {
    return undefined;
  }
}

/** @returns The error as plain data with a normalised code; `undefined` if it has no code. */
function readError(error: unknown): ApiMessageError | undefined {
  if (!isObject(error)) return undefined;
  const code = toCode(unbox(error.code));
  if (code === undefined) return undefined;
  const label = unbox(read(error, 'label'));
  const subCode = toPlain(read(error, 'subCode'));
  return {
    code,
    ...(typeof label === 'string' && { label }),
    ...(subCode !== undefined && { subCode }),
    ...otherFields(error, ofError),
  };
}

/**
 * Most messages have only the four known fields. A message whose fields cannot be
 * listed counts as one of those.
 */
function hasOtherFields(raw: object): boolean {
  try {
    for (const name in raw) if (!ofMessage.has(name)) return true;
  } catch {
    // A proxy: its known fields were read by name.
  }
  return false;
}

/**
 * Converts a numeric text or a BigInt to a number. Any other code, such as a number that is too large,
 * becomes a text, which JSON can carry.
 */
function toCode(code: unknown): number | string | undefined {
  if (typeof code !== 'number' && typeof code !== 'bigint' && typeof code !== 'string') return undefined;
  const isNumeric = typeof code !== 'string' || /^\s*[+-]?\d+(\.\d+)?\s*$/.test(code);
  const number = isNumeric ? Number(code) : Number.NaN;
  return Number.isFinite(number) ? number : String(code);
}

/**
 * @returns The request that the host returned, read once; `undefined` if it is no
 *   request, or throws when it is read.
 */
export function readHostRequest(made: unknown): ApiRequest | undefined {
  if (!isObject(made)) return undefined;
  try {
    const { verb, api, parameters } = made as unknown as ApiRequest;
    return typeof verb === 'string' && typeof api === 'string' ? { verb, api, parameters } : undefined;
  } catch {
    return undefined;
  }
}
