import type { Clock } from 'strong-auth-machine';
import type { ManualClock } from 'strong-auth-machine/simulator';
import type { Manners, Place } from './manners.js';
import type { Record } from './record.js';

/** The host's clock: it tells what it likes, and its timers fire early, late, twice, or although they were cleared. */
export class HostsClock {
  /** Timers that the client has set, and that have neither fired nor been cleared. */
  readonly live = new Set<object>();
  private readonly known = new Map<unknown, { readonly timer: object; readonly id: unknown }>();

  constructor(
    private readonly manners: Manners,
    private readonly record: Record,
    private readonly time: ManualClock,
  ) {}

  /** @returns What is given to the client; some hosts have no `monotonic`. */
  asOption(): Clock {
    const hasMonotonic = this.manners.chance.maybe(0.7);
    return {
      now: () => this.tell('clock.now', () => this.time.now()),
      ...(hasMonotonic && { monotonic: () => this.tell('clock.monotonic', () => this.time.monotonic()) }),
      setTimeout: (callback, delayMs) => this.setTimeout(callback, delayMs),
      clearTimeout: (id) => this.clearTimeout(id),
    };
  }

  private tell(place: Place, told: () => number): number {
    const { manners, record } = this;
    const { chance } = manners;
    const manner = manners.enter(place);
    // A reading that is missing makes what was begun then older than it is.
    if (manner === 'throws' || manner === 'hostile') record.clockLies = record.wasEarly = true;
    switch (manner) {
      case 'throws':
        throw manners.error(place);
      case 'hostile':
        return chance.pick<() => unknown>([
          () => Number.NaN,
          () => Number.POSITIVE_INFINITY,
          () => Number.NEGATIVE_INFINITY,
          () => BigInt(told()),
          () => String(told()),
          () => manners.hostile(place),
        ])() as number;
      default:
        return told();
    }
  }

  private setTimeout(callback: () => void, delayMs: number): unknown {
    const place = 'clock.setTimeout';
    const { manners, time, record } = this;
    const { chance } = manners;
    const manner = manners.enter(place);
    if (manner !== 'behaves' && manner !== 'reenters' && manner !== 'hostile') record.clockLies = true;
    if (manner === 'throws') throw manners.error(place);
    const timer = {};
    const fire = () => {
      this.live.delete(timer);
      callback();
      if (manner === 'twice') callback();
    };
    const set = (ms: number) => time.setTimeout(fire, ms);
    if (manner === 'throwsAfter') {
      set(delayMs); // of which the client never hears again
      throw manners.error(place);
    }
    if (manner === 'sync') {
      record.wasEarly = true;
      callback();
      return undefined;
    }
    const id = set(manner === 'late' ? delayMs + chance.between(1, 20_000) : delayMs);
    this.live.add(timer);
    const given =
      manner === 'hostile' ? chance.pick([Symbol('a timer'), {}, Object.freeze([]), () => {}]) : id;
    this.known.set(given, { timer, id });
    return given;
  }

  private clearTimeout(given: unknown): void {
    const place = 'clock.clearTimeout';
    const { manners, time } = this;
    const known = this.known.get(given);
    if (known) this.live.delete(known.timer);
    switch (manners.enter(place)) {
      case 'throws':
        throw manners.error(place);
      case 'throwsAfter':
        time.clearTimeout(known?.id);
        throw manners.error(place);
      case 'hostile':
        return; // forgets to forget
      default:
        time.clearTimeout(known?.id);
    }
  }
}
