import type { EnterPin, PinPrompt } from '../authentication/prompts.js';
import { isObject } from '../host/ask.js';
import { surface } from '../host/surface.js';
import { readDigits } from './pin-digits.js';
import { createStore, Listeners, type ObservableStore } from './store.js';

/** UI state of a PIN pad, told apart by `phase`. */
export type PinPadView =
  | {
      /** Nobody is asked. */
      readonly phase: 'closed';
      /** Whether a PIN is asked for. */
      readonly isOpen: false;
      /** Missing: nobody is asked. */
      readonly prompt?: undefined;
    }
  | {
      /** The user is asked for the PIN. */
      readonly phase: 'asking';
      /** Whether a PIN is asked for. */
      readonly isOpen: true;
      /** What is asked. Its `calls` are live. Give it back to `submit` and `cancel`. */
      readonly prompt: PinPrompt;
    }
  | {
      /**
       * The PIN was given, and is being checked: until the wave asks again, is granted or ends. A dialog can stay mounted, and keep
       * its focus.
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
   * Reads what was typed, before it is judged. Default: decimal digits of any script become `0` to `9`, and white space and
   * direction marks around them go.
   */
  readonly normalize?: ((typed: string) => string) | undefined;
}

/** A headless PIN pad: give `enterPin` to `createStrongAuth`, and the rest to the UI. */
export interface PinPad {
  /** For `createStrongAuth`: opens the pad, and resolves when the user has answered. */
  readonly enterPin: EnterPin;
  /** UI state of the pad. */
  readonly view: ObservableStore<PinPadView>;
  /**
   * Gives the PIN. Ignored when none is asked for, when it is empty, and when it is the answer to another prompt.
   *
   * @param pin What was typed.
   * @param prompt The prompt that was on screen. Default: the one that is asked now.
   */
  submit(pin: string, prompt?: PinPrompt): void;
  /** Declines. Ignored when no PIN is asked for. A button can call it: its event is no prompt. */
  cancel(): void;
  /**
   * Declines what was on screen. Ignored when that is not what is asked now.
   *
   * @param prompt The prompt that was on screen. Undefined: the one that is asked now.
   */
  cancel(prompt: PinPrompt | undefined): void;
}

/** A prompt that waits for its answer. What the host has put into it is read once, when it is asked. */
interface Entry extends Pick<PinPrompt, 'signal'> {
  readonly prompt: PinPrompt;
  /** Missing if a host that makes prompts itself has given none: then the answer is judged at once. */
  readonly judged: PromiseLike<void> | undefined;
  readonly answer: (pin: string | null) => void;
}

const CLOSED: PinPadView = Object.freeze({ phase: 'closed', isOpen: false });

/**
 * @returns A pad that asks one question at a time; if several clients share it, the others queue.
 * @throws TypeError for a name that is no option.
 */
export function createPinPad(options: PinPadOptions = {}): PinPad {
  const normalize = readOptions(options);
  const listeners = new Listeners<PinPadView>();
  let entries: readonly Entry[] = [];
  /** Prompts that were answered and are not judged yet, the latest first. One that is asked, of whichever client, goes before them. */
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

  /** Forgets the entry before it answers: what is still reachable from here would keep the PIN alive. */
  const settle = (entry: Entry, pin: string | null) => {
    if (!entries.includes(entry)) return;
    entries = entries.filter((other) => other !== entry);
    if (pin !== null && entry.judged) void check(entry.prompt, entry.judged);
    entry.answer(pin);
    show();
  };

  /** Is given no entry: while it waits it would keep that, and with it the PIN. */
  const check = async (prompt: PinPrompt, judged: PromiseLike<void>) => {
    checking = [prompt, ...checking];
    try {
      await judged;
    } catch {
      // Ours never rejects; a host may make its own.
    }
    checking = checking.filter((other) => other !== prompt);
    show();
  };

  /** The entry that an answer is for: that of the prompt which was on screen, if it is the one that is asked now. */
  const asked = (prompt: PinPrompt | undefined): Entry | undefined => {
    const [first] = entries;
    // As the listener of a button it is given an event, which is no prompt.
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
        // What throws here, in a prompt that is not ours, rejects before anything is kept of it.
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
        signal.addEventListener('abort', close, { once: true });
        entries = [...entries, entry];
        show();
      }),
    view: createStore({ getSnapshot: () => view, subscribe: (listener) => listeners.add(listener) }),
    submit(typed, prompt) {
      const entry = asked(prompt);
      // Plain JavaScript may give nothing where there is no field; what else is no string, the client refuses.
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
 * Whether it is this prompt: itself, or what a reactive library or a spread has made of it. Those carry the same signal and the
 * same promise, of which each of our prompts has its own.
 */
function isPromptOf({ prompt, signal, judged }: Entry, given: PinPrompt): boolean {
  return given === prompt || (judged !== undefined && given.judged === judged && given.signal === signal);
}

function readOptions(options: PinPadOptions): (typed: string) => string {
  if (typeof options !== 'object' || options === null)
    throw new TypeError('createPinPad takes an options object');
  for (const name of Object.keys(options)) {
    if (name !== 'normalize') throw new TypeError(`${name} is no option of createPinPad`);
  }
  const { normalize = readDigits } = options;
  if (typeof normalize !== 'function') throw new TypeError('normalize must be a function');
  return normalize;
}
