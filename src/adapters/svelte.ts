/**
 * Stores for Svelte 4 and 5. They own nothing: who creates the client disposes it. A store is a contract (call at once, call
 * after each change, give back how to stop), so this entry imports nothing of Svelte.
 */

import {
  type CallActions,
  type CallState,
  createCall,
  type ExternalStore,
  type MakeCall,
  type PinPad,
  type PinPadView,
  type StrongAuth,
  type StrongAuthView,
} from '../index.js';
import type { Recovery, RecoveryPad, RecoveryView } from '../recovery/index.js';
import { type PinInputAttributes, type PinPadShown, pinInputAttributes, shownOf } from './pin-input.js';
import { controlOf, type RecoveryPadControl } from './recovery-pad.js';

export type { PinInputAttributes, PinPadShown, RecoveryPadControl };

/** A store as Svelte reads it: as `$store` in a component, as `fromStore(store).current` wherever runes are. */
export interface ReadableStore<Value> {
  /** Calls `run` at once, and after each change. @returns How to stop. */
  subscribe(this: void, run: (value: Value) => void): () => void;
}

/** What a screen may know, as a store. */
export function strongAuthStore(strongAuth: StrongAuth): ReadableStore<StrongAuthView>;
/**
 * What `select` makes of the view, as a store.
 *
 * @param select What of the view is read. Nobody is called while it answers with the same value (`Object.is`).
 */
export function strongAuthStore<Selected>(
  strongAuth: StrongAuth,
  select: (view: StrongAuthView) => Selected,
): ReadableStore<Selected>;
export function strongAuthStore(
  strongAuth: StrongAuth,
  select: (view: StrongAuthView) => unknown = (view) => view,
): ReadableStore<unknown> {
  return readable(strongAuth.view, select);
}

/** A call of a component: a store of its state, and what the component does with it. */
export interface CallStore<Args extends readonly unknown[], Result>
  extends ReadableStore<CallState<Result>>,
    CallActions<Args, Result> {}

/**
 * A call of a component: pending from the moment it is made, made once however often `run` is called meanwhile, and aborted when
 * nobody reads the store any more. Read it as `$lock`, so that this is when the component goes.
 *
 * @param call Makes the call, with the arguments of `run`.
 *
 * @example
 * const doors = strongAuthCallStore(strongAuth, ({ set }, doorState: 'lock' | 'unlock') =>
 *   set('pims.vehicle.command', { action: 'doors', doorState }),
 * );
 */
export function strongAuthCallStore<Args extends readonly unknown[], Result>(
  strongAuth: StrongAuth,
  call: MakeCall<Args, Result>,
): CallStore<Args, Result> {
  const { view, ...actions } = createCall(strongAuth, call);
  const { subscribe } = readable(view, (state) => state);
  const readers = new Set<unknown>();
  return {
    ...actions,
    subscribe(run) {
      const stop = subscribe(run);
      readers.add(stop);
      return () => {
        stop();
        if (readers.delete(stop) && !readers.size) actions.reset();
      };
    },
  };
}

/** What a PIN pad shows, told apart by `phase`, and how it is answered. */
export type PinPadState = PinPadShown & {
  /** To spread on the input, in a label of yours. Read the PIN from the element when it is submitted: a bound variable would keep it. */
  readonly inputAttributes: PinInputAttributes;
  /**
   * Gives the PIN for this `prompt`, as `$pad.submit(pin)`. Ignored if another is asked by then, or it is empty. What keeps it, such
   * as an alert of a library, keeps the prompt with it.
   */
  submit(pin: string): void;
  /** Declines this `prompt`, as `$pad.cancel`. Ignored if another is asked by then. */
  cancel(): void;
};

/** A PIN pad without looks: a store of what it shows, and what it does. */
export interface PinPadStore extends ReadableStore<PinPadState> {
  /** Gives the PIN for `prompt`; without, for the one that is asked now. Ignored if another is asked, or it is empty. */
  readonly submit: PinPad['submit'];
  /** Declines `prompt`; without, the one that is asked now. Ignored if another is asked. */
  readonly cancel: PinPad['cancel'];
}

/** @returns What a PIN pad shows and does, as a store. */
export function pinPadStore(pinPad: PinPad): PinPadStore {
  const { submit, cancel } = pinPad;
  return { ...readable(pinPad.view, (view) => show(view, pinPad)), submit, cancel };
}

const show = (view: PinPadView, pad: PinPad): PinPadState => {
  const { prompt } = view;
  return {
    ...shownOf(view),
    inputAttributes: pinInputAttributes(view),
    submit: (pin) => prompt && pad.submit(pin, prompt),
    cancel: () => prompt && pad.cancel(prompt),
  };
};

/** What a screen may know of a recovery, as a store. */
export const recoveryStore = (recovery: Recovery): ReadableStore<RecoveryView> =>
  readable(recovery.view, (view) => view);

/** The pad of a recovery, without looks, as a store. Its answers are for the question shown with them. */
export const recoveryPadStore = (pad: RecoveryPad): ReadableStore<RecoveryPadControl> =>
  readable(pad.view, (view) => controlOf(pad, view));

function readable<View, Selected>(
  store: ExternalStore<View>,
  select: (view: View) => Selected,
): ReadableStore<Selected> {
  return {
    subscribe(run) {
      let selected = select(store.getSnapshot());
      const unsubscribe = store.subscribe((view) => {
        const next = select(view);
        if (Object.is(selected, next)) return;
        selected = next;
        run(next);
      });
      run(selected);
      return unsubscribe;
    },
  };
}
