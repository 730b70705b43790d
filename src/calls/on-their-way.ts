import type { HostClock } from '../host/clock.js';
import type { Call } from './call.js';

/**
 * The calls that are on their way, in the order they were sent, and the timer that expires them. All sendings may take equally
 * long, so one timer for the oldest is enough.
 */
export class OnTheirWay {
  first: Call | undefined;
  size = 0;
  private last: Call | undefined;
  private timer: unknown;
  /** The sending that the timer was set for: when it fires that is over, whatever the clocks say. */
  private timerIsFor = 0;

  constructor(
    private readonly clock: HostClock,
    private readonly timeoutMs: number,
    private readonly onExpired: (call: Call) => void,
  ) {}

  /** Puts the call behind all others: its time begins now. */
  restart(call: Call): void {
    if (call.isListed) this.unlink(call);
    this.append(call);
    call.since = this.clock.moment(); // a clock that calls back finds it in the list
    this.watch();
  }

  /** Puts a call that was made just now behind all others. Its time is watched from `watch` on. */
  append(call: Call): void {
    call.before = this.last;
    call.after = undefined;
    if (this.last) this.last.after = call;
    else this.first = call;
    this.last = call;
    this.size += 1;
    call.isListed = true;
  }

  /** Sets the timer, if there is none and there is something to watch. */
  watch(left = this.timeoutMs): void {
    if (this.timer !== undefined || !this.first || left === Number.POSITIVE_INFINITY) return;
    const since = this.first.since.steady;
    const timer = this.clock.setTimeout(() => this.sweep(), Math.max(0, left));
    // A clock that calls back may have emptied the list meanwhile, or set another timer.
    if (this.timer !== undefined || !this.first) return this.clock.clearTimeout(timer);
    this.timer = timer;
    this.timerIsFor = since;
  }

  remove(call: Call): void {
    if (!call.isListed) return;
    this.unlink(call);
    if (this.size === 0) this.stop();
  }

  /** @returns Milliseconds until the call's sending expires. */
  timeLeftOf({ since }: Call): number {
    return this.timeoutMs - this.clock.ageOf(since);
  }

  /** Tolerates that the call it has just given is removed. */
  *[Symbol.iterator](): Iterator<Call> {
    let call = this.first;
    while (call) {
      const next: Call | undefined = call.after;
      yield call;
      call = next;
    }
  }

  private unlink(call: Call): void {
    if (call.before) call.before.after = call.after;
    else this.first = call.after;
    if (call.after) call.after.before = call.before;
    else this.last = call.before;
    call.before = undefined;
    call.after = undefined;
    this.size -= 1;
    call.isListed = false;
  }

  private stop(): void {
    const { timer } = this;
    this.timer = undefined;
    if (timer !== undefined) this.clock.clearTimeout(timer);
  }

  private sweep(): void {
    const { timerIsFor } = this; // what is sent on the end of another sets a timer of its own
    this.timer = undefined;
    for (let call = this.first; call; call = this.first) {
      if (call.since.steady > timerIsFor && this.timeLeftOf(call) > 0) break;
      this.onExpired(call);
      this.remove(call); // also if it was settled before: otherwise this would never end
    }
    if (this.first) this.watch(this.timeLeftOf(this.first));
  }
}
