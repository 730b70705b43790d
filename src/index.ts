/** Strong authentication for vehicle SDK calls. See the README for a start, docs/architecture.md for how it is made. */

export type { EnterPinInput, PromptReason, StrongAuthStatus } from '../machines/strong-auth/index.js';
export type { GrantedSecret, GrantOption } from './authentication/grants.js';
export type { OtpRequest, RequestOtp } from './authentication/otp-ports.js';
export type { EnterPin, PinPrompt, WaitingCall } from './authentication/prompts.js';
export type { Recover } from './authentication/recover-port.js';
export type { Secret } from './authentication/secret.js';
export type { CallOptions, EnsureOptions, ReplayOption } from './calls/call-options.js';
export type { PrepareReplay } from './calls/replaying.js';
export { type BoundCallOptions, type BoundCalls, bindCalls } from './client/bound-calls.js';
export {
  type CallActions,
  type CallHandle,
  type CallState,
  createCall,
  type EndedCall,
  type MakeCall,
} from './client/call-handle.js';
export { createStrongAuth } from './client/create-strong-auth.js';
export type { ExplainedCall, Explanation } from './client/explain.js';
export { createPinPad, type PinPad, type PinPadOptions, type PinPadView } from './client/pin-pad.js';
export type { ExternalStore, ObservableStore } from './client/store.js';
export type { StrongAuth, StrongAuthOptions } from './client/strong-auth.js';
export type { PromptView, StrongAuthView } from './client/view.js';
export { type Clock, systemClock } from './host/clock.js';
export {
  defaultPolicy,
  type OtpBudget,
  type OtpBudgetStore,
  type Policy,
  type PolicyOptions,
} from './host/policy.js';
export type { CallVerdict, Classifier, OtpVerdict } from './messages/classify.js';
export {
  type AnyStrongAuthError,
  ApiError,
  type ApiErrorCategory,
  type ApiErrorData,
  type CallName,
  type Failure,
  isApiError,
  isStrongAuthError,
  type PinEntryFault,
  type Remedy,
  reviveError,
  StrongAuthError,
  type StrongAuthErrorCode,
  type StrongAuthErrorData,
  type StrongAuthErrorDetails,
  type StrongAuthErrorFacts,
} from './messages/errors.js';
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
export type { Subscription, SubscriptionEvent } from './messages/subscription.js';
export type { StrongAuthFact } from './messages/telemetry.js';
export type { SendOptions, Transport } from './messages/transport.js';
export { fromPims } from './pims/from-pims.js';
export type { Pims, PimsCallback } from './pims/pims.js';
