import type { Action, Reducer, StoreEnhancer } from '@reduxjs/toolkit';

/** The Redux DevTools as a store knows them: they are told every action and state, and may put an old state in its place. */
export interface Devtools {
  /** Give it to `configureStore` as `enhancers`: where the extension puts its own, last and so next to the store. */
  enhancers<Defaults>(defaults: Defaults): Defaults extends () => infer Enhancers ? Enhancers : never;
  /** Every action that reached the store, in order. */
  readonly actions: readonly Action[];
  /** The state before the first action and after each. */
  readonly states: readonly unknown[];
  /** "Jump": the store shows the state after so many actions, and keeps showing it while further ones are recorded. */
  jump(actions: number): void;
  /** "Resume": the store shows the last state, and follows again. */
  resume(): void;
  /** What a toggled action or a hot reload brings about: every state is computed anew from the recorded actions. */
  replay(): void;
}

const TRAVEL = '@@devtools/travel';

/** @returns Devtools for one store. `onRecord` is told each action with the state it led to. */
export function createDevtools(onRecord: (action: unknown, state: unknown) => void = () => {}): Devtools {
  const actions: Action[] = [];
  let states: unknown[] = [];
  let shown = 0;
  let reduce: Reducer<unknown, Action> = (state) => state;
  let refresh: () => void = () => {};

  const enhancer: StoreEnhancer = (createStore) => (reducer, preloaded) => {
    reduce = reducer as unknown as Reducer<unknown, Action>;
    const recording: typeof reducer = (_, action) => {
      if (states.length === 0) {
        states.push(reduce(preloaded, action));
      } else if (action.type !== TRAVEL) {
        const state = reduce(states[states.length - 1], action);
        onRecord(action, state);
        if (shown === actions.length) shown += 1;
        actions.push(action);
        states.push(state);
      }
      return states[shown] as ReturnType<typeof reducer>;
    };
    const store = createStore(recording, preloaded);
    refresh = () => store.dispatch({ type: TRAVEL } as never);
    return store;
  };

  const show = (index: number) => {
    shown = index;
    refresh();
  };

  return {
    actions,
    get states() {
      return states;
    },
    // Redux Toolkit 1.9 gives an array where 2 gives a function.
    enhancers: (defaults) => [...(typeof defaults === 'function' ? defaults() : defaults), enhancer] as never,
    jump: show,
    resume: () => show(actions.length),
    replay() {
      states = states.slice(0, 1);
      for (const action of actions) states.push(reduce(states[states.length - 1], action));
      refresh();
    },
  };
}
