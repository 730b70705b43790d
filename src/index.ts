/** Strong authentication for vehicle SDK calls. See the README for a start, docs/architecture.md for how it is made. */

export type { EnterPinInput, PromptReason, StrongAuthStatus } from '../machines/strong-auth/index.js';
export type { CallOptions, EnsureOptions, ReplayOption } from './call-options.js';
export type { Classifier, OtpVerdict } from './classify.js';
export { type Clock, systemClock } from './clock.js';
export {
  createStrongAuth,
  type StrongAuth,
  type StrongAuthOptions,
  type Subscription,
  type SubscriptionEvent,
} from './create-strong-auth.js';
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
} from './errors.js';
export type { ExplainedCall, Explanation } from './explain.js';
export type { PrepareReplay, WaitingCall } from './ledger.js';
export { fromPims } from './pims/from-pims.js';
export type { Pims, PimsCallback } from './pims/pims.js';
export { createPinPad, type PinPad, type PinPadView } from './pin-pad.js';
export {
  defaultPolicy,
  type OtpBudget,
  type OtpBudgetStore,
  type Policy,
  type PolicyOptions,
} from './policy.js';
export type { EnterPin, PinPrompt } from './ports.js';
export type {
  ApiMessage,
  ApiMessageError,
  ApiParameters,
  ApiRequest,
  FailedMessage,
  ResultMessage,
  SucceededMessage,
  Verb,
} from './protocol.js';
export type { Secret } from './secret.js';
export type { ExternalStore, ObservableStore } from './store.js';
export type { StrongAuthFact } from './telemetry.js';
export type { SendOptions, Transport } from './transport.js';
export type { PromptView, StrongAuthView } from './view.js';
