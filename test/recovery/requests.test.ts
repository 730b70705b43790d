import type { RecoveryFlow } from 'strong-auth-machine/recovery';
import { describe, expect, test } from 'vitest';
import {
  activated,
  BLOCKED,
  ENROLLED,
  HAS_PIN,
  KNOWN_PHONE,
  NEW_DEVICE,
  nameOf,
  OLD_SDK,
  play,
  RIGHT,
} from './play.js';
import { no, ok } from './support.js';

/*
 * What is sent, and what each answer means, from the reference of the SDK. The simulator knows fewer ways to answer.
 */

describe('what is sent', () => {
  const steps = {
    verb: 'get',
    api: 'pims.subscription.steps',
    parameters: { resetSteps: true, stepsStatus: 'all' },
  };
  const account = (type: string) => ({
    verb: 'get',
    api: 'pims.authentication.account',
    parameters: { actionType: 'strong', type },
  });
  const phone = { verb: 'get', api: 'pims.authentication.trustedphonenumber' };
  const sms = (parameters: object) => ({ verb: 'get', api: 'pims.authentication.smscode', parameters });
  const set = (name: string, parameters: object) => ({
    verb: 'set',
    api: `pims.authentication.${name}`,
    parameters,
  });
  const { smsCode, phoneNumber } = RIGHT;

  test('to enrol the device of an account with a phone and without a PIN', async () => {
    const { requests, ended } = await play('enrollDevice', { ...NEW_DEVICE, ...KNOWN_PHONE });
    expect([ended, requests]).toEqual([
      'done',
      [
        steps,
        account('isDeviceActivated'),
        account('isAccountBlocked'),
        phone,
        sms({ type: 'enrollment' }),
        set('smscode', { action: 'enrollment', smsCode }),
        set('enrollment', { action: 'enroll', pinCode: RIGHT.newPin, smsCode }),
      ],
    ]);
  });

  test('with the PIN of the account, and once more without the code where the SDK does not want it', async () => {
    const { requests, ended } = await play('enrollDevice', {
      ...NEW_DEVICE,
      ...KNOWN_PHONE,
      ...HAS_PIN,
      'set enrollment enroll': [no(2305), ok()],
    });
    expect([ended, requests.slice(-2)]).toEqual([
      'done',
      [
        set('enrollment', { action: 'enroll', pinCode: RIGHT.pin, smsCode }),
        set('enrollment', { action: 'enroll', pinCode: RIGHT.pin }),
      ],
    ]);
  });

  test('once more without the code also with a PIN that is new', async () => {
    const { requests } = await play('enrollDevice', {
      ...NEW_DEVICE,
      ...KNOWN_PHONE,
      'set enrollment enroll': [no(2306), ok()],
    });
    expect(requests.at(-1)).toEqual(set('enrollment', { action: 'enroll', pinCode: RIGHT.newPin }));
  });

  test('to enrol with a phone number, in one step or, before SDK 2.1, in two', async () => {
    const { requests, ended } = await play('enrollDevice', { ...NEW_DEVICE, ...OLD_SDK });
    expect([ended, requests.slice(3)]).toEqual([
      'done',
      [
        phone,
        sms({ type: 'phoneNumberCertification', phoneNumber }),
        set('enrollment', {
          action: 'enrollWithPhoneNumber',
          pinCode: RIGHT.newPin,
          smsCode,
          phoneNumber,
        }),
        set('smscode', { action: 'addPhoneNumber', smsCode, phoneNumber }),
        sms({ type: 'enrollment' }),
        set('smscode', { action: 'enrollment', smsCode }),
        set('enrollment', { action: 'enroll', pinCode: RIGHT.newPin, smsCode }),
      ],
    ]);
  });

  test('to remove every device', async () => {
    const { requests } = await play('unblockAccount', { ...BLOCKED, ...KNOWN_PHONE });
    expect(requests.slice(0, 2)).toEqual([
      account('isAccountBlocked'),
      set('enrollment', { action: 'remove' }),
    ]);
  });

  test('to reset the PIN, and to change it', async () => {
    const reset = await play('resetPin', ENROLLED);
    expect(reset.requests.slice(1)).toEqual([
      sms({ type: 'resetPIN' }),
      set('pincode', { action: 'reset', pinCode: RIGHT.newPin, smsCode }),
      account('isDeviceActivated'),
    ]);
    const change = await play('changePin', ENROLLED);
    expect(change.requests.slice(1)).toEqual([
      set('pincode', { action: 'update', oldPIN: RIGHT.pin, newPIN: RIGHT.newPin }),
    ]);
  });
});

/** Which flow sends a request, and with which answers before. */
const ways: Readonly<Record<string, readonly [RecoveryFlow, object?]>> = {
  'get steps': ['enrollDevice', KNOWN_PHONE],
  'get account isDeviceActivated': ['enrollDevice'],
  'get account isAccountBlocked': ['enrollDevice', KNOWN_PHONE],
  'get trustedphonenumber': ['enrollDevice'],
  'get smscode enrollment': ['enrollDevice', KNOWN_PHONE],
  'get smscode phoneNumberCertification': ['enrollDevice'],
  'set smscode enrollment': ['enrollDevice', KNOWN_PHONE],
  'set smscode addPhoneNumber': ['enrollDevice', OLD_SDK],
  'set enrollment enroll': ['enrollDevice', KNOWN_PHONE],
  'set enrollment enrollWithPhoneNumber': ['enrollDevice'],
  'set enrollment remove': ['unblockAccount', { ...BLOCKED, ...KNOWN_PHONE }],
  'set pincode reset': ['resetPin', ENROLLED],
  'set pincode update': ['changePin', ENROLLED],
};

/** What becomes of a flow whose request is answered so every time: the outcome in the telemetry, and how the flow ends. */
const meanings: readonly (readonly [request: string, answer: unknown, outcome: string, ended: string])[] = [
  // Whatever is asked.
  ['get account isDeviceActivated', no(2002), 'request.unsupported', 'NOT_SUPPORTED'],
  ['get account isDeviceActivated', no(2201), 'request.failed', 'OUTCOME_UNKNOWN'],
  ['get account isDeviceActivated', no(2202), 'request.failed', 'OFFLINE'],
  ['get account isDeviceActivated', no(2203), 'request.failed', 'OUTCOME_UNKNOWN'],
  ['get account isDeviceActivated', no(2204), 'request.failed', 'OUTCOME_UNKNOWN'],
  ['get account isDeviceActivated', no(2301), 'request.failed', 'SIGN_IN_REQUIRED'],
  ['get account isDeviceActivated', no(2307), 'request.failed', 'REFUSED'],
  ['get account isDeviceActivated', no(2312), 'request.failed', 'REFUSED'],
  ['get account isDeviceActivated', no('E17'), 'request.failed', 'REFUSED'],
  ['get account isDeviceActivated', 'OK', 'request.failed', 'OUTCOME_UNKNOWN'],
  ['get account isDeviceActivated', { status: 'RESULT' }, 'request.failed', 'OUTCOME_UNKNOWN'],
  // The list of steps only helps.
  ['get steps', no(2000), 'steps.read', 'done'],
  ['get steps', no(2002), 'steps.read', 'done'],
  ['get steps', no(2201), 'steps.read', 'done'],
  ['get steps', no(2310), 'steps.read', 'done'],
  ['get steps', 'OK', 'steps.read', 'done'],
  ['get steps', no(2202), 'request.failed', 'OFFLINE'],
  ['get steps', no(2301), 'request.failed', 'SIGN_IN_REQUIRED'],
  // Without an answer nothing may follow that costs an SMS.
  ['get account isDeviceActivated', activated('true'), 'device.read', 'done'],
  ['get account isDeviceActivated', activated(true), 'device.read', 'done'],
  ['get account isDeviceActivated', activated(undefined), 'request.failed', 'OUTCOME_UNKNOWN'],
  ['get account isDeviceActivated', activated(2), 'request.failed', 'OUTCOME_UNKNOWN'],
  ['get account isDeviceActivated', ok(null), 'request.failed', 'OUTCOME_UNKNOWN'],
  // A parameter is refused: the label says which.
  ['set enrollment enroll', no(2101, 'Missing pinCode'), 'pin.malformed', 'ASK_FAILED'],
  ['set enrollment enroll', no(2102, 'Invalid PINCODE'), 'pin.malformed', 'ASK_FAILED'],
  ['set enrollment enroll', no(2102, 'Invalid smsCode'), 'code.unwanted', 'SMS_REJECTED'],
  ['set smscode enrollment', no(2102, 'Invalid smsCode'), 'code.rejected', 'SMS_REJECTED'],
  ['set smscode addPhoneNumber', no(2101, 'phoneNumber?'), 'phone.malformed', 'SMS_BUDGET_SPENT'],
  ['set pincode update', no(2102, 'Invalid action'), 'request.unsupported', 'NOT_SUPPORTED'],
  ['get smscode phoneNumberCertification', no(2101, 'No phoneNumber'), 'phone.malformed', 'SMS_BUDGET_SPENT'],
  [
    'get smscode phoneNumberCertification',
    no(2102, 'Wrong phone number'),
    'phone.malformed',
    'SMS_BUDGET_SPENT',
  ],
  ['get smscode enrollment', no(2102, 'Invalid type'), 'request.unsupported', 'NOT_SUPPORTED'],
  // The operation succeeded, only the synchronisation failed.
  ['set enrollment enroll', no(2316), 'request.done', 'done'],
  ['set pincode update', no(2316), 'request.done', 'done'],
  ['get smscode enrollment', no(2316), 'sms.sent', 'done'],
  // A wrong PIN or a wrong code.
  ['set enrollment enroll', no(2305), 'code.unwanted', 'SMS_REJECTED'],
  ['set enrollment enroll', no(2308), 'pin.rejected', 'PIN_REJECTED'],
  ['set pincode update', no(2308), 'pin.rejected', 'PIN_REJECTED'],
  ['set pincode update', no(2315), 'pin.reused', 'PIN_REUSED'],
  ['set pincode reset', no(2315), 'pin.reused', 'PIN_REUSED'],
  ['set pincode reset', no(2305), 'code.rejected', 'SMS_REJECTED'],
  ['set pincode reset', no(2308), 'code.rejected', 'SMS_REJECTED'],
  ['set smscode enrollment', no(2308), 'code.rejected', 'SMS_REJECTED'],
  ['set smscode addPhoneNumber', no(2308), 'code.rejected', 'SMS_REJECTED'],
  ['set enrollment remove', no(2308), 'request.failed', 'REFUSED'],
  // A device that is not known after all.
  ['set pincode update', no(2312), 'device.refused', 'NOT_ENROLLED'],
  ['set enrollment enroll', no(2312), 'request.failed', 'REFUSED'],
  // A phone number of another account.
  ['set smscode addPhoneNumber', no(2390), 'phone.taken', 'PHONE_TAKEN'],
  ['set enrollment enrollWithPhoneNumber', no(2390), 'phone.taken', 'PHONE_TAKEN'],
  // A blocked account.
  ['set pincode update', no(2310), 'account.blocked', 'ACCOUNT_BLOCKED'],
  ['set pincode update', no(2317), 'account.blocked', 'ACCOUNT_BLOCKED'],
  ['set enrollment remove', no(2310), 'account.blocked', 'STILL_BLOCKED'],
  // What is not refused for certain may have been sent.
  ['get smscode enrollment', no(2201), 'sms.sent', 'done'],
  ['get smscode enrollment', no(2203), 'sms.sent', 'done'],
  ['get smscode enrollment', 'OK', 'sms.sent', 'done'],
  ['get smscode enrollment', { status: 'RESULT' }, 'sms.sent', 'done'],
  ['get smscode enrollment', no(2202), 'request.failed', 'OFFLINE'],
  ['get smscode enrollment', no(2204), 'request.failed', 'SMS_REFUSED'],
  ['get smscode enrollment', no(2000), 'request.failed', 'SMS_REFUSED'],
  ['get smscode enrollment', no(2002), 'request.unsupported', 'NOT_SUPPORTED'],
];

describe('what an answer means', () => {
  test.each(meanings)(
    '%s, answered with %j: %s, and the flow ends %s',
    async (name, answer, outcome, ended) => {
      const [flow, before] = ways[name] ?? expect.fail(name);
      const played = await play(flow, { ...NEW_DEVICE, ...before, [name]: answer });
      const index = played.requests.findIndex((request) => nameOf(request) === name);
      const code = (answer as { error?: { code: unknown } }).error?.code;
      const apiCode = typeof code === 'number' ? { apiCode: code } : {};
      expect(played.responded[index]).toMatchObject({ outcome, ...apiCode });
      expect(played.ended).toBe(ended);
      // Such an error comes from a limit of the flow, or from what was read after the answer.
      const isOfFlow = ['ASK_FAILED', 'SMS_BUDGET_SPENT', 'PHONE_TAKEN', 'done'].includes(ended);
      if (!isOfFlow) expect(played.details).toEqual(apiCode);
    },
  );

  test.each([
    ['NotBlocked', false],
    [false, false],
    ['PinBlocked', true],
    ['PINBlocked', true],
    ['AccountBlocked', true],
    [true, true],
    ['Unknown', false],
    [undefined, false],
  ])('isAccountBlocked: %j, asked for a removal: %s', async (isAccountBlocked, asks) => {
    const answers = { ...NEW_DEVICE, ...KNOWN_PHONE };
    const { asked } = await play('enrollDevice', {
      ...answers,
      'get account isAccountBlocked': ok({ isAccountBlocked }),
    });
    expect(asked.includes('confirmRemoval accountBlocked')).toBe(asks);
  });

  test('an account of which nobody knows whether it is blocked is unblocked all the same', async () => {
    const { asked } = await play('unblockAccount', KNOWN_PHONE);
    expect(asked[0]).toBe('confirmRemoval accountBlocked');
  });

  test.each([
    [{ phoneNumber: '+33600000000' }, false],
    [{ trustedphoneNumber: '+33600000000' }, false],
    [{ trustedPhoneNumber: 33600000000 }, false],
    [{ phoneNumber: null }, true],
    [{ phoneNumber: '' }, true],
    [{}, true],
    [null, true],
  ])('a trusted phone number as %j, asked for one: %s', async (result, asks) => {
    const { asked } = await play('enrollDevice', { ...NEW_DEVICE, 'get trustedphonenumber': ok(result) });
    expect(asked.includes('phoneNumber needed')).toBe(asks);
  });

  test('no trusted phone number as an error', async () => {
    const { asked } = await play('enrollDevice', { ...NEW_DEVICE, 'get trustedphonenumber': no(2307) });
    expect(asked[0]).toBe('phoneNumber needed');
  });

  test.each([
    ['todo', 6],
    ['alreadyDone', 2],
    [undefined, 2],
  ])('a device that the steps call %j, and the SDK activated: %i requests', async (status, count) => {
    const { requests } = await play('enrollDevice', {
      ...KNOWN_PHONE,
      'get account isDeviceActivated': activated(true),
      'get steps': ok({ deviceActivation: { status } }),
      'set smscode enrollment': no(2202),
    });
    expect(requests.length).toBe(count);
  });

  test.each([
    ['AlreadyEnrolled', 'pin needed'],
    ['NotEnrolled', 'newPin needed'],
    [undefined, 'newPin needed'],
  ])('an account of which the code says %j is asked for the %s', async (status, question) => {
    const { asked } = await play('enrollDevice', {
      ...NEW_DEVICE,
      ...KNOWN_PHONE,
      'set smscode enrollment': ok({ status }),
    });
    expect(asked.at(-1)).toBe(question);
  });

  test.each([
    [2305, 'smsCode smsRejected'],
    [2306, 'smsCode smsExpired'],
  ])('a code that is refused with %i is asked for again: %s', async (code, question) => {
    const { asked } = await play('enrollDevice', {
      ...NEW_DEVICE,
      ...KNOWN_PHONE,
      'set smscode enrollment': no(code),
    });
    expect(asked[1]).toBe(question);
  });
});
