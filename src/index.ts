/** Strong authentication for vehicle SDK calls. See the README for a start, docs/architecture.md for how it is made. */

export type { EnterPinInput, PromptReason, StrongAuthStatus } from '../machines/strong-auth/index.js';
export type { CallOptions, EnsureOptions, ReplayOption } from './calls/call-options.js';
export type { Classifier, OtpVerdict } from './messages/classify.js';
export { type Clock, systemClock } from './host/clock.js';
export {
  createStrongAuth,
  type StrongAuth,
  type StrongAuthOptions,
  type Subscription,
  type SubscriptionEvent,
} from './client/create-strong-auth.js';
export {
  type AnyStrongAuthError,
  ApiError,
  type ApiErrorCategory,
  type Failure,
  isApiError,
  isStrongAuthError,
  type Remedy,
  StrongAuthError,
  type StrongAuthErrorCode,
  type StrongAuthErrorDetails,
  type StrongAuthErrorFacts,
} from './messages/errors.js';
export type { ExplainedCall, Explanation } from './client/explain.js';
export type { PrepareReplay, WaitingCall } from './calls/ledger.js';
export { fromPims } from './pims/from-pims.js';
export type { Pims, PimsCallback } from './pims/pims.js';
export { createPinPad, type PinPad, type PinPadView } from './client/pin-pad.js';
export {
  defaultPolicy,
  type OtpBudget,
  type OtpBudgetStore,
  type Policy,
  type PolicyOptions,
} from './host/policy.js';
export type { EnterPin, PinPrompt } from './authentication/ports.js';
export type {
  ApiMessage,
  ApiMessageError,
  ApiParameters,
  ApiRequest,
  FailedMessage,
  ResultMessage,
  SucceededMessage,
  Verb,
} from './messages/message.js';
export type { Secret } from './authentication/secret.js';
export type { ExternalStore, ObservableStore } from './client/store.js';
export type { StrongAuthFact } from './host/telemetry.js';
export type { SendOptions, Transport } from './host/transport.js';
export type { PromptView, StrongAuthView } from './client/view.js';
