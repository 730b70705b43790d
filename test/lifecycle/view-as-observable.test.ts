import { createPinPad, type PinPadView } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { createStore, Listeners } from '../../src/client/store.js';
import { promptOf } from './prompts-by-hand.js';
import { surfaced } from './support.js';

/* A view as an observable, as other libraries take one. */

describe('43. the view as an observable', () => {
  /** A store with its listeners. */
  function observed() {
    const listeners = new Listeners<number>();
    let value = 1;
    const store = createStore({ getSnapshot: () => value, subscribe: (listener) => listeners.add(listener) });
    const change = (next: number) => {
      value = next;
      listeners.notify(next);
    };
    const interop = (
      store as unknown as Record<
        '@@observable',
        () => { subscribe(observer: unknown): { unsubscribe(): void } }
      >
    )['@@observable']();
    return { interop, change, listeners };
  }

  test("takes a plain function, as Solid's from() gives one", () => {
    const { interop, change, listeners } = observed();
    const told: number[] = [];
    const { unsubscribe } = interop.subscribe((value: number) => told.push(value));
    change(2);
    unsubscribe();
    change(3);
    expect([told, listeners.isEmpty]).toEqual([[1, 2], true]);
  });

  test.each<[string, unknown]>([
    ['an observer without next', { complete() {} }],
    ['an empty one', {}],
    ['nothing', undefined],
    ['null', null],
  ])('takes %s', (_, observer) => {
    const { interop, change } = observed();
    const { unsubscribe } = interop.subscribe(observer);
    change(2);
    unsubscribe();
  });

  test('calls next on the observer, also one that it is given later', () => {
    const { interop, change } = observed();
    const observer = {
      told: [] as number[],
      next: undefined as ((this: { told: number[] }, value: number) => void) | undefined,
    };
    interop.subscribe(observer);
    observer.next = function (value) {
      this.told.push(value);
    };
    change(2);
    expect(observer.told).toEqual([2]);
  });

  test.each<[string, (fail: () => never) => unknown]>([
    ['a next', (fail) => ({ next: fail })],
    ['a function', (fail) => fail],
    [
      'an observer whose next cannot be read',
      (fail) => ({
        get next() {
          return fail();
        },
      }),
    ],
  ])('%s that throws disturbs nobody, at the first word and later', async (_, observerOf) => {
    const { interop, change } = observed();
    const error = new Error('observer');
    const observer = observerOf(() => {
      throw error;
    });
    expect(await surfaced(() => interop.subscribe(observer))).toBe(error);
    expect(await surfaced(() => change(2))).toBe(error);
  });

  test('is found by the symbol, where the host has it when the store is made', () => {
    const had = Object.getOwnPropertyDescriptor(Symbol, 'observable');
    const symbol = Symbol('observable');
    Object.defineProperty(Symbol, 'observable', { value: symbol, configurable: true, writable: true });
    try {
      const view = createPinPad().view as unknown as Record<symbol | string, () => unknown>;
      expect(view[symbol]?.()).toBe(view['@@observable']?.());
    } finally {
      Reflect.deleteProperty(Symbol, 'observable');
      if (had) Object.defineProperty(Symbol, 'observable', had);
    }
  });

  test('of a pad tells its phases', async () => {
    const pad = createPinPad();
    const phases: string[] = [];
    const view$ = pad.view as unknown as Record<'@@observable', () => { subscribe(next: unknown): unknown }>;
    view$['@@observable']().subscribe(({ phase }: PinPadView) => phases.push(phase));
    const { prompt, judge } = promptOf();
    void pad.enterPin(prompt);
    pad.submit('1234');
    await judge();
    expect(phases).toEqual(['closed', 'asking', 'checking', 'closed']);
  });
});

describe('the listeners of a view', () => {
  test('what is no function is refused', () => {
    const { view } = createPinPad();
    const error = new TypeError('the listener must be a function');
    expect(() => view.subscribe(undefined as never)).toThrow(error);
  });

  test('one that another has unsubscribed meanwhile is not called', () => {
    const { enterPin, view } = createPinPad();
    const heard: string[] = [];
    view.subscribe(() => leave());
    const leave = view.subscribe(({ phase }) => heard.push(phase));
    void enterPin(promptOf().prompt);
    expect(heard).toEqual([]);
  });

  test('one after another that has caused the next change is told of that alone', () => {
    const { enterPin, cancel, view } = createPinPad();
    const heard: string[] = [];
    view.subscribe(({ isOpen }) => isOpen && cancel());
    view.subscribe(({ phase }) => heard.push(phase));
    void enterPin(promptOf().prompt);
    expect(heard).toEqual(['closed']);
  });
});
