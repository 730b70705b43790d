import type { Clock } from 'strong-auth-machine';

/** The time of a stage: it runs with the host's or stands still, and can be told to skip. */
export interface StageClock extends Clock {
  readonly isRunning: boolean;
  /** Lets time pass by itself, or stand still. */
  run(isRunning: boolean): void;
  /** Lets `ms` pass at once, and runs what falls due in the order of its times. */
  skip(ms: number): void;
  /** Forgets every timer. */
  stop(): void;
}

interface Timer {
  readonly dueAt: number;
  readonly order: number;
  readonly fire: () => void;
  /** The host's own timer, while time runs. */
  handle: number | undefined;
}

/** @param isRunning Whether time passes by itself from the beginning. */
export function createStageClock(isRunning: boolean): StageClock {
  const timers = new Map<number, Timer>();
  /** When time was last started or stopped: by this clock, and by the host's. */
  let [ownTime, hostTime] = [Date.now(), Date.now()];
  let runs = isRunning;
  let lastId = 0;

  const now = () => (runs ? ownTime + Date.now() - hostTime : ownTime);
  const moveTo = (time: number) => {
    [ownTime, hostTime] = [time, Date.now()];
  };
  const fire = (id: number) => {
    const timer = timers.get(id);
    if (!timer) return;
    timers.delete(id);
    window.clearTimeout(timer.handle);
    timer.fire();
  };
  const arm = (id: number, timer: Timer) => {
    window.clearTimeout(timer.handle);
    if (runs) timer.handle = window.setTimeout(() => fire(id), Math.max(0, timer.dueAt - now()));
  };
  const nextDueBy = (end: number): [id: number, timer: Timer] | undefined =>
    [...timers]
      .filter(([, { dueAt }]) => dueAt <= end)
      .sort(([, one], [, other]) => one.dueAt - other.dueAt || one.order - other.order)[0];

  return {
    now,
    get isRunning() {
      return runs;
    },
    run(isRunning) {
      moveTo(now());
      runs = isRunning;
      for (const [id, timer] of timers) arm(id, timer);
    },
    setTimeout(callback, delayMs) {
      lastId += 1;
      const dueAt = now() + Math.max(0, delayMs);
      const timer: Timer = { dueAt, order: lastId, fire: callback, handle: undefined };
      timers.set(lastId, timer);
      arm(lastId, timer);
      return lastId;
    },
    clearTimeout(id) {
      window.clearTimeout(timers.get(id as number)?.handle);
      timers.delete(id as number);
    },
    skip(ms) {
      const end = now() + ms;
      // One that fires may set another that is due as well.
      for (let next = nextDueBy(end); next; next = nextDueBy(end)) {
        moveTo(Math.max(now(), next[1].dueAt));
        fire(next[0]);
      }
      moveTo(Math.max(now(), end));
      for (const [id, timer] of timers) arm(id, timer);
    },
    stop() {
      for (const { handle } of timers.values()) window.clearTimeout(handle);
      timers.clear();
    },
  };
}
