import type { EnterPin, PinPrompt } from '../authentication/prompts.js';
import { isObject } from '../host/ask.js';
import { refuseUnknownNames } from '../host/names.js';
import { surface } from '../host/surface.js';
import { readDigits } from './pin-digits.js';
import { createStore, Listeners, type ObservableStore } from './store.js';

/** UI state of a PIN pad, a union on `phase`. */
export type PinPadView =
  | {
      /** No PIN is asked for. */
      readonly phase: 'closed';
      /** Whether a PIN is asked for. */
      readonly isOpen: false;
      /** Missing: no PIN is asked for. */
      readonly prompt?: undefined;
    }
  | {
      /** The user is asked for the PIN. */
      readonly phase: 'asking';
      /** Whether a PIN is asked for. */
      readonly isOpen: true;
      /** The open prompt. Its `calls` are live. Pass it to `submit` and `cancel`. */
      readonly prompt: PinPrompt;
    }
  | {
      /**
       * The PIN was given and is being checked, until the wave asks again, is granted or ends. A dialog can
       * stay mounted and keep its focus.
       */
      readonly phase: 'checking';
      /** Whether a PIN is asked for. */
      readonly isOpen: false;
      /** The prompt that was answered. */
      readonly prompt: PinPrompt;
    };

/** The options of `createPinPad`. */
export interface PinPadOptions {
  /**
   * Converts typed text before it is submitted.
   *
   * @default decimal digits of any script become `0` to `9`; invisible characters, and white space at both ends, are removed
   */
  readonly normalize?: ((typed: string) => string) | undefined;
}

/** A headless PIN pad: pass `enterPin` to `createStrongAuth`, and use the rest in the UI. */
export interface PinPad {
  /** For `createStrongAuth`: opens the pad, and resolves when the user has answered. */
  readonly enterPin: EnterPin;
  /** UI state of the pad. */
  readonly view: ObservableStore<PinPadView>;
  /**
   * Submits the PIN. Ignored when no PIN is asked for, when `pin` is empty, and
   * when `prompt` is not the open one.
   *
   * @param pin What was typed.
   * @param prompt The prompt that was on screen. Default: the open one.
   */
  submit(pin: string, prompt?: PinPrompt): void;
  /**
   * Declines. Ignored when no PIN is asked for. It can be a button's listener: the event
   * that it then receives is ignored.
   */
  cancel(): void;
  /**
   * Declines the prompt that was on screen. Ignored when that is not the open one.
   *
   * @param prompt The prompt that was on screen. `undefined`: the open one.
   */
  cancel(prompt: PinPrompt | undefined): void;
}

/** A prompt that waits for its answer. The host's fields are read once, when the prompt opens. */
interface Entry extends Pick<PinPrompt, 'signal'> {
  readonly prompt: PinPrompt;
  /**
   * Missing if a host that makes its own prompts has no `judged`: the answer then counts as judged at once.
   */
  readonly judged: PromiseLike<void> | undefined;
  readonly answer: (pin: string | null) => void;
}

const CLOSED: PinPadView = Object.freeze({ phase: 'closed', isOpen: false });

/**
 * @returns A pad that shows one prompt at a time. If several clients share it, their prompts queue.
 * @throws TypeError for an unknown option name.
 */
export function createPinPad(options: PinPadOptions = {}): PinPad {
  const normalize = readOptions(options);
  const listeners = new Listeners<PinPadView>();
  let entries: readonly Entry[] = [];
  /**
   * Prompts that were answered and are not judged yet, the latest first. An open prompt of
   * any client is shown before them.
   */
  let checking: readonly PinPrompt[] = [];
  let view = CLOSED;

  const show = () => {
    const asked = entries[0]?.prompt;
    const [checked] = checking;
    const phase = asked ? 'asking' : checked ? 'checking' : 'closed';
    const prompt = asked ?? checked;
    if (view.phase === phase && view.prompt === prompt) return;
    view = prompt ? (Object.freeze({ phase, isOpen: phase === 'asking', prompt }) as PinPadView) : CLOSED;
    listeners.notify(view);
  };

  /** Removes the entry before it answers: an entry that is still reachable would keep the PIN alive. */
  const settle = (entry: Entry, pin: string | null) => {
    if (!entries.includes(entry)) return; // `normalize` has answered it
    entries = entries.filter((other) => other !== entry);
    if (pin !== null && entry.judged) void check(entry.prompt, entry.judged);
    entry.answer(pin);
    show();
  };

  /** Takes no entry: while it waits, it would keep the entry alive, and the PIN with it. */
  const check = async (prompt: PinPrompt, judged: PromiseLike<void>) => {
    checking = [prompt, ...checking];
    try {
      await judged;
    } catch {
      // Our promise never rejects, but a host may pass its own.
    }
    checking = checking.filter((other) => other !== prompt);
    show();
  };

  /**
   * @returns The entry that an answer is for: the open one, unless the answer was given to another prompt.
   */
  const asked = (prompt: PinPrompt | undefined): Entry | undefined => {
    const [first] = entries;
    // A button's listener receives an event, which is no prompt.
    const isGiven = isObject(prompt) && 'attempt' in prompt;
    return !isGiven || (first && isPromptOf(first, prompt)) ? first : undefined;
  };

  const read = (typed: string): string => {
    try {
      const pin: unknown = normalize(typed);
      if (typeof pin === 'string') return pin;
      surface(new TypeError('normalize must answer with a string'));
    } catch (error) {
      surface(error);
    }
    return typed;
  };

  return {
    enterPin: (prompt) =>
      new Promise((resolve) => {
        // A prompt of the host may throw here: the promise then rejects before anything is kept.
        const { signal, judged } = prompt;
        if (signal.aborted) return resolve(null);
        const close = () => settle(entry, null);
        const entry: Entry = {
          prompt,
          signal,
          judged,
          answer: (pin) => {
            resolve(pin);
            try {
              signal.removeEventListener('abort', close);
            } catch (error) {
              surface(error);
            }
          },
        };
        signal.addEventListener('abort', close);
        entries = [...entries, entry];
        show();
      }),
    view: createStore({ getSnapshot: () => view, subscribe: (listener) => listeners.add(listener) }),
    submit(typed, prompt) {
      const entry = asked(prompt);
      // Plain JavaScript may pass `undefined` or `null` for a missing field. The client refuses
      // other values that are no string.
      if (!entry || typed === undefined || typed === null) return;
      const pin = typeof typed === 'string' ? read(typed) : typed;
      if (pin !== '') settle(entry, pin);
    },
    cancel(prompt?: PinPrompt) {
      const entry = asked(prompt);
      if (entry) settle(entry, null);
    },
  };
}

/**
 * Whether `given` is the entry's prompt: the same object, or a copy that a reactive library or a spread made.
 * A copy has the same signal and the same promise, and both belong to one prompt only.
 */
function isPromptOf({ prompt, signal, judged }: Entry, given: PinPrompt): boolean {
  return given === prompt || (judged !== undefined && given.judged === judged && given.signal === signal);
}

function readOptions(options: PinPadOptions): (typed: string) => string {
  if (typeof options !== 'object' || options === null)
    throw new TypeError('createPinPad takes an options object');
  refuseUnknownNames(options, { normalize: true }, (name) => `${name} is no option of createPinPad`);
  const { normalize = readDigits } = options;
  if (typeof normalize !== 'function') throw new TypeError('normalize must be a function');
  return normalize;
}
