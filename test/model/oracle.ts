import type { Observation, WorldCallKind, WorldEvent, WorldOptions } from 'strong-auth-machine/testing';

/*
 * The promise of the package, stated a second time and on its own: written from the SDK document and the design, not from the
 * machine. It knows calls, waves and outcomes; it has no states, no services and no timers.
 */

interface OracleCall {
  readonly kind: WorldCallKind;
  outcome: string;
  sent: number;
  /** Replays that count. */
  replays: number;
  /** Replays that do not: it came after the PIN. */
  freeReplays: number;
  /** Its place among all calls, by when it was made. */
  place: number;
  /** The prompt that made it. */
  ofPrompt: number | undefined;
  /** Whether it has a turn to wait for, before it is sent again. */
  isQueued: boolean;
  /** Whether this is its turn: nobody else has one before it has its outcome. */
  hasTurn: boolean;
  /** Whether it waited for the last grant, and has not settled since. */
  isOwed: boolean;
  /** Whether it came after the last PIN was given. */
  isLate: boolean;
  /** Whether it had come so when it was granted: being sent again costs it nothing then. */
  isFree: boolean;
  /** Whether it was made in the same breath in which the last waiter left. */
  isHopedFor: boolean;
  /** The wave that was the last to have ended when it was sent. */
  sentAfter: number;
  isWaiting: boolean;
}

interface Wave {
  attempt: number;
  malformed: number;
  reason: string;
  stage: 'asking' | 'requesting' | 'resetting' | 'queueing' | 'curing';
  hasReset: boolean;
  hasCured: boolean;
  /** Nobody waits any more; somebody may come in the same breath, or among those who came then. */
  hope: 'none' | 'breath' | 'newcomers';
  /** The OTP request that is held back while there is nobody in the breath: whether it has `resetStep`. */
  heldOtp?: boolean | undefined;
}

/** One account, its calls and its user. */
export class Oracle {
  private readonly calls: OracleCall[];
  private readonly limits: { attempts: number; rounds: number; waiting: number; otps: number };
  private wave: Wave | undefined;
  private wavesEnded = 0;
  private denial: string | undefined;
  /** The denial that later waves share without being asked. */
  private standing: 'ACCOUNT_BLOCKED' | 'THROTTLED' | undefined;
  private serverAttempts: number | undefined;
  private isClosed = false;
  private hasWorked = false;
  private unansweredOtp = false;
  private prompts = 0;
  private callsMade = 0;
  private readonly isSerial: boolean;
  private readonly hasBreaths: boolean;
  private readonly cures: boolean;
  private readonly otps: boolean[] = [];
  /** Whether the last wave was granted. */
  private wasGranted = false;

  constructor(world: WorldOptions) {
    const { calls = ['call'], policy, otpBudget = Number.POSITIVE_INFINITY } = world;
    this.isSerial = world.replays === 'serial';
    this.hasBreaths = world.turns === true;
    this.cures = world.cures === true;
    this.calls = calls.map((kind) => ({
      kind,
      outcome: 'unmade',
      sent: 0,
      replays: 0,
      freeReplays: 0,
      place: 0,
      ofPrompt: undefined,
      isQueued: false,
      hasTurn: false,
      isOwed: false,
      isLate: false,
      isFree: false,
      isHopedFor: false,
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
    this.cause(event);
    this.sendHeldOtp();
  }

  private cause(event: WorldEvent): void {
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
        return this.askAgainAfterWrongPin(event.attemptsLeft);
      case 'otp.pinMalformed':
        this.unansweredOtp = false;
        return this.askAgainAfterMalformed();
      case 'otp.resetNeeded':
        this.unansweredOtp = false;
        if (!this.wave?.hasReset) return this.sendOtp(true);
        return this.denyOrCure(event.otpCode === 2312 ? 'DEVICE_UNKNOWN' : 'FORBIDDEN');
      case 'otp.denied':
        this.unansweredOtp = false;
        return this.denyOrCure(event.code);
      case 'recovery.succeeded':
        return this.cure();
      case 'recovery.failed':
        return this.deny(this.denial as string);
      case 'retryTime.came':
        if (this.standing === 'THROTTLED') this.standing = undefined;
        return;
      case 'turn.ended':
        if (this.wave) this.wave.hope = 'newcomers';
        return this.giveUpHope();
      case 'recovered':
        this.standing = undefined;
        this.serverAttempts = undefined;
        return;
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
              attemptsLeft: Math.min(
                this.limits.attempts - wave.attempt + 1,
                this.serverAttempts ?? Number.POSITIVE_INFINITY,
              ),
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
    if (this.wave?.stage === 'curing') return 'recovering';
    if (this.wave) return this.wave.stage === 'asking' ? 'needStrongAuth' : 'requestingOtp';
    if (this.isAnyInFlight())
      return this.calls.some(({ isOwed }) => isOwed) && this.wasGranted ? 'replaying' : 'calling';
    if (this.denial === 'CANCELLED') return 'cancelled';
    if (this.denial) return 'failed';
    return this.hasWorked ? 'done' : 'idle';
  }

  private happenTo(call: OracleCall, what: string): void {
    switch (what) {
      case 'call.made':
        return this.make(call);
      case 'call.challenged':
        return this.challenge(call);
      default:
        this.end(call, what.slice('call.'.length));
    }
  }

  private make(call: OracleCall, ofPrompt?: number): void {
    this.callsMade += 1;
    Object.assign(call, { place: this.callsMade, ofPrompt, outcome: 'pending' });
    if (call.kind.startsWith('ensure')) this.wish(call);
    else this.depart(call);
    this.hasWorked = true;
  }

  private depart(call: OracleCall): void {
    // Work that begins at rest begins with a clean slate.
    if (!this.wave && !this.isAnyInFlight(call)) this.denial = undefined;
    if (this.wave?.hope === 'breath') call.isHopedFor = true;
    this.send(call);
  }

  private wish(call: OracleCall): void {
    if (this.wave) return this.join(call);
    if (this.standing) return this.refuseStanding(call);
    this.join(call);
    this.openWave();
  }

  private challenge(call: OracleCall): void {
    if (call.replays >= this.limits.rounds) return this.end(call, 'STILL_CHALLENGED');
    if (this.wave) return this.join(call);
    if (this.standing) return this.refuseStanding(call);
    if (call.sentAfter < this.wavesEnded) {
      if (this.denial) return this.end(call, this.denial);
      call.replays += 1;
      return this.send(call);
    }
    if (call.kind === 'background') return this.end(call, 'INTERACTION_REQUIRED');
    this.join(call);
    this.openWave();
  }

  private refuseStanding(call: OracleCall): void {
    this.denial = this.standing;
    this.end(call, this.standing as string);
  }

  private join(call: OracleCall): void {
    const isAsking = this.wave?.stage === 'asking';
    if (isAsking && call.ofPrompt === this.prompts) return this.end(call, 'INTERACTION_REQUIRED');
    if (this.waiting().length >= this.limits.waiting) return this.end(call, 'QUEUE_FULL');
    Object.assign(call, { isWaiting: true, isLate: this.wave !== undefined && !isAsking });
    if (this.wave) this.wave.hope = 'none';
    for (const other of this.calls) other.isHopedFor = false;
    this.paid(call);
  }

  private openWave(): void {
    this.wasGranted = false;
    this.wave = {
      attempt: 1,
      malformed: 0,
      reason: 'strongAuthNeeded',
      stage: 'asking',
      hasReset: false,
      hasCured: false,
      hope: 'none',
    };
    this.ask();
  }

  private ask(): void {
    if (this.otps.length >= this.limits.otps) return this.deny('OTP_BUDGET_SPENT');
    this.prompts += 1;
    for (const call of this.calls) {
      call.isLate = false;
      if (call.kind.endsWith('OfPrompt') && call.outcome === 'unmade') this.make(call, this.prompts);
    }
  }

  private askAgainAfterWrongPin(attemptsLeft: number | undefined): void {
    const wave = this.wave as Wave;
    this.serverAttempts = attemptsLeft === 0 ? undefined : attemptsLeft;
    if (wave.attempt >= this.limits.attempts || attemptsLeft === 0) return this.deny('PIN_REJECTED');
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
    wave.heldOtp = resetStep;
  }

  private sendHeldOtp(): void {
    const { wave } = this;
    if (wave?.heldOtp === undefined) return;
    if (wave.hope === 'breath' && !this.calls.some(({ isHopedFor }) => isHopedFor)) return;
    this.otps.push(wave.heldOtp);
    wave.heldOtp = undefined;
    this.unansweredOtp = true;
  }

  private passTime(): void {
    this.unansweredOtp = false; // whatever was unanswered has timed out
    switch (this.wave?.stage) {
      case 'asking':
        return this.deny('PIN_ENTRY_TIMED_OUT');
      case 'queueing':
        return this.sendOtp(false);
      case 'curing':
        return this.deny(this.denial as string);
      case 'requesting':
      case 'resetting':
        return this.deny('OUTCOME_UNKNOWN');
    }
  }

  private grant(): void {
    const granted = this.waiting().sort((a, b) => a.place - b.place);
    this.closeWave();
    this.denial = undefined;
    this.standing = undefined;
    this.serverAttempts = undefined;
    this.wasGranted = true;
    for (const call of granted) {
      call.isWaiting = false;
      if (call.kind.startsWith('ensure')) call.outcome = 'succeeded';
      else {
        Object.assign(call, { isOwed: true, hasTurn: false, isFree: call.isLate });
        call.isQueued = this.isSerial && call.kind !== 'read';
      }
    }
    for (const call of granted) if (call.isOwed && !call.isQueued) this.resend(call);
    this.nextTurn();
  }

  private resend(call: OracleCall): void {
    if (call.isFree && call.freeReplays < 3) call.freeReplays += 1;
    else call.replays += 1;
    this.send(call);
  }

  /** One command at a time, where the app wants it so. */
  private nextTurn(): void {
    if (this.calls.some(({ hasTurn }) => hasTurn)) return;
    const [next] = this.calls.filter(({ isQueued }) => isQueued).sort((a, b) => a.place - b.place);
    if (!next) return;
    Object.assign(next, { isQueued: false, hasTurn: true });
    this.resend(next);
  }

  /** What it was owed since the grant it has got: an answer, or another wave. */
  private paid(call: OracleCall): void {
    Object.assign(call, { isOwed: false, isQueued: false });
    if (call.outcome !== 'pending') call.hasTurn = false;
    this.nextTurn();
  }

  /** What removing a block or enrolling a device helps against, the app may cure, once. */
  private denyOrCure(code: string): void {
    const wave = this.wave as Wave;
    const isCurable = ['ACCOUNT_BLOCKED', 'DEVICE_UNKNOWN', 'FORBIDDEN'].includes(code);
    if (!this.cures || wave.hasCured || !isCurable) return this.deny(code);
    this.denial = code;
    if (code === 'ACCOUNT_BLOCKED') this.standing = code;
    wave.stage = 'curing';
  }

  private cure(): void {
    this.denial = undefined;
    this.standing = undefined;
    this.serverAttempts = undefined;
    Object.assign(this.wave as Wave, {
      hasCured: true,
      attempt: 1,
      reason: 'strongAuthNeeded',
      stage: 'asking',
    });
    this.ask();
  }

  private deny(code: string): void {
    const denied = this.waiting();
    this.closeWave();
    this.denial = code;
    if (code === 'ACCOUNT_BLOCKED' || code === 'THROTTLED') this.standing = code;
    for (const call of denied) Object.assign(call, { isWaiting: false, outcome: code, hasTurn: false });
    this.nextTurn();
  }

  private closeWave(): void {
    this.wave = undefined;
    this.wavesEnded += 1;
    this.wasGranted = false;
    for (const call of this.calls) call.isHopedFor = false;
  }

  private send(call: OracleCall): void {
    call.sent += 1;
    call.sentAfter = this.wavesEnded;
  }

  private end(call: OracleCall, outcome: string): void {
    const wasWaiting = call.isWaiting;
    Object.assign(call, { isWaiting: false, outcome });
    this.paid(call);
    if (wasWaiting && this.waiting().length === 0 && this.wave) {
      if (!this.hasBreaths) return this.deny('CANCELLED');
      this.wave.hope = 'breath';
    }
    if (call.isHopedFor) {
      call.isHopedFor = false;
      if (outcome === 'aborted' && this.wave) this.wave.hope = 'breath';
      else this.giveUpHope();
    }
  }

  /** Of those who came in the same breath none is left to wait for. */
  private giveUpHope(): void {
    if (this.wave?.hope === 'newcomers' && !this.calls.some(({ isHopedFor }) => isHopedFor))
      this.deny('CANCELLED');
  }

  private endAll(outcome: string): void {
    for (const call of this.calls) {
      if (call.outcome === 'pending')
        Object.assign(call, { isWaiting: false, isOwed: false, isHopedFor: false, outcome });
      Object.assign(call, { isQueued: false, hasTurn: false });
    }
    this.wave = undefined;
    this.wavesEnded = 0;
    this.denial = undefined;
    this.standing = undefined;
    this.serverAttempts = undefined;
    this.wasGranted = false;
  }

  private waiting(): OracleCall[] {
    return this.calls.filter(({ isWaiting }) => isWaiting);
  }

  private isAnyInFlight(besides?: OracleCall): boolean {
    return this.calls.some(
      (call) =>
        call !== besides && !call.kind.startsWith('ensure') && call.outcome === 'pending' && !call.isWaiting,
    );
  }
}
