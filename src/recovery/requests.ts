import type {
  RecoveryErrorCode,
  RecoveryEvent,
  RecoveryRequest,
  RequestInput,
  SmsPurpose,
} from '../../machines/recovery/index.js';
import { isObject, read } from '../host/ask.js';
import type { ApiMessage, ApiRequest } from '../messages/message.js';
import { unbox } from '../messages/plain.js';
import type { RecoveryVault } from './vault.js';

const ACCOUNT = 'pims.authentication.account';
const SMS = 'pims.authentication.smscode';
const ENROLLMENT = 'pims.authentication.enrollment';
const PIN_CODE = 'pims.authentication.pincode';

/** @returns What is sent, with the secrets of the vault. */
export function toRequest({ request, pin, withCode }: RequestInput, vault: RecoveryVault): ApiRequest {
  const get = (api: string, parameters?: object) =>
    ({ verb: 'get', api, ...(parameters && { parameters }) }) as ApiRequest;
  const set = (api: string, parameters: object) => ({ verb: 'set', api, parameters }) as ApiRequest;
  const pinCode = vault.take(pin);
  const smsCode = vault.take('smsCode');
  const phoneNumber = vault.take('phoneNumber');
  switch (request) {
    case 'readSteps':
      return get('pims.subscription.steps', { resetSteps: true, stepsStatus: 'all' });
    case 'readDevice':
      return get(ACCOUNT, { actionType: 'strong', type: 'isDeviceActivated' });
    case 'readAccount':
      return get(ACCOUNT, { actionType: 'strong', type: 'isAccountBlocked' });
    case 'readPhone':
      return get('pims.authentication.trustedphonenumber');
    case 'removeDevices':
      return set(ENROLLMENT, { action: 'remove' });
    case 'checkCode':
      return set(SMS, { action: 'enrollment', smsCode });
    case 'addPhone':
      return set(SMS, { action: 'addPhoneNumber', smsCode, phoneNumber });
    case 'enroll':
      return set(ENROLLMENT, { action: 'enroll', pinCode, ...(withCode && { smsCode }) });
    case 'enrollWithPhone':
      return set(ENROLLMENT, { action: 'enrollWithPhoneNumber', pinCode, smsCode, phoneNumber });
    case 'resetPin':
      return set(PIN_CODE, { action: 'reset', pinCode, smsCode });
    case 'changePin':
      return set(PIN_CODE, { action: 'update', oldPIN: vault.take('pin'), newPIN: vault.take('newPin') });
    default:
      return request satisfies never;
  }
}

/** @returns The request for an SMS. */
export function toSmsRequest(purpose: SmsPurpose, vault: RecoveryVault): ApiRequest {
  const certifies = purpose === 'phoneNumberCertification';
  const parameters = { type: purpose, ...(certifies && { phoneNumber: vault.take('phoneNumber') }) };
  return { verb: 'get', api: SMS, parameters };
}

const failed = (code: RecoveryErrorCode): RecoveryEvent => ({ type: 'request.failed', code });

/** What a code means whatever was asked (SDK: error catalogue). */
const always: Readonly<Record<number, RecoveryEvent>> = {
  2002: { type: 'request.unsupported' },
  2201: failed('OUTCOME_UNKNOWN'),
  2202: failed('OFFLINE'),
  2203: failed('OUTCOME_UNKNOWN'),
  2204: failed('OUTCOME_UNKNOWN'),
  2301: failed('SIGN_IN_REQUIRED'),
  2310: { type: 'account.blocked' },
  2317: { type: 'account.blocked' }, // SDK: enrolment; on the OTP it has another meaning
  2390: failed('PHONE_TAKEN'),
};

/** What each request carries of what the user has entered. Nothing else can be wrong with it: an SDK that says so refuses. */
const CARRIED: { readonly [Request in RecoveryRequest]?: string } = {
  checkCode: 'code',
  addPhone: 'code phone',
  enroll: 'code pin',
  enrollWithPhone: 'code phone pin',
  resetPin: 'code pin',
  changePin: 'pin',
};

const CODE_REJECTED: RecoveryEvent = { type: 'code.rejected', isExpired: false };
const SUCCEEDED_UNSYNCHRONISED = 2316;

/** @returns What the answer means; without a message the transport failed, or what came is none. */
export function judge(request: RecoveryRequest, message: ApiMessage | undefined): RecoveryEvent {
  const event = judgeRequest(request, message);
  // The list of steps only helps; what else is wrong with the SDK the next request will tell.
  if (request !== 'readSteps' || event.type === 'steps.read') return event;
  const ends =
    event.type === 'request.failed' && event.code !== 'OUTCOME_UNKNOWN' && event.code !== 'REFUSED';
  return ends ? event : { type: 'steps.read', isTodo: false };
}

function judgeRequest(request: RecoveryRequest, message: ApiMessage | undefined): RecoveryEvent {
  if (!message || message.status === 'RESULT') return failed('OUTCOME_UNKNOWN');
  if (message.status === 'SUCCEEDED') return readResult(request, message.result);
  const { code, label } = message.error;
  const carried = CARRIED[request] ?? '';
  switch (code) {
    case SUCCEEDED_UNSYNCHRONISED:
      return readResult(request, undefined);
    case 2101:
    case 2102:
      if (request === 'enroll' && /sms/i.test(label ?? '')) return { type: 'code.unwanted' };
      return judgeParameter(carried, label);
    case 2305:
    case 2306:
      if (request === 'enroll') return { type: 'code.unwanted' };
      if (carried.includes('code')) return { type: 'code.rejected', isExpired: code === 2306 };
      break;
    case 2307:
      if (request === 'readPhone') return { type: 'phone.read', isKnown: false };
      break;
    case 2308: // access refused: a wrong PIN, or a wrong code where there is no PIN that could be wrong
      if (carried.includes('pin') && request !== 'resetPin') return { type: 'pin.rejected' };
      if (carried) return CODE_REJECTED;
      break;
    case 2312:
      if (request === 'resetPin' || request === 'changePin') return { type: 'device.refused' };
      break;
    case 2315:
      if (carried.includes('pin')) return { type: 'pin.reused' };
      break;
    case 2390:
      if (carried.includes('phone')) return { type: 'phone.taken' };
  }
  return always[code as number] ?? failed('REFUSED');
}

/** The label names the parameter (SDK: error catalogue). One that is not the user's means another version of the SDK. */
function judgeParameter(carried: string, label = ''): RecoveryEvent {
  const blames = (what: string, name: RegExp) => carried.includes(what) && name.test(label);
  // An old PIN that the SDK would not even try is not the one of the account.
  if (blames('pin', /oldpin/i)) return { type: 'pin.rejected' };
  if (blames('pin', /pin/i)) return { type: 'pin.malformed' };
  if (blames('code', /sms/i)) return CODE_REJECTED;
  if (blames('phone', /phone/i)) return { type: 'phone.malformed' };
  return { type: 'request.unsupported' };
}

function readResult(request: RecoveryRequest, result: unknown): RecoveryEvent {
  switch (request) {
    case 'readSteps':
      return {
        type: 'steps.read',
        isTodo: wordOf(read(result, 'deviceActivation'), 'status') === 'todo',
      };
    case 'readDevice': {
      const told = wordOf(result, 'isDeviceActivated');
      const isActivated = YES.test(told);
      // Without an answer nothing may follow that costs an SMS.
      return isActivated || NO.test(told) ? { type: 'device.read', isActivated } : failed('OUTCOME_UNKNOWN');
    }
    case 'readAccount':
      return { type: 'account.read', blockage: blockageOf(wordOf(result, 'isAccountBlocked')) };
    case 'readPhone':
      return { type: 'phone.read', isKnown: hasPhone(result) };
    case 'checkCode':
      return { type: 'code.accepted', hasPin: wordOf(result, 'status') === 'alreadyenrolled' };
    default:
      return { type: 'request.done' };
  }
}

/** @returns What a field says, in lower case; nothing for an object, which may throw when it is read. */
function wordOf(from: unknown, name: string): string {
  const told = unbox(read(from, name));
  return isObject(told) ? '' : String(told).toLowerCase();
}

/** A Boolean as it comes over a bridge: as a text, or as the number that some platforms make of it. */
const YES = /^(true|1)$/;
const NO = /^(false|0)$/;

/** A Boolean; `PinBlocked`, `NotBlocked` or `Unknown`; or `PINBlocked`, `AccountBlocked` or `NotBlocked`. */
function blockageOf(told: string): 'clear' | 'blocked' | 'unknown' {
  if (NO.test(told) || told === 'notblocked') return 'clear';
  return YES.test(told) || told.endsWith('blocked') ? 'blocked' : 'unknown';
}

/** The SDK's pages print the field in three ways, and the number as a text or a number. */
const hasPhone = (result: unknown): boolean =>
  ['phoneNumber', 'trustedphoneNumber', 'trustedPhoneNumber'].some((name) => {
    const told = read(result, name);
    return typeof told === 'number' || (typeof told === 'string' && told !== '');
  });

/** @returns What the answer to the request for an SMS means. What is not refused for certain may arrive. */
export function judgeSms(message: ApiMessage | undefined): RecoveryEvent {
  const sent = (isCertain: boolean): RecoveryEvent => ({ type: 'sms.sent', isCertain });
  if (!message || message.status === 'RESULT') return sent(false);
  if (message.status === 'SUCCEEDED') return sent(true);
  const { code, label } = message.error;
  if (code === 2101 || code === 2102) return judgeParameter('phone', label);
  if (code === SUCCEEDED_UNSYNCHRONISED) return sent(true);
  if (code === 2201 || code === 2203) return sent(false);
  const known = code === 2204 ? undefined : always[code as number];
  return known ?? failed('SMS_REFUSED');
}
