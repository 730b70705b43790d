import { isStrongAuthErrorCode, type StrongAuthErrorCode } from '../../machines/strong-auth/index.js';
import { isObject } from '../host/ask.js';
import { type ApiMessage, type ApiRequest, copyMessage } from './message.js';
import { copyRequest } from './parameters.js';
import { toPlain } from './plain.js';

/** What the answer to a call means. */
export type CallVerdict =
  /** The answer asks for strong authentication. */
  | 'challenge'
  /** The answer is the result of the call, a success or an error. */
  | 'pass'
  | {
      /**
       * The answer asks for strong authentication, with data of the server: what it needs, a nonce, an
       * operation. The data is read into plain, frozen data, for `prompt.calls[].challenge` and `requestOtp`.
       */
      readonly challenge: unknown;
    };

/** What the answer to an OTP request means. */
export type OtpVerdict =
  /** Strong authentication is granted: the waiting calls are sent again. */
  | 'granted'
  /** The PIN was wrong: an attempt is spent, and the user is asked again if any is left. */
  | 'pinRejected'
  /** The PIN was malformed: the user is asked again, and no attempt is spent. */
  | 'pinMalformed'
  /** The device's cache is stale: the OTP is requested once more, with the same PIN and `resetStep: true`. */
  | 'resetNeeded'
  | {
      /**
       * The PIN was wrong, and the back end says how many attempts are left. If none is left, the wave ends.
       */
      readonly pinRejected: {
        /** How many more attempts the back end allows. */
        readonly attemptsLeft: number;
      };
    }
  | {
      /** The wave ends, and the waiting calls reject with this code. */
      readonly denied: StrongAuthErrorCode;
      /** With `THROTTLED`: epoch ms from which the back end answers again. No user is asked until then. */
      readonly retryAt?: number;
    };

/**
 * For a back end with other answers than the SDK's. If `call` throws, the call settles with its own answer,
 * even if that is 2302. If `otp` throws, the answer means what it means in the SDK. An unknown verdict is
 * ignored, as if the function were not given.
 */
export interface Classifier {
  /** What the answer to a call means. */
  call?(message: ApiMessage, request: ApiRequest): CallVerdict;
  /** What the answer to an OTP request means. */
  otp?(message: ApiMessage): OtpVerdict;
}

/** A challenge, with the data that the server sent with it. */
export interface Challenge {
  readonly data: unknown;
}

/** An {@link OtpVerdict}, read once. */
export type OtpJudgement =
  | { readonly verdict: 'granted' | 'pinMalformed' | 'resetNeeded' }
  | { readonly verdict: 'pinRejected'; readonly attemptsLeft?: number }
  | { readonly verdict: 'denied'; readonly code: StrongAuthErrorCode; readonly retryAt?: number };

const NEED_STRONG_AUTH = 2302;
const TOO_MANY_REQUESTS = 429;
const BARE_CHALLENGE: Challenge = { data: undefined };

const denied = (code: StrongAuthErrorCode): OtpJudgement => ({ verdict: 'denied', code });

/**
 * Codes of the OTP request with a meaning of their own (SDK: error catalogue; 2308
 * as a wrong PIN: by experience).
 */
const judgements: Readonly<Record<number, OtpJudgement>> = {
  2201: denied('OUTCOME_UNKNOWN'),
  2202: denied('OFFLINE'),
  2203: denied('OUTCOME_UNKNOWN'),
  2204: denied('OUTCOME_UNKNOWN'),
  2301: denied('SIGN_IN_REQUIRED'),
  2308: { verdict: 'pinRejected' },
  2310: denied('ACCOUNT_BLOCKED'),
  2312: { verdict: 'resetNeeded' },
  2316: { verdict: 'granted' }, // the operation succeeded, only the later synchronisation failed
  2317: { verdict: 'resetNeeded' },
};

/** @returns The challenge, if `message` asks for strong authentication. */
export function challengeOf(
  message: ApiMessage,
  request: ApiRequest,
  classifier: Classifier | undefined,
): Challenge | undefined {
  // Evaluated before the host's code sees the message.
  const isChallenge = message.status === 'FAILED' && message.error.code === NEED_STRONG_AUTH;
  if (!classifier?.call) return isChallenge ? BARE_CHALLENGE : undefined;
  try {
    // Copies, because the request itself is replayed, and the message is read again.
    const verdict: unknown = classifier.call(copyMessage(message), copyRequest(request));
    if (verdict === 'challenge') return BARE_CHALLENGE;
    if (verdict === 'pass') return undefined;
    if (isObject(verdict) && 'challenge' in verdict) return { data: freeze(toPlain(verdict.challenge)) };
  } catch {
    return undefined;
  }
  return isChallenge ? BARE_CHALLENGE : undefined;
}

/** @returns What `message`, the answer to an OTP request, means. */
export function judgeOtp(
  message: ApiMessage,
  classifier: Classifier | undefined,
  now: () => number,
): OtpJudgement {
  const bySdk = judgeBySdk(message, now);
  if (!classifier?.otp) return bySdk;
  try {
    return readVerdict(classifier.otp(copyMessage(message))) ?? bySdk;
  } catch {
    return bySdk;
  }
}

function judgeBySdk(message: ApiMessage, now: () => number): OtpJudgement {
  if (message.status === 'SUCCEEDED') return { verdict: 'granted' };
  if (message.status === 'RESULT') return denied('OUTCOME_UNKNOWN');
  const { code, label, retryAfter, attemptsLeft } = message.error;
  if (code === 2101 || code === 2102)
    return isAboutPin(label) ? { verdict: 'pinMalformed' } : denied('OTP_REFUSED');
  const known = typeof code === 'number' ? judgements[code] : undefined;
  // The SDK documents no field for it. A bridge that knows the number may add `attemptsLeft`.
  if (known?.verdict === 'pinRejected') return { ...known, ...readAttemptsLeft(attemptsLeft) };
  if (known) return known;
  const retryAt = code === TOO_MANY_REQUESTS ? momentOf(retryAfter, now) : undefined;
  return retryAt === undefined ? denied('OTP_REFUSED') : { verdict: 'denied', code: 'THROTTLED', retryAt };
}

/** Reads `Retry-After` as HTTP defines it: seconds, or a date. */
function momentOf(retryAfter: unknown, now: () => number): number | undefined {
  if (typeof retryAfter !== 'number' && typeof retryAfter !== 'string') return undefined;
  const seconds = retryAfter === '' ? Number.NaN : Number(retryAfter);
  const at = Number.isFinite(seconds) ? now() + seconds * 1000 : Date.parse(String(retryAfter));
  return Number.isFinite(at) ? at : undefined;
}

/**
 * The label names the parameter (SDK: error catalogue). The other two parameters never vary, so a label that
 * names none of them means the PIN.
 */
function isAboutPin(label: string | undefined): boolean {
  return !/\b(action|resetSteps?)\b/i.test(label ?? '');
}

/** @returns The verdict, each field read once; `undefined` if `value` is no verdict. */
function readVerdict(value: unknown): OtpJudgement | undefined {
  if (value === 'granted' || value === 'pinMalformed' || value === 'resetNeeded' || value === 'pinRejected')
    return { verdict: value };
  if (!isObject(value)) return undefined;
  const { denied: code, pinRejected } = value;
  if (isStrongAuthErrorCode(code)) {
    const { retryAt } = value;
    const isUsable = code === 'THROTTLED' && typeof retryAt === 'number' && Number.isFinite(retryAt);
    return { verdict: 'denied', code, ...(isUsable && { retryAt: retryAt as number }) };
  }
  if (!isObject(pinRejected)) return undefined;
  return { verdict: 'pinRejected', ...readAttemptsLeft(pinRejected.attemptsLeft) };
}

/** Accepts a number, or a numeric text like the SDK's codes. */
function readAttemptsLeft(value: unknown): { attemptsLeft?: number } {
  const isText = typeof value === 'string' && value.trim() !== '';
  const left = isText ? Number(value) : value;
  return typeof left === 'number' && left >= 0 ? { attemptsLeft: Math.floor(left) } : {};
}

function freeze(data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return data;
  for (const part of Object.values(data)) freeze(part);
  return Object.freeze(data);
}
