import type { CallId } from '../../machines/strong-auth/index.js';
import type { WaitingCall } from '../authentication/prompts.js';
import { callName } from '../messages/errors.js';
import type { Call } from './call.js';
import type { OnTheirWay } from './on-their-way.js';

/** Every call that has not settled: those on their way, and those that were challenged or wait, by id. */
export class CallBook {
  /** Challenged or waiting; an `ensure` also while it is about to settle. */
  readonly heldBack = new Map<CallId, Call>();
  /** How many wait. */
  waitingCount = 0;
  /** Those of them, and those that were challenged and are not judged yet. */
  seats = 0;
  /** Grows whenever a call begins or ceases to wait. */
  waitingChanges = 0;
  /** Those that waited for the last grant, and have not settled since. */
  replays = 0;
  private described: readonly WaitingCall[] | undefined;

  constructor(readonly onTheirWay: OnTheirWay) {}

  /** It was challenged: whether it waits is the machine's to say. */
  challenge(call: Call): void {
    call.phase = 'challenged';
    this.seats += 1;
    this.heldBack.set(call.id, call);
  }

  /** It waits. */
  hold(call: Call): void {
    call.phase = 'waiting';
    this.waitingCount += 1;
    this.changeWaiting();
  }

  /** It is held back no more. */
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

  /** All that wait, in the order the app made them; from now on they are about to be sent, or to settle. */
  takeWaiting(): Call[] {
    const taken = [...this.heldBack.values()].filter(({ phase }) => phase === 'waiting');
    for (const call of taken) call.phase = 'deciding';
    this.seats -= taken.length;
    this.waitingCount = 0;
    this.changeWaiting();
    return taken.sort((a, b) => a.id - b.id);
  }

  /** Those that wait, for a prompt, in the order they came; the same list until one comes or goes. */
  describeWaiting(): readonly WaitingCall[] {
    this.described ??= Object.freeze([...this.heldBack.values()].flatMap(describe));
    return this.described;
  }

  /** Everything is over: takes all that were made up to `lastId` out of every list. */
  clear(lastId: CallId): { over: Call[]; later: Call[] } {
    const all = this.outstanding();
    const over = all.filter(({ id }) => id <= lastId);
    for (const call of over) {
      this.release(call);
      if (call.phase !== 'settled') call.phase = 'deciding'; // else its end is under way
      if (call.challenged) call.challenged.isReplay = false;
      this.onTheirWay.remove(call);
    }
    this.replays = 0;
    return { over, later: all.filter(({ id }) => id > lastId) };
  }

  /** Everything that has not settled, in the order it was made. */
  outstanding(): Call[] {
    return [...new Set([...this.heldBack.values(), ...this.onTheirWay])].sort((a, b) => a.id - b.id);
  }

  private changeWaiting(): void {
    this.described = undefined;
    this.waitingChanges += 1;
  }
}

function describe({ phase, request, options, challenged }: Call): WaitingCall[] {
  if (!request || phase !== 'waiting') return [];
  const label = options?.label;
  const challenge = challenged?.data;
  return [
    Object.freeze({
      ...callName(request),
      ...(label !== undefined && { label }),
      ...(challenge !== undefined && { challenge }),
    }),
  ];
}
