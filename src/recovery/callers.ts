import type { RecoveryFlow } from '../../machines/recovery/index.js';
import { onAbort, reasonOf } from '../host/signals.js';

interface Caller {
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
  stop(): void;
}

/** Those who wait for the running flow. */
export class Callers {
  /** The flow that they wait for; also when nobody is left, until it has ended. */
  flow: RecoveryFlow | undefined;
  private readonly callers = new Set<Caller>();

  /** @param onEmpty The last of them has given up. */
  constructor(private readonly onEmpty: () => void) {}

  get size(): number {
    return this.callers.size;
  }

  /** @returns What settles when the flow has ended, or the signal aborts. @throws What the signal throws. */
  add(flow: RecoveryFlow, signal: AbortSignal | undefined): Promise<void> {
    this.flow = flow;
    return new Promise((resolve, reject) => {
      const caller: Caller = { resolve, reject, stop: () => {} };
      this.callers.add(caller);
      if (!signal) return;
      try {
        caller.stop = onAbort(signal, () => {
          if (!this.callers.delete(caller)) return;
          reject(reasonOf(signal));
          if (this.size === 0) this.onEmpty();
        });
      } catch (error) {
        this.callers.delete(caller);
        if (this.size === 0) this.onEmpty();
        reject(error);
      }
    });
  }

  /** The flow has ended. @returns Which it was. */
  settle(errorFor?: (flow: RecoveryFlow) => unknown): RecoveryFlow | undefined {
    const { flow } = this;
    const ended = [...this.callers];
    this.callers.clear();
    this.flow = undefined;
    for (const { resolve, reject, stop } of ended) {
      stop();
      if (errorFor && flow) reject(errorFor(flow));
      else resolve();
    }
    return flow;
  }
}
