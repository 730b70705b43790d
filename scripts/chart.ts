import type { AnyStateMachine, AnyStateNode } from 'xstate';

/** All transitions from one state to another, whose labels share an arrow. */
export interface Arrow {
  readonly from: AnyStateNode;
  readonly to: AnyStateNode;
  /** For example `pin.malformed [hasPatience]`; `always` for what needs no event. */
  readonly labels: string[];
}

/** What a picture of a machine is drawn from. */
export interface Chart {
  /** Every state but the machine itself, parents before children. */
  readonly states: readonly AnyStateNode[];
  /** States with states in them. */
  readonly parents: readonly AnyStateNode[];
  readonly arrows: readonly Arrow[];
  /** What happens wherever it comes: written once, on the machine. */
  readonly everywhere: readonly { readonly event: string; readonly to: AnyStateNode }[];
}

/** @returns The states and arrows of `machine`, in the order in which the chart has them. */
export function chartOf(machine: AnyStateMachine): Chart {
  const states = statesIn(machine.root);
  return {
    states,
    parents: states.filter((state) => !isLeaf(state)),
    arrows: arrowsOf(states),
    everywhere: [...machine.root.transitions.values()].flat().flatMap(({ eventType, target }) => {
      const [to] = target ?? [];
      return to ? [{ event: eventType, to }] : [];
    }),
  };
}

/** @returns The name of a state in a picture, for example `requestingOtp_withPin`. */
export const idOf = (state: AnyStateNode): string => state.path.join('_');

/** @returns Whether there are no states in it. */
export const isLeaf = (state: AnyStateNode): boolean => Object.keys(state.states).length === 0;

/** @returns Where an arrow to or from `state` ends, for a drawing program that knows only leaves. */
export const firstLeaf = (state: AnyStateNode): AnyStateNode =>
  isLeaf(state) ? state : (Object.values(state.states)[0] as AnyStateNode);

/** @returns What a state means for a screen; its parent's word where it has none of its own. */
export const tagOf = (state: AnyStateNode): string | undefined =>
  (state.tags.length > 0 ? state.tags : (state.parent?.tags ?? []))[0];

const statesIn = (node: AnyStateNode): AnyStateNode[] =>
  Object.values(node.states).flatMap((state) => [state, ...statesIn(state)]);

function arrowsOf(states: readonly AnyStateNode[]): Arrow[] {
  const arrows: Arrow[] = [];
  for (const from of states) {
    for (const { eventType, guard, target } of [
      ...[...from.transitions.values()].flat(),
      ...(from.always ?? []),
    ]) {
      const [to] = target ?? [];
      if (!to) continue; // nobody goes anywhere: a call joins or leaves
      const label = nameOf(eventType) + (guard === undefined ? '' : ` [${guardName(guard)}]`);
      const arrow = arrows.find((other) => other.from === from && other.to === to);
      if (!arrow) arrows.push({ from, to, labels: [label] });
      else if (!arrow.labels.includes(label)) arrow.labels.push(label);
    }
  }
  return arrows;
}

/** `after pinEntryTimeout`, not the name that XState gives such an event. */
const nameOf = (event: string) =>
  event === '' ? 'always' : event.replace(/^xstate\.after\.(\w+)\..*$/, 'after $1');

/** Guards are named in the chart, never written out. */
const guardName = (guard: unknown) => (typeof guard === 'string' ? guard : (guard as { type: string }).type);
