/** What crosses the transport: requests, messages, and the one place where a message is read. */
import { isObject, isThenable, read } from '../host/ask.js';
import { otherFields, toPlain, unbox } from './plain.js';

/** What can be asked of the SDK. There is no create or delete: both are a `set` with an `action` (SDK: Get Started). */
export type Verb = 'get' | 'set' | 'subscribe' | 'unsubscribe';

/** Parameters of a call, as the SDK takes them: plain data under names. */
export type ApiParameters = Readonly<Record<string, unknown>>;

/** One call of the SDK. */
export interface ApiRequest {
  /** What is asked. */
  readonly verb: Verb;
  /** For example `pims.vehicle.command`. */
  readonly api: string;
  /** What goes with it; copied when the call is made, so that a replay sends what was meant then. */
  readonly parameters?: ApiParameters | undefined;
}

/** The API that strong authentication itself goes through. An app's own calls of it are never challenged. */
export const OTP_API = 'pims.authentication.otp';

/** Why a call failed, in the SDK's words. */
export interface ApiMessageError {
  /** A number, or a numeric string made a number; anything else as it came. */
  readonly code: number | string;
  /** The SDK's text. For developers; not translated. */
  readonly label?: string;
  /** Printed by no page of the SDK, but its template knows it for 2204, 2205 and 2209. */
  readonly subCode?: unknown;
  /** Whatever else the error held, as plain data. */
  readonly [field: string]: unknown;
}

/**
 * The SDK's envelope, read once into a plain object. A numeric text in `error.code` becomes a number: the SDK's own pages show
 * both (OTP page: number; Get Started: string). `result` is passed on as it came.
 */
export type ApiMessage<Result = unknown> =
  | {
      /** The SDK's id of the call. */
      readonly transactionId?: string;
      /** The call was executed; of a subscription: it is running. */
      readonly status: 'SUCCEEDED';
      /** What it brought. A `set` may go without. */
      readonly result?: Result;
    }
  | {
      /** The SDK's id of the call. */
      readonly transactionId?: string;
      /** The call was refused, or could not be executed. */
      readonly status: 'FAILED';
      /** Why. */
      readonly error: ApiMessageError;
    }
  | {
      /** The SDK's id of the subscription. */
      readonly transactionId?: string;
      /** An event of a subscription. */
      readonly status: 'RESULT';
      /** What it brought. */
      readonly result?: Result;
      /** What went wrong. It does not end the subscription. */
      readonly error?: ApiMessageError;
    };

/** A message that answers a call well. */
export type SucceededMessage<Result = unknown> = Extract<ApiMessage<Result>, { status: 'SUCCEEDED' }>;
/** A message that answers a call with an error of the SDK. */
export type FailedMessage = Extract<ApiMessage, { status: 'FAILED' }>;
/** One event of a subscription. */
export type ResultMessage<Result = unknown> = Extract<ApiMessage<Result>, { status: 'RESULT' }>;

const ofMessage: ReadonlySet<string> = new Set(['status', 'result', 'error', 'transactionId', 'then']);
const ofError: ReadonlySet<string> = new Set(['code', 'label', 'subCode', 'stack', 'then']);

/**
 * Reads what a transport resolved with, or an SDK called back with: once, field by field, into a plain message of our own.
 * Fields may be the object's own or inherited, getters, or those of a proxy or a host object.
 *
 * @returns The message; `undefined` if it is none: another status, FAILED without an `error` that has a code, a result that a
 *   promise would wait for, or something that throws when it is read.
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

/**
 * Reads what a transport rejected with. Only an envelope, or an object with an envelope's `error`, is an answer; a bare `code`
 * is not, since a DOMException and most errors of Node have one too.
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

/** @returns The error in plain data, its code normalised; `undefined` if it has none. */
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

/** Most messages hold no more than the four fields; one that refuses to name its fields is taken for one of them. */
function hasOtherFields(raw: object): boolean {
  try {
    for (const name in raw) if (!ofMessage.has(name)) return true;
  } catch {
    // A proxy: what is known of it was read by name.
  }
  return false;
}

/** A numeric text or a BigInt becomes a number; what is none, or too large to be one, is a text, which JSON carries too. */
function toCode(code: unknown): number | string | undefined {
  if (typeof code !== 'number' && typeof code !== 'bigint' && typeof code !== 'string') return undefined;
  const isNumeric = typeof code !== 'string' || /^\s*[+-]?\d+(\.\d+)?\s*$/.test(code);
  const number = isNumeric ? Number(code) : Number.NaN;
  return Number.isFinite(number) ? number : String(code);
}

/** @returns The request that the host made, read once; `undefined` if it is none, or throws when it is read. */
export function readHostRequest(made: unknown): ApiRequest | undefined {
  if (!isObject(made)) return undefined;
  try {
    const { verb, api, parameters } = made as unknown as ApiRequest;
    return typeof verb === 'string' && typeof api === 'string' ? { verb, api, parameters } : undefined;
  } catch {
    return undefined;
  }
}
