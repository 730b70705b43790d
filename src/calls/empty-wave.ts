import type { AfterTurn } from '../host/turn.js';
import type { Call } from './call.js';

/**
 * A wave in which no call waits any more closes its prompt. If the last waiting call left by its own signal,
 * the prompt stays until the end of the turn of the event loop: an effect that runs again, an invalidated
 * query or a `switchMap` aborts its call and makes a new one in the same turn.
 *
 * If calls are made in that turn, the same prompt stays until they are judged. A call that is aborted before
 * it is judged may be replaced in the same way, until the end of that turn.
 *
 * An OTP request that is due meanwhile is held back until a call is made or waits again, so that it is sent for somebody.
 */
export class EmptyWave {
  private stopWaiting: (() => void) | undefined;
  /** Calls made since the last waiting call left, in the same turn, that are not judged yet. */
  private readonly madeAnew = new Set<Call>();
  /** Sends the OTP request, which is held back until a call waits again. */
  private held: (() => void) | undefined;

  constructor(
    private readonly afterTurn: AfterTurn,
    private readonly onGone: () => void,
  ) {}

  /** Whether the prompt still stays, because a new call may be made or judged. */
  get isOpen(): boolean {
    return this.stopWaiting !== undefined || this.madeAnew.size > 0;
  }

  /**
   * The last waiting call has left.
   *
   * @param byItsSignal Whether its signal ended it, so that a new call may replace it.
   */
  begin(byItsSignal: boolean): void {
    this.end();
    if (byItsSignal) this.awaitTurn();
    else this.onGone();
  }

  /** Whether a call waits for the wave, or was made anew for one that was aborted. */
  private get isWanted(): boolean {
    return this.stopWaiting === undefined || this.madeAnew.size > 0;
  }

  /**
   * Calls `send` at once if the wave is wanted, otherwise once it is wanted again: a listener to the transition
   * that requests the OTP may have aborted the last waiting call.
   *
   * @param send Does nothing if the wave has ended meanwhile.
   */
  whenWanted(send: () => void): void {
    if (this.isWanted) send();
    else this.held = send;
  }

  /** A call was made. */
  onMade(call: Call): void {
    if (!this.stopWaiting) return;
    this.madeAnew.add(call);
    this.goOn();
  }

  /**
   * A call was refused, or has settled. (A call that was challenged and waits leads to `end` instead.)
   *
   * @param byItsSignal Whether its signal ended it, so that a new call may replace it.
   */
  onSettled(call: Call, byItsSignal: boolean): void {
    if (!this.madeAnew.delete(call)) return;
    if (byItsSignal) this.awaitTurn();
    else this.closeIfNobodyCame();
  }

  /** A call waits again, or the wave is over. */
  end(): void {
    this.stopWaiting?.();
    this.stopWaiting = undefined;
    this.madeAnew.clear();
    this.goOn();
  }

  /** Sends what was held back, after the code that has made the call or ended the wave. */
  private goOn(): void {
    const { held } = this;
    this.held = undefined;
    if (held) queueMicrotask(() => this.whenWanted(held));
  }

  private awaitTurn(): void {
    this.stopWaiting ??= this.afterTurn(() => {
      this.stopWaiting = undefined;
      this.closeIfNobodyCame();
    });
  }

  private closeIfNobodyCame(): void {
    if (!this.stopWaiting && this.madeAnew.size === 0) this.onGone();
  }
}
