import type { CallId, StrongAuthEvent } from '../../machines/strong-auth/index.js';

/** An event, or a function that makes it when it is sent, because some of its facts may change until then. */
type Happening = StrongAuthEvent | (() => StrongAuthEvent);

/**
 * Sends the ledger's events to the machine. Once `reset` or `dispose` is called, all calls made
 * before are over, even if the machine is busy and is told later. Events of calls made after that
 * wait until the machine has been told.
 */
export class MachineLine {
  /** Sends an event to the machine. Set once, when the machine exists, which needs the ledger first. */
  send: (event: StrongAuthEvent) => void = () => {};

  /** The id of the last call that `reset` or `dispose` ended. */
  private lastOver: CallId = 0;
  private endsAnnounced = 0;
  private later: Happening[] = [];

  /**
   * @returns Whether `reset` or `dispose` was called after the call was made, so that nothing is sent for it.
   */
  isOver({ id }: { readonly id: CallId }): boolean {
    return id <= this.lastOver;
  }

  /** Whether the client was disposed of: no more calls are made. */
  get isClosed(): boolean {
    return this.lastOver === Number.POSITIVE_INFINITY;
  }

  /** Sends the event of a call at once, or once the machine was told of the `reset` before that call. */
  tell(call: { readonly id: CallId }, event: Happening): void {
    if (this.isOver(call)) return; // `reset` or `dispose` ended the call
    if (this.endsAnnounced > 0) this.later.push(event);
    else this.send(typeof event === 'function' ? event() : event);
  }

  /** The machine is about to be told of `reset` or `dispose`. */
  announceEnd(lastId: CallId): void {
    this.endsAnnounced += 1;
    this.lastOver = lastId;
    this.later = []; // the calls of these events are over
  }

  /** The machine was told of `reset` or `dispose`. @returns The id of the last call that is over. */
  onEnd(lastId: CallId): CallId {
    if (this.endsAnnounced > 0) this.endsAnnounced -= 1;
    else this.lastOver = lastId; // the host sent the event to the machine itself
    return this.lastOver;
  }

  /** Sends the events that had to wait. */
  flush(): void {
    if (this.endsAnnounced > 0) return;
    const later = this.later;
    this.later = [];
    for (const event of later) this.send(typeof event === 'function' ? event() : event);
  }
}
