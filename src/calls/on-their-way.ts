import type { HostClock } from '../host/clock.js';
import type { Call } from './call.js';

/**
 * The calls that are on their way, in the order they were sent, and the timer that expires them. The time
 * limit is the same for all, so one timer for the oldest is enough.
 */
export class OnTheirWay {
  first: Call | undefined;
  size = 0;
  private last: Call | undefined;
  private timer: unknown;
  /**
   * The `since` of the call that the timer was set for. When the timer fires, that call
   * expires, whatever the clocks say.
   */
  private timerIsFor = 0;

  constructor(
    private readonly clock: HostClock,
    private readonly timeoutMs: number,
    private readonly onExpired: (call: Call) => void,
  ) {}

  get isEmpty(): boolean {
    return this.size === 0;
  }

  /** Moves the call to the end of the list. Its time begins now. */
  restart(call: Call): void {
    if (call.isListed) this.unlink(call);
    this.append(call);
    call.since = this.clock.moment(); // only now: a clock that calls back finds the call in the list
    this.watch();
  }

  /** Adds a call that was just made to the end of the list. `watch` starts its timer. */
  append(call: Call): void {
    call.before = this.last;
    call.after = undefined;
    if (this.last) this.last.after = call;
    else this.first = call;
    this.last = call;
    this.size += 1;
    call.isListed = true;
  }

  /** Sets the timer, unless there is one or the list is empty. */
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
    if (this.isEmpty) this.stop();
  }

  /** @returns Milliseconds until the call expires. */
  timeLeftOf({ since }: Call): number {
    return this.timeoutMs - this.clock.ageOf(since);
  }

  /** The loop body may remove the current call. */
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
    this.clock.clearTimeout(timer);
  }

  private sweep(): void {
    const { timerIsFor } = this; // a call that is sent while another one expires sets a new timer
    this.timer = undefined;
    for (let call = this.first; call; call = this.first) {
      if (call.since.steady > timerIsFor && this.timeLeftOf(call) > 0) break;
      this.onExpired(call);
      this.remove(call); // also removes a call that had settled before, otherwise the loop would not end
    }
    if (this.first) this.watch(this.timeLeftOf(this.first));
  }
}
