import type { ApiError } from './errors.js';

/** An event of a subscription: a result, or an error that does not end the subscription. */
export type SubscriptionEvent<Result = unknown> =
  | {
      /** The result of the event. */
      readonly result: Result;
      /** Missing: the event is no error. */
      readonly error?: undefined;
    }
  | {
      /** The SDK's error. The subscription continues. */
      readonly error: ApiError;
      /** Missing: the event is an error. */
      readonly result?: undefined;
    };

/** A running subscription. */
export interface Subscription {
  /**
   * Ends the subscription: no event comes after this call. Resolves when the SDK has confirmed it, and
   * rejects like a call if it does not. Repeated calls return the same promise.
   */
  unsubscribe(): Promise<void>;
}
