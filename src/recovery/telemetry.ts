import type {
  AskInput,
  RecoveryErrorCode,
  RecoveryEvent,
  RecoveryFlow,
  RecoveryRequest,
  SmsPurpose,
} from '../../machines/recovery/index.js';

/** What happened in a recovery, without private data: fit for logs. `at` is epoch ms, durations are in ms. */
export type RecoveryFact = {
  /** When it happened, epoch ms. */
  readonly at: number;
} & (
  | {
      /** A flow begins. */
      readonly type: 'flowStarted';
      /** Which. */
      readonly flow: RecoveryFlow;
    }
  | {
      /** A flow has ended. Every `flowStarted` is followed by exactly one. */
      readonly type: 'flowEnded';
      /** Which. */
      readonly flow: RecoveryFlow;
      /** Why it ended without an enrolled device; missing if it did not. */
      readonly code?: RecoveryErrorCode;
      /** Since it began. */
      readonly durationMs: number;
    }
  | ({
      /** The user is asked. */
      readonly type: 'asked';
    } & AskInput)
  | {
      /** The question has ended. */
      readonly type: 'answered';
      /** What was asked for. */
      readonly kind: AskInput['kind'];
      /** An answer; one that could not be right; none; or asking broke. */
      readonly outcome: 'given' | 'malformed' | 'declined' | 'failed';
      /** How long the user took. */
      readonly durationMs: number;
    }
  | {
      /** A request is sent. */
      readonly type: 'requested';
      /** Which. */
      readonly request: RecoveryRequest;
    }
  | {
      /** An SMS is asked for; it was counted. */
      readonly type: 'smsRequested';
      /** What it is for. */
      readonly purpose: SmsPurpose;
    }
  | {
      /** The SDK has answered, or the transport failed. */
      readonly type: 'responded';
      /** To what. */
      readonly request: RecoveryRequest | 'sendSms';
      /** What the answer means. */
      readonly outcome: RecoveryEvent['type'];
      /** The SDK's code, if it gave one. */
      readonly apiCode?: number;
      /** How long it took. */
      readonly durationMs: number;
    }
  | {
      /** The store of `policy.smsBudget` could not be read or written; the count goes on in memory. */
      readonly type: 'budgetStoreFailed';
    }
);
