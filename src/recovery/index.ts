/** Enrolment, blocked accounts and PINs: what helps when strong authentication is denied. */
export type {
  AskFault,
  AskInput,
  QuestionKind,
  QuestionReason,
  RecoveryErrorCode,
  RecoveryFailure,
  RecoveryFlow,
  RecoveryRemedy,
  RecoveryRequest,
  RecoveryStatus,
  SmsPurpose,
} from '../../machines/recovery/index.js';
export { createRecovery } from './create-recovery.js';
export {
  type AnyRecoveryError,
  isRecoveryError,
  RecoveryError,
  type RecoveryErrorData,
  type RecoveryErrorDetails,
  type RecoveryErrorFacts,
} from './errors.js';
export type { RecoveryExplanation } from './explain.js';
export {
  type AnswerField,
  createRecoveryPad,
  type RecoveryPad,
  type RecoveryPadOptions,
  type RecoveryPadView,
} from './pad.js';
export {
  defaultRecoveryPolicy,
  type RecoveryPolicy,
  type RecoveryPolicyOptions,
  type SmsBudget,
} from './policy.js';
export type { Ask, RecoveryQuestion } from './question.js';
export type { FlowOptions, Recovery, RecoveryOptions } from './recovery.js';
export type { RecoveryFact } from './telemetry.js';
export type { RecoveryView, ResendView } from './view.js';
