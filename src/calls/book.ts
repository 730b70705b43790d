import type { CallId } from '../../machines/strong-auth/index.js';
import type { WaitingCall } from '../authentication/prompts.js';
import { callName } from '../messages/errors.js';
import { type Call, challengedOf } from './call.js';
import type { OnTheirWay } from './on-their-way.js';

/** Every call that has not settled: calls on their way, and calls that were challenged or wait. */
export class CallBook {
  /**
   * Calls that were challenged or wait; also a granted `ensure` that has not
   * settled and a replay that is queued.
   */
  readonly heldBack = new Map<CallId, Call>();
  /** How many calls wait. */
  waitingCount = 0;
  /** How many calls wait, or were challenged and are not judged yet. */
  seats = 0;
  /** Grows whenever a call begins or ceases to wait. */
  waitingChanges = 0;
  /** How many calls waited for the last grant and have not settled since. */
  replays = 0;
  private described: readonly WaitingCall[] | undefined;

  constructor(readonly onTheirWay: OnTheirWay) {}

  /** The call was challenged. The machine decides whether it waits. */
  challenge(call: Call): void {
    call.phase = 'challenged';
    this.seats += 1;
    this.heldBack.set(call.id, call);
  }

  /** The machine has decided that the call waits. */
  hold(call: Call): void {
    call.phase = 'waiting';
    this.waitingCount += 1;
    this.changeWaiting();
  }

  /** The call is no longer held back. */
  release(call: Call): void {
    this.heldBack.delete(call.id);
    const { phase } = call;
    if (phase !== 'waiting' && phase !== 'challenged') return;
    call.phase = 'deciding';
    this.seats -= 1;
    if (phase === 'challenged') return;
    this.waitingCount -= 1;
    this.changeWaiting();
  }

  /** Takes all waiting calls, in the order the app made them. They are then about to be sent or to settle. */
  takeWaiting(): Call[] {
    const taken = [...this.heldBack.values()].filter(({ phase }) => phase === 'waiting');
    for (const call of taken) call.phase = 'deciding';
    this.seats -= taken.length;
    this.waitingCount = 0;
    this.changeWaiting();
    return taken.sort((a, b) => a.id - b.id);
  }

  /** What a prompt shows of the waiting calls, in their order. The same list until a call comes or goes. */
  describeWaiting(): readonly WaitingCall[] {
    this.described ??= Object.freeze([...this.heldBack.values()].flatMap(describe));
    return this.described;
  }

  /**
   * Everything was ended: removes all calls that were made up to `lastId` from every list. The count of the waves
   * begins again, also for calls that were made before the machine was told.
   *
   * @returns The calls that were removed.
   */
  clear(lastId: CallId): Call[] {
    const all = this.outstanding();
    for (const call of all) call.wave = 0;
    const over = all.filter(({ id }) => id <= lastId);
    for (const call of over) {
      this.release(call);
      if (call.challenged) call.challenged.isReplay = false;
      this.onTheirWay.remove(call);
    }
    this.replays = 0;
    return over;
  }

  /** All calls that have not settled, in the order they were made. */
  outstanding(): Call[] {
    return [...new Set([...this.heldBack.values(), ...this.onTheirWay])].sort((a, b) => a.id - b.id);
  }

  private changeWaiting(): void {
    this.described = undefined;
    this.waitingChanges += 1;
  }
}

function describe(call: Call): WaitingCall[] {
  const { phase, request, options } = call;
  if (!request || phase !== 'waiting') return [];
  const label = options?.label;
  const challenge = challengedOf(call).data;
  return [
    Object.freeze({
      ...callName(request),
      ...(label !== undefined && { label }),
      ...(challenge !== undefined && { challenge }),
    }),
  ];
}
