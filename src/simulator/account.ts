import type { ApiParameters } from '../messages/message.js';
import type { Judgement } from './judgement.js';
import type { Random } from './random.js';

/** Why the device is refused, and what cures it. */
export interface DeviceRefusal {
  /** 2312: disabled or unknown. 2317: forbidden in its state. */
  readonly refuses: 2312 | 2317;
  /**
   * `reset`: an OTP request with `resetStep`, or a steps request with `resetSteps`, refreshes the cache. `never`: only enrolling
   * the device again helps.
   */
  readonly until: 'reset' | 'never';
}

/** How the account begins. */
export interface AccountFacts {
  readonly pin: string;
  /** Wrong PINs until it is blocked; the vendor's default is 3 (SDK reference, section 6). */
  readonly pinTries: number;
  readonly sessionTtlMs: number;
  readonly refusal: DeviceRefusal | undefined;
  readonly isBlocked: boolean;
  readonly blockedAs: BlockedAs;
  /** Whether the account has a PIN; without one the next that enrols chooses it. */
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
 * Whether `enroll` takes the code that was checked before: the SDK's pages disagree. `optional` takes it, `required` wants it,
 * `refused` says 2305, since it was used.
 */
export type SmsCodeOnEnroll = 'optional' | 'required' | 'refused';

/** How far the account has come with its enrolment. */
export interface EnrolmentState {
  /** Whether this device is enrolled. */
  readonly isEnrolled: boolean;
  /** Whether the account has a PIN. */
  readonly hasPin: boolean;
  /** Whether the account has a trusted phone number. */
  readonly hasPhone: boolean;
  /** SMS sent in the life of the account. */
  readonly smsSent: number;
}

/** The account as it is at the moment, whatever the app knows of it. */
export interface AccountState {
  /** Until when there is strong access, epoch ms; missing without it. */
  readonly sessionEndsAt?: number;
  /** Whether OTP requests are refused with 2310. */
  readonly isBlocked: boolean;
  /** Wrong PINs one after the other. */
  readonly wrongPins: number;
  /** Whether the device is known, or refused. */
  readonly device: 'known' | DeviceRefusal;
}

/** The three ways in which the SDK's pages print whether an account is blocked. */
export type BlockedAs = 'enum' | 'boolean' | 'tutorial';

const refused = (code: number, label: string): Judgement => ({ code, label });

/** The signed-in account and its strong session, which the SDK keeps itself. */
export class Account {
  isBlocked: boolean;
  refusal: DeviceRefusal | undefined;
  phoneNumber: string | undefined;
  smsSent = 0;
  private sms: { readonly code: string; readonly sentAt: number } | undefined;
  /** The code that was checked last: `enroll` may want it again. */
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

  /** The PIN as it is now, for the simulated human. */
  get knownPin(): string | undefined {
    return this.pin;
  }

  /** The code of the last SMS, once it has arrived and until it is used. */
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

  /** `get pims.authentication.otp` with the PIN. The checks come in the order in which the vendor's library meets them. */
  grantOtp({ pinCode, resetStep }: ApiParameters, now: number): Judgement {
    if (pinCode === undefined || pinCode === null) return refused(2101, 'Missing pinCode parameter');
    if (typeof pinCode !== 'string' || !/^\d+$/.test(pinCode))
      return refused(2102, 'Invalid pinCode parameter');
    if (resetStep === true) this.resetSteps();
    return this.judgePin(pinCode) ?? this.otp(now);
  }

  /** @returns Why the PIN is refused; nothing if it is right, which starts the count of wrong ones again. */
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

  /** `get pims.authentication.trustedphonenumber`: without one the SDK's pages disagree. */
  trustedPhone(): Judgement {
    const { phoneNumber } = this;
    if (phoneNumber !== undefined) return { result: { phoneNumber } };
    return this.facts.noPhoneAs === 'null'
      ? { result: { phoneNumber: null } }
      : refused(2307, 'User dont have a phone number');
  }

  /** `get pims.authentication.account` isAccountBlocked. */
  blockage(): unknown {
    if (this.facts.blockedAs === 'boolean') return this.isBlocked;
    if (!this.isBlocked) return 'NotBlocked';
    return this.facts.blockedAs === 'enum' ? 'PinBlocked' : 'PINBlocked';
  }

  /** A new code cancels the one before. The account has few SMS in its life; one too many blocks it. */
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

  /** Runs `then` if the code is that of the last SMS, which is used up by it. */
  unlessSmsIsWrong({ smsCode }: ApiParameters, now: number, then: () => Judgement): Judgement {
    const { sms } = this;
    if (!sms || smsCode !== sms.code) return refused(2305, 'The sms code is invalid');
    this.sms = undefined;
    if (now >= sms.sentAt + this.facts.smsTtlMs) return refused(2306, 'The sms code is expired');
    return then();
  }

  /** `set pims.authentication.smscode` enrollment: the code, and whether the account has a PIN. */
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

  /** `set pims.authentication.enrollment` enroll: the device becomes known, if the PIN is right and the account is not blocked. */
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

  /** `enrollWithPhoneNumber`: only where there is none, and not with one of another account. */
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

  /** Removes every device of the account, which mostly lifts a block too. */
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
    // The try that blocks is itself answered as a wrong PIN; the next one meets the block.
    this.isBlocked = this.wrongPins >= this.facts.pinTries;
    return refused(2308, 'inwebo: access refused');
  }

  /** `get pims.subscription.steps`, spelt as on the wire (`trusterPhoneNumber`). */
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
