/** Composables for Vue. They own nothing: who creates the client disposes it. */

import {
  type ComputedRef,
  computed,
  getCurrentInstance,
  hasInjectionContext,
  inject,
  onMounted,
  onScopeDispose,
  shallowRef,
  ssrContextKey,
  watch,
} from 'vue';
import {
  type CallActions,
  type CallState,
  createCall,
  type ExternalStore,
  type MakeCall,
  type PinPad,
  type PinPadView,
  type PinPrompt,
  type StrongAuth,
  type StrongAuthView,
} from '../index.js';
import type { Recovery, RecoveryPad, RecoveryPadView, RecoveryView } from '../recovery/index.js';
import {
  type PinInputAttributes,
  type PinPadShown,
  pinInputAttributes,
  promptOf,
  shownOf,
} from './pin-input.js';
import { controlOf, type RecoveryPadControl } from './recovery-pad.js';

export type { PinInputAttributes, PinPadShown, RecoveryPadControl };

/**
 * What a screen may know, until the scope that this is called in ends: a component's, a Pinia store's, an `effectScope`'s.
 *
 * @param strongAuth Not reactive: another client is another component, by its `key`.
 */
export function useStrongAuth(strongAuth: StrongAuth): ComputedRef<StrongAuthView>;
/**
 * What `select` makes of the view, until the scope ends.
 *
 * @param strongAuth Not reactive: another client is another component, by its `key`.
 * @param select What of the view is read. Nothing is told while it answers with the same value (`Object.is`).
 */
export function useStrongAuth<Selected>(
  strongAuth: StrongAuth,
  select: (view: StrongAuthView) => Selected,
): ComputedRef<Selected>;
export function useStrongAuth(
  strongAuth: StrongAuth,
  select: (view: StrongAuthView) => unknown = (view) => view,
): ComputedRef<unknown> {
  return selectFrom(strongAuth.view, select, IDLE);
}

/** A call of a component: its state, and what the component does with it. */
export interface UsedCall<Args extends readonly unknown[], Result> extends CallActions<Args, Result> {
  /** Whether it was not made, is pending, or has succeeded, failed or been aborted. */
  readonly status: ComputedRef<CallState<Result>['status']>;
  /** Whether it is pending. */
  readonly isPending: ComputedRef<boolean>;
  /** What it resolved with, once it has. */
  readonly result: ComputedRef<Result | undefined>;
  /** What it rejected with, once it has: an `ApiError` or a `StrongAuthError` (`isApiError`, `isStrongAuthError`), or what the function threw. */
  readonly error: ComputedRef<Error | undefined>;
}

/**
 * A call of the scope that this is called in: pending from the moment it is made, made once however often `run` is called meanwhile,
 * and aborted when the scope ends.
 *
 * @param strongAuth Not reactive: another client is another component, by its `key`.
 * @param call Makes the call, with the arguments of `run`.
 *
 * @example
 * const { run, isPending, error } = useStrongAuthCall(strongAuth, ({ set }, doorState: 'lock' | 'unlock') =>
 *   set('pims.vehicle.command', { action: 'doors', doorState }),
 * );
 */
export function useStrongAuthCall<Args extends readonly unknown[], Result>(
  strongAuth: StrongAuth,
  call: MakeCall<Args, Result>,
): UsedCall<Args, Result> {
  const { view, ...actions } = createCall(strongAuth, call);
  onScopeDispose(actions.reset); // nobody is left to see what becomes of it
  const selected = <Selected>(select: (state: CallState<Result>) => Selected) =>
    selectFrom(view, select, view.getSnapshot());
  return {
    status: selected(({ status }) => status),
    isPending: selected(({ isPending }) => isPending),
    result: selected(({ result }) => result),
    error: selected(({ error }) => error),
    ...actions,
  };
}

/** A PIN pad without looks. What it shows is `undefined` while nothing is asked. */
export interface UsedPinPad {
  /**
   * All that is shown, in one value that `phase` narrows: `if (shown.value.phase === 'asking')`, or in a template
   * `v-if="shown.phase === 'asking'"`, and `prompt`, `attempt`, `attemptsLeft` and `reason` are there. The refs below have the same, each
   * for itself.
   */
  readonly shown: ComputedRef<PinPadShown>;
  /** Whether nobody is asked, a PIN is asked for, or the one that was given is being checked. Show the dialog until it is `closed`. */
  readonly phase: ComputedRef<PinPadView['phase']>;
  /** Whether a PIN is asked for. */
  readonly isOpen: ComputedRef<boolean>;
  /** What is asked, or was answered and is being checked. Its `calls` are live. */
  readonly prompt: ComputedRef<PinPrompt | undefined>;
  /** Which PIN it is, from 1. */
  readonly attempt: ComputedRef<number | undefined>;
  /** Attempts left, this one included. */
  readonly attemptsLeft: ComputedRef<number | undefined>;
  /** Why it is asked. */
  readonly reason: ComputedRef<PinPrompt['reason'] | undefined>;
  /** For `v-bind` on the input, in a label of yours. Read the PIN from the element when it is submitted: a ref would keep it. */
  readonly inputAttributes: ComputedRef<PinInputAttributes>;
  /** Gives the PIN for `prompt`; without, for the prompt that is on the page. Ignored if another is asked, or it is empty. */
  readonly submit: PinPad['submit'];
  /** Declines `prompt`; without, or as the listener of an event, the prompt that is on the page. Ignored if another is asked. */
  readonly cancel: PinPad['cancel'];
  /**
   * `submit` and `cancel` for the `prompt` that there is when this is read, whenever they are called. For an alert, or a dialog of
   * a library, that is opened by a function and keeps what it was opened with: one that tells late that it was closed closes no other.
   */
  readonly bound: ComputedRef<BoundAnswers>;
}

/** Answers to one prompt, and to no other. */
export interface BoundAnswers {
  /** Gives the PIN. Ignored if another prompt is asked by then, or it is empty. */
  submit(pin: string): void;
  /** Declines. Ignored if another prompt is asked by then. */
  cancel(): void;
}

/** What a PIN pad shows and does, until the scope that this is called in ends. */
export function usePinPad(pinPad: PinPad): UsedPinPad {
  const selected = <Selected>(select: (view: PinPadView) => Selected) =>
    selectFrom(pinPad.view, select, CLOSED);
  const prompt = selected((view) => view.prompt);
  // Vue draws later than the pad changes: what is pressed until then is meant for what is still on the page.
  let onPage = prompt.value;
  watch(
    prompt,
    (next) => {
      onPage = next;
    },
    { flush: 'post' },
  );
  // For the pad itself no prompt is the one that is asked now.
  const submit = (pin: string, of: PinPrompt | undefined) => of && pinPad.submit(pin, of);
  const cancel = (of: PinPrompt | undefined) => of && pinPad.cancel(of);
  return {
    shown: selected(shownOf),
    phase: selected(({ phase }) => phase),
    isOpen: selected(({ isOpen }) => isOpen),
    prompt,
    attempt: selected(({ prompt }) => prompt?.attempt),
    attemptsLeft: selected(({ prompt }) => prompt?.attemptsLeft),
    reason: selected(({ prompt }) => prompt?.reason),
    inputAttributes: selected(pinInputAttributes),
    submit: (pin, given) => submit(pin, promptOf(given, onPage)),
    cancel: (given?: PinPrompt) => cancel(promptOf(given, onPage)),
    bound: computed(() => {
      const of = prompt.value;
      return { submit: (pin) => submit(pin, of), cancel: () => cancel(of) };
    }),
  };
}

/** What a screen may know of a recovery, until the scope that this is called in ends. */
export const useRecovery = (recovery: Recovery): ComputedRef<RecoveryView> =>
  selectFrom(recovery.view, (view) => view, IDLE_RECOVERY);

/** The pad of a recovery, without looks, until the scope that this is called in ends. Its answers are for the question shown with them. */
export const useRecoveryPad = (pad: RecoveryPad): ComputedRef<RecoveryPadControl> =>
  selectFrom(pad.view, (view) => controlOf(pad, view), NOTHING_ASKED);

/** What a server renders and a browser hydrates: nobody has asked for anything yet. */
const IDLE: StrongAuthView = Object.freeze({ status: 'idle', since: 0, inFlight: false, waiting: 0 });
const CLOSED: PinPadView = Object.freeze({ phase: 'closed', isOpen: false });
const IDLE_RECOVERY: RecoveryView = Object.freeze({ status: 'idle', since: 0 });
const NOTHING_ASKED: RecoveryPadView = Object.freeze({ phase: 'closed' });

function selectFrom<View, Selected>(
  store: ExternalStore<View>,
  select: (view: View) => Selected,
  initial: View,
): ComputedRef<Selected> {
  // A server never ends the scopes of what it renders, and what it renders cannot change.
  if (hasInjectionContext() && inject(ssrContextKey, undefined)) return computed(() => select(initial));
  // An element is there before the component only if a server has rendered it.
  const isHydrated = Boolean(getCurrentInstance()?.vnode.el);
  // Vue before 3.4 tells of a computed whose value is the same as before; a ref never does.
  const selected = shallowRef(select(isHydrated ? initial : store.getSnapshot()));
  const refresh = () => {
    selected.value = select(store.getSnapshot());
  };
  if (isHydrated) onMounted(refresh);
  onScopeDispose(store.subscribe(refresh));
  // To Pinia a ref is state, to be kept and restored; a computed is not.
  return computed(() => selected.value);
}
