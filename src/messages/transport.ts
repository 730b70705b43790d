import type { ApiRequest } from './message.js';

/** What a transport receives with one sending. */
export interface SendOptions {
  /**
   * Aborted when the answer is no longer wanted (caller aborted, deadline, `cancel`, `reset`, `dispose`).
   * Created when it is first read, so a transport that cannot abort pays nothing for it.
   */
  readonly signal: AbortSignal;
}

/**
 * How a request reaches the SDK. `fromPims` makes a transport of the callback SDK.
 *
 * Every answer is parsed: a transport may resolve with any envelope, reject with one (or with `{ error: {
 * code } }`), or fail with an error of its own. A synchronous throw counts as a rejection.
 */
export interface Transport {
  /** Sends one `get`, `set` or `unsubscribe`, and resolves with the message that answers it. */
  send(request: ApiRequest, options: SendOptions): Promise<unknown>;
  /**
   * Registers for events. The first SUCCEEDED or FAILED passed to `onMessage` is the acknowledgement, every
   * RESULT is an event. Leave it out when there is nothing to subscribe to.
   */
  subscribe?(request: ApiRequest, onMessage: (message: unknown) => void, options: SendOptions): unknown;
  /** Starts and ends the SDK, for code that runs on `asPims()`. Never challenged. */
  lifecycle?(call: 'initialize' | 'release', parameters?: unknown): Promise<unknown>;
}
