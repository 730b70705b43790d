import { ask } from '../host/ask.js';
import type { HostClock, Moment } from '../host/clock.js';
import type { OtpBudget } from '../host/policy.js';

/** How long a store may take to load. It is short because a user waits. */
const LOAD_TIMEOUT_MS = 2_000;

/** Counts OTP requests against the host's own limit. */
export interface BudgetCounter {
  /**
   * Calls back at once, or when the store has loaded: with the epoch ms from which another request fits, or
   * with `undefined` if one fits now.
   *
   * @returns A function that stops waiting for the store.
   */
  check(onChecked: (retryAt: number | undefined) => void): () => void;
  /** Counts one request that is sent now. */
  spend(): void;
}

/** For a host without a limit: counts nothing. */
const unlimited: BudgetCounter = {
  check(onChecked) {
    onChecked(undefined);
    return () => {};
  },
  spend() {},
};

/**
 * A store that cannot be read or written must not lock a user out of the car: the count then goes on in
 * memory, and `onStoreFailure` is called.
 */
export function createBudgetCounter(
  budget: OtpBudget | undefined,
  clock: HostClock,
  onStoreFailure: () => void,
): BudgetCounter {
  if (!budget) return unlimited;
  const { max, perMs, store } = budget;
  let spent: Moment[] = [];
  let state: 'unread' | 'loading' | 'loaded' = store ? 'unread' : 'loaded';
  const waiting = new Set<() => void>();
  let timer: unknown;

  // A time in the future comes from a clock that was set back. If it counted, it
  // could refuse requests for years.
  const isRecent = (moment: Moment): boolean => clock.canTellAgeOf(moment) && clock.ageOf(moment) < perMs;
  const retryAt = (): number | undefined => {
    spent = spent.filter(isRecent);
    const oldestThatCounts = spent[spent.length - max];
    if (!oldestThatCounts) return undefined;
    return clock.now() + perMs - clock.ageOf(oldestThatCounts);
  };

  /** Adds the times of the store, converted to moments of both clocks. */
  const merge = (times: readonly unknown[]) => {
    const now = clock.moment();
    const saved = times.filter((time): time is number => typeof time === 'number' && time <= now.wall);
    const moments = saved.map((wall) => ({ wall, steady: now.steady - (now.wall - wall) }));
    spent = [...moments, ...spent].sort((a, b) => a.steady - b.steady);
    if (!times.every((time) => typeof time === 'number' && Number.isFinite(time))) onStoreFailure();
  };
  const finish = () => {
    state = 'loaded';
    clock.clearTimeout(timer);
    const checks = [...waiting];
    waiting.clear();
    for (const check of checks) check();
  };
  const giveUp = () => {
    if (state === 'loaded') return; // the timeout had given up before
    onStoreFailure();
    finish();
  };
  const load = () => {
    state = 'loading';
    ask<unknown>(
      () => store?.load(),
      (saved) => {
        const times = readTimes(saved);
        if (!times) return giveUp();
        merge(times); // after the timeout too: counting the times late is better than not at all
        if (state === 'loading') finish();
      },
      giveUp,
    );
  };

  return {
    check(onChecked) {
      const check = () => onChecked(retryAt());
      if (state === 'unread') load();
      if (state === 'loaded') {
        check();
        return () => {};
      }
      waiting.add(check);
      if (waiting.size === 1) timer = clock.setTimeout(giveUp, LOAD_TIMEOUT_MS);
      return () => {
        if (waiting.delete(check) && waiting.size === 0) clock.clearTimeout(timer);
      };
    },
    spend() {
      spent.push(clock.moment());
      const nothing = () => {};
      ask(() => store?.save(spent.map(({ wall }) => wall)), nothing, onStoreFailure);
    },
  };
}

/** @returns A copy of the list that a store returned; `undefined` if it is no list or cannot be read. */
function readTimes(saved: unknown): unknown[] | undefined {
  try {
    return Array.isArray(saved) ? [...saved] : undefined;
  } catch {
    return undefined;
  }
}
