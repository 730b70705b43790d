/*
 * What an inspector may be told, as a list of what is allowed: anything that is not on it, today's or tomorrow's, is left out.
 * It holds for every actor of the system, so for an app that embeds the machine too: of an actor of the app's there remain its
 * states and the types of its events.
 */

/** The events of the machine. Only theirs are facts; what another machine calls `code` or `id` may be a PIN. */
const OWN_EVENTS = /^(calls?|ensure|waiter|pin|otp)\.\w+$/;

/** Facts of events, and counts of the context: numbers, Booleans, and words in capitals or of a known list. */
const FACTS = new Set([
  'id',
  'wave',
  'waves',
  'rounds',
  'interactive',
  'at',
  'code',
  'otpCode',
  'retryAt',
  'remedy',
  'waiting',
  'inFlight',
  'attempt',
  'malformed',
  'reason',
  'hasReset',
  'blocked',
  'lastGrantAt',
]);

const WORDS = new Set([
  'strongAuthNeeded',
  'pinRejected',
  'pinMalformed',
  'retry',
  'unblockAccount',
  'enrollDevice',
  'signIn',
  'wait',
  'none',
]);

/** What of a definition is structure. */
const STRUCTURE = new Set([
  'id',
  'initial',
  'type',
  'description',
  'target',
  'reenter',
  'src',
  'history',
  'key',
]);
const MAPS = new Set(['states', 'on', 'after']);
const PARTS = ['always', 'invoke', 'onDone', 'onError', 'onSnapshot'];
/** Of these only the names: their `params` may hold anything. */
const NAMES = ['entry', 'exit', 'actions', 'guard', 'tags'];

type Json = Record<string, unknown>;

/** Reads a field of something that may refuse to be read. */
function read(from: unknown, key: string): unknown {
  if (typeof from !== 'object' || from === null) return undefined;
  try {
    return (from as Json)[key];
  } catch {
    return undefined;
  }
}

function isFact(value: unknown): boolean {
  if (typeof value === 'number' || typeof value === 'boolean') return true;
  return typeof value === 'string' && (WORDS.has(value) || /^[A-Z]+(_[A-Z]+)*$/.test(value));
}

function facts(from: unknown): Json {
  const kept: Json = {};
  for (const key of FACTS) {
    const value = read(from, key);
    if (isFact(value)) kept[key] = value;
  }
  return kept;
}

/** @returns The type of an event, and the numbers, flags and codes that are no secret. */
export function redactEvent(event: unknown): Json {
  const type = String(read(event, 'type') ?? '');
  return { type, ...(OWN_EVENTS.test(type) && facts(event)) };
}

/** @returns State and status of a snapshot, and the machine's own counts; no input, output, error or children. */
export function redactSnapshot(snapshot: unknown, isOwn: boolean): Json {
  const context = isOwn ? read(snapshot, 'context') : undefined;
  const failure = read(context, 'failure');
  return {
    status: text(read(snapshot, 'status')),
    ...withValue('value', stateValue(read(snapshot, 'value'))),
    context: { ...facts(context), ...(failure ? { failure: facts(failure) } : {}) },
  };
}

/** @returns The structure of a machine: states, events, targets, and the names of guards, actions and actors. */
export function redactDefinition(config: unknown): Json {
  const kept: Json = {};
  for (const key of STRUCTURE) Object.assign(kept, withValue(key, structural(read(config, key))));
  for (const key of MAPS) {
    const map = read(config, key);
    if (typeof map === 'object' && map !== null) {
      kept[key] = Object.fromEntries(Object.keys(map).map((name) => [name, part(read(map, name))]));
    }
  }
  for (const key of PARTS) Object.assign(kept, withValue(key, part(read(config, key))));
  for (const key of NAMES) Object.assign(kept, withValue(key, names(read(config, key))));
  return kept;
}

/** A target, a transition, a list of either, or a node. */
function part(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(part);
  return typeof value === 'object' && value !== null ? redactDefinition(value) : structural(value);
}

function structural(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(structural);
  return typeof value === 'string' || typeof value === 'boolean' ? value : undefined;
}

function names(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(names);
  const name = typeof value === 'object' ? read(value, 'type') : value;
  return typeof name === 'string' ? name : undefined;
}

function stateValue(value: unknown): unknown {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.fromEntries(Object.keys(value).map((key) => [key, stateValue(read(value, key))]));
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const withValue = (key: string, value: unknown): Json => (value === undefined ? {} : { [key]: value });
