import type { EventObject } from 'xstate';
import type { strongAuthMachine } from '../../machines/strong-auth/index.js';
import { armedBetween } from './delays.js';
import { describeEvent, isEssential, type WorldEvent } from './events.js';
import { explore, type FiniteLogic, type GraphEdge, type NumberedGraph } from './graph.js';
import { playgroundHash } from './play.js';
import { createWorld, type World, type WorldOptions } from './world.js';

/*
 * Which algorithm, and why.
 *
 * A call that never settles needs an infinite run, and in a finite graph that is a lasso: a way from the beginning (the stem) into
 * a cycle that can be repeated for ever. A cycle counts only if it is fair: it may not put off for ever what is certain to happen.
 *
 * For weak fairness, a strongly connected component holds a fair cycle exactly if for each promise one of its edges keeps the
 * promise, starts it anew, or leaves a state in which it cannot be kept: a cycle through all of these edges is fair. That is the
 * emptiness check of a generalised Büchi automaton, and one pass over the components decides it. Strong fairness is a Streett
 * condition: a component in which a promise can be kept but never is may still hold a fair cycle that avoids those states, so
 * they are taken out and what is left is decomposed once more. Both are here, because a machine of your own may need the second.
 *
 * The worlds of this package need weak fairness only, and must not be given more: under strong fairness a timer that is started
 * anew again and again would have to fire, and the livelocks that restart a timer would be missed.
 */

/** What may be relied on to happen. What is not named here may never happen: users may stay away, and apps may never cancel. */
export interface Fairness<State, Event> {
  /**
   * @returns A name for what happens, if that is certain to happen as long as it stays possible. Events with one name are
   *   interchangeable: any of them will do.
   */
  readonly weak?: (event: Event) => string | undefined;
  /** @returns A name for what happens, if that is certain to happen when it is possible again and again. */
  readonly strong?: (event: Event) => string | undefined;
  /** @returns The names that start anew on an edge, such as timers: what starts anew has not stayed possible. */
  readonly restarts?: (edge: GraphEdge<State, Event>) => readonly string[];
}

/** What has to be known of a world to check its liveness. */
export interface LivenessOptions<State, Event> {
  /** @returns Names of those who wait for something in `state`; none of them may wait for ever. */
  readonly waiting: (state: State) => readonly string[];
  /** What may be relied on to happen. */
  readonly fairness: Fairness<State, Event>;
  /** @returns An event in words. Default: its `type`. */
  readonly describe?: (event: Event) => string;
}

/** Somebody may wait for ever. */
export interface LivenessViolation<Event> {
  /** Who. */
  readonly waiting: string;
  /** How, in the words of the paths: `call 0 made → call 0 challenged, then for ever: pin.malformed`. */
  readonly title: string;
  /** What happens first. */
  readonly stem: readonly Event[];
  /** What happens again and again from then on. Empty: nothing happens any more. */
  readonly cycle: readonly Event[];
  /**
   * In a world of this package: what to put behind the address of the playground to play it there, on the real machine. Nothing if
   * it cannot be played there.
   */
  readonly playground?: string | undefined;
}

/** What a check of liveness found. */
export interface LivenessReport<Event> {
  /** How many states were explored. */
  readonly states: number;
  /** How many edges were explored. */
  readonly edges: number;
  /** Who waits in some state, and was checked. */
  readonly waiting: readonly string[];
  /** One for each that may wait for ever, with its shortest lasso. */
  readonly violations: readonly LivenessViolation<Event>[];
}

/** A call of the world waits from the moment it is made until it settles. */
const waitingIn = ({ calls }: World): string[] =>
  calls.flatMap(({ phase }, call) => (phase === 'unmade' || phase === 'settled' ? [] : [`call ${call}`]));

/** Timers, landings and the end of a turn of the event loop. */
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
 * What {@link checkLiveness} takes for granted of the worlds of this package: a delay that was started passes unless it is started
 * anew, a call in flight is answered, a turn of the event loop ends. Users, apps and the OTP request may do nothing for ever.
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

/** @returns The world for a check of liveness: there is no last call, and what is certain to happen is in the alphabet. */
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
 * Checks that nobody waits for ever: explores the graph and looks for a run in which somebody waits from some moment on, although
 * everything happens that is certain to happen ({@link Fairness}).
 *
 * Given a world of this package, every call may be made anew after it has settled, so that runs do not end with the last call.
 * Given logic of your own, say who waits and what is certain to happen. Takes time in proportion to the edges: some seconds for
 * 100,000.
 *
 * @returns What was explored, and the shortest lasso for each that may wait for ever.
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

/** A graph with what a checker of liveness needs to know of it, in numbers: names of promises are bits. */
export interface LivenessGraph<State, Event> {
  /** The graph. */
  readonly graph: NumberedGraph<State, Event, EdgeFacts>;
  /** What is certain to happen, by name; the place is the bit. The first `weak` of them are weakly fair. */
  readonly promises: readonly string[];
  /** How many promises are weakly fair. */
  readonly weak: number;
  /** For each state, the promises that can be kept in it. */
  readonly possible: readonly number[];
  /** Who waits in some state. */
  readonly names: readonly string[];
  /** For each state, who waits in it: the place among `names` is the bit. */
  readonly waiting: readonly number[];
  /** @returns An event in words. */
  readonly describe: (event: Event) => string;
}

/** What an edge does to the promises, as bits. */
export interface EdgeFacts {
  /** It keeps them. */
  readonly keeps: number;
  /** It starts them anew. */
  readonly restarts: number;
}

/** Numbers are used as sets of at most this many. */
const MAX_BITS = 30;

/** @returns The graph of `logic` with its promises; for {@link checkLiveness}, and for handing it to another checker. */
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
 * @returns What was explored, and the shortest lasso for each that may wait for ever.
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

/** @returns The shortest lasso in whose cycle the one with this bit waits throughout. */
function shortestLasso<State, Event>(
  facts: LivenessGraph<State, Event>,
  who: number,
): Lasso<Event> | undefined {
  const { graph, waiting, possible } = facts;
  const nodes = graph.states.flatMap((_, node) => ((waiting[node] as number) & who ? [node] : []));
  let best: { readonly start: number; readonly cycle: readonly Event[]; readonly length: number } | undefined;
  // A state in which nothing is certain to happen may last for ever. States come nearest first.
  const still = nodes.find((node) => possible[node] === 0);
  if (still !== undefined) best = { start: still, cycle: [], length: (graph.distance[still] as number) + 1 };
  for (const component of fairComponents(facts, nodes)) {
    const before = backwards(graph, component);
    for (const start of component.nodes) {
      const room =
        best === undefined ? Number.POSITIVE_INFINITY : best.length - (graph.distance[start] as number) - 1;
      if (room < 1) break; // the others are no nearer
      const cycle = shortestCycle(facts, distancesTo(start, before), start, room);
      if (cycle) best = { start, cycle, length: (graph.distance[start] as number) + cycle.length };
    }
  }
  return best && { stem: graph.wayTo(best.start), cycle: best.cycle };
}

/** States that reach one another without leaving the set. */
interface Component {
  /** Nearest to the beginning first. */
  readonly nodes: readonly number[];
  readonly has: (node: number) => boolean;
}

/** @returns For each state of the component those of it from which an edge leads there. */
function backwards<State, Event>(
  { edges }: NumberedGraph<State, Event, EdgeFacts>,
  { nodes, has }: Component,
): ReadonlyMap<number, readonly number[]> {
  const before = new Map<number, number[]>(nodes.map((node) => [node, []]));
  for (const node of nodes) for (const { to } of edges[node] ?? []) if (has(to)) before.get(to)?.push(node);
  return before;
}

/** @returns The components among `nodes` that hold a fair cycle of edges. */
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
      let elsewhere = 0; // weak promises that cannot be kept in some state of it
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

/** Tarjan's strongly connected components of the graph that has only `nodes`, without recursion: graphs are deep. */
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

/** @returns For each state from which `start` can be reached within the component, the fewest edges that takes. */
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
 * Breadth first over pairs of a state and the promises that are met so far.
 *
 * @returns The shortest fair cycle through `start` that has at most `room` edges.
 */
function shortestCycle<State, Event>(
  { graph, possible, weak, promises }: LivenessGraph<State, Event>,
  /** For each state of the component, how far it is back to `start`: walks that cannot be back in time are given up. */
  back: ReadonlyMap<number, number>,
  start: number,
  room: number,
): Event[] | undefined {
  const all = (1 << promises.length) - 1;
  const weakBits = (1 << weak) - 1;
  interface Walk {
    readonly node: number;
    /** Promises that were kept, started anew, or could not be kept somewhere. */
    readonly met: number;
    /** Promises that have to be met: the weak ones, and the strong ones that could be kept somewhere. */
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
