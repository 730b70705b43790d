import { type Arrow, type Chart, chartOf } from './definition.js';
import { fieldsOf, jsonOf, LONGEST_KEY, leavesOf, shortened, textOf } from './read.js';
import { takenArrows } from './taken.js';

/** What an actor was like from one message on. */
export interface Moment {
  /** The number of the message. */
  readonly number: number;
  readonly active: readonly string[];
  readonly status: string;
  readonly taken: readonly Arrow[];
  readonly context: unknown;
}

/** An actor of an app, as far as it was told. */
export interface Actor {
  readonly key: string;
  readonly parent: string | undefined;
  /** Its name; that of a later actor with the same name has a number, such as `checkout (2)`. */
  readonly name: string;
  /** Its chart; nothing if it is no machine. */
  readonly chart: Chart | undefined;
  /** Oldest first; there is always one. */
  readonly moments: Moment[];
}

/** An event that an actor received. */
export interface LogEntry {
  readonly number: number;
  readonly at: number;
  readonly actor: string;
  readonly actorName: string;
  /** The actor that sent it; nothing if it came from outside of all actors, or if that was not told. */
  readonly from: string | undefined;
  readonly fromName: string;
  readonly type: string;
  /** The other fields of the event, as JSON. */
  readonly detail: string;
}

/** A message with the app that it came from. Two apps may use the same session ids. */
export interface Taken {
  readonly source: string;
  readonly message: unknown;
}

/** A message with its number, its time and its length as JSON. */
export interface Kept extends Taken {
  readonly number: number;
  /** Epoch ms by the clock of its app; `NaN` if it does not say. */
  readonly at: number;
  readonly size: number;
}

/** How many messages are kept, and how much of them in characters. */
const MOST_MESSAGES = 20_000;
const MOST_CHARACTERS = 64 * 1024 * 1024;
/** How many messages are forgotten at once. */
const FORGOTTEN = 500;
/** How many actors are kept. */
export const MOST_ACTORS = 2000;
/** The largest definition that is read, and how much of all of them, in characters. */
const LARGEST_DEFINITION = 2 * 1024 * 1024;
const MOST_DEFINITIONS = 32 * 1024 * 1024;
/** How much is kept of the first messages of actors, in characters. */
const MOST_BEGINNINGS = 64 * 1024 * 1024;
const LONGEST_DETAIL = 1000;
/** How many charts are kept for actors of the same machine. */
const MOST_CHARTS = 100;

/** What was received, and what it says about the actors. */
export interface Session {
  readonly actors: ReadonlyMap<string, Actor>;
  readonly log: readonly LogEntry[];
  readonly messages: readonly Kept[];
  /** The numbers of the oldest and the latest message that is kept. */
  readonly first: number;
  readonly last: number;
  /** How many actors were left out, because there were too many. */
  readonly leftOut: number;
  /** Changes when an actor comes, goes or ends. */
  readonly version: number;
  /** @returns The first messages of actors that are older than the oldest message that is kept. */
  beginnings(): readonly Kept[];
  /** @param size Its length as JSON. */
  take(taken: Taken, size: number): void;
  clear(): void;
}

/** Makes an empty session. */
export function createSession(): Session {
  const actors = new Map<string, Actor>();
  const charts = new Map<string, Chart | undefined>();
  /** How many actors there were of each name. */
  const named = new Map<string, number>();
  let log: LogEntry[] = [];
  let messages: Kept[] = [];
  const beginnings = new Map<string, Kept>();
  let characters = 0;
  let ofDefinitions = 0;
  let ofBeginnings = 0;
  let last = 0;
  let leftOut = 0;
  let version = 0;

  const chartFor = (definition: unknown): Chart | undefined => {
    if (typeof definition !== 'string' || definition.length > LARGEST_DEFINITION) return undefined;
    const known = charts.get(definition);
    if (known || charts.has(definition)) return known;
    if (ofDefinitions + definition.length > MOST_DEFINITIONS) return undefined;
    ofDefinitions += definition.length;
    const chart = chartOf(definition);
    for (const oldest of charts.keys()) {
      if (charts.size < MOST_CHARTS) break;
      charts.delete(oldest);
    }
    charts.set(definition, chart);
    return chart;
  };

  const register = (kept: Kept, message: Message): void => {
    const { source } = kept;
    const key = `${source} ${message.sessionId}`;
    if (actors.size >= MOST_ACTORS && !actors.has(key) && !forgetEnded()) {
      leftOut++;
      return;
    }
    const name = actors.get(key)?.name ?? numbered(shortened(textOf(message.name) ?? message.sessionId));
    forgetBeginning(key);
    if (ofBeginnings + kept.size <= MOST_BEGINNINGS) {
      beginnings.set(key, kept);
      ofBeginnings += kept.size;
    }
    const parent = textOf(message.parentId);
    const { value, status, context } = fieldsOf(message.snapshot);
    actors.set(key, {
      key,
      parent: parent === undefined ? undefined : `${source} ${parent}`,
      name,
      chart: chartFor(message.definition),
      moments: [
        {
          number: last,
          active: leavesOf(value),
          status: shortened(textOf(status) ?? 'active'),
          taken: [],
          context,
        },
      ],
    });
    version++;
  };
  const numbered = (name: string): string => {
    const count = (named.get(name) ?? 0) + 1;
    if (named.size < MOST_ACTORS || named.has(name)) named.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  };
  const forgetEnded = (): boolean => {
    for (const { key, moments } of actors.values()) {
      if (moments.at(-1)?.status === 'active') continue;
      forgetBeginning(key);
      return actors.delete(key);
    }
    return false;
  };
  const forgetBeginning = (key: string): void => {
    ofBeginnings -= beginnings.get(key)?.size ?? 0;
    beginnings.delete(key);
  };

  const update = (actor: Actor, message: Message): void => {
    const before = actor.moments.at(-1);
    if (!before) return;
    const { value, status, context } = fieldsOf(message.snapshot);
    const active = value === undefined ? before.active : leavesOf(value);
    const event = textOf(fieldsOf(message.event).type) ?? '';
    const taken = actor.chart ? takenArrows(actor.chart, before.active, event, active) : [];
    const isSame = taken.length === 0 && active.join() === before.active.join();
    const next = shortened(textOf(status) ?? before.status);
    if (next !== before.status) version++;
    actor.moments.push({
      number: last,
      active,
      status: next,
      taken: isSame ? before.taken : taken,
      context,
    });
  };

  const senderOf = (source: string, message: Message): Pick<LogEntry, 'from' | 'fromName'> => {
    const id = textOf(message.sourceId)?.slice(0, LONGEST_KEY);
    if (id === undefined) return { from: undefined, fromName: '' };
    const from = `${source} ${id}`;
    return { from, fromName: actors.get(from)?.name ?? shortened(id) };
  };

  const forgetOldest = (): void => {
    for (const { source, message, size } of messages.splice(0, FORGOTTEN)) {
      characters -= size;
      const actor = actors.get(`${source} ${(message as Message).sessionId}`);
      // What it was like at the oldest message that is kept is still known.
      if (actor && actor.moments.length > 1 && (actor.moments[1]?.number ?? 0) <= first())
        actor.moments.shift();
    }
    const oldest = first();
    const kept = log.findIndex(({ number }) => number >= oldest);
    log = kept === -1 ? [] : log.slice(kept);
  };
  const first = () => messages[0]?.number ?? last;

  return {
    actors,
    get log() {
      return log;
    },
    get messages() {
      return messages;
    },
    get first() {
      return first();
    },
    get last() {
      return last;
    },
    get leftOut() {
      return leftOut;
    },
    get version() {
      return version;
    },
    beginnings: () => [...beginnings.values()].filter(({ number }) => number < first()),
    take({ source, message }, size) {
      if (!isMessage(message)) return;
      last++;
      const kept = { source, message, number: last, at: Number(message.createdAt), size };
      messages.push(kept);
      characters += size;
      if (message.type === '@xstate.actor') register(kept, message);
      const key = `${source} ${message.sessionId}`;
      const actor = actors.get(key);
      if (actor && message.type === '@xstate.snapshot') update(actor, message);
      if (message.type === '@xstate.event') {
        const { type, ...detail } = fieldsOf(message.event);
        log.push({
          number: last,
          at: kept.at,
          actor: key,
          actorName: actor?.name ?? shortened(message.sessionId),
          ...senderOf(source, message),
          type: shortened(textOf(type) ?? '(no type)'),
          detail: Object.keys(detail).length === 0 ? '' : jsonOf(detail, LONGEST_DETAIL),
        });
      }
      while (messages.length > MOST_MESSAGES || (characters > MOST_CHARACTERS && messages.length > 1))
        forgetOldest();
    },
    clear() {
      actors.clear();
      charts.clear();
      named.clear();
      log = [];
      messages = [];
      beginnings.clear();
      characters = 0;
      ofDefinitions = 0;
      ofBeginnings = 0;
      leftOut = 0;
      version++;
    },
  };
}

/** @returns The index of the latest element that is not newer than a message; -1 if there is none. */
export function indexAt(list: readonly { readonly number: number }[], number: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.number ?? 0) <= number) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** @returns What an actor was like when a message had arrived; nothing if it was not there yet. */
export const momentAt = ({ moments }: Actor, number: number): Moment | undefined =>
  moments[indexAt(moments, number)];

/** A message of the protocol of `@statelyai/inspect`, as far as it is read. */
interface Message {
  readonly type: '@xstate.actor' | '@xstate.event' | '@xstate.snapshot';
  readonly sessionId: string;
  readonly createdAt?: unknown;
  readonly name?: unknown;
  readonly parentId?: unknown;
  readonly sourceId?: unknown;
  readonly definition?: unknown;
  readonly event?: unknown;
  readonly snapshot?: unknown;
}

const TYPES: readonly unknown[] = ['@xstate.actor', '@xstate.event', '@xstate.snapshot'];

function isMessage(message: unknown): message is Message {
  const { type, sessionId } = fieldsOf(message);
  return (
    TYPES.includes(type) &&
    typeof sessionId === 'string' &&
    sessionId !== '' &&
    sessionId.length <= LONGEST_KEY
  );
}
