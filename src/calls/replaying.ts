import type { Secret } from '../authentication/secret.js';
import type { Vault } from '../authentication/vault.js';
import { ask } from '../host/ask.js';
import { type ApiRequest, readHostRequest } from '../messages/message.js';
import { captureParameters, copyRequest } from '../messages/parameters.js';
import type { Tell } from '../messages/telemetry.js';
import type { AgeLimits } from './age-limits.js';
import type { CallBook } from './book.js';
import { type Call, challengedOf, replaysOf } from './call.js';
import type { MachineLine } from './machine-line.js';
import type { Settling } from './settling.js';
import type { Transmitting } from './transmitting.js';

/** Changes a request before it is replayed, for a back end that expects the OTP in the replay. */
export type PrepareReplay = (request: ApiRequest, otp: Secret) => ApiRequest | Promise<ApiRequest>;

/** How many replays of a call spend no round because the call began to wait after the PIN was given. */
const MAX_FREE_ROUNDS = 3;

/** What `Replaying` needs. */
export interface ReplayingParts {
  readonly prepareReplay: PrepareReplay | undefined;
  readonly replays: 'parallel' | 'serial';
  readonly vault: Pick<Vault, 'otp'>;
  readonly tell: Tell;
  readonly book: CallBook;
  readonly line: MachineLine;
  readonly settling: Settling;
  readonly transmitting: Transmitting;
  readonly ages: AgeLimits;
}

/** Replays calls after a grant, if they are young enough and their callers still want it. */
export class Replaying {
  /** With `replays: 'serial'`: the `set` calls whose turn has not come, in the order the app made them. */
  private queue: Call[] = [];
  /**
   * The call whose turn it is, until it settles. It keeps its turn while it waits again: otherwise
   * the next call would overtake it.
   */
  private current: Call | undefined;
  private isAdvancing = false;

  constructor(private readonly parts: ReplayingParts) {}

  /**
   * Replays the calls that waited for a grant.
   *
   * @param calls In the order the app made them.
   * @param pins How many PINs were given in their wave. A call that began to wait after the last PIN may need
   *   another grant, so this replay spends no round of it.
   */
  replayAll(calls: readonly Call[], pins: number): void {
    if (this.current && calls.includes(this.current)) this.current = undefined;
    for (const call of calls) {
      if (!call.request || !this.isWanted(call)) continue;
      const challenged = challengedOf(call);
      challenged.isReplay = true;
      challenged.isFree = challenged.pins === pins && challenged.freeRounds < MAX_FREE_ROUNDS;
      this.parts.book.replays += 1;
      if (this.takesTurns(call)) this.queue.push(call);
      else this.bringForward(call);
    }
    this.queue.sort((a, b) => a.id - b.id);
    for (const call of calls) {
      if (this.takesTurns(call)) this.advance();
      else this.release(call);
    }
  }

  /** Replays a call that was sent before the grant and challenged after it. */
  replayStraggler(call: Call): void {
    challengedOf(call).isFree = false;
    this.bringForward(call);
    this.release(call);
  }

  /**
   * A call that was challenged at least once has settled.
   *
   * @param isAborted Whether the call was aborted by its own signal. A screen that goes away aborts its calls one after another.
   *   The next command is sent after all of them had the time to abort.
   */
  onSettled(call: Call, isAborted: boolean): void {
    if (this.current === call) this.current = undefined;
    else if (this.queue.length > 0) this.queue = this.queue.filter((other) => other !== call);
    if (isAborted) queueMicrotask(() => this.advance());
    else this.advance();
  }

  /** Everything was ended. */
  clear(): void {
    this.queue = [];
    this.current = undefined;
  }

  private takesTurns({ request }: Call): boolean {
    return this.parts.replays === 'serial' && request?.verb === 'set';
  }

  /** Starts the next call of the queue, unless another one has its turn. */
  private advance(): void {
    if (this.isAdvancing) return; // a call that settles at once calls this again
    this.isAdvancing = true;
    while (!this.current && this.queue.length > 0) {
      const call = this.queue.shift() as Call;
      this.current = call;
      this.bringForward(call);
      this.release(call);
    }
    this.isAdvancing = false;
  }

  private bringForward(call: Call): void {
    if (!this.isWanted(call)) return;
    const { book } = this.parts;
    book.release(call);
    book.onTheirWay.restart(call);
  }

  /** Replays the call if it is young enough, can be sent twice, and its caller still wants it. */
  private release(call: Call): void {
    if (!this.isWanted(call)) return;
    if (!call.request) return this.parts.settling.succeed(call, undefined);
    call.phase = 'deciding';
    if (!this.mayGoOn(call)) return;
    const { replay = 'auto' } = call.options ?? {};
    if (replay === 'never' || call.isReadOnce) return this.decline(call);
    if (replay === 'auto') return this.prepare(call);
    const { request } = call;
    ask(
      () => replay(copyRequest(request)),
      (answer) => {
        if (this.isWanted(call)) answer === true ? this.prepare(call) : this.decline(call);
      },
      (cause) => this.decline(call, { cause }),
    );
  }

  private prepare(call: Call): void {
    const { prepareReplay, vault, settling } = this.parts;
    let request: ApiRequest;
    try {
      const original = call.request as ApiRequest;
      const captured = original.parameters && captureParameters(original.parameters);
      if (captured?.isReadOnce) return this.decline(call); // the first sending has used up a body
      request = { ...original, ...(captured && { parameters: captured.parameters }) };
    } catch (cause) {
      return settling.fail(call, 'TRANSPORT_FAILED', { sent: false }, { cause });
    }
    const { otp } = vault;
    if (!prepareReplay || !otp) return this.resend(call, request);
    // No `cause`: what the host throws here may hold the OTP it was given.
    const giveUp = () => settling.fail(call, 'TRANSPORT_FAILED', { sent: false });
    ask(
      () => prepareReplay(request, otp),
      (made) => {
        if (!this.isWanted(call)) return;
        const prepared = readHostRequest(made);
        if (prepared) this.resend(call, prepared, true);
        else giveUp();
      },
      giveUp,
    );
  }

  private resend(call: Call, request: ApiRequest, holdsSecret = false): void {
    const { book, tell, transmitting } = this.parts;
    if (!this.mayGoOn(call)) return;
    const challenged = challengedOf(call);
    if (challenged.isFree) challenged.freeRounds += 1;
    else call.rounds += 1;
    const rounds = replaysOf(call);
    book.onTheirWay.restart(call);
    tell?.({ type: 'replayed', id: call.id, verb: request.verb, api: request.api, rounds });
    transmitting.send(call, request, holdsSecret, () => this.mayGoOn(call));
  }

  /**
   * Ends a call that is too old, or whose signal has aborted without the call having heard of it yet.
   *
   * @returns Whether the call goes on.
   */
  private mayGoOn(call: Call): boolean {
    const { settling, ages } = this.parts;
    settling.heedSignal(call);
    const tooLate = ages.tooLate(call);
    if (tooLate === 'STALE') settling.fail(call, tooLate, {});
    if (tooLate === 'TIMED_OUT') settling.fail(call, tooLate, { sent: false });
    return this.isWanted(call);
  }

  private decline(call: Call, options?: { cause: unknown }): void {
    this.parts.settling.fail(call, 'REPLAY_DECLINED', {}, options);
  }

  /** The host's code that ran meanwhile may have ended this call, or all calls. */
  private isWanted(call: Call): boolean {
    return call.phase !== 'settled' && !this.parts.line.isOver(call);
  }
}
