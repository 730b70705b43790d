import type { Clock } from '../host/clock.js';

/** The parts of a prompt, or of a question of a recovery, that the simulated human reads. */
export interface HumanPrompt {
  /** What is asked for. Missing in a prompt for the PIN. */
  readonly kind?: 'pin' | 'newPin' | 'smsCode' | 'phoneNumber' | 'confirmRemoval';
  /** Aborted when the answer is no longer wanted. */
  readonly signal: AbortSignal;
}

/** What the human does at one prompt. */
export type HumanAct =
  | { readonly does: 'types'; readonly pin: string; readonly afterMs?: number }
  | { readonly does: 'declines'; readonly afterMs?: number }
  | { readonly does: 'ignores' }
  | { readonly does: 'fails'; readonly error: unknown };

/**
 * The person behind `simulator.enterPin` and `simulator.answer`. Each order is for one of the next prompts.
 * Without an order, the person gives the right answer.
 */
export interface Human {
  /** Enters this PIN, `afterMs` milliseconds after the question. */
  types(pin: string, afterMs?: number): Human;
  /** Declines the prompt. */
  declines(afterMs?: number): Human;
  /** Never answers. */
  ignores(): Human;
  /** Makes the entry fail. */
  fails(error?: unknown): Human;
}

/** What the person knows without an order. */
export interface HumanKnowledge {
  /** @returns The PIN of the account; `undefined` if it has none. */
  pin(): string | undefined;
  /** @returns The code of the last SMS; `undefined` until it arrives. */
  smsCode(): string | undefined;
}

/** How often the person looks whether the SMS has arrived. */
const LOOKS_EVERY_MS = 1000;
const NEW_PINS = ['2580', '1470'] as const;
const OWN_PHONE = '+33611111111';

/** @returns The person, and the functions that ask them. */
export function createHuman(
  rightPin: string,
  knowledge: HumanKnowledge,
  clock: Clock,
  onPrompt: () => void,
): {
  human: Human;
  enterPin: (prompt: HumanPrompt) => Promise<string | null>;
  answer: (question: HumanPrompt) => Promise<string | boolean | null>;
} {
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

  const respond = <Answer>(
    { signal }: HumanPrompt,
    act: HumanAct | undefined,
    unasked: () => Answer | undefined,
  ): Promise<Answer | string | null> => {
    onPrompt();
    return new Promise((resolve, reject) => {
      if (act?.does === 'fails') return reject(act.error);
      let timer: unknown;
      const leave = () => {
        clock.clearTimeout(timer);
        resolve(null);
      };
      signal.addEventListener('abort', leave, { once: true });
      if (act?.does === 'ignores') return undefined;
      const answer = (given: Answer | string | null) => {
        signal.removeEventListener('abort', leave);
        resolve(given);
      };
      if (act) {
        const planned = () => answer(act.does === 'types' ? act.pin : null);
        if (!act.afterMs) return planned();
        timer = clock.setTimeout(planned, act.afterMs);
        return undefined;
      }
      const look = () => {
        const known = unasked();
        if (known !== undefined) answer(known);
        else timer = clock.setTimeout(look, LOOKS_EVERY_MS);
      };
      return look();
    });
  };

  /** The answer of the person without an order. */
  const rightAnswer = (kind: HumanPrompt['kind']): string | true | undefined => {
    switch (kind) {
      case 'newPin':
        return NEW_PINS.find((pin) => pin !== knowledge.pin());
      case 'smsCode':
        return knowledge.smsCode();
      case 'phoneNumber':
        return OWN_PHONE;
      case 'confirmRemoval':
        return true;
      default:
        return knowledge.pin() ?? rightPin;
    }
  };

  return {
    human,
    enterPin: (prompt) => respond(prompt, acts.shift(), () => knowledge.pin() ?? rightPin),
    answer: (question) => respond(question, acts.shift(), () => rightAnswer(question.kind)),
  };
}
