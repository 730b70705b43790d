import { isStrongAuthError, type StrongAuth, type StrongAuthFact } from 'strong-auth-machine';
import type { ManualClock } from 'strong-auth-machine/simulator';
import type { Run } from '../interleavings.js';

/** A moment by both clocks. */
interface Moment {
  readonly wall: number;
  readonly steady: number;
}

/** One call that the app made, as the app, the user and the SDK see it. */
export interface MadeCall {
  readonly n: number;
  /** Resets before it was made. */
  readonly epoch: number;
  readonly made: Moment;
  readonly timeoutMs: number | undefined;
  readonly maxAgeMs: number | undefined;
  readonly controller: AbortController;
  /** How often its promise has settled. */
  settled: number;
  sent: number;
  lastSent: Moment;
  executed: number;
  /** Grants before it was last challenged. */
  grantsBefore: number;
  /** Whether it waited for a grant, was sent again, and has neither settled nor begun to wait since. */
  isOwed: boolean;
  /** The same, when it was last challenged. */
  wasOwed: boolean;
  /** Whether it was made in the turn in which another was given up, and has neither settled nor been challenged since. */
  isAnew: boolean;
}

const OTP_TIMEOUT_MS = 30_000;
const CALL_TIMEOUT_MS = 60_000;
const PIN_ENTRY_TIMEOUT_MS = 120_000;
const MAX_AGE_MS = 300_000;
/** Replays of a late joiner that spend no round. */
const MAX_FREE_ROUNDS = 3;
/** What a throttled OTP request is told to wait. */
export const RETRY_AFTER_S = 900;

const IN_WAVE = ['needStrongAuth', 'requestingOtp'];
const AT_REST = ['idle', 'done', 'cancelled', 'failed'];

/**
 * Watches one run from outside, and notes each promise that is broken.
 *
 * Facts come a microtask late but in order; what they are needed for is checked when they have come.
 */
export class Referee {
  readonly breaches: string[] = [];
  readonly calls: MadeCall[] = [];
  prompts = 0;
  otps = 0;
  /** The prompt that is open. */
  prompt: object | undefined;
  strongAuth: StrongAuth | undefined;
  /** Whether the client was told that the account is blocked. */
  isBlocked = false;

  /** How often there was something to see of each rule. */
  readonly met = { madeAnew: 0, recovered: 0, blocked: 0, throttled: 0, inLine: 0, late: 0, tooOld: 0 };

  private promptSince = 0;
  private pinsGiven = 0;
  private pinsSent = 0;
  private otpSentAt: number | undefined;
  private epoch = 0;
  private grants = 0;
  private throttledSince: Moment | undefined;
  /** The last call that was sent again since the last grant: of all, or of each verb. */
  private readonly lastReplayed = new Map<string, number>();
  /** Those that are to be sent again one after another. */
  private readonly commands = new Set<MadeCall>();

  constructor(
    private readonly clock: ManualClock,
    private readonly policy: Run['policy'],
  ) {}

  breach(what: string): void {
    this.breaches.push(what);
  }

  now(): Moment {
    return { wall: this.clock.now(), steady: this.clock.monotonic() };
  }

  // ---- What the app does.

  onMade(timeoutMs: number | undefined, maxAgeMs: number | undefined, isAnew: boolean): MadeCall {
    const made = this.now();
    const call: MadeCall = {
      ...{ n: this.calls.length, epoch: this.epoch, made, timeoutMs, maxAgeMs, isAnew },
      controller: new AbortController(),
      ...{ settled: 0, sent: 0, executed: 0, grantsBefore: 0, isOwed: false, wasOwed: false },
      lastSent: made,
    };
    this.calls.push(call);
    return call;
  }

  onSettled(call: MadeCall, error?: unknown): void {
    call.settled += 1;
    call.isOwed = false;
    call.isAnew = false;
    if (!isStrongAuthError(error)) return;
    if (error.code === 'STALE') this.met.tooOld += 1;
    if (error.code !== 'TIMED_OUT') return;
    const isOver = this.ageOf(call.made) >= (call.timeoutMs ?? Number.POSITIVE_INFINITY);
    if (!isOver && this.ageOf(call.lastSent) < CALL_TIMEOUT_MS)
      this.breach(`call ${call.n} timed out too early`);
  }

  onReset(): void {
    this.epoch += 1;
    this.forgetDenials();
  }

  /** `recovered()`: nothing ends, nothing is sent, nobody is asked. */
  onRecovered(recover: () => void): void {
    const look = () => {
      const { status, waiting, inFlight } = this.viewNow();
      const sent = this.calls.map((call) => [call.sent, call.settled]);
      return JSON.stringify([status, waiting, inFlight, sent, this.prompts, this.otps]);
    };
    if (this.isBlocked || this.throttledSince) this.met.recovered += 1;
    const before = look();
    recover();
    if (look() !== before) this.breach(`recovered() has changed ${before} to ${look()}`);
    this.forgetDenials();
  }

  // ---- What the SDK and the user see.

  onSend(n: number): void {
    const call = this.calls[n] as MadeCall;
    if (call.settled > 0) this.breach(`call ${n} was sent after it had settled`);
    if (call.controller.signal.aborted) this.breach(`call ${n} was sent after it was given up`);
    if (call.epoch < this.epoch) this.breach(`call ${n} was sent after reset()`);
    call.sent += 1;
    call.lastSent = this.now();
    if (call.sent > 1 + this.policy.maxRounds + MAX_FREE_ROUNDS)
      this.breach(`call ${n} was sent ${call.sent} times`);
    if (call.sent > 1 && this.ageOf(call.made) > (call.maxAgeMs ?? MAX_AGE_MS))
      this.breach(`call ${n} was sent again when it was too old`);
  }

  onExecuted(n: number): void {
    (this.calls[n] as MadeCall).executed += 1;
  }

  onOtpSent(isReset: boolean): void {
    this.otps += 1;
    if (!isReset) this.pinsSent += 1;
    if (this.pinsSent > this.pinsGiven) this.breach('an OTP was requested with a PIN nobody entered for it');
    const isUnanswered =
      this.otpSentAt !== undefined && this.clock.monotonic() < this.otpSentAt + OTP_TIMEOUT_MS;
    if (isUnanswered) this.breach('an OTP was requested beside an unanswered one');
    this.otpSentAt = this.clock.monotonic();
  }

  onOtpAnswered(): void {
    this.otpSentAt = undefined;
  }

  /** @returns How to tell that the prompt has closed: with a PIN, or without. */
  onPrompt(): (isPin?: boolean) => void {
    const prompt = {};
    if (this.prompt) this.breach('two prompts were open at once');
    if (this.isBlocked) this.breach('somebody was asked though the account is blocked');
    const since = this.throttledSince;
    if (since && this.ageOf(since) < RETRY_AFTER_S * 1000)
      this.breach('somebody was asked before the back end wanted it');
    this.prompts += 1;
    this.promptSince = this.clock.monotonic();
    this.prompt = prompt;
    return (isPin = false) => {
      if (this.prompt !== prompt) return;
      this.prompt = undefined;
      if (isPin) this.pinsGiven += 1;
    };
  }

  // ---- What the client tells.

  onFact(fact: StrongAuthFact): void {
    switch (fact.type) {
      case 'challenged': {
        const call = this.calls[fact.id - 1] as MadeCall;
        call.grantsBefore = this.grants;
        call.wasOwed = call.isOwed;
        call.isOwed = false;
        call.isAnew = false;
        return;
      }
      case 'replayed':
        return this.onReplayed(this.calls[fact.id - 1] as MadeCall, fact.verb);
      case 'settled':
        (this.calls[fact.id - 1] as MadeCall).isOwed = false;
        return;
      case 'otpGranted':
        this.grants += 1;
        this.lastReplayed.clear();
        return this.forgetDenials();
      case 'waveDenied':
        if (fact.code === 'ACCOUNT_BLOCKED') {
          this.isBlocked = true;
          this.met.blocked += 1;
        }
        if (fact.code === 'THROTTLED') {
          this.throttledSince = this.now();
          this.met.throttled += 1;
        }
        if (
          fact.code === 'PIN_ENTRY_TIMED_OUT' &&
          this.clock.monotonic() < this.promptSince + PIN_ENTRY_TIMEOUT_MS
        )
          this.breach('the user had less time than the policy gives');
    }
  }

  private onReplayed(call: MadeCall, verb: string): void {
    if (call.grantsBefore === this.grants) {
      this.met.late += 1; // a straggler, which goes at once, and keeps its place
      call.isOwed = call.wasOwed;
      return;
    }
    call.isOwed = true;
    const group = this.policy.replays === 'serial' ? verb : 'all';
    const last = this.lastReplayed.get(group) ?? -1;
    if (call.n < last) this.breach(`call ${call.n} was sent again after call ${last}, and made before it`);
    this.lastReplayed.set(group, call.n);
    if (this.policy.replays !== 'serial' || verb !== 'set') return;
    this.commands.add(call);
    if (last >= 0) this.met.inLine += 1;
  }

  // ---- What must hold.

  /** After every deed. @param turnHasEnded Whether its turn of the event loop is over. */
  check(turnHasEnded: boolean): void {
    const { status, waiting, failure, inFlight } = this.viewNow();
    const isInWave = IN_WAVE.includes(status);
    if (waiting > this.policy.maxWaiting) this.breach(`${waiting} wait`);
    if (waiting > 0 && !isInWave) this.breach(`they wait in ${status}`);
    if (turnHasEnded && isInWave && waiting === 0 && !this.calls.some(({ isAnew }) => isAnew))
      this.breach(`nobody waits in ${status}`);
    if ((status === 'needStrongAuth') !== (this.prompt !== undefined))
      this.breach(`${this.prompt ? 'a' : 'no'} prompt is open in ${status}`);
    if (this.prompt && this.clock.monotonic() >= this.promptSince + PIN_ENTRY_TIMEOUT_MS)
      this.breach('a prompt is open for longer than the policy allows');
    if (AT_REST.includes(status) && inFlight) this.breach(`calls are in flight in ${status}`);

    const isAnyOwed = this.calls.some(({ isOwed }) => isOwed);
    if (status === 'replaying' && !isAnyOwed) this.breach('replaying, and every replay has settled');
    if (status === 'calling' && isAnyOwed && !failure) this.breach('calling, and a replay has not settled');
    const underWay = [...this.commands].filter(({ isOwed }) => isOwed);
    if (underWay.length > 1)
      this.breach(`commands ${underWay.map(({ n }) => n)} are under way, one after another`);

    for (const { n, settled, timeoutMs, made } of this.calls) {
      if (settled > 1) this.breach(`call ${n} settled ${settled} times`);
      if (!settled && timeoutMs !== undefined && this.clock.monotonic() >= made.steady + timeoutMs)
        this.breach(`call ${n} is not over after its ${timeoutMs} ms`);
    }
  }

  /** When everything that was lost has timed out. */
  checkEnd(): void {
    for (const { n, settled, executed } of this.calls) {
      if (settled !== 1) this.breach(`call ${n} settled ${settled} times`);
      if (executed > 1) this.breach(`call ${n} was executed ${executed} times`);
    }
    const { status, inFlight, waiting } = this.viewNow();
    if (!AT_REST.includes(status) || inFlight || waiting > 0) this.breach(`it does not rest: ${status}`);
    if (this.prompt) this.breach('a prompt is left open');
    if (this.clock.pending > 0) this.breach(`${this.clock.pending} timers are left`);
  }

  private viewNow() {
    return (this.strongAuth as StrongAuth).view.getSnapshot();
  }

  private ageOf({ wall, steady }: Moment): number {
    return Math.max(this.clock.now() - wall, this.clock.monotonic() - steady);
  }

  private forgetDenials(): void {
    this.isBlocked = false;
    this.throttledSince = undefined;
  }
}
