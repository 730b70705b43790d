import type { StrongAuthEvent, strongAuthMachine } from 'strong-auth-machine/machine';
import { exploreWorld } from 'strong-auth-machine/testing';
import { type SnapshotFrom, transition } from 'xstate';
import type { Chart } from './defective-charts.js';
import { worlds } from './worlds.js';

export type Snapshot = SnapshotFrom<typeof strongAuthMachine>;

/** One snapshot for each thing that the machine can be in and remember, in any world. */
export const snapshots: readonly Snapshot[] = [
  ...new Map(
    Object.values(worlds)
      .flatMap((world) => Object.values(exploreWorld(world).adjacency))
      .map(({ state: { machine } }) => [JSON.stringify([machine.value, machine.context]), machine]),
  ).values(),
];

/** @returns The same snapshot, as `machine` would have it: XState goes by the machine of a snapshot, not by the one that is asked. */
export function asOf(machine: Chart, { value, context, status, children }: Snapshot): Snapshot {
  return Object.assign(machine.resolveState({ value, context, status }), { children });
}

/** @returns Where `event` leads from `before`, in every part that two snapshots can differ in, and what is done on the way. */
export function answerOf(machine: Chart, before: Snapshot, event: StrongAuthEvent) {
  const [next, actions] = transition(machine, before, event);
  const { value, context, historyValue, status, output, error, tags } = next;
  const children = next.children === before.children ? 'as before' : Object.keys(next.children);
  return {
    ...{ value, context, historyValue, status, output, error, children, tags: [...tags] },
    actions: actions.map(({ type, params }) => ({ type, params: asData(params) })),
  };
}

/** Of an actor its id is left: two answers start two of the same. */
const asData = (params: unknown): unknown => JSON.parse(JSON.stringify(params ?? null));
