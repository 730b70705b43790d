import { surface } from './telemetry.js';

/** The pair that every UI framework can read: what there is now, and word when it changes. */
export interface ExternalStore<View> {
  /** @returns What there is now; the same object until something changes. */
  getSnapshot(): View;
  /** Calls `listener` after each change. @returns How to stop. */
  subscribe(listener: (view: View) => void): () => void;
}

/** Keeps the listeners of a store. One that throws disturbs nobody; its error surfaces asynchronously. */
export class Listeners<View> {
  private readonly listeners = new Set<{ readonly call: (view: View) => void }>();

  get isEmpty(): boolean {
    return this.listeners.size === 0;
  }

  add(call: (view: View) => void): () => void {
    if (typeof call !== 'function') throw new TypeError('the listener must be a function');
    const listener = { call }; // one function may be given twice, and taken back once
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  notify(view: View): void {
    for (const listener of [...this.listeners]) {
      if (!this.listeners.has(listener)) continue;
      try {
        listener.call(view);
      } catch (error) {
        surface(error);
      }
    }
  }
}
