/*
 * An allow-list of what an inspector is sent. It applies to every actor of the system, so to an app's own
 * machines too: of those, only states and types of events are sent, with shortened names.
 */
import { factsOfContext, factsOfEvent } from './facts.js';
import type { Names } from './names.js';
import { keysOf, read, readText } from './read.js';

type Json = Record<string, unknown>;
type Shorten = (text: string) => string;

const STATUSES: readonly unknown[] = ['active', 'done', 'error', 'stopped'];
const TYPES_OF_STATES: readonly unknown[] = ['atomic', 'compound', 'parallel', 'final', 'history'];
const HISTORIES: readonly unknown[] = ['shallow', 'deep', true, false];
/** The maximal depth of a definition. One that is no machine's may be circular. */
const DEEPEST = 50;

/**
 * @returns Whether an actor runs a machine of this package, by the mark in its definition, which
 *   an app has no reason to copy.
 */
export function isOwnMachine(actorRef: unknown): boolean {
  return read(read(configOf(actorRef), 'meta'), 'package') === 'strong-auth-machine';
}

/** @returns The definition of the machine that an actor runs; `undefined` if it runs something else. */
export function configOf(actorRef: unknown): object | undefined {
  const config = read(read(actorRef, 'logic'), 'config');
  return typeof config === 'object' && config !== null ? config : undefined;
}

/** @returns The type of an event. For a machine of this package also the event's facts. */
export function redactEvent(event: unknown, isOwn: boolean, names: Names): Json {
  const type = readText(event, 'type') ?? '';
  return { type: names.eventType(type), ...(isOwn && factsOfEvent(type, event)) };
}

/**
 * @returns State and status of a snapshot, and the facts of a machine of this package. No
 *   input, output, error or children.
 */
export function redactSnapshot(snapshot: unknown, actorRef: unknown, names: Names): Json {
  const status = read(snapshot, 'status');
  return {
    ...(STATUSES.includes(status) && { status }),
    ...withValue('value', stateValue(read(snapshot, 'value'), configOf(actorRef), names)),
    context: isOwnMachine(actorRef) ? factsOfContext(read(snapshot, 'context')) : {},
  };
}

/**
 * @returns The part of `value` that is states of the definition: an actor that runs no
 *   machine may keep anything there.
 */
function stateValue(value: unknown, config: unknown, names: Names): unknown {
  const states = read(config, 'states');
  const known = keysOf(states);
  if (typeof value === 'string') return known.includes(value) ? names.name(value) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const kept: Json = {};
  for (const state of known) {
    const inner = stateValue(read(value, state), read(states, state), names);
    if (inner !== undefined) kept[names.name(state)] = inner;
  }
  return kept;
}

/**
 * @returns The structure of a machine: states, events, targets, and the names of guards, actions and actors.
 */
export function redactDefinition(config: object, names: Names): Json {
  return node(config, names, []);
}

/** Redacts a state, a transition or an invoke. `within` holds its ancestors. */
function node(config: object, names: Names, within: readonly object[]): Json {
  const field = (key: string) => read(config, key);
  const text = (key: string, shorten: Shorten) => {
    const value = readText(config, key);
    return value === undefined ? undefined : shorten(value);
  };
  const among = (key: string, allowed: readonly unknown[]) =>
    allowed.includes(field(key)) ? field(key) : undefined;
  const inner = [...within, config];
  const parts = (value: unknown): unknown => {
    if (typeof value === 'string') return names.target(value);
    if (Array.isArray(value)) return withoutGaps(value.map(parts));
    if (typeof value !== 'object' || value === null) return undefined;
    return inner.includes(value) || inner.length > DEEPEST ? undefined : node(value, names, inner);
  };
  const map = (key: string, shorten: Shorten) => {
    const value = field(key);
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.fromEntries(keysOf(value).map((name) => [shorten(name), parts(read(value, name))]));
  };
  const initial = field('initial');
  const target = field('target');
  const kept = {
    id: text('id', names.name),
    key: text('key', names.name),
    description: text('description', names.sentence),
    src: text('src', names.name),
    type: among('type', TYPES_OF_STATES),
    history: among('history', HISTORIES),
    reenter: among('reenter', [true, false]),
    // A state, as in `states`. XState also accepts an object with a `target`.
    initial: nameIn(typeof initial === 'object' ? read(initial, 'target') : initial, names),
    target: typeof target === 'object' && !Array.isArray(target) ? undefined : parts(target),
    states: map('states', names.name),
    on: map('on', names.eventType),
    after: map('after', (delay) => (/^\d+$/.test(delay) ? delay : names.name(delay))),
    always: parts(field('always')),
    invoke: parts(field('invoke')),
    onDone: parts(field('onDone')),
    onError: parts(field('onError')),
    onSnapshot: parts(field('onSnapshot')),
    // Only the names: `params` may hold anything.
    entry: namesIn(field('entry'), names),
    exit: namesIn(field('exit'), names),
    actions: namesIn(field('actions'), names),
    guard: namesIn(field('guard'), names),
    tags: namesIn(field('tags'), names),
  };
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
}

function namesIn(value: unknown, names: Names): unknown {
  return Array.isArray(value) ? withoutGaps(value.map((one) => nameIn(one, names))) : nameIn(value, names);
}

/** @returns The name, or the `type` of an object; `undefined` for a function. */
function nameIn(value: unknown, names: Names): string | undefined {
  const name = typeof value === 'string' ? value : readText(value, 'type');
  return name === undefined ? undefined : names.name(name);
}

const withoutGaps = (list: readonly unknown[]): unknown[] => list.filter((one) => one !== undefined);
const withValue = (key: string, value: unknown): Json => (value === undefined ? {} : { [key]: value });
