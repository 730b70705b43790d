import type { Clock } from '../host/clock.js';

/** What the simulated human needs to know of a prompt, or of a question of a recovery. */
export interface HumanPrompt {
  /** What is asked for. Missing at the prompt for the PIN. */
  readonly kind?: 'pin' | 'newPin' | 'smsCode' | 'phoneNumber' | 'confirmRemoval';
  /** Aborted when the answer is not wanted any more. */
  readonly signal: AbortSignal;
}

/** What the human does at one prompt. */
export type HumanAct =
  | { readonly does: 'types'; readonly pin: string; readonly afterMs?: number }
  | { readonly does: 'declines'; readonly afterMs?: number }
  | { readonly does: 'ignores' }
  | { readonly does: 'fails'; readonly error: unknown };

/**
 * The person behind `simulator.enterPin` and `simulator.answer`. Orders are for the next prompts, one each; without one the right
 * answer is given.
 */
export interface Human {
  /** Types this, `afterMs` milliseconds after being asked. */
  types(pin: string, afterMs?: number): Human;
  /** Closes the prompt. */
  declines(afterMs?: number): Human;
  /** Never answers. */
  ignores(): Human;
  /** The entry itself breaks. */
  fails(error?: unknown): Human;
}

/** What the person knows without being told. */
export interface HumanKnowledge {
  /** @returns The PIN of the account; undefined where it has none. */
  pin(): string | undefined;
  /** @returns The code of the last SMS; undefined until it arrives. */
  smsCode(): string | undefined;
}

/** How often the person looks whether the SMS has come. */
const LOOKS_EVERY_MS = 1000;
const NEW_PINS = ['2580', '1470'] as const;
const OWN_PHONE = '+33611111111';

/** @returns The person, and what the prompt calls. */
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

  /** What the person answers when nothing was ordered. */
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
