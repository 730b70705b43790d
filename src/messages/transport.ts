import type { ApiRequest } from './message.js';

/** What a transport may want to know of one sending. */
export interface SendOptions {
  /**
   * Aborted when nobody waits for the answer any more (caller aborted, deadline, `cancel`, `reset`, `dispose`).
   * Made when it is first read: a transport that cannot abort pays nothing for it.
   */
  readonly signal: AbortSignal;
}

/**
 * How a request reaches the SDK. Injected; `fromPims` makes one of the callback SDK.
 *
 * Whatever it yields is parsed: it may resolve with any envelope, reject with one (or with `{ error: { code } }`), or fail
 * with an error of its own. A synchronous throw counts as a rejection.
 */
export interface Transport {
  /** Sends one `get`, `set` or `unsubscribe`, and resolves with the message that answers it. */
  send(request: ApiRequest, options: SendOptions): Promise<unknown>;
  /**
   * Registers for events. The first SUCCEEDED or FAILED given to `onMessage` is the acknowledgement, every RESULT an event.
   * Leave it out when there is nothing to subscribe to.
   */
  subscribe?(request: ApiRequest, onMessage: (message: unknown) => void, options: SendOptions): unknown;
  /** The SDK's own start and end, for code that runs on `asPims()`. Never challenged. */
  lifecycle?(call: 'initialize' | 'release', parameters?: unknown): Promise<unknown>;
}
