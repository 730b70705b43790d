import type { AfterTurn } from '../host/turn.js';
import type { Call } from './call.js';

/**
 * A wave in which nobody waits any more closes its prompt, but not at once where the last one left by its own signal: an effect
 * that runs again, a query that is invalidated or a `switchMap` gives its call up and makes it anew in the same turn of the
 * event loop. The prompt then stays, the same one, until those new calls are judged. One of them that is given up before it is
 * may be made anew just so.
 */
export class EmptyWave {
  private stopWaiting: (() => void) | undefined;
  /** Calls made since the last waiter left, in the same turn, that are not judged yet. */
  private readonly madeAnew = new Set<Call>();

  constructor(
    private readonly afterTurn: AfterTurn,
    private readonly onGone: () => void,
  ) {}

  /** Whether it is still to be seen if somebody comes. */
  get isOpen(): boolean {
    return this.stopWaiting !== undefined || this.madeAnew.size > 0;
  }

  /** The last waiter has left. @param byItsSignal Whether it may be made anew. */
  begin(byItsSignal: boolean): void {
    this.end();
    if (byItsSignal) this.awaitTurn();
    else this.onGone();
  }

  /** A call was made. */
  onMade(call: Call): void {
    if (this.stopWaiting) this.madeAnew.add(call);
  }

  /**
   * A call was refused, or has settled. One that was challenged and waits ends all of this.
   *
   * @param byItsSignal Whether it may be made anew.
   */
  onSettled(call: Call, byItsSignal: boolean): void {
    if (!this.madeAnew.delete(call)) return;
    if (byItsSignal) this.awaitTurn();
    else this.closeIfNobodyCame();
  }

  /** Somebody waits again, or the wave is over. */
  end(): void {
    this.stopWaiting?.();
    this.stopWaiting = undefined;
    this.madeAnew.clear();
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
