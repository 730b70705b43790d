import type { ApiParameters } from '../messages/message.js';
import type { Judgement } from './judgement.js';
import type { Random } from './random.js';

/** Why the device is refused, and until when. */
export interface DeviceRefusal {
  /** 2312: the device is disabled or unknown. 2317: forbidden in its state. */
  readonly refuses: 2312 | 2317;
  /**
   * `reset`: an OTP request with `resetStep`, or a steps request with `resetSteps`, ends the refusal, because
   * it refreshes the cache. `never`: only a new enrolment of the device does.
   */
  readonly until: 'reset' | 'never';
}

/** The initial state of the account. */
export interface AccountFacts {
  readonly pin: string;
  /** How many wrong PINs in a row block the account; the vendor's default is 3 (SDK reference, section 6). */
  readonly pinTries: number;
  readonly sessionTtlMs: number;
  readonly refusal: DeviceRefusal | undefined;
  readonly isBlocked: boolean;
  readonly blockedAs: BlockedAs;
  /** Whether the account has a PIN. Without one, the next enrolment sets it. */
  readonly hasPin: boolean;
  readonly phoneNumber: string | undefined;
  readonly noPhoneAs: 'code' | 'null';
  readonly takenPhones: readonly string[];
  readonly smsQuota: number;
  readonly smsTtlMs: number;
  readonly smsLatencyMs: number;
  readonly smsCodeOnEnroll: SmsCodeOnEnroll;
  readonly pinAfterRemoval: 'kept' | 'gone';
  readonly removalUnblocks: boolean;
}

/**
 * Whether `enroll` accepts the code that was checked before; the SDK's pages disagree. `optional` accepts it,
 * `required` needs it, `refused` answers 2305, because the code was used.
 */
export type SmsCodeOnEnroll = 'optional' | 'required' | 'refused';

/** The state of the account's enrolment. */
export interface EnrolmentState {
  /** Whether this device is enrolled. */
  readonly isEnrolled: boolean;
  /** Whether the account has a PIN. */
  readonly hasPin: boolean;
  /** Whether the account has a trusted phone number. */
  readonly hasPhone: boolean;
  /** How many SMS were sent in the life of the account. */
  readonly smsSent: number;
}

/** The current state of the account, whether the app knows it or not. */
export interface AccountState {
  /** Epoch ms at which strong access ends; missing without strong access. */
  readonly sessionEndsAt?: number;
  /** Whether OTP requests are refused with 2310. */
  readonly isBlocked: boolean;
  /** How many wrong PINs were sent in a row. */
  readonly wrongPins: number;
  /** Whether the device is known, or how it is refused. */
  readonly device: 'known' | DeviceRefusal;
}

/** The three formats in which the SDK's pages print whether an account is blocked. */
export type BlockedAs = 'enum' | 'boolean' | 'tutorial';

const refused = (code: number, label: string): Judgement => ({ code, label });

/** The signed-in account and its strong session, which the SDK itself keeps. */
export class Account {
  isBlocked: boolean;
  refusal: DeviceRefusal | undefined;
  phoneNumber: string | undefined;
  smsSent = 0;
  private sms: { readonly code: string; readonly sentAt: number } | undefined;
  /** The code that was checked last, for `enroll`. */
  private checkedCode: string | undefined;
  private wrongPins = 0;
  private pin: string | undefined;
  private sessionUntil = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly facts: AccountFacts,
    private readonly random: Random,
  ) {
    this.isBlocked = facts.isBlocked;
    this.refusal = facts.refusal;
    this.pin = facts.hasPin ? facts.pin : undefined;
    this.phoneNumber = facts.phoneNumber;
  }

  enrolment(): EnrolmentState {
    return {
      isEnrolled: this.refusal === undefined,
      hasPin: this.pin !== undefined,
      hasPhone: this.phoneNumber !== undefined,
      smsSent: this.smsSent,
    };
  }

  /** The current PIN, for the simulated human and for tests. */
  get knownPin(): string | undefined {
    return this.pin;
  }

  /** The code of the last SMS, from its arrival until it is used. */
  smsCodeAt(now: number): string | undefined {
    const { sms } = this;
    return sms && now >= sms.sentAt + this.facts.smsLatencyMs ? sms.code : undefined;
  }

  state(now: number): AccountState {
    const { sessionUntil, isBlocked, wrongPins, refusal } = this;
    return {
      ...(this.hasSession(now) && { sessionEndsAt: sessionUntil }),
      isBlocked,
      wrongPins,
      device: refusal ?? 'known',
    };
  }

  hasSession(now: number): boolean {
    return now < this.sessionUntil;
  }

  startSession(now: number): void {
    this.sessionUntil = now + this.facts.sessionTtlMs;
  }

  endSession(): void {
    this.sessionUntil = Number.NEGATIVE_INFINITY;
  }

  unblock(): void {
    this.isBlocked = false;
    this.wrongPins = 0;
  }

  /** `get pims.authentication.otp` with the PIN. The checks are in the order of the vendor's library. */
  grantOtp({ pinCode, resetStep }: ApiParameters, now: number): Judgement {
    if (pinCode === undefined || pinCode === null) return refused(2101, 'Missing pinCode parameter');
    if (typeof pinCode !== 'string' || !/^\d+$/.test(pinCode))
      return refused(2102, 'Invalid pinCode parameter');
    if (resetStep === true) this.resetSteps();
    return this.judgePin(pinCode) ?? this.otp(now);
  }

  /** @returns Why the PIN is refused; `undefined` if it is right, which resets the count of wrong PINs. */
  judgePin(pin: unknown): Judgement | undefined {
    const unfit = this.unfit();
    if (unfit) return unfit;
    if (pin !== this.pin) return this.countWrongPin();
    this.wrongPins = 0;
    return undefined;
  }

  grantOtpWithoutPin(now: number): Judgement {
    return this.unfit() ?? this.otp(now);
  }

  resetSteps(): void {
    if (this.refusal?.until === 'reset') this.refusal = undefined;
  }

  /**
   * `get pims.authentication.trustedphonenumber`. The SDK's pages disagree on the answer without a number.
   */
  trustedPhone(): Judgement {
    const { phoneNumber } = this;
    if (phoneNumber !== undefined) return { result: { phoneNumber } };
    return this.facts.noPhoneAs === 'null'
      ? { result: { phoneNumber: null } }
      : refused(2307, 'User dont have a phone number');
  }

  /** The `isAccountBlocked` of `get pims.authentication.account`. */
  blockage(): unknown {
    if (this.facts.blockedAs === 'boolean') return this.isBlocked;
    if (!this.isBlocked) return 'NotBlocked';
    return this.facts.blockedAs === 'enum' ? 'PinBlocked' : 'PINBlocked';
  }

  /**
   * A new code cancels the one before. The account has a quota of SMS for its life; one
   * SMS above it blocks the account.
   */
  sendSms(type: unknown, now: number): Judgement {
    if (type !== 'phoneNumberCertification' && this.phoneNumber === undefined)
      return refused(2204, 'Server Error');
    if (this.smsSent >= this.facts.smsQuota) {
      this.isBlocked = true;
      return refused(2204, 'Server Error');
    }
    this.smsSent += 1;
    this.sms = { code: String(this.random.between(100_000, 999_999)), sentAt: now };
    return {};
  }

  /** Runs `then` if the code is that of the last SMS and not expired. This uses the code up. */
  unlessSmsIsWrong({ smsCode }: ApiParameters, now: number, then: () => Judgement): Judgement {
    const { sms } = this;
    if (!sms || smsCode !== sms.code) return refused(2305, 'The sms code is invalid');
    this.sms = undefined;
    if (now >= sms.sentAt + this.facts.smsTtlMs) return refused(2306, 'The sms code is expired');
    return then();
  }

  /**
   * `set pims.authentication.smscode` enrollment: checks the code, and answers whether the account has a PIN.
   */
  checkCode(parameters: ApiParameters, now: number): Judgement {
    if (this.isBlocked) return refused(2317, 'inwebo: forbidden operation');
    return this.unlessSmsIsWrong(parameters, now, () => {
      this.checkedCode = String(parameters.smsCode);
      return { result: { status: this.pin === undefined ? 'NotEnrolled' : 'AlreadyEnrolled' } };
    });
  }

  registerPhone(parameters: ApiParameters, now: number): Judgement {
    if (this.facts.takenPhones.includes(String(parameters.phoneNumber))) return refused(2204, 'Server Error');
    return this.unlessSmsIsWrong(parameters, now, () => {
      this.phoneNumber = String(parameters.phoneNumber);
      return {};
    });
  }

  /**
   * `set pims.authentication.enrollment` enroll: the device becomes known, if the PIN is right
   * and the account is not blocked.
   */
  enroll({ pinCode, smsCode }: ApiParameters, now: number): Judgement {
    if (this.isBlocked) return refused(2317, 'inwebo: forbidden operation');
    const { smsCodeOnEnroll } = this.facts;
    if (smsCode === undefined) {
      if (smsCodeOnEnroll === 'required') return refused(2101, 'Missing smsCode parameter');
    } else if (smsCode !== this.checkedCode || smsCodeOnEnroll === 'refused') {
      return this.unlessSmsIsWrong({ smsCode }, now, () => this.enrollWith(pinCode));
    }
    return this.enrollWith(pinCode);
  }

  /**
   * `enrollWithPhoneNumber`: only for an account without a number, and not with
   * the number of another account.
   */
  enrollWithPhone(parameters: ApiParameters, now: number): Judgement {
    if (this.isBlocked) return refused(2317, 'inwebo: forbidden operation');
    return this.unlessSmsIsWrong(parameters, now, () => {
      const { phoneNumber, pinCode } = parameters;
      if (this.phoneNumber !== undefined || this.facts.takenPhones.includes(String(phoneNumber)))
        return refused(2390, 'Phone number allready registered');
      this.phoneNumber = String(phoneNumber);
      return this.enrollWith(pinCode);
    });
  }

  private enrollWith(pinCode: unknown): Judgement {
    if (typeof pinCode !== 'string' || !/^\d+$/.test(pinCode))
      return refused(2102, 'Invalid pinCode parameter');
    this.pin ??= pinCode;
    if (pinCode !== this.pin) return this.countWrongPin();
    this.wrongPins = 0;
    this.refusal = undefined;
    return {};
  }

  /** Removes all devices of the account. By default this also lifts a block. */
  removeEnrollments(): Judgement {
    if (this.facts.removalUnblocks) this.unblock();
    if (this.facts.pinAfterRemoval === 'gone') this.pin = undefined;
    this.refusal = { refuses: 2312, until: 'never' };
    this.endSession();
    return {};
  }

  /** `set pims.authentication.pincode` reset: only on an enrolled device. */
  resetPin(parameters: ApiParameters, now: number): Judgement {
    return this.unfit() ?? this.unlessSmsIsWrong(parameters, now, () => this.changePin(parameters.pinCode));
  }

  changePin(pin: unknown): Judgement {
    if (typeof pin !== 'string' || !/^\d+$/.test(pin)) return refused(2102, 'Invalid pinCode parameter');
    if (pin === this.pin) return refused(2315, 'inwebo: the new PIN is the same as the previous one');
    this.pin = pin;
    this.unblock();
    return {};
  }

  private countWrongPin(): Judgement {
    this.wrongPins += 1;
    // The PIN that blocks the account is itself answered as a wrong PIN; the next
    // request is answered as blocked.
    this.isBlocked = this.wrongPins >= this.facts.pinTries;
    return refused(2308, 'inwebo: access refused');
  }

  /** `get pims.subscription.steps`, spelt as the SDK spells it (`trusterPhoneNumber`). */
  steps(status: string): unknown {
    const deviceStatus = this.refusal ? 'todo' : 'alreadyDone';
    const all = {
      trusterPhoneNumber: {
        name: 'trusterPhoneNumber',
        status: this.phoneNumber === undefined ? 'todo' : 'alreadyDone',
        order: 1,
      },
      deviceActivation: { name: 'deviceActivation', status: deviceStatus, order: 2 },
      mediumCarKey: { name: 'mediumCarKey', status: 'alreadyDone', order: 3 },
    };
    const shown = Object.entries(all).filter(([, step]) => status === 'all' || step.status === status);
    return { stepsID: 'steps-of-the-simulator', ...Object.fromEntries(shown) };
  }

  nextStep(): unknown {
    return this.refusal ? { name: 'deviceActivation', status: 'todo', order: 2 } : null;
  }

  private unfit(): Judgement | undefined {
    if (this.refusal) {
      return this.refusal.refuses === 2312
        ? refused(2312, 'inwebo: device is disabled or unknown')
        : refused(2317, 'inwebo: forbidden operation');
    }
    return this.isBlocked ? refused(2310, 'inwebo: account is blocked') : undefined;
  }

  private otp(now: number): Judgement {
    this.startSession(now);
    return { result: { otp: `otp-${this.random.between(10_000_000, 99_999_999)}` } };
  }
}
