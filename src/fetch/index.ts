/** Step-up authentication over HTTP: a `fetch` that asks the app for a better token, and sends each request again. */

export type { EnsureOptions, ExternalStore } from '../index.js';
export type { Authenticate, StepUpPrompt, StepUpRequest, StepUpThrottle } from './authentication.js';
export type { SomeChallenge, StepUpChallenge, StepUpNeeds } from './challenges.js';
export { isStepUpError, type StepUpError, type StepUpErrorCode } from './errors.js';
export type {
  ChallengeAnswer,
  StepUpFetchOptions,
  StepUpPolicy,
  StepUpRequestOptions,
} from './options.js';
export { createStepUpFetch, type StepUpFetch, type StepUpStrongAuth } from './step-up-fetch.js';
export type { StepUpFact } from './telemetry.js';
export type { ExplainedRequest, StepUpExplanation, StepUpStatus, StepUpView } from './view.js';
export { type AuthenticateChallenge, parseAuthenticate } from './www-authenticate.js';
