import type { CallId, StrongAuthEvent } from '../../machines/strong-auth/index.js';

/** An event, or how it is made when it is told: some of its facts may change until then. */
type Happening = StrongAuthEvent | (() => StrongAuthEvent);

/**
 * How the ledger tells the machine. After `reset` or `dispose` was called everything that was made before is over, even if the
 * machine, in the middle of something else, hears of it later; and what is told of calls that were made since waits until it
 * has heard.
 */
export class MachineLine {
  /** Tells the machine. Set once, when the machine that needs the ledger exists. */
  send: (event: StrongAuthEvent) => void = () => {};

  /** The last call that the last end ended. */
  private lastOver: CallId = 0;
  private endsAnnounced = 0;
  private later: Happening[] = [];

  /** @returns Whether the call was made before the last end, so that nothing is sent for it any more. */
  isOver({ id }: { readonly id: CallId }): boolean {
    return id <= this.lastOver;
  }

  /** Whether there will be no more calls. */
  get isClosed(): boolean {
    return this.lastOver === Number.POSITIVE_INFINITY;
  }

  /** Tells the machine of a call: at once, or when it has heard of the end that lies before the call. */
  tell(call: { readonly id: CallId }, event: Happening): void {
    if (this.isOver(call)) return; // the end says it all
    if (this.endsAnnounced > 0) this.later.push(event);
    else this.send(typeof event === 'function' ? event() : event);
  }

  /** `reset` or `dispose` is about to be told to the machine. */
  announceEnd(lastId: CallId): void {
    this.endsAnnounced += 1;
    this.lastOver = lastId;
    this.later = []; // of calls that are over now
  }

  /** The machine has heard of an end. @returns The last call that is over. */
  onEnd(lastId: CallId): CallId {
    if (this.endsAnnounced > 0) this.endsAnnounced -= 1;
    else this.lastOver = lastId; // the host told the machine itself
    return this.lastOver;
  }

  /** Tells what had to wait until the machine had heard. */
  flush(): void {
    if (this.endsAnnounced > 0) return;
    const later = this.later;
    this.later = [];
    for (const event of later) this.send(typeof event === 'function' ? event() : event);
  }
}
