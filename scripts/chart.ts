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

/** @returns The place of a state in the machine, for example `wave.requestingOtp.withPin`. */
export const pathOf = (state: AnyStateNode): string => state.path.join('.');

/** @returns Whether there are no states in it. */
export const isLeaf = (state: AnyStateNode): boolean => Object.keys(state.states).length === 0;

/** @returns What a state means for a screen; the word of the group it stands in where it has none of its own. */
export const tagOf = (state: AnyStateNode): string | undefined =>
  state.tags[0] ?? (state.parent && tagOf(state.parent));

/** The happy path, by the paths of its states: pictures draw it in one straight line. */
export const HAPPY_PATH: readonly string[] = [
  'resting.idle',
  'working.calling',
  'wave.needStrongAuth',
  'wave.requestingOtp.withPin',
  'working.replaying',
  'resting.done',
];

/** @returns Whether an arrow is a step of the happy path, possibly from or to the group that its states stand in. */
export function isOnHappyPath({ from, to }: Pick<Arrow, 'from' | 'to'>): boolean {
  return HAPPY_PATH.some((path, index) => {
    const next = HAPPY_PATH[index + 1];
    return next !== undefined && isIn(path, from) && isIn(next, to) && !isIn(next, from) && !isIn(path, to);
  });
}

const isIn = (path: string, state: AnyStateNode): boolean => `${path}.`.startsWith(`${pathOf(state)}.`);

/** @returns The labels of an arrow, without guards that another label makes needless: `a [isB]` beside `a`. */
export const briefly = (labels: readonly string[]): string[] =>
  labels.filter((label) => !label.includes(' [') || !labels.includes(label.replace(/ \[.*$/, '')));

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
