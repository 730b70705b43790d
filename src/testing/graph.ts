import type { EventObject } from 'xstate';

/**
 * A world whose graph is finite: logic that says which events may happen in a state, and which states
 * behave the same. {@link createWorld} makes one; for a machine of your own, write these four
 * functions around its pure `transition`.
 */
export interface FiniteLogic<State, Event> {
  /** @returns The initial state. */
  getInitialSnapshot(scope: never, input: undefined): State;
  /** @returns The state after `event`. Pure. */
  transition(state: State, event: Event, scope: never): State;
  /** @returns The events that may happen next in `state`. */
  eventsOf(state: State): readonly Event[];
  /** @returns A text that is equal for states that behave the same from here on. */
  keyOf(state: State): string;
}

/** One edge of a graph: the state before, the event, and the state after. */
export interface GraphEdge<State, Event> {
  /** The state before. */
  readonly from: State;
  /** The event. */
  readonly event: Event;
  /** The state after. */
  readonly to: State;
}

/** A graph with numbered states, nearest to the initial state first. */
export interface NumberedGraph<State, Event, Label> {
  /** One state for each key. */
  readonly states: readonly State[];
  /** For each state, the edges that leave it. */
  readonly edges: readonly (readonly NumberedEdge<Event, Label>[])[];
  /** @returns The events of a shortest path from the initial state to this one. */
  wayTo(state: number): Event[];
  /** For each state, the length of that path. */
  readonly distance: readonly number[];
}

/** An edge of a numbered graph. */
export interface NumberedEdge<Event, Label> {
  /** The event. */
  readonly event: Event;
  /** The number of the state after. */
  readonly to: number;
  /** What `label` returned for the edge. */
  readonly label: Label;
}

/**
 * Explores a graph, breadth first.
 *
 * @param label Called for each edge while both of its states are available; they are not kept.
 */
export function explore<State, Event, Label>(
  logic: FiniteLogic<State, Event>,
  label: (edge: GraphEdge<State, Event>) => Label,
): NumberedGraph<State, Event, Label> {
  const initial = logic.getInitialSnapshot(undefined as never, undefined);
  const numbers = new Map([[logic.keyOf(initial), 0]]);
  const states = [initial];
  const arrivals: ({ readonly from: number; readonly event: Event } | undefined)[] = [undefined];
  const distance = [0];
  const edges: NumberedEdge<Event, Label>[][] = [];
  for (let number = 0; number < states.length; number += 1) {
    const from = states[number] as State;
    edges.push(
      logic.eventsOf(from).map((event) => {
        const to = logic.transition(from, event, undefined as never);
        const key = logic.keyOf(to);
        let target = numbers.get(key);
        if (target === undefined) {
          target = states.length;
          numbers.set(key, target);
          states.push(to);
          arrivals.push({ from: number, event });
          distance.push((distance[number] as number) + 1);
        }
        return { event, to: target, label: label({ from, event, to }) };
      }),
    );
  }
  return {
    states,
    edges,
    distance,
    wayTo(state) {
      const way: Event[] = [];
      for (let arrival = arrivals[state]; arrival; arrival = arrivals[arrival.from])
        way.unshift(arrival.event);
      return way;
    },
  };
}

/** A named path through a graph, from its initial state. */
export interface GraphPath<State, Event> {
  /** The events, in words. */
  readonly title: string;
  /** The events in order, with the state after each. */
  readonly steps: readonly {
    /** The event. */
    readonly event: Event;
    /** The state after it. */
    readonly state: State;
  }[];
}

/**
 * Yields paths that together take every edge of a graph at least once, each the shortest path to its last
 * edge. A path that is the beginning of another is left out. For a machine of your own; `strongAuthPaths`
 * is for this package's machine.
 *
 * @param describe An event in words. Default: its `type`.
 */
export function pathsOf<State, Event extends EventObject>(
  logic: FiniteLogic<State, Event>,
  describe: (event: Event) => string = ({ type }) => type,
): GraphPath<State, Event>[] {
  const { edges, wayTo } = explore(logic, () => undefined);
  const found = new Set([0]);
  const ways: Event[][] = [];
  edges.forEach((out, from) => {
    for (const { event, to } of out) {
      if (found.has(to)) ways.push([...wayTo(from), event]);
      found.add(to);
    }
  });
  edges.forEach((out, state) => {
    if (out.length === 0 && state > 0) ways.push(wayTo(state));
  });
  return ways.map((way) => {
    let state = logic.getInitialSnapshot(undefined as never, undefined);
    const steps = way.map((event) => {
      state = logic.transition(state, event, undefined as never);
      return { event, state };
    });
    return { title: way.map(describe).join(' → '), steps };
  });
}
