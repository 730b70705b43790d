import type { HostClock } from '../host/clock.js';
import type { Policy } from '../host/policy.js';
import type { Call } from './call.js';
import type { OnTheirWay } from './on-their-way.js';

/**
 * Decides when a call is too old to be sent again, and when it times out. It reads the clocks, because the
 * timers of a device that slept fire late.
 */
export class AgeLimits {
  constructor(
    private readonly clock: HostClock,
    private readonly policy: Pick<Policy, 'maxAgeMs'>,
    private readonly onTheirWay: OnTheirWay,
  ) {}

  /**
   * @returns Whether the call is older than its `maxAgeMs`. Also true if the
   *   clock cannot tell the call's age.
   */
  isStale({ options, made }: Call): boolean {
    const limit = options?.maxAgeMs ?? this.policy.maxAgeMs;
    if (limit === Number.POSITIVE_INFINITY) return false;
    return this.clock.ageOf(made) > limit || !this.clock.canTellAgeOf(made);
  }

  /** @returns Why the call must not be sent again; `undefined` if it may be. */
  tooLate(call: Call): 'TIMED_OUT' | 'STALE' | undefined {
    if (this.timeLeftOf(call) <= 0) return 'TIMED_OUT';
    return this.isStale(call) ? 'STALE' : undefined;
  }

  /** @returns When the call times out at the latest, in epoch ms. */
  deadlineOf(call: Call): number {
    const left = Math.min(
      this.timeLeftOf(call),
      call.isListed ? this.onTheirWay.timeLeftOf(call) : Number.POSITIVE_INFINITY,
    );
    return this.clock.now() + left;
  }

  /** Milliseconds that are left of the call's own `timeoutMs`. */
  private timeLeftOf({ options, made }: Call): number {
    const { timeoutMs = Number.POSITIVE_INFINITY } = options ?? {};
    return timeoutMs - this.clock.ageOf(made);
  }
}
