import type { EnterPin, PinPrompt } from '../authentication/prompts.js';
import { createStore, Listeners, type ObservableStore } from './store.js';

/** What a PIN pad shows. */
export interface PinPadView {
  /** Whether a PIN is asked for. */
  readonly isOpen: boolean;
  /** What is asked, while it is open. Its `calls` are live. */
  readonly prompt?: PinPrompt;
}

/** A PIN pad without looks: give `enterPin` to `createStrongAuth`, and the rest to the UI. */
export interface PinPad {
  /** For `createStrongAuth`: opens the pad, and resolves when the user has answered. */
  readonly enterPin: EnterPin;
  /** What the pad shows. */
  readonly view: ObservableStore<PinPadView>;
  /** Gives the PIN. Ignored when none is asked for, so that a second press does nothing. */
  submit(pin: string): void;
  /** Declines. Ignored when no PIN is asked for. */
  cancel(): void;
}

interface Entry {
  readonly prompt: PinPrompt;
  readonly answer: (pin: string | null) => void;
}

const CLOSED: PinPadView = Object.freeze({ isOpen: false });

/** @returns A pad that asks one question at a time; if several clients share it, the others queue. */
export function createPinPad(): PinPad {
  const listeners = new Listeners<PinPadView>();
  let entries: readonly Entry[] = [];
  let view = CLOSED;

  const show = () => {
    const shown = entries[0]?.prompt;
    if (view.prompt === shown) return;
    view = shown ? Object.freeze({ isOpen: true, prompt: shown }) : CLOSED;
    listeners.notify(view);
  };

  /** Forgets the entry before it answers: what is still reachable from here would keep the PIN alive. */
  const settle = (entry: Entry | undefined, pin: string | null) => {
    if (!entry || !entries.includes(entry)) return;
    entries = entries.filter((other) => other !== entry);
    entry.answer(pin);
    show();
  };

  return {
    enterPin: (prompt) =>
      new Promise((resolve) => {
        if (prompt.signal.aborted) return resolve(null);
        const close = () => settle(entry, null);
        const entry: Entry = {
          prompt,
          answer: (pin) => {
            prompt.signal.removeEventListener('abort', close);
            resolve(pin);
          },
        };
        prompt.signal.addEventListener('abort', close, { once: true });
        entries = [...entries, entry];
        show();
      }),
    view: createStore({ getSnapshot: () => view, subscribe: (listener) => listeners.add(listener) }),
    submit: (pin) => settle(entries[0], pin),
    cancel: () => settle(entries[0], null),
  };
}
