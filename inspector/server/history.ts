import { KEPT_ACTORS, KEPT_CHARACTERS, KEPT_MESSAGES } from './limits.js';

/** Keeps the latest messages, and the first message of each actor, for a page that is opened late. */
export interface History {
  add(text: string, actor: string | undefined): void;
  /** @returns What is kept, oldest first. */
  all(): Iterable<string>;
}

/** Makes an empty history with the limits of `limits.ts`. */
export function createHistory(): History {
  /** In the order of arrival. What has an actor is its first message. */
  const kept = new Map<number, { readonly text: string; readonly actor: string | undefined }>();
  const actors = new Map<string, number>();
  const others: number[] = [];
  let characters = 0;
  let next = 0;

  const forget = (number: number | undefined): void => {
    if (number === undefined) return;
    characters -= kept.get(number)?.text.length ?? 0;
    kept.delete(number);
  };
  const forgetOldestActor = (): void => {
    for (const [actor, number] of actors) {
      actors.delete(actor);
      forget(number);
      return;
    }
  };
  return {
    add(text, actor) {
      const number = next++;
      if (actor !== undefined) {
        // An app that was loaded again may use the same ids.
        forget(actors.get(actor));
        actors.delete(actor);
        actors.set(actor, number);
      } else others.push(number);
      kept.set(number, { text, actor });
      characters += text.length;
      while (others.length > KEPT_MESSAGES) forget(others.shift());
      while (actors.size > KEPT_ACTORS) forgetOldestActor();
      while (characters > KEPT_CHARACTERS && others.length > 0) forget(others.shift());
      while (characters > KEPT_CHARACTERS && actors.size > 1) forgetOldestActor();
    },
    *all() {
      for (const { text } of kept.values()) yield text;
    },
  };
}
