import type { InteropObservable, InteropSubscribable } from 'xstate';
import { surface } from '../host/surface.js';

/** The pair that every UI framework can read: the current view, and a notification when it changes. */
export interface ExternalStore<View> {
  /** @returns The current view; the same object until something changes. */
  getSnapshot(): View;
  /** Calls `listener` after each change. @returns A function that unsubscribes. */
  subscribe(listener: (view: View) => void): () => void;
}

/** The pair, and an observable. */
export interface ObservableStore<View> extends ExternalStore<View>, InteropObservable<View> {
  /**
   * For RxJS and other libraries that accept interoperable observables, as in `from(view)`: emits the current
   * view at once, then each change. Never completes and never fails.
   */
  [Symbol.observable](): InteropSubscribable<View>;
}

/** @returns A store made of this pair. */
export function createStore<View>({ getSnapshot, subscribe }: ExternalStore<View>): ObservableStore<View> {
  const observable: InteropSubscribable<View> = {
    subscribe(observer) {
      // Solid's `from` passes a function; an observer may have no `next`, or get one later.
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
  // Few hosts have the symbol. A library that was loaded before it existed looks for the string.
  const store = {
    getSnapshot,
    subscribe,
    '@@observable': itself,
    [Symbol.observable ?? '@@observable']: itself,
  };
  return store as ObservableStore<View>;
}

/**
 * The listeners of a store. The error of a listener that throws surfaces asynchronously,
 * and the others are still called.
 */
export class Listeners<View> {
  private news = 0;
  private readonly listeners = new Set<{ readonly call: (view: View) => void }>();

  get isEmpty(): boolean {
    return this.listeners.size === 0;
  }

  add(call: (view: View) => void): () => void {
    if (typeof call !== 'function') throw new TypeError('the listener must be a function');
    const listener = { call }; // a function may be added twice and removed once
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  notify(view: View): void {
    this.news += 1;
    const { news } = this;
    for (const listener of [...this.listeners]) {
      // A listener has caused another change, of which all were notified: this view is out of date.
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
