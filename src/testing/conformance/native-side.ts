import type { Verb } from '../../messages/message.js';
import type { Pims, PimsCallback } from '../../pims/pims.js';

/** One call that reached the SDK. */
export interface NativeCall {
  readonly verb: Verb | 'initialize' | 'release';
  readonly api: string;
  readonly parameters: unknown;
  /** Whether the SDK received a callback, as its surface requires. */
  readonly hasCallback: boolean;
  /** Calls the callback. May be called more than once. */
  answer(message: unknown): void;
}

/**
 * The SDK behind the bridge, played by the suite: it does nothing by itself and
 * records the calls that reach it.
 */
export class NativeSide {
  /** @param thrownBack Receives what the bridge throws when the SDK calls it back. */
  constructor(readonly thrownBack: unknown[] = []) {}

  readonly calls: NativeCall[] = [];
  /** Called during a call of the SDK, so that a check can answer at once or throw. */
  onCall: ((call: NativeCall) => void) | undefined;

  /** The SDK's own surface, which the app under test receives. */
  readonly sdk: Required<Pims> = {
    get: (api, parameters, callback) => this.take('get', api, parameters, callback),
    set: (api, parameters, callback) => this.take('set', api, parameters, callback),
    subscribe: (api, parameters, callback) => this.take('subscribe', api, parameters, callback),
    unsubscribe: (api, parameters, callback) => this.take('unsubscribe', api, parameters, callback),
    initialize: (parameters, callback) => this.take('initialize', '', parameters, callback),
    release: (callback) => this.take('release', '', undefined, callback),
  };

  private take(verb: NativeCall['verb'], api: string, parameters: unknown, callback: PimsCallback): void {
    const hasCallback = typeof callback === 'function';
    const call: NativeCall = {
      verb,
      api,
      parameters,
      hasCallback,
      answer: (message) => {
        try {
          if (hasCallback) callback(message);
        } catch (error) {
          this.thrownBack.push(error);
        }
      },
    };
    this.calls.push(call);
    this.onCall?.(call);
  }
}
