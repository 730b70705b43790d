import type { Observation, WorldEvent, WorldOptions } from 'strong-auth-machine/testing';

/*
 * The promise of the package, stated a second time and on its own: written from the SDK document and the design, not from the
 * machine. It knows calls, waves and outcomes; it has no states, no services and no timers.
 */

interface OracleCall {
  readonly kind: 'call' | 'background' | 'ensure';
  outcome: string;
  sent: number;
  replays: number;
  /** The wave that was the last to have ended when it was sent. */
  sentAfter: number;
  isWaiting: boolean;
}

interface Wave {
  attempt: number;
  malformed: number;
  reason: string;
  stage: 'asking' | 'requesting' | 'resetting' | 'queueing';
  hasReset: boolean;
}

const REMEMBERED_FOR_EVER = 'ACCOUNT_BLOCKED';

/** One account, its calls and its user. */
export class Oracle {
  private readonly calls: OracleCall[];
  private readonly limits: { attempts: number; rounds: number; waiting: number; otps: number };
  private wave: Wave | undefined;
  private wavesEnded = 0;
  private denial: string | undefined;
  private isBlocked = false;
  private isClosed = false;
  private hasWorked = false;
  private isReplaying = false;
  private unansweredOtp = false;
  private prompts = 0;
  private readonly otps: boolean[] = [];

  constructor({ calls = ['call'], policy, otpBudget = Number.POSITIVE_INFINITY }: WorldOptions) {
    this.calls = calls.map((kind) => ({
      kind,
      outcome: 'unmade',
      sent: 0,
      replays: 0,
      sentAfter: 0,
      isWaiting: false,
    }));
    this.limits = {
      attempts: policy?.maxPinAttempts ?? 2,
      rounds: policy?.maxRounds ?? 1,
      waiting: policy?.maxWaiting ?? 1000,
      otps: otpBudget,
    };
  }

  happen(event: WorldEvent): void {
    if ('call' in event) return this.happenTo(this.calls[event.call] as OracleCall, event.type);
    switch (event.type) {
      case 'pin.given':
        return this.request();
      case 'pin.malformed':
        return this.askAgainAfterMalformed();
      case 'pin.declined':
      case 'cancelled':
        if (this.wave) this.deny('CANCELLED');
        return;
      case 'pin.failed':
        return this.deny('PIN_ENTRY_FAILED');
      case 'timeout':
        return this.passTime();
      case 'otp.granted':
        this.unansweredOtp = false;
        return this.grant();
      case 'otp.answeredLate':
        this.unansweredOtp = false;
        if (this.wave?.stage === 'queueing') this.sendOtp(false);
        return;
      case 'otp.pinRejected':
        this.unansweredOtp = false;
        return this.askAgainAfterWrongPin();
      case 'otp.pinMalformed':
        this.unansweredOtp = false;
        return this.askAgainAfterMalformed();
      case 'otp.resetNeeded':
        this.unansweredOtp = false;
        if (!this.wave?.hasReset) return this.sendOtp(true);
        return this.deny(event.otpCode === 2312 ? 'DEVICE_UNKNOWN' : 'FORBIDDEN');
      case 'otp.denied':
        this.unansweredOtp = false;
        return this.deny(event.code);
      case 'reset':
        this.endAll('SIGNED_OUT');
        this.hasWorked = false;
        return;
      case 'disposed':
        this.endAll('DISPOSED');
        this.isClosed = true;
        return;
      default:
        event satisfies never;
    }
  }

  observe(): Observation {
    const { wave } = this;
    return {
      status: this.status(),
      inFlight: this.isAnyInFlight(),
      waiting: this.waiting().length,
      prompt:
        wave?.stage === 'asking'
          ? {
              attempt: wave.attempt,
              attemptsLeft: this.limits.attempts - wave.attempt + 1,
              reason: wave.reason,
            }
          : undefined,
      failure: this.denial as Observation['failure'],
      prompts: this.prompts,
      otpRequests: [...this.otps],
      sent: this.calls.map(({ sent }) => sent),
      outcomes: this.calls.map(({ outcome }) => outcome),
    };
  }

  private status(): Observation['status'] {
    if (this.isClosed) return 'closed';
    if (this.wave) return this.wave.stage === 'asking' ? 'needStrongAuth' : 'requestingOtp';
    if (this.isAnyInFlight()) return this.isReplaying ? 'replaying' : 'calling';
    if (this.denial === 'CANCELLED') return 'cancelled';
    if (this.denial) return 'failed';
    return this.hasWorked ? 'done' : 'idle';
  }

  private happenTo(call: OracleCall, what: string): void {
    switch (what) {
      case 'call.made':
        return call.kind === 'ensure' ? this.wish(call) : this.depart(call);
      case 'call.challenged':
        return this.challenge(call);
      default:
        this.end(call, what.slice('call.'.length));
    }
  }

  private depart(call: OracleCall): void {
    // Work that begins at rest begins with a clean slate.
    if (!this.wave && !this.isAnyInFlight()) {
      this.denial = undefined;
      this.isReplaying = false;
    }
    this.hasWorked = true;
    call.outcome = 'pending';
    this.send(call);
  }

  private wish(call: OracleCall): void {
    this.hasWorked = true;
    call.outcome = 'pending';
    if (this.wave) return this.join(call);
    if (this.isBlocked) return this.refuseBlocked(call);
    this.join(call);
    this.openWave();
  }

  private challenge(call: OracleCall): void {
    if (call.replays >= this.limits.rounds) return this.end(call, 'STILL_CHALLENGED');
    if (this.wave) return this.join(call);
    if (this.isBlocked) return this.refuseBlocked(call);
    if (call.sentAfter < this.wavesEnded) {
      if (this.denial) return this.end(call, this.denial);
      call.replays += 1;
      return this.send(call);
    }
    if (call.kind === 'background') return this.end(call, 'INTERACTION_REQUIRED');
    this.join(call);
    this.openWave();
  }

  private refuseBlocked(call: OracleCall): void {
    this.denial = REMEMBERED_FOR_EVER;
    this.end(call, REMEMBERED_FOR_EVER);
  }

  private join(call: OracleCall): void {
    if (this.waiting().length >= this.limits.waiting) return this.end(call, 'QUEUE_FULL');
    call.isWaiting = true;
  }

  private openWave(): void {
    this.isReplaying = false;
    this.wave = { attempt: 1, malformed: 0, reason: 'strongAuthNeeded', stage: 'asking', hasReset: false };
    this.ask();
  }

  private ask(): void {
    if (this.otps.length >= this.limits.otps) return this.deny('OTP_BUDGET_SPENT');
    this.prompts += 1;
  }

  private askAgainAfterWrongPin(): void {
    const wave = this.wave as Wave;
    if (wave.attempt >= this.limits.attempts) return this.deny('PIN_REJECTED');
    Object.assign(wave, { attempt: wave.attempt + 1, reason: 'pinRejected', stage: 'asking' });
    this.ask();
  }

  private askAgainAfterMalformed(): void {
    const wave = this.wave as Wave;
    wave.malformed += 1;
    if (wave.malformed >= 5) return this.deny('PIN_ENTRY_FAILED');
    Object.assign(wave, { reason: 'pinMalformed', stage: 'asking' });
    this.ask();
  }

  private request(): void {
    if (this.unansweredOtp) (this.wave as Wave).stage = 'queueing';
    else this.sendOtp(false);
  }

  private sendOtp(resetStep: boolean): void {
    const wave = this.wave as Wave;
    wave.stage = resetStep ? 'resetting' : 'requesting';
    wave.hasReset ||= resetStep;
    this.unansweredOtp = true;
    this.otps.push(resetStep);
  }

  private passTime(): void {
    this.unansweredOtp = false; // whatever was unanswered has timed out
    switch (this.wave?.stage) {
      case 'asking':
        return this.deny('PIN_ENTRY_TIMED_OUT');
      case 'queueing':
        return this.sendOtp(false);
      case 'requesting':
      case 'resetting':
        return this.deny('OUTCOME_UNKNOWN');
    }
  }

  private grant(): void {
    const granted = this.waiting();
    this.wave = undefined;
    this.wavesEnded += 1;
    this.denial = undefined;
    for (const call of granted) {
      call.isWaiting = false;
      if (call.kind === 'ensure') {
        call.outcome = 'succeeded';
      } else {
        call.replays += 1;
        this.send(call);
      }
    }
    this.isReplaying = true;
  }

  private deny(code: string): void {
    const denied = this.waiting();
    this.wave = undefined;
    this.wavesEnded += 1;
    this.denial = code;
    this.isBlocked ||= code === REMEMBERED_FOR_EVER;
    for (const call of denied) Object.assign(call, { isWaiting: false, outcome: code });
  }

  private send(call: OracleCall): void {
    call.sent += 1;
    call.sentAfter = this.wavesEnded;
  }

  private end(call: OracleCall, outcome: string): void {
    const wasWaiting = call.isWaiting;
    Object.assign(call, { isWaiting: false, outcome });
    if (wasWaiting && this.waiting().length === 0) this.deny('CANCELLED');
  }

  private endAll(outcome: string): void {
    for (const call of this.calls)
      if (call.outcome === 'pending') Object.assign(call, { isWaiting: false, outcome });
    this.wave = undefined;
    this.wavesEnded = 0;
    this.denial = undefined;
    this.isBlocked = false;
  }

  private waiting(): OracleCall[] {
    return this.calls.filter(({ isWaiting }) => isWaiting);
  }

  private isAnyInFlight(): boolean {
    return this.calls.some(
      ({ kind, outcome, isWaiting }) => kind !== 'ensure' && outcome === 'pending' && !isWaiting,
    );
  }
}
