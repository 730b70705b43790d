import type { LogEntry, Session } from './session.js';

/** Which events the user looks for. */
export interface Wanted {
  /** All of them must be in the name of the actor, the type or the fields. */
  readonly text: string;
  /** The actor that receives them; any if there is none. */
  readonly actor: string | undefined;
}

/** The events of a session that the user looks for. */
export interface Found {
  /** @returns They, oldest first. Each event is looked at once, however often this is asked. */
  read(wanted: Wanted): readonly LogEntry[];
}

/** Looks for events in a session as they come. */
export function createFound(session: Session): Found {
  let found: LogEntry[] = [];
  let signature = '';
  let first = 0;
  /** The latest event that was looked at. */
  let seen = 0;

  return {
    read({ text, actor }) {
      const { log } = session;
      const words = text.toLowerCase().split(/\s+/).filter(Boolean);
      const now = JSON.stringify([words, actor]);
      if (now !== signature || seen > session.last) [found, seen] = [[], 0];
      signature = now;
      const isWanted = (entry: LogEntry): boolean => {
        if (actor !== undefined && entry.actor !== actor) return false;
        if (words.length === 0) return true;
        const all = `${entry.fromName} ${entry.actorName} ${entry.type} ${entry.detail}`.toLowerCase();
        return words.every((word) => all.includes(word));
      };
      const added: LogEntry[] = [];
      for (let index = log.length - 1; index >= 0; index -= 1) {
        const entry = log[index];
        if (!entry || entry.number <= seen) break;
        if (isWanted(entry)) added.push(entry);
      }
      seen = log.at(-1)?.number ?? seen;
      if (log.length === 0) found = [];
      else if (added.length > 0 || session.first !== first) {
        const kept = found.findIndex(({ number }) => number >= session.first);
        found = [...(kept === -1 ? [] : kept === 0 ? found : found.slice(kept)), ...added.reverse()];
        first = session.first;
      }
      return found;
    },
  };
}
