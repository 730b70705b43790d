import type { RecoveryFlow } from 'strong-auth-machine/recovery';
import { describe, expect, test } from 'vitest';
import {
  activated,
  BLOCKED,
  ENROLLED,
  HAS_PIN,
  KNOWN_PHONE,
  NEVER,
  NEW_DEVICE,
  nameOf,
  OLD_SDK,
  play,
} from './play.js';
import { no, ok } from './support.js';

/*
 * The ways of the flows, one by one, from what the SDK and the user answer to what is asked, what is sent and how it ends.
 * test/recovery/laws.test.ts walks all of them, and takes longer.
 */

const ACCOUNT = { ...NEW_DEVICE, ...KNOWN_PHONE };
const ENROLL = 'set enrollment enroll';
const SHORTCUT = 'set enrollment enrollWithPhoneNumber';
const READ_PHONE = 'get trustedphonenumber';
const READ_DEVICE = 'get account isDeviceActivated';
const SMS = 'get smscode enrollment';
const CODE = 'set smscode enrollment';
const RESET = 'set pincode reset';
const UPDATE = 'set pincode update';

interface Way {
  readonly flow: RecoveryFlow;
  readonly answers: object;
  readonly asked: readonly string[];
  readonly ended: string;
  /** The requests from this one on. */
  readonly from?: string;
  readonly sent?: readonly string[];
  readonly details?: object;
}

const ways: Readonly<Record<string, Way>> = {
  // Whether anything has to be done.
  'a device that is enrolled': { flow: 'enrollDevice', answers: ENROLLED, asked: [], ended: 'done' },
  'a list of steps that never comes is done without': {
    flow: 'enrollDevice',
    answers: { ...ENROLLED, 'get steps': NEVER },
    asked: [],
    ended: 'done',
  },
  'an account that is not blocked any more, on a device that is enrolled': {
    flow: 'unblockAccount',
    answers: { ...ENROLLED, 'get account isAccountBlocked': ok({ isAccountBlocked: 'NotBlocked' }) },
    asked: [],
    ended: 'done',
    sent: ['get account isAccountBlocked', READ_DEVICE],
  },
  'an account that is not blocked any more, on a device that is not enrolled': {
    flow: 'unblockAccount',
    answers: { ...ACCOUNT, 'get account isAccountBlocked': ok({ isAccountBlocked: false }) },
    asked: ['smsCode needed', 'newPin needed'],
    ended: 'done',
    sent: ['get account isAccountBlocked', READ_DEVICE, READ_PHONE, SMS, CODE, ENROLL],
  },
  'a PIN that can be changed without any enrolment, as some brands have it': {
    flow: 'changePin',
    answers: { [READ_DEVICE]: no(2002) },
    asked: ['pin needed', 'newPin needed'],
    ended: 'done',
    sent: [READ_DEVICE, UPDATE],
  },
  'a PIN that cannot be changed, since the device is not enrolled': {
    flow: 'changePin',
    answers: NEW_DEVICE,
    asked: [],
    ended: 'NOT_ENROLLED',
  },
  'a PIN that cannot be reset without any enrolment': {
    flow: 'resetPin',
    answers: { [READ_DEVICE]: no(2002) },
    asked: [],
    ended: 'NOT_SUPPORTED',
  },

  // Removals.
  'a blocked account, whose devices are removed after a yes': {
    flow: 'unblockAccount',
    answers: { ...BLOCKED, ...ACCOUNT },
    asked: ['confirmRemoval accountBlocked', 'smsCode needed', 'newPin needed'],
    ended: 'done',
    sent: ['get account isAccountBlocked', 'set enrollment remove', READ_PHONE, SMS, CODE, ENROLL],
  },
  'a forgotten PIN on a device that is not enrolled, which only a removal helps': {
    flow: 'resetPin',
    answers: ACCOUNT,
    asked: ['confirmRemoval notEnrolled', 'smsCode needed', 'newPin needed'],
    ended: 'done',
    sent: [READ_DEVICE, 'set enrollment remove', READ_PHONE, SMS, CODE, ENROLL],
  },
  'a forgotten PIN on a device that only seemed to be enrolled: the new one is asked for again': {
    flow: 'resetPin',
    answers: { ...ENROLLED, ...KNOWN_PHONE, [RESET]: no(2312) },
    asked: [
      'smsCode needed',
      'newPin needed',
      'confirmRemoval notEnrolled',
      'smsCode needed',
      'newPin needed',
    ],
    ended: 'done',
    from: RESET,
    sent: [RESET, 'set enrollment remove', READ_PHONE, SMS, CODE, ENROLL],
  },
  'an account that turns out to be blocked while it is enrolled': {
    flow: 'enrollDevice',
    answers: { ...ACCOUNT, [ENROLL]: [no(2317), ok()] },
    asked: [...['smsCode needed', 'newPin needed', 'confirmRemoval accountBlocked'], ...['smsCode needed']],
    ended: 'done',
    from: ENROLL,
    sent: [ENROLL, 'set enrollment remove', READ_PHONE, SMS, CODE, ENROLL],
  },
  'an account that is blocked also after the removal': {
    flow: 'enrollDevice',
    answers: { ...ACCOUNT, ...BLOCKED, [ENROLL]: no(2310) },
    asked: ['confirmRemoval accountBlocked', 'smsCode needed', 'newPin needed'],
    ended: 'STILL_BLOCKED',
    details: { apiCode: 2310 },
  },

  // Phones.
  'a number that the account has by now, although it was refused': {
    flow: 'enrollDevice',
    answers: {
      ...NEW_DEVICE,
      [READ_PHONE]: [no(2307), ok({ phoneNumber: '+33600000000' })],
      [SHORTCUT]: no(2390),
    },
    asked: ['phoneNumber needed', 'smsCode needed', 'newPin needed', 'smsCode needed'],
    ended: 'done',
    from: SHORTCUT,
    sent: [SHORTCUT, READ_PHONE, SMS, CODE, ENROLL],
  },
  'an account that has a PIN, and a number by now': {
    flow: 'enrollDevice',
    answers: {
      ...NEW_DEVICE,
      ...HAS_PIN,
      [READ_PHONE]: [no(2307), ok({ phoneNumber: '+33600000000' })],
      [SHORTCUT]: no(2308),
    },
    asked: ['phoneNumber needed', 'smsCode needed', 'newPin needed', 'smsCode needed', 'pin needed'],
    ended: 'done',
    from: SHORTCUT,
    sent: [SHORTCUT, READ_PHONE, SMS, CODE, ENROLL],
  },
  'an account that has a PIN, and no number': {
    flow: 'enrollDevice',
    answers: { ...NEW_DEVICE, [SHORTCUT]: no(2308) },
    asked: ['phoneNumber needed', 'smsCode needed', 'newPin needed'],
    ended: 'PIN_REJECTED',
  },
  'a number that another account has': {
    flow: 'enrollDevice',
    answers: { ...NEW_DEVICE, [READ_PHONE]: no(2307), [SHORTCUT]: no(2390) },
    asked: ['phoneNumber needed', 'smsCode needed', 'newPin needed'],
    ended: 'PHONE_TAKEN',
    details: {}, // 2307 says why it was asked for, and not why it ended
  },
  'a number that is refused as malformed, then another one': {
    flow: 'enrollDevice',
    answers: { ...NEW_DEVICE, [SHORTCUT]: [no(2102, 'phoneNumber'), ok()] },
    asked: [
      ...['phoneNumber needed', 'smsCode needed', 'newPin needed'],
      ...['phoneNumber malformed', 'smsCode needed'],
    ],
    ended: 'done',
  },

  // Codes.
  'a wrong code, then the right one: the PIN was given already': {
    flow: 'enrollDevice',
    answers: { ...ACCOUNT, [CODE]: [no(2305), no(2306), ok()] },
    asked: ['smsCode needed', 'smsCode smsRejected', 'smsCode smsExpired', 'newPin needed'],
    ended: 'done',
  },
  'a wrong code where the number is registered with it: the new PIN stays': {
    flow: 'enrollDevice',
    answers: { ...NEW_DEVICE, [SHORTCUT]: [no(2305), ok()] },
    asked: ['phoneNumber needed', 'smsCode needed', 'newPin needed', 'smsCode smsRejected'],
    ended: 'done',
  },
  'a code that is wanted neither with the PIN nor without': {
    flow: 'enrollDevice',
    answers: { ...ACCOUNT, [ENROLL]: [no(2305), no(2305), ok()] },
    asked: ['smsCode needed', 'newPin needed', 'smsCode smsRejected'],
    ended: 'done',
    from: ENROLL,
    sent: [ENROLL, ENROLL, CODE, ENROLL],
  },
  'three wrong codes': {
    flow: 'enrollDevice',
    answers: { ...ACCOUNT, [CODE]: no(2305) },
    asked: ['smsCode needed', 'smsCode smsRejected', 'smsCode smsRejected'],
    ended: 'SMS_REJECTED',
    details: { apiCode: 2305 },
  },
  'an account with a PIN that is told so late: the new one is forgotten': {
    flow: 'enrollDevice',
    answers: {
      ...ACCOUNT,
      [CODE]: [ok(), ok({ status: 'AlreadyEnrolled' })],
      [ENROLL]: [no(2305), no(2305), ok()],
    },
    asked: ['smsCode needed', 'newPin needed', 'smsCode smsRejected', 'pin needed'],
    ended: 'done',
    from: ENROLL,
    sent: [ENROLL, ENROLL, CODE, ENROLL],
  },

  // PINs.
  'a wrong PIN, then the right one': {
    flow: 'enrollDevice',
    answers: { ...ACCOUNT, ...HAS_PIN, [ENROLL]: [no(2308), ok()] },
    asked: ['smsCode needed', 'pin needed', 'pin pinRejected'],
    ended: 'done',
  },
  'a new PIN that is wrong: the account has one, which is asked for': {
    flow: 'enrollDevice',
    answers: { ...ACCOUNT, [ENROLL]: [no(2308), ok()] },
    asked: ['smsCode needed', 'newPin needed', 'pin pinRejected'],
    ended: 'done',
    from: ENROLL,
    sent: [ENROLL, ENROLL],
  },
  'an old PIN that is wrong: the new one is not asked for again': {
    flow: 'changePin',
    answers: { ...ENROLLED, [UPDATE]: [no(2308), ok()] },
    asked: ['pin needed', 'newPin needed', 'pin pinRejected'],
    ended: 'done',
  },
  'a new PIN that equals the last one, three times': {
    flow: 'changePin',
    answers: { ...ENROLLED, [UPDATE]: no(2315) },
    asked: ['pin needed', 'newPin needed', 'newPin pinReused', 'newPin pinReused'],
    ended: 'PIN_REUSED',
    details: { apiCode: 2315 },
  },
  'a new PIN that equals the last one, twice': {
    flow: 'changePin',
    answers: { ...ENROLLED, [UPDATE]: [no(2315), no(2315), ok()] },
    asked: ['pin needed', 'newPin needed', 'newPin pinReused', 'newPin pinReused'],
    ended: 'done',
  },
  'a PIN that the SDK would not even try': {
    flow: 'enrollDevice',
    answers: { ...ACCOUNT, ...HAS_PIN, [ENROLL]: [no(2102, 'pinCode'), ok()] },
    asked: ['smsCode needed', 'pin needed', 'pin malformed'],
    ended: 'done',
  },
  'a new PIN that the SDK would not even try': {
    flow: 'changePin',
    answers: { ...ENROLLED, [UPDATE]: [no(2102, 'newPIN'), ok()] },
    asked: ['pin needed', 'newPin needed', 'newPin malformed'],
    ended: 'done',
  },
  'a PIN that was reset on a device which is not enrolled after that': {
    flow: 'resetPin',
    answers: { [READ_DEVICE]: [activated(true), activated(false)] },
    asked: ['smsCode needed', 'newPin needed'],
    ended: 'done',
    from: RESET,
    sent: [RESET, READ_DEVICE, ENROLL],
  },
  'a PIN that was reset on a device of which nobody knows whether it is enrolled after that': {
    flow: 'resetPin',
    answers: { [READ_DEVICE]: [activated(true), NEVER] },
    asked: ['smsCode needed', 'newPin needed'],
    ended: 'OUTCOME_UNKNOWN',
  },

  // SMS.
  'an SMS of which nobody knows whether it was sent': {
    flow: 'enrollDevice',
    answers: { ...ACCOUNT, [SMS]: no(2201) },
    asked: ['smsCode smsUncertain', 'newPin needed'],
    ended: 'done',
  },
  'an SMS that the SDK never answers': {
    flow: 'enrollDevice',
    answers: { ...ACCOUNT, [SMS]: NEVER },
    asked: ['smsCode smsUncertain', 'newPin needed'],
    ended: 'done',
  },
  'a third SMS': {
    flow: 'enrollDevice',
    answers: { ...NEW_DEVICE, ...OLD_SDK, 'set smscode addPhoneNumber': [no(2102, 'phoneNumber'), ok()] },
    asked: [
      ...['phoneNumber needed', 'smsCode needed', 'newPin needed'],
      ...['phoneNumber malformed', 'smsCode needed'],
    ],
    ended: 'SMS_BUDGET_SPENT',
    details: { local: true },
  },

  // Who takes too long.
  'a request that is never answered': {
    flow: 'enrollDevice',
    answers: { ...ACCOUNT, [CODE]: NEVER },
    asked: ['smsCode needed'],
    ended: 'OUTCOME_UNKNOWN',
  },
  'an enrolment that is never answered': {
    flow: 'enrollDevice',
    answers: { ...ACCOUNT, [ENROLL]: [no(2305), NEVER] },
    asked: ['smsCode needed', 'newPin needed'],
    ended: 'OUTCOME_UNKNOWN',
  },
  'a user who never answers': {
    flow: 'enrollDevice',
    answers: { ...ACCOUNT, smsCode: NEVER },
    asked: ['smsCode needed'],
    ended: 'ASK_TIMED_OUT',
  },

  // Answers that cannot be right.
  'a PIN that cannot be right': {
    flow: 'changePin',
    answers: { ...ENROLLED, pin: ['12', '1234'] },
    asked: ['pin needed', 'pin malformed', 'newPin needed'],
    ended: 'done',
  },
  'a new PIN that cannot be right': {
    flow: 'changePin',
    answers: { ...ENROLLED, newPin: ['12', '2580'] },
    asked: ['pin needed', 'newPin needed', 'newPin malformed'],
    ended: 'done',
  },
  'a number that cannot be right': {
    flow: 'enrollDevice',
    answers: { ...NEW_DEVICE, phoneNumber: ['0', '+33611111111'] },
    asked: ['phoneNumber needed', 'phoneNumber malformed', 'smsCode needed', 'newPin needed'],
    ended: 'done',
  },
  'a code that cannot be right, and then nothing but PINs that cannot': {
    flow: 'enrollDevice',
    answers: { ...ACCOUNT, ...HAS_PIN, smsCode: ['!', '424242'], pin: '12' },
    asked: [
      ...['smsCode needed', 'smsCode malformed', 'pin needed'],
      ...['pin malformed', 'pin malformed', 'pin malformed'],
    ],
    ended: 'ASK_FAILED',
    details: { why: 'malformed' },
  },
};

describe('a flow meets', () => {
  test.each(Object.entries(ways))('%s', async (_, { flow, answers, asked, ended, from, sent, details }) => {
    const played = await play(flow, answers as never);
    expect([played.ended, played.asked]).toEqual([ended, asked]);
    const names = played.requests.map(nameOf);
    if (sent) expect(names.slice(from ? names.indexOf(from) : 0)).toEqual(sent);
    if (details) expect(played.details).toEqual(details);
    expect([played.status, played.pending]).toEqual([ended === 'done' ? 'done' : 'failed', 0]);
  });
});
