import { isStrongAuthErrorCode, type StrongAuthErrorCode } from '../../machines/strong-auth/index.js';
import type { ApiMessage, ApiRequest } from './message.js';

/** What the answer to an OTP request means. */
export type OtpVerdict =
  /** Strong access is there: the waiting calls are sent again. */
  | 'granted'
  /** The PIN was wrong: an attempt is spent, and the user is asked again if any is left. */
  | 'pinRejected'
  /** The PIN could not have been right: the user is asked again, and no attempt is spent. */
  | 'pinMalformed'
  /** The device's cache is stale: once more with the same PIN and `resetStep: true`. */
  | 'resetNeeded'
  | {
      /** The wave ends, and those that wait reject with this code. */
      readonly denied: StrongAuthErrorCode;
    };

/**
 * For a back end that says it otherwise. What throws, or answers with something else, is as if it were not there: the call
 * keeps its own answer, the OTP the SDK's meaning.
 */
export interface Classifier {
  /** Whether the answer to a call is a challenge. */
  call?(message: ApiMessage, request: ApiRequest): 'challenge' | 'pass';
  /** What the answer to an OTP request means. */
  otp?(message: ApiMessage): OtpVerdict;
}

const NEED_STRONG_AUTH = 2302;

/** Codes of the OTP request that mean something of their own (SDK: error catalogue; 2308 as a wrong PIN: by experience). */
const verdicts: Readonly<Record<number, OtpVerdict>> = {
  2201: { denied: 'OUTCOME_UNKNOWN' },
  2202: { denied: 'OFFLINE' },
  2203: { denied: 'OUTCOME_UNKNOWN' },
  2204: { denied: 'OUTCOME_UNKNOWN' },
  2301: { denied: 'SIGN_IN_REQUIRED' },
  2308: 'pinRejected',
  2310: { denied: 'ACCOUNT_BLOCKED' },
  2312: 'resetNeeded',
  2316: 'granted', // the operation succeeded, only the synchronisation after it failed
  2317: 'resetNeeded',
};

/** @returns Whether `message` asks for strong authentication. */
export function isChallenge(
  message: ApiMessage,
  request: ApiRequest,
  classifier: Classifier | undefined,
): boolean {
  try {
    const verdict = classifier?.call?.(message, request);
    if (verdict === 'challenge' || verdict === 'pass') return verdict === 'challenge';
  } catch {
    return false;
  }
  return message.status === 'FAILED' && message.error.code === NEED_STRONG_AUTH;
}

/** @returns What `message`, the answer to an OTP request, means. */
export function judgeOtp(message: ApiMessage, classifier: Classifier | undefined): OtpVerdict {
  try {
    const verdict = classifier?.otp?.(message);
    if (isVerdict(verdict)) return verdict;
  } catch {
    // As if there were no classifier.
  }
  if (message.status === 'SUCCEEDED') return 'granted';
  if (message.status === 'RESULT') return { denied: 'OUTCOME_UNKNOWN' };
  const { code, label } = message.error;
  if (code === 2101 || code === 2102) return isAboutPin(label) ? 'pinMalformed' : { denied: 'OTP_REFUSED' };
  return (typeof code === 'number' ? verdicts[code] : undefined) ?? { denied: 'OTP_REFUSED' };
}

/** The label names the parameter (SDK: error catalogue). The other two never vary, so a label that names none means the PIN. */
function isAboutPin(label: string | undefined): boolean {
  return !/\b(action|resetSteps?)\b/i.test(label ?? '');
}

function isVerdict(value: unknown): value is OtpVerdict {
  return (
    value === 'granted' ||
    value === 'pinRejected' ||
    value === 'pinMalformed' ||
    value === 'resetNeeded' ||
    isStrongAuthErrorCode((value as { denied?: unknown } | undefined)?.denied)
  );
}
