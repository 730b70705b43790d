import type { HostClock } from '../host/clock.js';
import type { Policy } from '../host/policy.js';
import type { Call } from './call.js';
import type { OnTheirWay } from './on-their-way.js';

/** When a call is too old to be sent again, and when it is given up. Looks at the clocks: timers of a device that slept are late. */
export class AgeLimits {
  constructor(
    private readonly clock: HostClock,
    private readonly policy: Pick<Policy, 'maxAgeMs'>,
    private readonly onTheirWay: OnTheirWay,
  ) {}

  /** @returns Whether it is older than its `maxAgeMs`, or may be for all that the clock can tell. */
  isStale({ options, made }: Call): boolean {
    const limit = options?.maxAgeMs ?? this.policy.maxAgeMs;
    if (limit === Number.POSITIVE_INFINITY) return false;
    return this.clock.ageOf(made) > limit || !this.clock.canTellAgeOf(made);
  }

  /** @returns Why it must not be sent again. */
  tooLate(call: Call): 'TIMED_OUT' | 'STALE' | undefined {
    if (this.timeLeftOf(call) <= 0) return 'TIMED_OUT';
    return this.isStale(call) ? 'STALE' : undefined;
  }

  /** @returns When the call will be given up at the latest, epoch ms. */
  deadlineOf(call: Call): number {
    const left = Math.min(
      this.timeLeftOf(call),
      call.isListed ? this.onTheirWay.timeLeftOf(call) : Number.POSITIVE_INFINITY,
    );
    return this.clock.now() + left;
  }

  /** Of its own `timeoutMs`. */
  private timeLeftOf({ options, made }: Call): number {
    const { timeoutMs = Number.POSITIVE_INFINITY } = options ?? {};
    return timeoutMs - this.clock.ageOf(made);
  }
}
