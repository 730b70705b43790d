import type { ApiError } from './errors.js';

/** What a subscription brings: a result, or an error that does not end it. */
export type SubscriptionEvent<Result = unknown> =
  | {
      /** What the event brought. */
      readonly result: Result;
      /** Missing: it is no error. */
      readonly error?: undefined;
    }
  | {
      /** What the SDK said went wrong. The subscription goes on. */
      readonly error: ApiError;
      /** Missing: it is an error. */
      readonly result?: undefined;
    };

/** A running subscription. */
export interface Subscription {
  /**
   * Ends it: no event comes after this call. Resolves when the SDK has confirmed, the same promise each time; rejects like a
   * call if it does not.
   */
  unsubscribe(): Promise<void>;
}
