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
  phoneNumber: string | undefined = '+33600000000';
  /** The code of the last SMS, until it is used. */
  smsCode: string | undefined;
  private wrongPins = 0;
  private pin: string;
  private sessionUntil = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly facts: AccountFacts,
    private readonly random: Random,
  ) {
    this.isBlocked = facts.isBlocked;
    this.refusal = facts.refusal;
    this.pin = facts.pin;
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

  /** `get pims.authentication.account` isAccountBlocked. */
  blockage(): unknown {
    if (this.facts.blockedAs === 'boolean') return this.isBlocked;
    if (!this.isBlocked) return 'NotBlocked';
    return this.facts.blockedAs === 'enum' ? 'PinBlocked' : 'PINBlocked';
  }

  /** A new code cancels the one before. */
  sendSms(): void {
    this.smsCode = String(this.random.between(100_000, 999_999));
  }

  /** Runs `then` if the code is that of the last SMS, which is used up by it. */
  unlessSmsIsWrong({ smsCode }: ApiParameters, then: () => Judgement): Judgement {
    if (this.smsCode === undefined || smsCode !== this.smsCode) return refused(2305, 'SMS code invalid');
    this.smsCode = undefined;
    return then();
  }

  /** `set pims.authentication.enrollment` enroll: the device becomes known, if the PIN is right and the account is not blocked. */
  enroll({ pinCode, smsCode }: ApiParameters): Judgement {
    if (this.isBlocked) return refused(2317, 'inwebo: forbidden operation');
    if (smsCode !== undefined) return this.unlessSmsIsWrong({ smsCode }, () => this.enroll({ pinCode }));
    if (pinCode !== this.pin) return this.countWrongPin();
    this.wrongPins = 0;
    this.refusal = undefined;
    return {};
  }

  /** Removes every device of the account, which also lifts a block. */
  removeEnrollments(): Judgement {
    this.unblock();
    this.refusal = { refuses: 2312, until: 'never' };
    this.endSession();
    return {};
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
      trusterPhoneNumber: { name: 'trusterPhoneNumber', status: 'alreadyDone', order: 1 },
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
