'use client';
/** React's side of the package: hooks for what a screen may know and for the PIN pad. No DOM in it, so it is React Native's, too. */

import {
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useId,
  useMemo,
  useRef,
  useSyncExternalStore,
} from 'react';
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
import { controlOf, type RecoveryPadControl } from './recovery-pad.js';

export type { RecoveryPadControl };

/** What a server renders and a browser hydrates: nobody has asked for anything yet. The same on both, whatever the client does. */
const INITIAL_VIEW: StrongAuthView = { status: 'idle', since: 0, inFlight: false, waiting: 0 };
const CLOSED: PinPadView = { phase: 'closed', isOpen: false };

/** What is given to `StrongAuthProvider`. */
export interface StrongAuthProviderProps {
  /** Made outside the components, once for each signed-in account. The provider does not dispose of it. */
  readonly strongAuth: StrongAuth;
  /** The pad whose `enterPin` the client was given, for `usePinPad()`. */
  readonly pinPad?: PinPad | undefined;
  /** The components whose hooks find both. */
  readonly children?: ReactNode;
}

const Provided = createContext<Partial<StrongAuthProviderProps>>({});

/** Gives the client and its pad to the hooks below that are called without. */
export function StrongAuthProvider({ strongAuth, pinPad, children }: StrongAuthProviderProps): ReactElement {
  const provided = useMemo(() => ({ strongAuth, pinPad }), [strongAuth, pinPad]);
  return createElement(Provided.Provider, { value: provided, children });
}

/**
 * @returns The client of the nearest `StrongAuthProvider`, to make calls with. Does not re-render.
 * @throws Error without a provider.
 */
export const useStrongAuthClient = (): StrongAuth => useProvided('strongAuth');

/**
 * What a screen may know. Re-renders when it has changed.
 *
 * @param strongAuth The nearest provider's unless given.
 * @throws Error without either.
 */
export function useStrongAuth(strongAuth?: StrongAuth): StrongAuthView;
/**
 * What `selector` makes of the view. Re-renders only when that has changed: plain objects and arrays are compared by their
 * members, so it may return a new one each time.
 *
 * @param strongAuth The nearest provider's if `undefined`.
 */
export function useStrongAuth<Selected>(
  strongAuth: StrongAuth | undefined,
  selector: (view: StrongAuthView) => Selected,
): Selected;
/** The same of the nearest provider's client. */
export function useStrongAuth<Selected>(selector: (view: StrongAuthView) => Selected): Selected;
export function useStrongAuth(
  first?: StrongAuth | Selector<unknown>,
  second: Selector<unknown> = whole,
): unknown {
  const [given, selector] = typeof first === 'function' ? [undefined, first] : [first, second];
  const { view } = useProvided('strongAuth', given);

  const committed = useRef<unknown>(undefined);
  const [read, readInitial] = useMemo(() => {
    let seen: StrongAuthView | undefined;
    let selected = committed.current;
    // React compares what it reads by identity: it gets the same of one view each time, and of the next one if it is alike.
    const select = (of: StrongAuthView) => {
      if (seen !== of) {
        const next = selector(of);
        if (!isAlike(selected, next)) selected = next;
        seen = of;
      }
      return selected;
    };
    return [() => select(view.getSnapshot()), () => select(INITIAL_VIEW)];
  }, [view, selector]);

  const selected = useSyncExternalStore(view.subscribe, read, readInitial);
  useEffect(() => {
    committed.current = selected;
  });
  return selected;
}

/** A call of a component: its state, and what the component does with it. */
export type StrongAuthCall<Args extends readonly unknown[], Result> = CallState<Result> &
  CallActions<Args, Result>;

/**
 * A call of the component: pending from the moment it is made, made once however often `run` is called meanwhile, and aborted when
 * the component unmounts or is given another client.
 *
 * @param strongAuth The nearest provider's if `undefined`.
 * @param call Makes the call, with the arguments of `run`. `run` uses that of the latest render.
 * @throws Error without a client.
 *
 * @example
 * const { run, isPending, error } = useStrongAuthCall(({ set }, doorState: 'lock' | 'unlock') =>
 *   set('pims.vehicle.command', { action: 'doors', doorState }),
 * );
 */
export function useStrongAuthCall<Args extends readonly unknown[], Result>(
  strongAuth: StrongAuth | undefined,
  call: MakeCall<Args, Result>,
): StrongAuthCall<Args, Result>;
/** The same with the nearest provider's client. */
export function useStrongAuthCall<Args extends readonly unknown[], Result>(
  call: MakeCall<Args, Result>,
): StrongAuthCall<Args, Result>;
export function useStrongAuthCall<Args extends readonly unknown[], Result>(
  ...given: [StrongAuth | undefined, MakeCall<Args, Result>] | [MakeCall<Args, Result>]
): StrongAuthCall<Args, Result> {
  const [call, strongAuth] = given.reverse() as [MakeCall<Args, Result>, StrongAuth?];
  const client = useProvided('strongAuth', strongAuth);
  const latest = useRef(call);
  useEffect(() => {
    latest.current = call;
  });
  const { view, ...actions } = useMemo(
    () => createCall<Args, Result>(client, (calls, ...args) => latest.current(calls, ...args)),
    [client],
  );
  useEffect(() => actions.reset, [actions.reset]); // nobody is left to see what becomes of it
  return { ...useView(view, view.getSnapshot()), ...actions };
}

/** What a PIN is typed into: an `<input>` has `value`, a `TextInput` of React Native `clear`. */
export interface PinField {
  /** What was typed, of an `<input>`: read when it is submitted, and emptied afterwards. */
  value?: string;
  /** Empties a `TextInput`. */
  clear?(): void;
}

/** An event of the DOM or of React Native. */
export interface PressLike {
  /** Keeps a `<form>` from loading a page. */
  preventDefault?(): void;
}

/** The facts of a prompt. */
type PromptFacts = Pick<PinPrompt, 'attempt' | 'attemptsLeft' | 'reason'>;

/** What is shown of the pad. */
type Shown =
  | ({ readonly phase: 'asking'; readonly isOpen: true; readonly prompt: PinPrompt } & PromptFacts)
  | ({ readonly phase: 'checking'; readonly isOpen: false; readonly prompt: PinPrompt } & PromptFacts)
  | ({ readonly phase: 'closed'; readonly isOpen: false; readonly prompt?: undefined } & {
      readonly [Fact in keyof PromptFacts]?: undefined;
    });

/**
 * A PIN pad for a component to give looks to. Except while `closed`, the prompt and its facts are there. Show the dialog until it
 * is `closed`: from `asking` over `checking` to `asking` again it stays mounted, and keeps its focus.
 *
 * What a render got answers the prompt of that render: a dialog that calls `cancel` after another prompt has opened cancels
 * nothing.
 */
export type PinPadControl = Shown & {
  /** Gives `pin`; without, or as the listener of an event, what was typed. Nothing happens if that is empty. */
  submit(pin?: string | PressLike): void;
  /** Declines. */
  cancel(): void;
  /** For a `<form>`: submitting it gives what was typed. */
  readonly formProps: {
    /** Gives what was typed, and keeps the form from being sent. */
    onSubmit(event: PressLike): void;
  };
  /** For the `<label>` of the input. */
  readonly labelProps: {
    /** The `id` of the input. */
    readonly htmlFor: string;
  };
  /** For an uncontrolled `<input>`: what is typed is in the field and nowhere else, and leaves it when the prompt does. */
  readonly inputProps: {
    /** Takes the field when it is on the page, `null` when it leaves. The field before is emptied. */
    ref(field: PinField | null): void;
    /** What the label points at: unique on the page, the same on server and client. */
    readonly id: string;
    /** Hides what is typed. */
    readonly type: 'password';
    /** The keys for digits, on a screen. */
    readonly inputMode: 'numeric';
    /** A PIN is typed each time; no browser is to remember it. */
    readonly autoComplete: 'off';
    /** An empty field cannot be submitted by the form. */
    readonly required: true;
    /** Whether the PIN is being checked: nothing can be typed, and the field keeps its focus. */
    readonly readOnly: boolean;
    /** Whether the PIN before was rejected or malformed. Not while the next one is being checked. */
    readonly 'aria-invalid': boolean;
  };
  /** The same for a `TextInput` of React Native, which has no label: give it an `accessibilityLabel`. */
  readonly textInputProps: {
    /** Takes the field when it is on the screen, `null` when it leaves. What was typed before is forgotten. */
    ref(field: PinField | null): void;
    /** Keeps what has been typed so far, outside of any state of React. */
    onChangeText(text: string): void;
    /** Gives what was typed. */
    onSubmitEditing(event: PressLike): void;
    /** Hides what is typed. */
    readonly secureTextEntry: true;
    /** The keys for digits. */
    readonly inputMode: 'numeric';
    /** A PIN is typed each time; no system is to remember it. */
    readonly autoComplete: 'off';
  };
};

/**
 * A PIN pad without looks. Its `prompt.calls` is live and does not re-render; a list of them is
 * `useStrongAuth((view) => view.prompt?.calls)`.
 *
 * @param pinPad The nearest provider's unless given.
 * @throws Error without either.
 */
export function usePinPad(pinPad?: PinPad): PinPadControl {
  const pad = useProvided('pinPad', pinPad);
  const id = useId();
  const connected = useMemo(() => connect(pad, id), [pad, id]);
  const view = useSyncExternalStore(connected.subscribe, pad.view.getSnapshot, () => CLOSED);
  const { prompt, phase } = view;
  const { inputProps, ...parts } = useMemo(() => connected.bind(prompt), [connected, prompt]);
  const { attempt, attemptsLeft, reason } = prompt ?? {};
  return {
    ...parts,
    inputProps: {
      ...inputProps,
      readOnly: phase === 'checking',
      'aria-invalid': phase === 'asking' && reason !== 'strongAuthNeeded',
    },
    ...({ ...view, attempt, attemptsLeft, reason } as Shown),
  };
}

const IDLE_RECOVERY: RecoveryView = { status: 'idle', since: 0 };
const NOTHING_ASKED: RecoveryPadView = { phase: 'closed' };

/** What a screen may know of a recovery. Re-renders when it has changed. */
export const useRecovery = ({ view }: Recovery): RecoveryView => useView(view, IDLE_RECOVERY);

/** The pad of a recovery, without looks. What a render got answers the question of that render. */
export function useRecoveryPad(pad: RecoveryPad): RecoveryPadControl {
  const shown = useView(pad.view, NOTHING_ASKED);
  return useMemo(() => controlOf(pad, shown), [pad, shown]);
}

/**
 * What is typed, and where. It is in no state of React, of which there are always copies. Knows no pad: React keeps the `ref` of the
 * element that the last event was for, also when that has left the page.
 */
function createField() {
  let field: PinField | null = null;
  let text = ''; // React Native tells what was typed, and never shows it
  const clear = () => {
    text = '';
    if (field) field.value = '';
    field?.clear?.();
  };
  return {
    clear,
    read: () => text || field?.value,
    ref(next: PinField | null) {
      clear();
      field = next;
    },
    onChangeText(typed: string) {
      text = typed;
    },
  };
}

/** Ties a pad to a field. */
function connect(pad: PinPad, id: string) {
  const { clear, read, ref, onChangeText } = createField();
  const common = { ref, inputMode: 'numeric', autoComplete: 'off' } as const;
  return {
    /** A pad changes when its prompt does, and what was typed for one prompt is not for the next. */
    subscribe: (listener: () => void) =>
      pad.view.subscribe(() => {
        clear();
        listener();
      }),
    /** For one prompt: what is typed and declined for it answers no other. */
    bind(prompt: PinPrompt | undefined) {
      const submit = (given?: string | PressLike) => {
        let pin = read();
        if (typeof given === 'string') pin = given;
        else given?.preventDefault?.();
        if (!prompt || prompt !== pad.view.getSnapshot().prompt) return;
        clear();
        if (pin) pad.submit(pin, prompt);
      };
      return {
        submit,
        cancel: () => prompt && pad.cancel(prompt),
        formProps: { onSubmit: submit },
        labelProps: { htmlFor: id },
        inputProps: { ...common, id, type: 'password', required: true },
        textInputProps: { ...common, onChangeText, onSubmitEditing: submit, secureTextEntry: true },
      } as const;
    },
  };
}

/** @returns What a store has now; on a server, and where a browser takes over from one, `initial`. */
const useView = <View>({ subscribe, getSnapshot }: ExternalStore<View>, initial: View): View =>
  useSyncExternalStore(subscribe, getSnapshot, () => initial);

type Selector<Selected> = (view: StrongAuthView) => Selected;

const whole = (view: StrongAuthView) => view;

/** @returns What is given, else what is provided. */
function useProvided<Part extends 'strongAuth' | 'pinPad'>(
  part: Part,
  given?: StrongAuthProviderProps[Part],
): NonNullable<StrongAuthProviderProps[Part]> {
  const context = useContext(Provided);
  const found = given ?? context[part];
  if (!found) throw Error(`no ${part} provided`);
  return found;
}

/** Whether nobody can tell two selections apart: plain objects and arrays by their members, anything else by itself. */
function isAlike(a: unknown, b: unknown): boolean {
  const kind = a?.constructor;
  if (kind !== b?.constructor || (kind !== Object && kind !== Array)) return Object.is(a, b);
  const [left, right] = [a, b] as [Record<string, unknown>, Record<string, unknown>];
  return ['length', ...Object.keys({ ...left, ...right })].every((key) => Object.is(left[key], right[key]));
}
