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
}

/** @param isRunning Whether time passes by itself from the beginning. */
export function createStageClock(isRunning: boolean): StageClock {
  const timers = new Map<number, Timer>();
  /** When time was last started or stopped: by this clock, and by the host's. */
  let [ownTime, hostTime] = [Date.now(), Date.now()];
  let runs = isRunning;
  let lastId = 0;
  // One timer of the host for all of them: a thousand of its own, set and cleared at once, would hold up a frame.
  let alarm: number | undefined;
  let alarmAt = Number.POSITIVE_INFINITY;

  const now = () => (runs ? ownTime + Date.now() - hostTime : ownTime);
  const moveTo = (time: number) => {
    [ownTime, hostTime] = [time, Date.now()];
  };
  const dueBy = (time: number): Timer[] =>
    [...timers.values()]
      .filter(({ dueAt }) => dueAt <= time)
      .sort((one, other) => one.dueAt - other.dueAt || one.order - other.order);

  /** Sets the host's timer for the first that falls due, unless it rings no later already. */
  const wakeBy = (dueAt: number) => {
    if (!runs || dueAt >= alarmAt) return;
    window.clearTimeout(alarm);
    alarmAt = dueAt;
    alarm = window.setTimeout(ring, Math.max(0, dueAt - now()));
  };
  const rewind = () => {
    window.clearTimeout(alarm);
    alarmAt = Number.POSITIVE_INFINITY;
    let first = alarmAt;
    for (const { dueAt } of timers.values()) first = Math.min(first, dueAt);
    wakeBy(first);
  };
  const fire = (timer: Timer) => {
    if (timers.delete(timer.order)) timer.fire(); // unless one that came before has cleared it
  };
  const ring = () => {
    // Each in a microtask: what one throws surfaces as from a timer of its own, and the others fire all the same.
    for (const timer of dueBy(now())) queueMicrotask(() => fire(timer));
    queueMicrotask(rewind);
  };

  return {
    now,
    get isRunning() {
      return runs;
    },
    run(isRunning) {
      moveTo(now());
      runs = isRunning;
      rewind();
    },
    setTimeout(callback, delayMs) {
      lastId += 1;
      const dueAt = now() + Math.max(0, delayMs);
      timers.set(lastId, { dueAt, order: lastId, fire: callback });
      wakeBy(dueAt);
      return lastId;
    },
    clearTimeout(id) {
      timers.delete(id as number); // if the host rings for it, it finds nothing to do
    },
    skip(ms) {
      const end = now() + ms;
      // One that fires may set another that is due as well.
      for (let [next] = dueBy(end); next; [next] = dueBy(end)) {
        moveTo(Math.max(now(), next.dueAt));
        fire(next);
      }
      moveTo(Math.max(now(), end));
      rewind();
    },
    stop() {
      timers.clear();
      rewind();
    },
  };
}
