import type { Failure, StrongAuthErrorCode } from '../../machines/strong-auth/index.js';
import type { Vault } from '../authentication/vault.js';
import type { HostClock } from '../host/clock.js';
import { reasonOf } from '../host/signals.js';
import {
  type ApiError,
  callName,
  detailsOf,
  StrongAuthError,
  type StrongAuthErrorDetails,
} from '../messages/errors.js';
import { Sending } from '../messages/sending.js';
import type { Tell } from '../messages/telemetry.js';
import type { CallBook } from './book.js';
import { type Call, replaysOf } from './call.js';
import type { EmptyWave } from './empty-wave.js';
import type { MachineLine } from './machine-line.js';
import { rejectionOf } from './rejection.js';
import type { Subscriptions } from './subscriptions.js';

/** What settling needs. */
export interface SettlingParts {
  readonly book: CallBook;
  readonly line: MachineLine;
  readonly emptyWave: EmptyWave;
  readonly subscriptions: Subscriptions;
  readonly clock: HostClock;
  readonly vault: Pick<Vault, 'forgetOtp'>;
  readonly tell: Tell;
  /** Called when something has changed that the machine is not told. */
  readonly onChange: () => void;
  /** Called when a call has settled that was challenged once. */
  readonly onChallengedSettled: (call: Call, isAborted: boolean) => void;
}

const STARTED = { type: 'calls.started' } as const;
const LANDED = { type: 'calls.landed' } as const;

/** How a call ends. */
type Outcome = 'succeeded' | 'failed' | 'aborted';

/** The one way out for a call: whatever ends it passes through `end`, which lets only the first end count. */
export class Settling {
  constructor(private readonly parts: SettlingParts) {}

  succeed(call: Call, value: unknown): void {
    this.end(call, 'succeeded', value);
  }

  /** It rejects with an error of ours, which names it. */
  fail<Code extends StrongAuthErrorCode>(
    call: Call,
    code: Code,
    details: StrongAuthErrorDetails<Code>,
    options: { cause?: unknown } = {},
  ): void {
    if (call.phase === 'settled') return;
    const named = call.request && { call: callName(call.request) };
    this.end(call, 'failed', new StrongAuthError(code, details, { ...options, ...named }));
  }

  /** It rejects with what the machine decided. */
  refuse(call: Call, failure: Failure): void {
    this.fail(call, failure.code, detailsOf(failure));
  }

  /** It rejects with what the SDK answered. */
  reject(call: Call, error: ApiError): void {
    this.end(call, 'failed', error);
  }

  /** Its own signal has aborted. */
  abort(call: Call, signal: AbortSignal): void {
    this.end(call, 'aborted', reasonOf(signal));
  }

  /** A deadline of it has passed. */
  expire(call: Call): void {
    this.fail(call, 'TIMED_OUT', { sent: call.phase === 'inFlight' });
  }

  /**
   * The first call has left, or the last one has landed: tells the machine. Tells it again if that has changed meanwhile, since
   * an inspector hears of an event before the machine does, and may call back.
   *
   * @param call The one; the machine hears nothing of it if it is over by now.
   */
  tellTraffic(call?: Call): void {
    const { line, book } = this.parts;
    const isInFlight = () => book.onTheirWay.size > 0;
    const told = isInFlight();
    if (call) line.tell(call, told ? STARTED : LANDED);
    else line.send(told ? STARTED : LANDED);
    if (told !== isInFlight()) this.tellTraffic();
  }

  /** It is not in flight any more: it waits, or has settled. */
  land(call: Call, isAborted = false): void {
    const { book, line, vault } = this.parts;
    const { onTheirWay } = book;
    const { isListed, challenged, phase } = call;
    const isReplay = challenged?.isReplay === true;
    if (isReplay) {
      challenged.isReplay = false;
      book.replays -= 1;
    }
    onTheirWay.remove(call);
    // The next in line may be sent now.
    if (challenged && phase === 'settled') this.parts.onChallengedSettled(call, isAborted);
    // With serial replays those in line are not on their way yet, and the last of them may settle there.
    if ((isListed || isReplay) && onTheirWay.size === 0 && book.replays === 0) {
      vault.forgetOtp();
      this.tellTraffic(call);
    } else if (isReplay && book.replays === 0) {
      line.tell(call, { type: 'replays.landed' });
    }
  }

  /** The machine hears of it before the caller does, so that the status is true when they look. */
  private end(call: Call, outcome: Outcome, value: unknown): void {
    const { book, subscriptions, clock } = this.parts;
    const { phase, sending } = call;
    if (phase === 'settled') return;
    book.release(call);
    call.phase = 'settled';
    call.sending = undefined;
    if (call.timer !== undefined) clock.clearTimeout(call.timer);
    const isRunning = call.subscription && outcome === 'succeeded';
    if (!isRunning) call.unwatch?.(); // what runs ends by the same signal
    if (call.subscription) subscriptions.settled(call);
    if (sending && outcome !== 'succeeded') Sending.abandon(sending);
    if (phase === 'waiting') this.leave(call, outcome);
    this.land(call, outcome === 'aborted');
    this.parts.emptyWave.onSettled(call, outcome === 'aborted');
    this.tellSettled(call, outcome, value);
    if (outcome === 'succeeded') call.resolve(value);
    else call.rejectWith(rejectionOf(value));
  }

  /** One of those that wait has given up, or run out of time. */
  private leave(call: Call, outcome: Outcome): void {
    const { book, line, emptyWave, onChange } = this.parts;
    if (line.isOver(call)) return;
    if (book.waitingCount > 0) return onChange();
    emptyWave.begin(outcome === 'aborted');
    onChange();
  }

  private tellSettled(call: Call, outcome: Outcome, value: unknown): void {
    const { tell, clock } = this.parts;
    if (!tell || !call.request) return;
    const { id, request } = call;
    const code = outcome === 'failed' ? (value as ApiError | StrongAuthError).code : undefined;
    tell({
      type: 'settled',
      id,
      verb: request.verb,
      api: request.api,
      outcome,
      ...(code !== undefined && { code }),
      durationMs: clock.ageOf(call.made),
      rounds: replaysOf(call),
    });
  }
}
