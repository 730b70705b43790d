import type { RecoveryEvent, RecoveryRequest } from 'strong-auth-machine/machine';

const FAILED: readonly RecoveryEvent[] = [
  { type: 'request.failed', code: 'OFFLINE', apiCode: 2202 },
  { type: 'request.failed', code: 'REFUSED', apiCode: 2309 },
];
const BLOCKED: RecoveryEvent = { type: 'account.blocked', apiCode: 2310 };
const UNSUPPORTED: RecoveryEvent = { type: 'request.unsupported', apiCode: 2002 };
const WRONG_CODE: RecoveryEvent = { type: 'code.rejected', isExpired: false, apiCode: 2305 };
const OLD_CODE: RecoveryEvent = { type: 'code.rejected', isExpired: true, apiCode: 2306 };
const WRONG_PIN: RecoveryEvent = { type: 'pin.rejected', apiCode: 2308 };
const NO_PIN: RecoveryEvent = { type: 'pin.malformed' };
const SAME_PIN: RecoveryEvent = { type: 'pin.reused', apiCode: 2315 };
const NO_PHONE: RecoveryEvent = { type: 'phone.malformed' };
const TAKEN: RecoveryEvent = { type: 'phone.taken', apiCode: 2390 };
const UNWANTED: RecoveryEvent = { type: 'code.unwanted', apiCode: 2305 };
const DONE: RecoveryEvent = { type: 'request.done' };

/** What the SDK may answer to each request, written down from its reference and not from the code under test. */
export const ANSWERS: Readonly<Record<RecoveryRequest | 'sendSms', readonly RecoveryEvent[]>> = {
  readSteps: [
    { type: 'steps.read', isTodo: true },
    { type: 'steps.read', isTodo: false },
    { type: 'request.failed', code: 'OFFLINE', apiCode: 2202 },
  ],
  readDevice: [
    { type: 'device.read', isActivated: true },
    { type: 'device.read', isActivated: false },
    UNSUPPORTED,
    ...FAILED,
  ],
  readAccount: [
    { type: 'account.read', blockage: 'clear' },
    { type: 'account.read', blockage: 'blocked' },
    { type: 'account.read', blockage: 'unknown' },
    UNSUPPORTED,
    ...FAILED,
  ],
  readPhone: [
    { type: 'phone.read', isKnown: true },
    { type: 'phone.read', isKnown: false },
    UNSUPPORTED,
    ...FAILED,
  ],
  sendSms: [
    { type: 'sms.sent', isCertain: true },
    { type: 'sms.sent', isCertain: false },
    NO_PHONE,
    BLOCKED,
    { type: 'request.failed', code: 'SMS_REFUSED', apiCode: 2204 },
  ],
  removeDevices: [DONE, BLOCKED, ...FAILED],
  checkCode: [
    { type: 'code.accepted', hasPin: true },
    { type: 'code.accepted', hasPin: false },
    WRONG_CODE,
    OLD_CODE,
    BLOCKED,
    ...FAILED,
  ],
  addPhone: [DONE, WRONG_CODE, TAKEN, NO_PHONE, ...FAILED],
  enroll: [DONE, WRONG_PIN, NO_PIN, UNWANTED, BLOCKED, ...FAILED],
  enrollWithPhone: [DONE, WRONG_PIN, NO_PIN, WRONG_CODE, TAKEN, NO_PHONE, UNSUPPORTED, BLOCKED, ...FAILED],
  resetPin: [
    DONE,
    SAME_PIN,
    NO_PIN,
    WRONG_CODE,
    BLOCKED,
    { type: 'device.refused', apiCode: 2312 },
    ...FAILED,
  ],
  changePin: [
    DONE,
    WRONG_PIN,
    SAME_PIN,
    NO_PIN,
    BLOCKED,
    { type: 'device.refused', apiCode: 2312 },
    ...FAILED,
  ],
};
