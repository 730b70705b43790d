/** What crosses the bridge: requests, messages, and the one place where a message is read. */

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

/** Why a call failed, in the SDK's words. */
export interface ApiMessageError {
  /** A number, or a numeric string made a number; anything else as it came. */
  readonly code: number | string;
  /** The SDK's text. For developers; not translated. */
  readonly label?: string;
  /** Printed by no page of the SDK, but its template knows it for 2204, 2205 and 2209. */
  readonly subCode?: unknown;
}

/**
 * The SDK's envelope, read once and kept as it came except for a numeric string in `error.code`, which becomes a number:
 * the SDK's own pages show both (OTP page: number; Get Started: string).
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

/**
 * Reads what a transport resolved with. Each field is read once, so that hostile getters cannot change their answer.
 *
 * @returns The message, the same object where nothing had to be normalised; `undefined` if it is none.
 */
export function parseMessage(raw: unknown): ApiMessage | undefined {
  try {
    const { status, error } = raw as { status?: unknown; error?: unknown };
    if (status === 'SUCCEEDED') return raw as ApiMessage;
    if (status === 'FAILED') return withError(raw as object, error);
    if (status === 'RESULT')
      return error === undefined || error === null ? (raw as ApiMessage) : withError(raw as object, error);
  } catch {
    // Nothing that has fields, or a proxy or getter that throws.
  }
  return undefined;
}

/**
 * Reads what a transport rejected with. Only an envelope, or an object with an envelope's `error`, is an answer; a bare `code`
 * is not, since a DOMException and most errors of Node have one too.
 *
 * @returns The message; `undefined` if the transport itself failed.
 */
export function parseThrown(thrown: unknown): FailedMessage | undefined {
  try {
    const { status, error, transactionId } = thrown as Partial<
      Record<'status' | 'error' | 'transactionId', unknown>
    >;
    if (status !== 'FAILED' && status !== undefined) return undefined;
    return withError({ transactionId, status: 'FAILED', error }, error) as FailedMessage | undefined;
  } catch {
    // As above.
  }
  return undefined;
}

/** @returns `raw` with its error's code normalised; `undefined` if it has none. Throws if there is no error to read. */
function withError(raw: object, error: unknown): ApiMessage | undefined {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'number' && typeof code !== 'string') return undefined;
  const number = toNumber(code);
  if (number === code) return raw as ApiMessage;
  return { ...raw, error: { ...(error as object), code: number } } as ApiMessage;
}

function toNumber(code: number | string): number | string {
  return /^\s*\d+\s*$/.test(String(code)) ? Number(code) : code;
}
