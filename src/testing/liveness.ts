import type { EventObject } from 'xstate';
import type { strongAuthMachine } from '../../machines/strong-auth/index.js';
import { armedBetween } from './delays.js';
import { describeEvent, isEssential, type WorldEvent } from './events.js';
import { explore, type FiniteLogic, type GraphEdge, type NumberedGraph } from './graph.js';
import { playgroundHash } from './play.js';
import { createWorld } from './world.js';
import type { World, WorldOptions } from './world-state.js';

/*
 * Which algorithm, and why.
 *
 * A call that never settles needs an infinite run. In a finite graph that is a lasso: a path from the initial
 * state (the stem) into a cycle that can be repeated forever. A cycle counts only if it is fair: it may not
 * put off forever an event that is certain to happen.
 *
 * For weak fairness, a strongly connected component has a fair cycle exactly if for each promise one of its
 * edges keeps the promise, starts it anew, or leaves a state in which it cannot be kept: a cycle through all of
 * these edges is fair. That is the emptiness check of a generalised Büchi automaton, and one pass over the
 * components decides it. Strong fairness is a Streett condition: a component in which a promise can be kept but
 * never is may still have a fair cycle that avoids those states, so the states are removed and the rest is
 * decomposed again. Both are implemented, because a machine of your own may need the second.
 *
 * The worlds of this package need only weak fairness and must not assume more: under strong fairness, a timer
 * that is started anew again and again would have to fire, and livelocks that restart a timer would be missed.
 */

/**
 * Which events are certain to happen. Any other event may never happen: users may stay
 * away, and apps may never cancel.
 */
export interface Fairness<State, Event> {
  /**
   * @returns A name for the event, if it is certain to happen as long as it stays possible. Events with the
   *   same name are interchangeable: any of them keeps the promise.
   */
  readonly weak?: (event: Event) => string | undefined;
  /** @returns A name for the event, if it is certain to happen when it is possible again and again. */
  readonly strong?: (event: Event) => string | undefined;
  /**
   * @returns The names that an edge starts anew, such as timers: an event that starts
   *   anew has not stayed possible.
   */
  readonly restarts?: (edge: GraphEdge<State, Event>) => readonly string[];
}

/** What a check of liveness needs to know about a world. */
export interface LivenessOptions<State, Event> {
  /** @returns The names of those who wait for something in `state`. None of them may wait forever. */
  readonly waiting: (state: State) => readonly string[];
  /** Which events are certain to happen. */
  readonly fairness: Fairness<State, Event>;
  /**
   * @returns An event in words.
   *
   * @default its `type`
   */
  readonly describe?: (event: Event) => string;
}

/** A run in which a waiter waits forever. */
export interface LivenessViolation<Event> {
  /** The name of the waiter. */
  readonly waiting: string;
  /** The run, in the words of the paths: `call 0 made → call 0 challenged, then for ever: pin.malformed`. */
  readonly title: string;
  /** The events that happen first. */
  readonly stem: readonly Event[];
  /** The events that repeat forever after that. Empty: nothing happens any more. */
  readonly cycle: readonly Event[];
  /**
   * For a world of this package: the URL hash that plays the run in the playground, on the real machine.
   * `undefined` if the playground cannot play it.
   */
  readonly playground?: string | undefined;
}

/** The result of a check of liveness. */
export interface LivenessReport<Event> {
  /** How many states were explored. */
  readonly states: number;
  /** How many edges were explored. */
  readonly edges: number;
  /** The names of all waiters that were checked. */
  readonly waiting: readonly string[];
  /** One run for each waiter that may wait forever, with its shortest lasso. */
  readonly violations: readonly LivenessViolation<Event>[];
}

/** A call of the world waits from the moment it is made until it settles. */
const waitingIn = ({ calls }: World): string[] =>
  calls.flatMap(({ phase }, call) => (phase === 'unmade' || phase === 'settled' ? [] : [`call ${call}`]));

/** Timers, answers to calls and the end of a turn of the event loop. */
const certain = (event: WorldEvent): string | undefined => {
  switch (event.type) {
    case 'timeout':
    case 'retryTime.came':
    case 'turn.ended':
      return describeEvent(event);
    case 'call.succeeded':
    case 'call.failed':
    case 'call.challenged':
      return `call ${event.call} lands`;
    default:
      return undefined;
  }
};

/**
 * What {@link checkLiveness} assumes of the worlds of this package: a delay that was started passes unless it
 * is started anew, a call in flight is answered, and a turn of the event loop ends. Users, apps and the OTP
 * request may do nothing forever.
 */
export const worldLiveness: Required<LivenessOptions<World, WorldEvent>> = {
  waiting: waitingIn,
  fairness: {
    weak: certain,
    restarts: ({ from, to }) =>
      armedBetween(from.armed, to.armed).map((delay) => describeEvent({ type: 'timeout', delay })),
  },
  describe: describeEvent,
};

/**
 * @returns The world for a check of liveness: there is no last call, and its alphabet has the
 *   events that are certain to happen.
 */
export function renewableWorld({ alphabet = 'full', ...world }: WorldOptions): WorldOptions {
  const isTried = alphabet === 'full' ? () => true : alphabet === 'essential' ? isEssential : alphabet;
  const isLanding = (event: WorldEvent) => event.type.startsWith('call.');
  return {
    ...world,
    renewable: true,
    alphabet: (event) => isTried(event) || (certain(event) !== undefined && !isLanding(event)),
  };
}

/**
 * Checks that no waiter waits forever: explores the graph and looks for a run in which a waiter waits from
 * some moment on although everything happens that is certain to happen ({@link Fairness}).
 *
 * In a world of this package, every call may be made anew after it has settled, so that runs do not end with
 * the last call. For logic of your own, pass who waits and which events are certain to happen. The time is
 * proportional to the edges: some seconds for 100,000.
 *
 * @returns What was explored, and the shortest lasso for each waiter that may wait forever.
 */
export function checkLiveness(
  world?: WorldOptions,
  options?: Partial<LivenessOptions<World, WorldEvent>> & { readonly chart?: typeof strongAuthMachine },
): LivenessReport<WorldEvent>;
export function checkLiveness<State, Event extends EventObject>(
  logic: FiniteLogic<State, Event>,
  options: LivenessOptions<State, Event>,
): LivenessReport<Event>;
export function checkLiveness(world: object = {}, options: object = {}): LivenessReport<never> {
  const report: LivenessReport<unknown> =
    'transition' in world
      ? checkLivenessGraph(
          livenessGraph(world as FiniteLogic<never, never>, options as LivenessOptions<never, never>),
        )
      : checkWorld(world, options);
  return report as LivenessReport<never>;
}

type WorldCheck = Partial<LivenessOptions<World, WorldEvent>> & { readonly chart?: typeof strongAuthMachine };

function checkWorld(world: WorldOptions, { chart, ...options }: WorldCheck): LivenessReport<WorldEvent> {
  const logic = createWorld(renewableWorld(world), chart);
  const { violations, ...report } = checkLivenessGraph(
    livenessGraph(logic, { ...worldLiveness, ...options }),
  );
  const withLink = (violation: LivenessViolation<WorldEvent>) => ({
    ...violation,
    playground: playgroundHash(violation.stem, world, violation.cycle),
  });
  return { ...report, violations: violations.map(withLink) };
}

/** A graph with the facts that a checker of liveness needs, as bits. */
export interface LivenessGraph<State, Event> {
  /** The graph. */
  readonly graph: NumberedGraph<State, Event, EdgeFacts>;
  /** The names of the promises; the index is the bit. The first `weak` of them are weakly fair. */
  readonly promises: readonly string[];
  /** How many promises are weakly fair. */
  readonly weak: number;
  /** For each state, the promises that can be kept in it. */
  readonly possible: readonly number[];
  /** The names of all waiters. */
  readonly names: readonly string[];
  /** For each state, its waiters: the index in `names` is the bit. */
  readonly waiting: readonly number[];
  /** @returns An event in words. */
  readonly describe: (event: Event) => string;
}

/** What an edge does to the promises, as bits. */
export interface EdgeFacts {
  /** The promises that the edge keeps. */
  readonly keeps: number;
  /** The promises that the edge starts anew. */
  readonly restarts: number;
}

/** How many bits a number that is used as a set can hold. */
const MAX_BITS = 30;

/** @returns The graph of `logic` with its promises, for {@link checkLiveness} and for other checkers. */
export function livenessGraph<State, Event extends EventObject>(
  logic: FiniteLogic<State, Event>,
  { waiting, fairness, describe = ({ type }) => type }: LivenessOptions<State, Event>,
): LivenessGraph<State, Event> {
  const weak = new Set<string>();
  const strong = new Set<string>();
  const graph = explore(logic, (edge) => {
    const isWeak = fairness.weak?.(edge.event);
    const isStrong = isWeak === undefined ? fairness.strong?.(edge.event) : undefined;
    if (isWeak !== undefined) weak.add(isWeak);
    if (isStrong !== undefined) strong.add(isStrong);
    return { keeps: isWeak ?? isStrong, restarts: fairness.restarts?.(edge) ?? [] };
  });
  const promises = [...weak, ...strong];
  const names = [...new Set(graph.states.flatMap((state) => waiting(state)))].sort();
  if (promises.length > MAX_BITS || names.length > MAX_BITS)
    throw new RangeError(`checkLiveness takes at most ${MAX_BITS} promises, and as many names of who waits.`);
  const bitsOf = (among: readonly string[], some: readonly string[]) =>
    some.reduce((bits, one) => bits | (among.includes(one) ? 1 << among.indexOf(one) : 0), 0);
  const edges = graph.edges.map((out) =>
    out.map(({ event, to, label: { keeps, restarts } }) => ({
      event,
      to,
      label: {
        keeps: keeps === undefined ? 0 : bitsOf(promises, [keeps]),
        restarts: bitsOf(promises, restarts),
      },
    })),
  );
  return {
    graph: { ...graph, edges },
    promises,
    weak: weak.size,
    possible: edges.map((out) => out.reduce((bits, { label }) => bits | label.keeps, 0)),
    names,
    waiting: graph.states.map((state) => bitsOf(names, waiting(state))),
    describe,
  };
}

/**
 * The same as {@link checkLiveness} for a graph that {@link livenessGraph} has explored already.
 *
 * @returns What was explored, and the shortest lasso for each waiter that may wait forever.
 */
export function checkLivenessGraph<State, Event>(facts: LivenessGraph<State, Event>): LivenessReport<Event> {
  const { graph, names } = facts;
  const violations = names.flatMap((waiting, bit) => {
    const lasso = shortestLasso(facts, 1 << bit);
    return lasso ? [{ waiting, title: titleOf(lasso, facts.describe), ...lasso }] : [];
  });
  const edges = graph.edges.reduce((sum, out) => sum + out.length, 0);
  return { states: graph.states.length, edges, waiting: names, violations };
}

type Lasso<Event> = Pick<LivenessViolation<Event>, 'stem' | 'cycle'>;

function titleOf<Event>({ stem, cycle }: Lasso<Event>, describe: (event: Event) => string): string {
  const inWords = (events: readonly Event[]) => events.map(describe).join(' → ');
  const forEver = cycle.length > 0 ? `then for ever: ${inWords(cycle)}` : 'then nothing happens any more';
  return stem.length > 0 ? `${inWords(stem)}, ${forEver}` : forEver;
}

/** @returns The shortest lasso in whose cycle the waiter with this bit waits throughout. */
function shortestLasso<State, Event>(
  facts: LivenessGraph<State, Event>,
  who: number,
): Lasso<Event> | undefined {
  const { graph, waiting, possible } = facts;
  const nodes = graph.states.flatMap((_, node) => ((waiting[node] as number) & who ? [node] : []));
  let best: { readonly start: number; readonly cycle: readonly Event[]; readonly length: number } | undefined;
  // A state in which nothing is certain to happen may last forever. The states are sorted, nearest first.
  const still = nodes.find((node) => possible[node] === 0);
  if (still !== undefined) best = { start: still, cycle: [], length: (graph.distance[still] as number) + 1 };
  for (const component of fairComponents(facts, nodes)) {
    const before = backwards(graph, component);
    for (const start of component.nodes) {
      const room =
        best === undefined ? Number.POSITIVE_INFINITY : best.length - (graph.distance[start] as number) - 1;
      if (room < 1) break; // the other states are no nearer
      const cycle = shortestCycle(facts, distancesTo(start, before), start, room);
      if (cycle) best = { start, cycle, length: (graph.distance[start] as number) + cycle.length };
    }
  }
  return best && { stem: graph.wayTo(best.start), cycle: best.cycle };
}

/** States that reach one another without leaving the set. */
interface Component {
  /** Nearest to the initial state first. */
  readonly nodes: readonly number[];
  readonly has: (node: number) => boolean;
}

/** @returns For each state of the component, the states of the component with an edge to it. */
function backwards<State, Event>(
  { edges }: NumberedGraph<State, Event, EdgeFacts>,
  { nodes, has }: Component,
): ReadonlyMap<number, readonly number[]> {
  const before = new Map<number, number[]>(nodes.map((node) => [node, []]));
  for (const node of nodes) for (const { to } of edges[node] ?? []) if (has(to)) before.get(to)?.push(node);
  return before;
}

/** @returns The components among `nodes` that have a fair cycle of edges. */
function fairComponents<State, Event>(
  facts: LivenessGraph<State, Event>,
  nodes: readonly number[],
): Component[] {
  const { graph, possible, weak, promises } = facts;
  const weakBits = (1 << weak) - 1;
  const strongBits = ((1 << promises.length) - 1) & ~weakBits;
  const fair: Component[] = [];
  const left: (readonly number[])[] = [nodes];
  for (let among = left.pop(); among; among = left.pop()) {
    for (const component of components(graph, among)) {
      let [kept, isCycle, possibleHere] = [0, false, 0];
      let elsewhere = 0; // weak promises that cannot be kept in some state of the component
      for (const node of component.nodes) {
        possibleHere |= possible[node] as number;
        elsewhere |= ~(possible[node] as number);
        for (const { to, label } of graph.edges[node] ?? []) {
          if (!component.has(to)) continue;
          isCycle = true;
          kept |= label.keeps | (label.restarts & weakBits);
        }
      }
      if (!isCycle || ((kept | elsewhere) & weakBits) !== weakBits) continue;
      const broken = possibleHere & strongBits & ~kept;
      if (broken === 0) fair.push(component);
      else left.push(component.nodes.filter((node) => ((possible[node] as number) & broken) === 0));
    }
  }
  return fair;
}

const last = <Item>(items: readonly Item[]): Item | undefined => items[items.length - 1];

/**
 * Tarjan's strongly connected components of the graph restricted to `nodes`, without
 * recursion, because graphs are deep.
 */
function components<State, Event>(
  { edges }: NumberedGraph<State, Event, EdgeFacts>,
  nodes: readonly number[],
): Component[] {
  const among = new Set(nodes);
  const index = new Map<number, number>();
  const low = new Map<number, number>();
  const owner = new Map<number, number>();
  const found: Component[] = [];
  const open: number[] = [];
  for (const root of nodes) {
    if (index.has(root)) continue;
    const work: { node: number; next: number }[] = [];
    const enter = (node: number) => {
      low.set(node, index.size);
      index.set(node, index.size);
      open.push(node);
      work.push({ node, next: 0 });
    };
    enter(root);
    for (let top = last(work); top; top = last(work)) {
      const { node } = top;
      const edge = edges[node]?.[top.next];
      top.next += 1;
      if (edge) {
        if (!among.has(edge.to) || owner.has(edge.to)) continue;
        const seen = index.get(edge.to);
        if (seen === undefined) enter(edge.to);
        else low.set(node, Math.min(low.get(node) as number, seen));
        continue;
      }
      work.pop();
      const below = last(work)?.node;
      if (below !== undefined) low.set(below, Math.min(low.get(below) as number, low.get(node) as number));
      if (low.get(node) !== index.get(node)) continue;
      const number = found.length;
      const own = open.splice(open.lastIndexOf(node));
      for (const each of own) owner.set(each, number);
      found.push({ nodes: own.sort((a, b) => a - b), has: (other) => owner.get(other) === number });
    }
  }
  return found;
}

/** @returns The fewest edges to `start` within the component, for each state from which it can be reached. */
function distancesTo(
  start: number,
  before: ReadonlyMap<number, readonly number[]>,
): ReadonlyMap<number, number> {
  const distances = new Map([[start, 0]]);
  for (const [node, distance] of distances)
    for (const earlier of before.get(node) ?? [])
      if (!distances.has(earlier)) distances.set(earlier, distance + 1);
  return distances;
}

/**
 * Searches breadth first over pairs of a state and the promises met so far.
 *
 * @returns The shortest fair cycle through `start` that has at most `room` edges.
 */
function shortestCycle<State, Event>(
  { graph, possible, weak, promises }: LivenessGraph<State, Event>,
  /**
   * For each state of the component, the distance back to `start`. A walk that
   * would exceed `room` is dropped.
   */
  back: ReadonlyMap<number, number>,
  start: number,
  room: number,
): Event[] | undefined {
  const all = (1 << promises.length) - 1;
  const weakBits = (1 << weak) - 1;
  interface Walk {
    readonly node: number;
    /** Promises that were kept, were started anew, or could not be kept in some state. */
    readonly met: number;
    /** Promises that must be met: the weak ones, and the strong ones that could be kept in some state. */
    readonly owed: number;
    readonly length: number;
    readonly before: Walk | undefined;
    readonly event: Event | undefined;
  }
  const seen = new Set<string>();
  const queue: Walk[] = [
    { node: start, met: 0, owed: weakBits, length: 0, before: undefined, event: undefined },
  ];
  for (const walk of queue) {
    const here = possible[walk.node] as number;
    for (const { event, to, label } of graph.edges[walk.node] ?? []) {
      const home = back.get(to);
      if (home === undefined || walk.length + 1 + home > room) continue;
      const met = (walk.met | label.keeps | ((label.restarts | ~here) & weakBits)) & all;
      const owed = walk.owed | (here & ~weakBits);
      const next: Walk = { node: to, met, owed, length: walk.length + 1, before: walk, event };
      if (to === start && (owed & ~met) === 0) {
        const cycle: Event[] = [];
        for (let step: Walk | undefined = next; step?.before; step = step.before)
          cycle.unshift(step.event as Event);
        return cycle;
      }
      const key = `${to} ${met} ${owed}`;
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push(next);
    }
  }
  return undefined;
}
