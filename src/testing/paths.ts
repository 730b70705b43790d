import { type AdjacencyMap, TestModel } from 'xstate/graph';
import { describeEvent, type WorldEvent } from './events.js';
import { createWorld, type WorldLogic } from './world.js';
import { type Observation, observationOf, type World, type WorldOptions } from './world-state.js';

/** One step of a path: an event, and what can be observed after it. */
export interface PathStep {
  /** The event. */
  readonly event: WorldEvent;
  /** What can be observed afterwards. */
  readonly expected: Observation;
}

/** A named path through the world, from its initial state. */
export interface StrongAuthPath {
  /** The events, in words. */
  readonly title: string;
  /** The events in order, with the observation after each. */
  readonly steps: readonly PathStep[];
  /** The world that the path was made in. A driver needs it. */
  readonly world: WorldOptions;
}

/** The whole graph of a world. */
export interface WorldGraph {
  /** The world, as logic that XState explores. */
  readonly logic: WorldLogic;
  /** Every state by its key, with the events that may happen in it and the states they lead to. */
  readonly adjacency: AdjacencyMap<World, WorldEvent>;
  /** How many states there are. */
  readonly states: number;
  /** How many edges there are. */
  readonly edges: number;
}

/**
 * Explores a world completely. The time is proportional to its edges: 0.1 s for
 * one call, some seconds for three.
 */
export function exploreWorld(options: WorldOptions = {}): WorldGraph {
  const logic = createWorld(options);
  const model = new TestModel<World, WorldEvent, unknown>(logic, {
    events: logic.eventsOf as (world: World) => readonly WorldEvent[],
    serializeState: logic.keyOf,
    serializeEvent: (event) => JSON.stringify(event),
  });
  const adjacency = model.getAdjacencyMap();
  const nodes = Object.values(adjacency);
  const edges = nodes.reduce((sum, { transitions }) => sum + Object.keys(transitions).length, 0);
  return { logic, adjacency, states: nodes.length, edges };
}

/**
 * Yields paths that together take every edge of the world at least once, each the shortest path to its last
 * edge. A path that is the beginning of another is left out.
 *
 * Nothing is registered with a test runner: make a test of each path.
 */
export function strongAuthPaths(
  options: WorldOptions = {},
  graph: WorldGraph = exploreWorld(options),
): StrongAuthPath[] {
  const { logic, adjacency } = graph;
  const start: Way = { title: '', steps: [], end: logic.getInitialSnapshot(undefined as never, undefined) };

  // Breadth first, so that the path to each state is a shortest one: the path to the
  // state before, and one more step.
  const ways = new Map<string, Way>([[logic.keyOf(start.end), start]]);
  const extended = new Set<string>(); // states whose path is the beginning of another
  const last: Way[] = [];
  for (const [key, way] of ways) {
    for (const { event, state } of Object.values(adjacency[key as never]?.transitions ?? {})) {
      const next = logic.keyOf(state);
      const further = extend(way, event, logic);
      extended.add(key);
      if (ways.has(next)) last.push(further);
      else ways.set(next, further);
    }
  }
  for (const [key, way] of ways) if (!extended.has(key) && way.steps.length > 0) last.push(way);
  return last.map(({ title, steps }) => ({ title, steps, world: options }));
}

/** A path, and the state that it ends in. */
interface Way extends Pick<StrongAuthPath, 'title' | 'steps'> {
  readonly end: World;
}

function extend({ title, steps, end }: Way, event: WorldEvent, logic: WorldLogic): Way {
  const next = logic.transition(end, event, undefined as never);
  return {
    title: title === '' ? describeEvent(event) : `${title} → ${describeEvent(event)}`,
    steps: [...steps, { event, expected: observationOf(next) }],
    end: next,
  };
}

/** @returns The path of these events, with what can be observed on the way. */
export function toPath(
  events: readonly WorldEvent[],
  logic: WorldLogic = createWorld(),
  world: WorldOptions = {},
): StrongAuthPath {
  const start: Way = { title: '', steps: [], end: logic.getInitialSnapshot(undefined as never, undefined) };
  const { title, steps } = events.reduce((way, event) => extend(way, event, logic), start);
  return { title, steps, world };
}
