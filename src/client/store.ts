import type { InteropObservable, InteropSubscribable } from 'xstate';
import { surface } from '../host/surface.js';

/** The pair that every UI framework can read: what there is now, and word when it changes. */
export interface ExternalStore<View> {
  /** @returns What there is now; the same object until something changes. */
  getSnapshot(): View;
  /** Calls `listener` after each change. @returns How to stop. */
  subscribe(listener: (view: View) => void): () => void;
}

/** The pair, as an observable too. */
export interface ObservableStore<View> extends ExternalStore<View>, InteropObservable<View> {
  /**
   * For RxJS and whoever else takes interoperable observables, as in `from(view)`: tells what there is now at once, then each
   * change. Never completes, and never fails.
   */
  [Symbol.observable](): InteropSubscribable<View>;
}

/** @returns The store of this pair. */
export function createStore<View>({ getSnapshot, subscribe }: ExternalStore<View>): ObservableStore<View> {
  const observable: InteropSubscribable<View> = {
    subscribe(observer) {
      // Solid's `from` gives a function; an observer may have no `next`, or get one later.
      const tell: (view: View) => void =
        typeof observer === 'function' ? observer : (view) => observer?.next?.(view);
      const unsubscribe = subscribe(tell);
      try {
        tell(getSnapshot());
      } catch (error) {
        surface(error);
      }
      return { unsubscribe };
    },
  };
  const itself = () => observable;
  // Few hosts have the symbol; a library that was loaded where there was none looks for the string.
  const store = {
    getSnapshot,
    subscribe,
    '@@observable': itself,
    [Symbol.observable ?? '@@observable']: itself,
  };
  return store as ObservableStore<View>;
}

/** Keeps the listeners of a store. One that throws disturbs nobody; its error surfaces asynchronously. */
export class Listeners<View> {
  private news = 0;
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
    this.news += 1;
    const { news } = this;
    for (const listener of [...this.listeners]) {
      // One of them has changed something: all have heard of it, and what came before is no news any more.
      if (news !== this.news) return;
      if (!this.listeners.has(listener)) continue;
      try {
        listener.call(view);
      } catch (error) {
        surface(error);
      }
    }
  }
}
