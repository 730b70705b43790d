import type { EventObject } from 'xstate';

/**
 * A world whose graph is finite: logic that says what may happen in a state, and which states behave the same. What
 * {@link createWorld} makes is one; for a machine of your own write these four functions around its pure `transition`.
 */
export interface FiniteLogic<State, Event> {
  /** @returns The state in which everything begins. */
  getInitialSnapshot(scope: never, input: undefined): State;
  /** @returns What `event` makes of `state`. Pure. */
  transition(state: State, event: Event, scope: never): State;
  /** @returns What may happen next in `state`. */
  eventsOf(state: State): readonly Event[];
  /** @returns A text that is the same for states that behave the same from here on. */
  keyOf(state: State): string;
}

/** One edge of a graph: what it was, what happened, and what it became. */
export interface GraphEdge<State, Event> {
  /** The state before. */
  readonly from: State;
  /** What happens. */
  readonly event: Event;
  /** The state after. */
  readonly to: State;
}

/** A graph with its states by number, nearest to the beginning first. */
export interface NumberedGraph<State, Event, Label> {
  /** One state for each key. */
  readonly states: readonly State[];
  /** For each state the edges that leave it. */
  readonly edges: readonly (readonly NumberedEdge<Event, Label>[])[];
  /** @returns What happens on a shortest way from the beginning to this state. */
  wayTo(state: number): Event[];
  /** How long that way is, for each state. */
  readonly distance: readonly number[];
}

/** An edge of a numbered graph. */
export interface NumberedEdge<Event, Label> {
  /** What happens. */
  readonly event: Event;
  /** The number of the state after. */
  readonly to: number;
  /** What `label` said of it. */
  readonly label: Label;
}

/**
 * Explores a graph, breadth first.
 *
 * @param label Is asked for each edge while both of its states are at hand; they are not kept.
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

/** A named way through a graph, from its beginning. */
export interface GraphPath<State, Event> {
  /** What happens, in words. */
  readonly title: string;
  /** What happens, one after the other, and the state that it leads to. */
  readonly steps: readonly {
    /** What happens. */
    readonly event: Event;
    /** The state after it. */
    readonly state: State;
  }[];
}

/**
 * Yields paths that together take every edge of a graph at least once, each the shortest way to its last edge. Paths that are the
 * beginning of another are left out. For a machine of your own; `strongAuthPaths` is for this package's.
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
