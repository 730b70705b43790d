import type { Clock } from '../host/clock.js';
import type { OtpBudget } from '../host/policy.js';

/** Counts OTP requests against the host's own limit. */
export interface BudgetCounter {
  /** @returns Nothing if another request fits, else the epoch ms from which one will. A promise while the store loads. */
  refusal(): number | undefined | Promise<number | undefined>;
  /** Counts one request, sent now. */
  spend(): void;
}

/** Without a limit nothing is counted. */
const unlimited: BudgetCounter = { refusal: () => undefined, spend: () => {} };

/**
 * A store that cannot be read or written must not lock a user out of the car: the count then goes on in memory, and
 * `onStoreFailure` hears of it.
 */
export function createBudgetCounter(
  budget: OtpBudget | undefined,
  clock: Clock,
  onStoreFailure: () => void,
): BudgetCounter {
  if (!budget) return unlimited;
  const { max, perMs, store } = budget;
  let times: number[] = [];
  let loading: Promise<void> | undefined;
  let loaded = store === undefined;

  const keep = (saved: unknown) => {
    loaded = true;
    // A saved time that lies ahead comes from a clock that was set back: taken as it is, it could refuse for years.
    const now = clock.now();
    if (!Array.isArray(saved)) return;
    times = [...saved.filter((time) => Number.isFinite(time) && time <= now), ...times].sort((a, b) => a - b);
  };
  const giveUp = () => {
    loaded = true;
    onStoreFailure();
  };

  const load = (): void | Promise<void> => {
    if (loaded || !store) return;
    if (loading) return loading;
    try {
      const saved = store.load();
      if (Array.isArray(saved)) return keep(saved);
      loading = Promise.resolve(saved).then(keep, giveUp);
      return loading;
    } catch {
      return giveUp();
    }
  };

  const refusalNow = (): number | undefined => {
    times = times.filter((time) => time > clock.now() - perMs);
    const oldestThatCounts = times[times.length - max];
    return oldestThatCounts === undefined ? undefined : oldestThatCounts + perMs;
  };

  return {
    refusal() {
      const pending = load();
      return pending ? pending.then(refusalNow) : refusalNow();
    },
    spend() {
      times.push(clock.now());
      try {
        Promise.resolve(store?.save([...times])).catch(onStoreFailure);
      } catch {
        onStoreFailure();
      }
    },
  };
}
