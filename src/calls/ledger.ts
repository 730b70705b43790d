import type { CallId, Failure } from '../../machines/strong-auth/index.js';
import type { Grants } from '../authentication/grants.js';
import type { Throttle } from '../authentication/throttle.js';
import type { Vault } from '../authentication/vault.js';
import type { HostClock } from '../host/clock.js';
import type { Policy } from '../host/policy.js';
import type { AfterTurn } from '../host/turn.js';
import type { Classifier } from '../messages/classify.js';
import type { Tell } from '../messages/telemetry.js';
import type { Transport } from '../messages/transport.js';
import { AgeLimits } from './age-limits.js';
import { CallBook } from './book.js';
import { type Call, challengedOf } from './call.js';
import { EmptyWave } from './empty-wave.js';
import { Entering } from './entering.js';
import { MachineLine } from './machine-line.js';
import { OnTheirWay } from './on-their-way.js';
import { type PrepareReplay, Replaying } from './replaying.js';
import { Settling } from './settling.js';
import { Subscriptions } from './subscriptions.js';
import { Transmitting } from './transmitting.js';

/** What `Ledger` needs. */
export interface LedgerParts {
  readonly transport: Transport;
  readonly policy: Policy;
  readonly clock: HostClock;
  readonly classifier: Classifier | undefined;
  readonly prepareReplay: PrepareReplay | undefined;
  readonly vault: Vault;
  readonly grants: Grants;
  readonly throttle: Throttle;
  readonly tell: Tell;
  readonly afterTurn: AfterTurn;
  /** @returns The prompt that is open. */
  readonly prompt: () => object | undefined;
  /** @returns The prompt whose `enterPin` makes a call with this `signal`. */
  readonly makerOf: (signal: unknown) => object | undefined;
  /** Called after a change that the machine is not told. */
  readonly onChange: () => void;
}

/**
 * Remembers each call and does with it what the machine decides. The ledger itself decides only about
 * time and the caller's own options.
 *
 * A call goes from `Entering` to `Transmitting` (sends it and interprets the answer) to `Settling`. After a
 * grant, `Replaying` passes a waiting call to `Transmitting` again.
 */
export class Ledger {
  readonly line = new MachineLine();
  readonly book: CallBook;
  /** Where calls begin. */
  readonly entering: Entering;
  readonly ages: AgeLimits;
  private readonly emptyWave: EmptyWave;
  private readonly subscriptions: Subscriptions;
  private readonly settling: Settling;
  private readonly replaying: Replaying;
  private resetReason: string | undefined;
  /**
   * How many waves have ended. The machine passes it with its decisions, because a call may be sent in the
   * middle of a transition, when the machine's snapshot is not up to date.
   */
  private wave = 0;

  constructor(private readonly parts: LedgerParts) {
    const { policy, clock, afterTurn } = parts;
    const { line } = this;
    const onTheirWay = new OnTheirWay(clock, policy.callTimeoutMs, (call) => this.settling.expire(call));
    this.book = new CallBook(onTheirWay);
    this.ages = new AgeLimits(clock, policy, onTheirWay);
    this.emptyWave = new EmptyWave(afterTurn, () => line.send({ type: 'waiters.gone', wave: this.wave }));
    this.subscriptions = new Subscriptions({ ...parts, line });
    const shared = { ...parts, line, book: this.book, ages: this.ages, subscriptions: this.subscriptions };
    this.settling = new Settling({
      ...shared,
      emptyWave: this.emptyWave,
      onChallengedSettled: (call, isAborted) => this.replaying.onSettled(call, isAborted),
    });
    const transmitting = new Transmitting({
      ...shared,
      settling: this.settling,
      maxRounds: policy.maxRounds,
      wave: () => this.wave,
    });
    this.replaying = new Replaying({
      ...shared,
      replays: policy.replays,
      settling: this.settling,
      transmitting,
    });
    this.entering = new Entering({
      ...shared,
      emptyWave: this.emptyWave,
      settling: this.settling,
      transmitting,
      endWith: (code, call) => this.endWith(code, call),
    });
  }

  /** Calls `send` at once if a call waits for the wave or was made anew for one that was aborted; otherwise once one does. */
  whenWaveWanted(send: () => void): void {
    this.emptyWave.whenWanted(send);
  }

  // ---- Before the machine is told.

  /** Whether no call was made since the last `reset`, so that another `reset` has no effect. */
  get isAsNew(): boolean {
    return this.line.isOver({ id: this.entering.lastId });
  }

  /** The machine is about to be told of `reset`. Calls that were made before are not sent any more. */
  announceEnd(reason: string | undefined): void {
    this.line.announceEnd(this.entering.lastId);
    this.resetReason = reason;
    this.forgetGrant(); // a call made before the machine is told may belong to another user
  }

  /**
   * The machine is about to be told of `dispose`. Nothing is sent any more, not
   * even a call that is being made.
   */
  announceClose(): void {
    this.line.announceEnd(Number.POSITIVE_INFINITY);
    this.forgetGrant();
  }

  // ---- What the machine has decided.

  hold({ id, pins }: { id: CallId; pins: number }): void {
    const call = this.book.heldBack.get(id);
    if (call) {
      this.emptyWave.end();
      challengedOf(call).pins = pins;
      this.book.hold(call);
      this.settling.land(call);
    } else if (this.book.waitingCount === 0 && !this.emptyWave.isOpen) {
      this.emptyWave.begin(false); // the call ended while the machine was busy
    }
  }

  refuse({ id, failure }: { id: CallId; failure: Failure }): void {
    const call = this.book.heldBack.get(id);
    if (call) this.settling.refuse(call, failure);
  }

  replayStraggler({ id }: { id: CallId }): void {
    const call = this.book.heldBack.get(id);
    if (call) this.replaying.replayStraggler(call);
  }

  replayWaiting({ wave, pins }: { wave: number; pins: number }): void {
    const { line, book } = this;
    this.wave = wave;
    this.emptyWave.end();
    this.replaying.replayAll(book.takeWaiting(), pins);
    if (book.onTheirWay.isEmpty) {
      this.parts.vault.forgetOtp();
      this.settling.tellTraffic();
    } else if (book.replays === 0) {
      line.send({ type: 'replays.landed' });
    }
  }

  rejectWaiting({ wave, failure }: { wave: number; failure: Failure }): void {
    this.wave = wave;
    this.emptyWave.end();
    const calls = this.book.takeWaiting();
    this.parts.tell?.({ type: 'waveDenied', code: failure.code, rejected: calls.length });
    for (const call of calls) this.settling.refuse(call, failure);
  }

  rejectEverything({ code }: { code: 'SIGNED_OUT' | 'DISPOSED' }): void {
    const { line, book } = this;
    const lastOver = line.onEnd(this.entering.lastId);
    this.forgetGrant();
    this.wave = 0;
    this.emptyWave.end();
    this.replaying.clear();
    // First removes the calls from every list: the machine ordered their end and must not be told of it.
    const over = book.clear(lastOver);
    if (!book.onTheirWay.isEmpty) this.settling.tellTraffic();
    for (const call of over) this.endWith(code, call);
    this.subscriptions.abandonAll();
    line.flush();
  }

  private forgetGrant(): void {
    this.parts.vault.forgetOtp();
    this.parts.grants.forget();
  }

  private endWith(code: 'SIGNED_OUT' | 'DISPOSED', call: Call): void {
    const reason = this.resetReason;
    if (code === 'DISPOSED') this.settling.fail(call, code, {});
    else this.settling.fail(call, code, reason === undefined ? {} : { reason });
  }
}
