import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type AnyStateNode,
  type AnyTransitionDefinition,
  getStateNodes,
  type InspectionEvent,
} from 'xstate';
import { strongAuthMachine } from '../../machines/strong-auth/index.js';

/** One edge of the chart: a candidate transition for an event in a state. */
export interface ChartEdge {
  /** For example `needStrongAuth · pin.malformed [hasPatience] → needStrongAuth`. */
  readonly name: string;
  /** The state that the edge leaves. */
  readonly source: string;
  /** The event; empty for an `always` edge. */
  readonly event: string;
  /** The index of the edge among the candidates for that event in that state, from 0. */
  readonly candidate: number;
  /** Whether the edge has a guard. */
  readonly isGuarded: boolean;
}

/** Counts which states and edges were walked. */
export interface Coverage {
  /** Pass it to the client's `inspect`, or to `createActor`. */
  readonly inspect: (event: InspectionEvent) => void;
  /** How often each edge was taken. */
  readonly edges: ReadonlyMap<ChartEdge, number>;
  /** How often each state was entered. */
  readonly states: ReadonlyMap<string, number>;
  /** Names of what was not walked: states, edges, and guards that were never true or never false. */
  missing(): string[];
  /** @returns A human-readable table. */
  report(): string;
}

/** @returns Every edge of the chart, `always` and delayed edges included. */
export function edgesOf(machine: AnyStateMachine = strongAuthMachine): ChartEdge[] {
  return nodesOf(machine.root).flatMap((node) =>
    candidatesOf(node).flatMap(([event, candidates]) =>
      candidates.map((transition, candidate) => ({
        name: nameOf(node, event, transition),
        source: pathOf(node),
        event,
        candidate,
        isGuarded: transition.guard !== undefined,
      })),
    ),
  );
}

/** @returns An empty count for the chart. */
export function createCoverage(machine: AnyStateMachine = strongAuthMachine): Coverage {
  const all = edgesOf(machine);
  const byKey = new Map(all.map((edge) => [keyOf(edge), edge]));
  const edges = new Map(all.map((edge) => [edge, 0]));
  const leaves = nodesOf(machine.root).filter(({ type }) => type === 'atomic' || type === 'final');
  const states = new Map(leaves.map((node) => [pathOf(node), 0]));

  const count = (transition: AnyTransitionDefinition) => {
    const { source, eventType } = transition;
    const candidates = eventType === '' ? (source.always ?? []) : (source.transitions.get(eventType) ?? []);
    const key = keyOf({
      source: pathOf(source),
      event: eventType,
      candidate: candidates.indexOf(transition as never),
    });
    const edge = byKey.get(key);
    if (edge) edges.set(edge, (edges.get(edge) ?? 0) + 1);
  };

  return {
    edges,
    states,
    inspect(event) {
      if (event.type !== '@xstate.microstep' || !('machine' in event.snapshot)) return;
      const snapshot = event.snapshot as AnyMachineSnapshot;
      if (snapshot.machine.id !== machine.id) return;
      // Nothing else says which transitions were taken. XState's types have the field in spite of its underscore.
      for (const transition of event._transitions) count(transition);
      for (const node of getStateNodes(snapshot.machine.root, snapshot.value)) {
        const path = pathOf(node);
        if (states.has(path)) states.set(path, (states.get(path) ?? 0) + 1);
      }
    },
    missing() {
      const unwalked = all.filter((edge) => edges.get(edge) === 0).map(({ name }) => `edge ${name}`);
      const unseen = [...states].flatMap(([state, times]) => (times === 0 ? [`state ${state}`] : []));
      const oneSided = all
        .filter((edge) => edge.isGuarded && fallsThrough(edge, all, edges) === 0)
        .map(({ name }) => `guard never false: ${name}`);
      return [...unseen, ...unwalked, ...oneSided];
    },
    report() {
      const lines = all.map((edge) => `${String(edges.get(edge)).padStart(9)}  ${edge.name}`);
      const walked = all.filter((edge) => (edges.get(edge) ?? 0) > 0).length;
      return [`${walked} of ${all.length} edges, ${states.size} states`, ...lines].join('\n');
    },
  };
}

/** Counts how often a guard was false: as often as a later candidate for the same event was taken. */
function fallsThrough(
  edge: ChartEdge,
  all: readonly ChartEdge[],
  edges: ReadonlyMap<ChartEdge, number>,
): number {
  return all
    .filter(
      ({ source, event, candidate }) =>
        source === edge.source && event === edge.event && candidate > edge.candidate,
    )
    .reduce((sum, later) => sum + (edges.get(later) ?? 0), 0);
}

const nodesOf = (node: AnyStateNode): AnyStateNode[] => [
  node,
  ...Object.values(node.states).flatMap(nodesOf),
];

const candidatesOf = (node: AnyStateNode): [string, readonly AnyTransitionDefinition[]][] => [
  ...[...node.transitions].map(
    ([event, candidates]) => [event, candidates] as [string, AnyTransitionDefinition[]],
  ),
  ...(node.always ? [['', node.always] as [string, AnyTransitionDefinition[]]] : []),
];

const pathOf = (node: AnyStateNode): string => node.path.join('.') || '(any state)';

const keyOf = ({ source, event, candidate }: Pick<ChartEdge, 'source' | 'event' | 'candidate'>): string =>
  `${source}|${event}|${candidate}`;

function nameOf(node: AnyStateNode, event: string, { guard, target }: AnyTransitionDefinition): string {
  const name = event.startsWith('xstate.after.') ? `after ${event.split('.')[2]}` : event || 'always';
  const condition =
    guard === undefined ? '' : ` [${typeof guard === 'object' && 'type' in guard ? guard.type : guard}]`;
  const goal = target?.map(pathOf).join(', ') ?? '(stays)';
  return `${pathOf(node)} · ${name}${condition} → ${goal}`;
}
