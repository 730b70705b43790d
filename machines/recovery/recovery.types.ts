import type { AskFault, RecoveryErrorCode, RecoveryFailure } from './recovery.failures.js';

/**
 * What the user wants.
 *
 * - `enrollDevice`: this device becomes known to the account.
 * - `unblockAccount`: the block goes, and with it every enrolled device; then this one is enrolled again.
 * - `resetPin`: the PIN was forgotten.
 * - `changePin`: the PIN is known, and another one is wanted.
 */
export type RecoveryFlow = 'enrollDevice' | 'unblockAccount' | 'resetPin' | 'changePin';

/** What the user can be asked for. */
export type QuestionKind = 'pin' | 'newPin' | 'smsCode' | 'phoneNumber' | 'confirmRemoval';

/**
 * Why a question is asked.
 *
 * - `needed`: the flow cannot go on without the answer.
 * - `malformed`: the answer before could not have been right. Nothing was sent, no attempt is spent.
 * - `pinRejected`, `pinReused`: the PIN was wrong; the new PIN equals the last one.
 * - `smsUncertain`: nobody knows whether the SMS was sent. It may arrive.
 * - `smsRejected`, `smsExpired`: the code was wrong, or too old.
 * - `accountBlocked`, `notEnrolled`: why the devices have to be removed.
 */
export type QuestionReason =
  | 'needed'
  | 'malformed'
  | 'pinRejected'
  | 'pinReused'
  | 'smsUncertain'
  | 'smsRejected'
  | 'smsExpired'
  | 'accountBlocked'
  | 'notEnrolled';

/** What an SMS is for, in the SDK's words. */
export type SmsPurpose = 'enrollment' | 'phoneNumberCertification' | 'resetPIN';

/** What is asked of the SDK, beside SMS. */
export type RecoveryRequest =
  | 'readSteps'
  | 'readDevice'
  | 'readAccount'
  | 'readPhone'
  | 'removeDevices'
  | 'checkCode'
  | 'addPhone'
  | 'enroll'
  | 'enrollWithPhone'
  | 'resetPin'
  | 'changePin';

/** The limits that the machine enforces. Durations in milliseconds. */
export interface RecoveryMachinePolicy {
  /** Times that the known PIN may be tried in one flow. */
  readonly maxPinAttempts: number;
  /** Codes of SMS that may be tried in one flow. */
  readonly maxSmsAttempts: number;
  /** SMS that one flow may send. */
  readonly maxSms: number;
  /** How long one answer of the user may take. */
  readonly answerTimeoutMs: number;
  /** How long one request may take. */
  readonly requestTimeoutMs: number;
}

/** What the machine remembers: facts of the flow, never a PIN, a code or a phone number. */
export interface RecoveryContext {
  /** The limits. */
  readonly policy: RecoveryMachinePolicy;
  /** The flow that runs, or ran last. */
  readonly flow: RecoveryFlow | undefined;
  /** Why the present question is asked, or the last one was. */
  readonly reason: QuestionReason;
  /** Which known PIN of this flow is asked for, from 1. */
  readonly pinAttempt: number;
  /** Which new PIN of this flow is asked for, from 1. */
  readonly newPinAttempt: number;
  /** Which code of an SMS is asked for in this flow, from 1. */
  readonly smsAttempt: number;
  /** Answers of this flow that could not have been right. */
  readonly malformed: number;
  /** SMS of this flow, counted before they are sent. */
  readonly sms: number;
  /** What the last SMS was for. */
  readonly purpose: SmsPurpose | undefined;
  /** Epoch ms from which the app's own limit leaves room for another SMS; while it leaves none. */
  readonly smsRetryAt: number | undefined;
  /** Whether the vault holds a new PIN for this flow. */
  readonly hasNewPin: boolean;
  /** Whether the SDK's list of steps says that this device has to be activated. */
  readonly isStepTodo: boolean;
  /** Whether this flow has removed the devices of the account. */
  readonly hasRemoved: boolean;
  /** Why enrolling with the phone number did not work, after which the number is read again. */
  readonly shortcut: 'untried' | 'phoneTaken' | 'pinRejected';
  /** Why the last flow ended without an enrolled device. */
  readonly failure: RecoveryFailure | undefined;
}

/** What the machine is started with. */
export interface RecoveryInput {
  /** The limits, all of them: this machine has no defaults. */
  readonly policy: RecoveryMachinePolicy;
}

/** The SDK's code, if it gave one. */
interface OfApi {
  /** The SDK's code, if it gave one. */
  readonly apiCode?: number;
}

/** Everything that can happen to the machine. Constant in number, and without anything private. */
export type RecoveryEvent =
  // From whoever asks the user.
  /** The user has answered; what was answered is in the vault. To `confirmRemoval`: yes. */
  | { readonly type: 'answer.given' }
  /** The answer could not have been right. */
  | { readonly type: 'answer.malformed' }
  /** The user declined. To `confirmRemoval`: anything but yes. */
  | { readonly type: 'answer.declined' }
  /** Asking itself failed. */
  | {
      readonly type: 'answer.failed';
      /** How. */
      readonly why: AskFault;
    }
  /** The user wants another SMS. */
  | { readonly type: 'resend.requested' }
  // From the requests.
  /** The list of steps was read, or could not be: it only helps. */
  | {
      readonly type: 'steps.read';
      /** Whether it says that this device has to be activated. */
      readonly isTodo: boolean;
    }
  /** Whether this device is enrolled. */
  | {
      readonly type: 'device.read';
      /** As the SDK says it. */
      readonly isActivated: boolean;
    }
  /** Whether the account is blocked. */
  | {
      readonly type: 'account.read';
      /** As the SDK says it, in one of three ways. */
      readonly blockage: 'clear' | 'blocked' | 'unknown';
    }
  /** Whether the account has a trusted phone number. */
  | {
      readonly type: 'phone.read';
      /** Not the number itself. */
      readonly isKnown: boolean;
    }
  /** An SMS is on its way, or may be. */
  | {
      readonly type: 'sms.sent';
      /** Whether the SDK has confirmed it. */
      readonly isCertain: boolean;
    }
  /** The app's own limit on SMS is reached: none was sent. */
  | {
      readonly type: 'sms.unaffordable';
      /** Epoch ms from which the limit leaves room again. */
      readonly retryAt: number;
    }
  /** The code of the SMS was right. */
  | {
      readonly type: 'code.accepted';
      /** Whether the account has a PIN already. */
      readonly hasPin: boolean;
    }
  /** The code of the SMS was wrong, or too old. */
  | ({
      readonly type: 'code.rejected';
      /** Whether it was too old. */
      readonly isExpired: boolean;
    } & OfApi)
  /** The SDK does not take the code with the enrolment, since it was used before. */
  | ({ readonly type: 'code.unwanted' } & OfApi)
  /** The PIN was wrong. */
  | ({ readonly type: 'pin.rejected' } & OfApi)
  /** The SDK would not even try the PIN. */
  | { readonly type: 'pin.malformed' }
  /** The new PIN equals the last one. */
  | ({ readonly type: 'pin.reused' } & OfApi)
  /** The SDK would not even try the phone number. */
  | { readonly type: 'phone.malformed' }
  /** The phone number is registered already. */
  | ({ readonly type: 'phone.taken' } & OfApi)
  /** The account is blocked. */
  | ({ readonly type: 'account.blocked' } & OfApi)
  /** The device is not enrolled, although it seemed to be. */
  | ({ readonly type: 'device.refused' } & OfApi)
  /** What was asked has been done. */
  | { readonly type: 'request.done' }
  /** This version of the SDK, or this brand, does not have the API. */
  | ({ readonly type: 'request.unsupported' } & OfApi)
  /** The request was refused, or nobody knows what became of it. */
  | ({
      readonly type: 'request.failed';
      /** Why, in our words. */
      readonly code: RecoveryErrorCode;
    } & OfApi)
  // From the host.
  /** A flow begins. */
  | {
      readonly type: 'flow.started';
      /** Which. */
      readonly flow: RecoveryFlow;
    }
  /** The host ends the flow. */
  | { readonly type: 'cancelled' }
  /** The user signed out, or the account was switched. */
  | { readonly type: 'reset' }
  /** The recovery is not wanted any more. */
  | { readonly type: 'disposed' };

/** What the port that asks the user is given. */
export interface AskInput {
  /** What is asked for. */
  readonly kind: QuestionKind;
  /** Which answer of this kind it is, from 1. One that could not have been right does not count. */
  readonly attempt: number;
  /** Attempts left, this one included. */
  readonly attemptsLeft: number;
  /** Why it is asked. */
  readonly reason: QuestionReason;
}

/** What the port of requests is given. Secrets are not among it: the port takes them from the vault. */
export interface RequestInput {
  /** What is asked of the SDK. */
  readonly request: RecoveryRequest;
  /** Which PIN of the vault goes with it, where one does. */
  readonly pin: 'pin' | 'newPin';
  /** Whether the code of the SMS goes with it, where it may. */
  readonly withCode: boolean;
}

/** What the port that sends an SMS is given. */
export interface SmsInput {
  /** What it is for. */
  readonly purpose: SmsPurpose;
}

/** What a state means for a screen: nothing runs, somebody is asked, or a request is under way. */
export type RecoveryTag = 'settled' | 'awaitingUser' | 'busy';
