import type { Failure, StrongAuthErrorCode } from '../../machines/strong-auth/index.js';
import type { Vault } from '../authentication/vault.js';
import { read } from '../host/ask.js';
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

/** What `Settling` needs. */
export interface SettlingParts {
  readonly book: CallBook;
  readonly line: MachineLine;
  readonly emptyWave: EmptyWave;
  readonly subscriptions: Subscriptions;
  readonly clock: HostClock;
  readonly vault: Pick<Vault, 'forgetOtp'>;
  readonly tell: Tell;
  /** Called after a change that the machine is not told. */
  readonly onChange: () => void;
  /** Called when a call has settled that was challenged at least once. */
  readonly onChallengedSettled: (call: Call, isAborted: boolean) => void;
}

const STARTED = { type: 'calls.started' } as const;
const LANDED = { type: 'calls.landed' } as const;

/** How a call ends. */
type Outcome = 'succeeded' | 'failed' | 'aborted';

/** The exit of every call: each way to settle passes through `end`, and only the first one counts. */
export class Settling {
  constructor(private readonly parts: SettlingParts) {}

  succeed(call: Call, value: unknown): void {
    this.end(call, 'succeeded', value);
  }

  /** The call rejects with a `StrongAuthError` that names the call. */
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

  /** The call rejects with the failure that the machine decided. */
  refuse(call: Call, failure: Failure): void {
    this.fail(call, failure.code, detailsOf(failure));
  }

  /** The call rejects with the SDK's error. */
  reject(call: Call, error: ApiError): void {
    this.end(call, 'failed', error);
  }

  /** The call's own signal has aborted. */
  abort(call: Call, signal: AbortSignal): void {
    this.end(call, 'aborted', reasonOf(signal));
  }

  /**
   * Ends a call whose signal has aborted without the call having heard of it yet. Calls may share a signal, and what the end of the
   * first one sets off must not send the next one. Looks at the signal, which is the host's code: the client may be over afterwards.
   */
  heedSignal(call: Call): void {
    const { signal } = call.options ?? {};
    if (signal && read(signal, 'aborted') === true) this.abort(call, signal);
  }

  /** A deadline of the call has passed. */
  expire(call: Call): void {
    this.fail(call, 'TIMED_OUT', { sent: call.phase === 'inFlight' });
  }

  /**
   * Tells the machine that the first call is on its way, or that the last one has landed. An inspector
   * receives an event before the machine does and may make or end a call; the machine is then told again.
   *
   * @param call The call that started or landed. If it is over already, the machine is not told.
   */
  tellTraffic(call?: Call): void {
    const { line, book } = this.parts;
    const { isEmpty } = book.onTheirWay;
    const event = isEmpty ? LANDED : STARTED;
    if (call) line.tell(call, event);
    else line.send(event);
    if (isEmpty !== book.onTheirWay.isEmpty) this.tellTraffic();
  }

  /** The call is not in flight any more: it waits, or has settled. */
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
    if (challenged && phase === 'settled') this.parts.onChallengedSettled(call, isAborted); // starts the next replay
    // Queued replays (serial) are not on their way yet. The last of them may settle while it is still queued.
    if ((isListed || isReplay) && onTheirWay.isEmpty && book.replays === 0) {
      vault.forgetOtp();
      this.tellTraffic(call);
    } else if (isReplay && book.replays === 0) {
      line.tell(call, { type: 'replays.landed' });
    }
  }

  /** Tells the machine before the caller, so that the caller sees the new status. */
  private end(call: Call, outcome: Outcome, value: unknown): void {
    const { book, subscriptions, clock } = this.parts;
    const { phase, sending } = call;
    if (phase === 'settled') return;
    book.release(call);
    call.phase = 'settled';
    call.sending = undefined;
    if (call.timer !== undefined) clock.clearTimeout(call.timer);
    const isRunning = call.subscription && outcome === 'succeeded';
    if (!isRunning) call.unwatch?.(); // a running subscription ends by the same signal
    if (call.subscription) subscriptions.settled(call);
    if (sending && outcome !== 'succeeded') Sending.abandon(sending);
    if (phase === 'waiting') this.leave(call, outcome);
    this.land(call, outcome === 'aborted');
    this.parts.emptyWave.onSettled(call, outcome === 'aborted');
    this.tellSettled(call, outcome, value);
    if (outcome === 'succeeded') call.resolve(value);
    else call.rejectWith(rejectionOf(value));
  }

  /** A waiting call was aborted or has timed out. */
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
