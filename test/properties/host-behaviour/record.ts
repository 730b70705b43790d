import {
  type Explanation,
  isApiError,
  isStrongAuthError,
  type StrongAuth,
  type StrongAuthFact,
} from 'strong-auth-machine';
import { type StrongAuthStatus, statusOf } from 'strong-auth-machine/machine';
import type { ManualClock } from 'strong-auth-machine/simulator';
import { read } from './reading.js';

/** Texts that must come out nowhere. */
export const secrets = { pin: '70416253', otp: 'otp-83b1f0c2', token: 'tok-5c0ffee1' } as const;
/** What a user types who does not know the PIN. */
export const wrongPin = (n: number): string => String(51_620_000 + n);
const SECRETS = /otp-83b1f0c2|tok-5c0ffee1|(?<!\d)(70416253|5162\d{4})(?!\d)/;

/** A duration may well have the digits of a PIN. */
const withoutTimes = (key: string, value: unknown) => (key === 'durationMs' ? undefined : value);

/** The longest sequence of free rounds (`replaying.ts`). */
const FREE_ROUNDS = 3;
const REST: readonly StrongAuthStatus[] = ['idle', 'done', 'cancelled', 'failed'];

/** A promise, or a callback, that the client owes an end. */
export interface Owed {
  readonly n: number;
  readonly what: string;
  settled: number;
}

/** A call as the app made it. */
export interface CallRecord extends Owed {
  readonly wall: number;
  readonly steady: number;
  /** How often `reset` had been called before. */
  epoch: number;
  readonly vin: string;
  readonly isNeverReplayed: boolean;
  readonly timeoutMs: number;
  readonly maxAgeMs: number;
  sends: number;
  executions: number;
  /** The host asked for a second execution: it said that the first one was a challenge. */
  mayRepeat: boolean;
  /** Its own signal has aborted. */
  isAborted: boolean;
  /** The host has answered it with a success. */
  hasSucceeded: boolean;
  /** For a `subscribe`: who hears its events. */
  subscriber: SubscriberRecord | undefined;
}

/** A subscriber, and when it must hear no more. */
export interface SubscriberRecord {
  readonly heard: Set<unknown>;
  isOver: boolean;
}

interface PromptRecord {
  readonly signal: AbortSignal;
  isAnswered: boolean;
  pin: string | undefined;
  /** OTP requests that were sent with its PIN. */
  otps: number;
  /** The wave was ended by the host since. */
  isVoid: boolean;
}

/** What the rules of a lifecycle depend on. */
export interface Rules {
  readonly maxRounds: number;
  readonly maxWaiting: number;
  readonly otpTimeoutMs: number;
}

/** Writes down what leaves the client and what comes back, and says what must not be. It knows nothing of how the client works. */
export class Record {
  readonly breaches = new Set<string>();
  readonly owed: Owed[] = [];
  readonly calls = new Map<number, CallRecord>();
  /** Calls that are being made: their options and parameters may still be read, which may call back. */
  readonly making = new Set<CallRecord>();
  readonly prompts: PromptRecord[] = [];
  readonly counts = { calls: 0, executions: 0, prompts: 0, otps: 0, callOuts: 0, surfaced: 0 };
  /** The clock has done more than tell the time: its timers were early, late, twice or lost. */
  clockLies = false;
  /** A timer has fired too early, so that something was given up that had time left. */
  wasEarly = false;
  /** How often an event of the machine was overtaken by another: a seat is then taken that it counts on. */
  overtaken = 0;
  /** The host has sent a request of which nobody can tell whose it is. */
  hasUnnamed = false;
  epoch = 0;
  /** Somebody has declined, or may have; or a call that waited may have left by its signal or deadline, and ended its wave. */
  wasDeclined = false;
  isDisposed = false;
  /** By nobody who was called by the client. */
  wasDisposedCalmly = false;
  strongAuth: StrongAuth | undefined;
  /** While something is checked the host behaves. */
  isChecking = false;
  private unansweredOtp: { readonly since: number } | undefined;
  private readonly facts = new Map<string, number>();

  constructor(
    private readonly clock: ManualClock,
    private readonly rules: Rules,
  ) {}

  breach(what: string): void {
    this.breaches.add(what);
  }

  // ---- What the app asks for.

  /** A promise was handed out. */
  owe(what: string, promise: PromiseLike<unknown>, owed: Owed = this.debt(what)): void {
    promise.then(
      () => this.settle(owed),
      (error) => {
        this.settle(owed);
        this.lookAtError(error);
      },
    );
  }

  debt(what: string): Owed {
    const owed = { n: this.owed.length, what, settled: 0 };
    this.owed.push(owed);
    return owed;
  }

  settle(owed: Owed): void {
    owed.settled += 1;
    if (owed.settled > 1) this.breach(`${owed.what} was settled twice`);
  }

  makeCall(
    facts: Pick<CallRecord, 'what' | 'vin' | 'isNeverReplayed' | 'timeoutMs' | 'maxAgeMs'>,
  ): CallRecord {
    const call: CallRecord = {
      ...facts,
      n: this.owed.length,
      settled: 0,
      wall: this.clock.now(),
      steady: this.clock.monotonic(),
      epoch: this.epoch,
      ...{ sends: 0, executions: 0, mayRepeat: false, isAborted: false, hasSucceeded: false },
      subscriber: undefined,
    };
    this.making.add(call);
    this.owed.push(call);
    this.calls.set(call.n, call);
    this.counts.calls += 1;
    return call;
  }

  /** `cancel`, `reset` or `dispose` is called now. */
  endWave(): void {
    this.wasDeclined = true;
    const last = this.prompts.at(-1);
    if (last) last.isVoid = true;
  }

  endAccount(): void {
    this.endWave();
    this.epoch += 1;
    for (const call of this.calls.values()) {
      // One that is still being made may be of before, or of after.
      if (this.making.has(call)) call.epoch = this.epoch;
      else if (call.subscriber) call.subscriber.isOver = true;
    }
  }

  subscribe(call: CallRecord): SubscriberRecord {
    const subscriber = { heard: new Set<unknown>(), isOver: false };
    call.subscriber = subscriber;
    return subscriber;
  }

  // ---- What the client asks of the host.

  /** A request is handed to the transport. */
  send(verb: string, parameters: { readonly [name: string]: unknown } | undefined): CallRecord | undefined {
    if (verb === 'unsubscribe') return undefined; // also the client's own, after everything
    if (this.isDisposed) this.breach('something was sent after dispose()');
    const call = this.calls.get(parameters?.n as number);
    if (!call) return undefined;
    const { what } = call;
    this.making.delete(call);
    for (const secret of [parameters?.otp, parameters?.token]) {
      const [, epoch = this.epoch] = /^(?:otp|tok)-.*-(\d+)$/.exec(String(secret)) ?? [];
      if (Number(epoch) !== this.epoch) this.breach('an OTP or a token of before reset() was sent');
    }
    call.sends += 1;
    if (call.epoch !== this.epoch) this.breach(`${what} was sent after reset()`);
    if (call.isAborted) this.breach(`${what} was sent after its signal had aborted`);
    if (call.settled > 0) this.breach(`${what} was sent after it had settled`);
    if (call.isNeverReplayed && call.sends > 1) this.breach(`${what} was replayed, against its option`);
    if (call.sends > 1 + this.rules.maxRounds + FREE_ROUNDS)
      this.breach(`${what} was sent ${call.sends} times`);
    const list = parameters?.list as unknown[] | undefined;
    const isAsAsked =
      parameters?.vin === call.vin && list?.[0] === call.n && parameters?.changed === undefined;
    if (!isAsAsked) this.breach(`${what} was sent with other parameters`);
    if (call.sends > 1 && !this.clockLies && this.ageOf(call) > call.maxAgeMs)
      this.breach(`${what} was replayed too old`);
    return call;
  }

  executed(call: CallRecord): void {
    call.executions += 1;
    this.counts.executions += 1;
    if (call.executions > 1 && !call.mayRepeat) this.breach(`${call.what} was executed twice`);
  }

  /** An OTP is requested. @returns What to call when the host answers. */
  requestOtp(pin: unknown, resetStep: boolean): () => void {
    this.counts.otps += 1;
    if (this.isDisposed) this.breach('an OTP was requested after dispose()');
    const prompt = this.prompts.at(-1);
    if (!prompt || prompt.pin === undefined || prompt.pin !== pin)
      this.breach('an OTP was requested with a PIN that nobody entered for it');
    else if (prompt.isVoid) this.breach('an OTP was requested after the host had ended the wave');
    else if (prompt.otps !== (resetStep ? 1 : 0)) this.breach('a PIN was sent once more than it may');
    if (prompt) prompt.otps += 1;
    const busySince = this.unansweredOtp?.since ?? Number.NEGATIVE_INFINITY;
    const isBusy = this.clock.monotonic() - busySince < this.rules.otpTimeoutMs;
    if (isBusy && !this.wasEarly) this.breach('an OTP was requested beside an unanswered one');
    const request = { since: this.clock.monotonic() };
    this.unansweredOtp = request;
    return () => {
      if (this.unansweredOtp === request) this.unansweredOtp = undefined;
    };
  }

  /** The user is asked. @returns How to tell what they answered. */
  openPrompt(signal: AbortSignal): (pin?: unknown) => void {
    this.counts.prompts += 1;
    if (this.wasDisposedCalmly) this.breach('a prompt was opened after dispose()');
    if (this.openPrompts > 0) this.breach('two prompts were open at once');
    const prompt: PromptRecord = { signal, isAnswered: false, pin: undefined, otps: 0, isVoid: false };
    this.prompts.push(prompt);
    return (pin) => {
      if (prompt.isAnswered) return;
      prompt.isAnswered = true;
      if (typeof pin === 'string' && !signal.aborted) prompt.pin = pin;
      if (typeof pin !== 'string' || pin === '') this.wasDeclined = true;
    };
  }

  hear(subscriber: SubscriberRecord, event: unknown): void {
    if (subscriber.isOver) this.breach('an event came after its subscription had ended');
    if (event === undefined) return;
    if (subscriber.heard.has(event)) this.breach('an event came twice');
    subscriber.heard.add(event);
  }

  lookAtFact(fact: StrongAuthFact): void {
    this.lookAt('a fact', fact);
    if (fact.type !== 'callStarted' && fact.type !== 'settled') return;
    const key = `${fact.type} ${fact.id}`;
    const times = (this.facts.get(key) ?? 0) + 1;
    this.facts.set(key, times);
    if (times > 1) this.breach(`the fact ${fact.type} of a call came twice`);
  }

  lookAt(where: string, value: unknown): void {
    if (SECRETS.test(JSON.stringify(value, withoutTimes) ?? '')) this.breach(`a secret is in ${where}`);
  }

  lookAtError(error: unknown): void {
    if (!isApiError(error) && !isStrongAuthError(error)) return;
    if (error.code === 'CANCELLED' && !this.wasDeclined) this.breach('a call was cancelled by nobody');
    if (error.code === 'PIN_ENTRY_TIMED_OUT' && this.prompts.length === 0 && !this.clockLies)
      this.breach('the PIN entry timed out, and nobody was asked');
    this.lookAt('an error', [error, error.message, error.stack]);
    // A transport's error often holds the request.
    this.lookAt('the cause of an error', read((error as { cause?: unknown }).cause, 'request'));
  }

  // ---- What must hold at any time.

  get openPrompts(): number {
    return this.prompts.filter(({ isAnswered, signal }) => !isAnswered && !signal.aborted).length;
  }

  get isAtRest(): boolean {
    if (!this.strongAuth) return false;
    const { status, inFlight, waiting } = this.strongAuth.view.getSnapshot();
    if (status === 'closed') return true;
    return REST.includes(status) && !inFlight && waiting === 0;
  }

  check(): void {
    const { strongAuth, isDisposed } = this;
    if (!strongAuth) return;
    const snapshot = strongAuth.actor.getSnapshot();
    if (snapshot.status === 'error') this.breach(`the actor has stopped in an error: ${snapshot.error}`);
    else if (snapshot.status !== 'active' && !isDisposed) this.breach(`the actor is ${snapshot.status}`);
    const { status, waiting } = strongAuth.view.getSnapshot();
    const real = snapshot.status === 'stopped' ? 'closed' : statusOf(snapshot);
    if (status !== real) this.breach(`the view says ${status} in ${real}`);
    if (waiting > this.rules.maxWaiting + this.overtaken) this.breach(`${waiting} wait`);
    if (this.openPrompts > 1) this.breach('two prompts are open');
  }

  /** What is outstanding, without a call to the host's code that may change it. */
  explain(): Pick<Explanation, 'calls' | 'ensures' | 'nextDeadline'> {
    this.isChecking = true;
    try {
      return this.strongAuth?.explain() ?? { calls: [], ensures: 0 };
    } finally {
      this.isChecking = false;
    }
  }

  /** Between two things that the app does. @param timers How many are set. */
  checkQuiet(timers: number): void {
    this.check();
    const { strongAuth } = this;
    if (!strongAuth) return;
    const { status, waiting } = strongAuth.view.getSnapshot();
    if (waiting > 0 && status !== 'needStrongAuth' && status !== 'requestingOtp')
      this.breach(`they wait in ${status}`);
    if (this.openPrompts > 0 && status !== 'needStrongAuth') this.breach(`a prompt is open in ${status}`);
    const { calls, ensures, nextDeadline } = this.explain();
    if (this.isAtRest) {
      if (calls.length + ensures > 0) this.breach('calls are outstanding at rest');
      if (timers > 0) this.breach('timers are set at rest');
      if (nextDeadline !== undefined) this.breach('there is a deadline at rest');
    }
    if (this.clockLies) return;
    for (const call of this.calls.values()) {
      const isOver = this.clock.monotonic() - call.steady > call.timeoutMs;
      if (isOver && call.settled === 0) this.breach(`${call.what} outlives its timeout`);
    }
  }

  /** Everything has come to rest. */
  checkEnd(timers: number): void {
    this.checkQuiet(timers);
    for (const { what, settled } of this.owed)
      if (settled !== 1) this.breach(`${what} was settled ${settled} times`);
    if (!this.isAtRest) this.breach(`it does not rest: ${this.strongAuth?.view.getSnapshot().status}`);
    if (this.openPrompts > 0) this.breach('a prompt is left open');
    if (timers > 0) this.breach('timers are left');
    for (const [key, started] of this.facts) {
      const [type, id] = key.split(' ');
      if (type === 'callStarted' && this.facts.get(`settled ${id}`) !== started)
        this.breach('a fact is missing: settled');
    }
    this.lookAt('the persisted snapshot', this.strongAuth?.actor.getPersistedSnapshot());
  }

  private ageOf(call: CallRecord): number {
    return Math.max(this.clock.now() - call.wall, this.clock.monotonic() - call.steady);
  }
}
