import type { Clock } from '../host/clock.js';

/** What the simulated human needs to know of a prompt. */
export interface HumanPrompt {
  /** Aborted when the answer is not wanted any more. */
  readonly signal: AbortSignal;
}

/** What the human does at one prompt. */
export type HumanAct =
  | { readonly does: 'types'; readonly pin: string; readonly afterMs?: number }
  | { readonly does: 'declines'; readonly afterMs?: number }
  | { readonly does: 'ignores' }
  | { readonly does: 'fails'; readonly error: unknown };

/** The person behind `simulator.enterPin`. Orders are for the next prompts, one each; without one the right PIN is typed. */
export interface Human {
  /** Types this PIN, `afterMs` milliseconds after being asked. */
  types(pin: string, afterMs?: number): Human;
  /** Closes the prompt. */
  declines(afterMs?: number): Human;
  /** Never answers. */
  ignores(): Human;
  /** The entry itself breaks. */
  fails(error?: unknown): Human;
}

/** @returns The person, and what the prompt calls. */
export function createHuman(
  rightPin: string,
  clock: Clock,
  onPrompt: () => void,
): { human: Human; enterPin: (prompt: HumanPrompt) => Promise<string | null> } {
  const acts: HumanAct[] = [];
  const plan = (act: HumanAct): Human => {
    acts.push(act);
    return human;
  };
  const human: Human = {
    types: (pin, afterMs = 0) => plan({ does: 'types', pin, afterMs }),
    declines: (afterMs = 0) => plan({ does: 'declines', afterMs }),
    ignores: () => plan({ does: 'ignores' }),
    fails: (error = new Error('The PIN entry broke')) => plan({ does: 'fails', error }),
  };

  const enterPin = ({ signal }: HumanPrompt): Promise<string | null> => {
    onPrompt();
    const act = acts.shift() ?? { does: 'types', pin: rightPin, afterMs: 0 };
    return new Promise((resolve, reject) => {
      if (act.does === 'fails') return reject(act.error);
      if (act.does === 'ignores')
        return signal.addEventListener('abort', () => resolve(null), { once: true });
      const answer = () => resolve(act.does === 'types' ? act.pin : null);
      if (!act.afterMs) return answer();
      const timer = clock.setTimeout(answer, act.afterMs);
      signal.addEventListener(
        'abort',
        () => {
          clock.clearTimeout(timer);
          resolve(null);
        },
        { once: true },
      );
    });
  };
  return { human, enterPin };
}
