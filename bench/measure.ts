/** The middle and the ends of some measurements. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
  };
}

/**
 * Processor time of this process so far, garbage collection included, in microseconds. Nothing here waits for anything, so
 * it is the time that passes on a machine with nothing else to do; unlike that, it does not count what others do.
 */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** @returns Microseconds per call, one after another. */
export async function sequential(calls: number, call: () => Promise<unknown>): Promise<number> {
  const start = processorTime();
  for (let index = 0; index < calls; index += 1) await call();
  return (processorTime() - start) / calls;
}

/** @returns Microseconds per call, all at once. */
export async function concurrent(calls: number, call: () => Promise<unknown>): Promise<number> {
  const start = processorTime();
  await Promise.all(Array.from({ length: calls }, call));
  return (processorTime() - start) / calls;
}

/** @returns Bytes in use after a collection. */
export function heapInUse(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

function collectGarbage(): void {
  if (!globalThis.gc) throw new Error('run with --expose-gc');
  globalThis.gc();
}

/** @returns The figure under this name. @throws If it was not measured. */
export function figure<T>(figures: Readonly<Record<string, T>>, name: string): T {
  const found = figures[name];
  if (found === undefined) throw new Error(`${name} was not measured`);
  return found;
}
