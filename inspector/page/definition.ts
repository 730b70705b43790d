import { fieldsOf, LONGEST_KEY, LONGEST_PATH, listOf, shortened, textOf } from './read.js';

/** What kind of state it is, as in the definition of XState. */
export type StateType = 'atomic' | 'compound' | 'parallel' | 'final' | 'history';

/** A state of a chart. */
export interface ChartState {
  readonly index: number;
  readonly key: string;
  /** The keys from the root on, with dots between them; empty for the root. */
  readonly path: string;
  readonly id: string;
  readonly type: StateType;
  readonly isDeepHistory: boolean;
  readonly parent: ChartState | undefined;
  readonly children: ChartState[];
  initial: ChartState | undefined;
  readonly description: string;
  /** What happens in the state: what it invokes, its actions, and transitions without a target. */
  readonly lines: string[];
  readonly config: unknown;
}

/** One transition: several of them may be one arrow. */
export interface Label {
  readonly text: string;
  /** The type of the event, or its prefix and `*`; nothing for a transition without an event. */
  readonly event: string | undefined;
}

/** All transitions from one state to another. */
export interface Arrow {
  readonly index: number;
  readonly from: ChartState;
  readonly to: ChartState;
  readonly labels: Label[];
}

/** The chart of a machine. */
export interface Chart {
  readonly root: ChartState;
  /** Every state, the root first, parents before their children. */
  readonly states: readonly ChartState[];
  readonly arrows: readonly Arrow[];
  /** What the root reacts to, so every state does. */
  readonly everywhere: readonly Arrow[];
  readonly isCut: boolean;
}

const MOST_STATES = 400;
const MOST_ARROWS = 1200;
const MOST_LABELS = 12;
const MOST_LINES = 6;
const DEEPEST = 30;
const TYPES: readonly unknown[] = ['atomic', 'compound', 'parallel', 'final', 'history'];

/** @returns The chart that the definition of a machine describes, which runs nothing; nothing if it has no states. */
export function chartOf(definition: unknown): Chart | undefined {
  const config = parse(definition);
  if (Object.keys(fieldsOf(fieldsOf(config).states)).length === 0) return undefined;
  const states: ChartState[] = [];
  const byId = new Map<string, ChartState>();
  let isCut = false;

  const add = (node: unknown, key: string, parent: ChartState | undefined, depth: number): ChartState => {
    const fields = fieldsOf(node);
    const path = parent === undefined ? '' : parent.path === '' ? key : `${parent.path}.${key}`;
    const inner = Object.entries(fieldsOf(fields.states));
    const state: ChartState = {
      index: states.length,
      key: shortened(key),
      path,
      id: textOf(fields.id)?.slice(0, LONGEST_PATH) ?? (parent ? `${rootId(states)}.${path}` : key),
      type: typeOf(fields, inner.length > 0),
      isDeepHistory: fields.history === 'deep',
      parent,
      children: [],
      initial: undefined,
      description: textOf(fields.description)?.slice(0, 1000) ?? '',
      lines: [],
      config: node,
    };
    states.push(state);
    if (!byId.has(state.id)) byId.set(state.id, state);
    for (const [innerKey, value] of inner) {
      if (states.length >= MOST_STATES || depth >= DEEPEST) {
        isCut = true;
        break;
      }
      if (innerKey.length > LONGEST_KEY) {
        isCut = true;
        continue;
      }
      state.children.push(add(value, innerKey, state, depth + 1));
    }
    return state;
  };
  const root = add(config, (textOf(fieldsOf(config).id) ?? '(machine)').slice(0, LONGEST_KEY), undefined, 0);

  for (const state of states) {
    if (state.type !== 'compound') continue;
    const { initial } = fieldsOf(state.config);
    const name = textOf(initial) ?? textOf(fieldsOf(initial).target);
    state.initial =
      name === undefined || name.length > LONGEST_PATH ? undefined : walk(state, name.replace(/^\./, ''));
  }

  const arrows = new Map<string, Arrow>();
  const everywhere: Arrow[] = [];
  const connect = (from: ChartState, to: ChartState, label: Label) => {
    if (from === root) {
      if (everywhere.length < MOST_LABELS) everywhere.push({ index: -1, from, to, labels: [label] });
      return;
    }
    const key = `${from.index} ${to.index}`;
    const known = arrows.get(key);
    if (known) {
      if (known.labels.length < MOST_LABELS) known.labels.push(label);
    } else if (arrows.size < MOST_ARROWS) arrows.set(key, { index: arrows.size, from, to, labels: [label] });
    else isCut = true;
  };
  for (const state of states) {
    const { entry, exit, invoke } = fieldsOf(state.config);
    const note = (line: string) => {
      if (state.lines.length < MOST_LINES) state.lines.push(shortened(line));
    };
    for (const invoked of listOf(invoke)) note(`runs ${nameOf(fieldsOf(invoked).src) ?? 'an actor'}`);
    for (const action of listOf(entry)) note(`entry / ${nameOf(action) ?? 'action'}`);
    for (const action of listOf(exit)) note(`exit / ${nameOf(action) ?? 'action'}`);
    for (const { event, name, config: transition } of transitionsOf(state)) {
      const { target, guard, actions } = fieldsOf(transition);
      const targets = typeof transition === 'string' ? [transition] : listOf(target);
      const condition = guard === undefined ? '' : ` [${nameOf(guard) ?? 'guard'}]`;
      const text = shortened(`${name}${condition}`);
      const found = targets.flatMap((one) => resolve(state, textOf(one), byId) ?? []);
      for (const to of found) connect(state, to, { text, event });
      if (found.length === 0 && state !== root && state.type !== 'history')
        note([text, ...listOf(actions).map((action) => nameOf(action) ?? 'action')].join(' / '));
    }
  }
  return { root, states, arrows: [...arrows.values()], everywhere, isCut };
}

interface Transition {
  readonly event: string | undefined;
  readonly name: string;
  readonly config: unknown;
}

/** @returns The transitions of a state, in the order in which XState tries them. */
function transitionsOf(state: ChartState): Transition[] {
  const { on, after, always, onDone, invoke, target } = fieldsOf(state.config);
  if (state.type === 'history')
    return listOf(target).map((config) => ({ event: undefined, name: 'default', config }));
  const found: Transition[] = [];
  const add = (event: string | undefined, name: string, configs: unknown) => {
    for (const config of listOf(configs)) found.push({ event, name, config });
  };
  for (const [type, configs] of Object.entries(fieldsOf(on))) add(type, type, configs);
  listOf(invoke).forEach((invoked, index) => {
    const fields = fieldsOf(invoked);
    const id = textOf(fields.id) ?? `${index}.${state.id}`;
    const name = nameOf(fields.src) ?? textOf(fields.id) ?? 'actor';
    add(`xstate.done.actor.${id}`, `done: ${name}`, fields.onDone);
    add(`xstate.error.actor.${id}`, `error: ${name}`, fields.onError);
    add(`xstate.snapshot.${id}`, `snapshot: ${name}`, fields.onSnapshot);
  });
  add(`xstate.done.state.${state.id}`, 'done', onDone);
  for (const [delay, configs] of Object.entries(fieldsOf(after)))
    add(`xstate.after.${delay}.${state.id}`, `after ${/^\d+$/.test(delay) ? `${delay} ms` : delay}`, configs);
  add(undefined, 'always', always);
  return found;
}

function typeOf({ type, history }: ReturnType<typeof fieldsOf>, hasChildren: boolean): StateType {
  if (TYPES.includes(type) && (hasChildren || (type !== 'compound' && type !== 'parallel')))
    return hasChildren && type === 'atomic' ? 'compound' : (type as StateType);
  if (history !== undefined && history !== false && !hasChildren) return 'history';
  return hasChildren ? 'compound' : 'atomic';
}

const rootId = (states: readonly ChartState[]): string => states[0]?.id ?? '';

/** @returns The state at a path below `from`. A dot that belongs to a key has a backslash before it. */
function walk(from: ChartState | undefined, path: string): ChartState | undefined {
  const keys = path.match(/(\\[\s\S]|[^.\\])+/g) ?? [];
  return keys.reduce<ChartState | undefined>(
    (state, key) =>
      state?.children.find(({ path: full }) => lastKey(full, state) === key.replace(/\\([\s\S])/g, '$1')),
    from,
  );
}

const lastKey = (path: string, parent: ChartState): string =>
  parent.path === '' ? path : path.slice(parent.path.length + 1);

/** @returns The state that a target names, seen from the state that has the transition. */
function resolve(
  from: ChartState,
  target: string | undefined,
  byId: ReadonlyMap<string, ChartState>,
): ChartState | undefined {
  if (target === undefined || target.length > LONGEST_PATH) return undefined;
  if (target.startsWith('.')) return walk(from, target.slice(1));
  if (!target.startsWith('#')) return walk(from.parent ?? from, target);
  const id = target.slice(1);
  for (let end = id.length; end > 0; end = id.lastIndexOf('.', end - 1)) {
    const state = byId.get(id.slice(0, end));
    if (state) return end === id.length ? state : walk(state, id.slice(end + 1));
  }
  return undefined;
}

/** @returns The name of a guard, an action or an actor: a text, or the `type` or `id` of an object. */
const nameOf = (value: unknown): string | undefined =>
  textOf(value) ?? textOf(fieldsOf(value).type) ?? textOf(fieldsOf(value).id);

function parse(definition: unknown): unknown {
  if (typeof definition !== 'string') return definition;
  try {
    return JSON.parse(definition);
  } catch {
    return undefined;
  }
}
