import type { AnyStateMachine, AnyStateNode } from 'xstate';
import {
  type Arrow,
  type Chart,
  chartOf,
  HAPPY_PATH,
  isLeaf,
  isOnHappyPath,
  pathOf,
  tagOf,
} from '../../../scripts/chart.js';
import {
  arrowPath,
  type Box,
  type Layout,
  layOut,
  outlinePath,
  type Point,
} from '../../../scripts/chart-layout.js';
import type { DrawnArrow, DrawnChart, DrawnState } from './drawn-chart.js';
import { type Label, type Labelled, type Labelling, placeLabels } from './place-labels.js';

/** Narrow, so that the happy path fits into the page: what stands on the arrows is told beside the picture. */
const layout = layOut({
  width: (name) => Math.max(48, Math.round(name.length * 7.3) + (name === 'closed' ? 20 : 12)),
  height: 36,
  pad: 8,
  title: 21,
  mark: 13,
  below: 42,
  steps: { started: 15, challenged: 15, given: 42, granted: 15, landed: 15 },
  besideOtp: 2,
  falls: [64, 52],
});

/** Lays the chart of `machine` out, with the names of its events beside its arrows. */
export function drawChart(machine: AnyStateMachine): DrawnChart {
  const chart = chartOf(machine);
  const labels = labelsOf(machine);
  return {
    width: Math.ceil(layout.width),
    height: Math.ceil(layout.height),
    states: chart.states.map((state) => drawState(state, layout)),
    arrows: chart.arrows.map((arrow) => drawArrow(arrow, layout, labels)),
    marks: layout.marks.map(({ points }) => ({ at: points[0] as Point, ...arrowPath(points, { head: 5 }) })),
    everywhere: chart.everywhere.map(({ event, to }) => ({ event, to: pathOf(to) })),
  };
}

/** @returns What the labels of the chart of `machine` are placed by. */
export function labellingOf(machine: AnyStateMachine): Labelling {
  const { states } = chartOf(machine);
  const leaves = states.filter(isLeaf);
  return {
    arrows: labelledArrows(chartOf(machine)).map(({ from, to, labels }): Labelled => {
      const [tail, head] = [pathOf(from), pathOf(to)];
      return {
        from: tail,
        to: [head, ...passedTo(to)],
        points: layout.routeOf(tail, head).points,
        lines: linesOf(labels),
        events: eventsOf(labels),
      };
    }),
    states: new Map(leaves.map((state) => [pathOf(state), layout.placeOf(pathOf(state))])),
    others: [
      ...states
        .filter((state) => !isLeaf(state))
        .map((state) => nameBox(layout.titleOf(pathOf(state)), state.key)),
      ...COUNTED.map((path) => badgeBox(layout.placeOf(path))),
    ],
    width: layout.width,
    height: layout.height,
  };
}

function labelsOf(machine: AnyStateMachine): ReadonlyMap<string, Label> {
  const labelling = labellingOf(machine);
  const placed = placeLabels(labelling);
  return new Map(
    labelledArrows(chartOf(machine)).map(({ from, to }, index) => [
      `${pathOf(from)} → ${pathOf(to)}`,
      placed[index] as Label,
    ]),
  );
}

const labelledArrows = ({ arrows }: Chart): readonly Arrow[] =>
  arrows.filter(({ labels }) => eventsOf(labels).length > 0);

/** @returns Where a state is left for at once. */
export const passedTo = (state: AnyStateNode): string[] =>
  (state.always ?? []).flatMap(({ target }) => (target ?? []).map(pathOf));

/** What stands on an arrow at most. */
const LINES = 3;

/** @returns The events of an arrow, without guards. What needs no event has no name. */
export const eventsOf = (labels: readonly string[]): string[] =>
  [...new Set(labels.map((label) => label.replace(/ \[.*$/, '')))].filter((event) => event !== 'always');

/** @returns What stands on an arrow. */
export function linesOf(labels: readonly string[]): string[] {
  const events = eventsOf(labels);
  return events.length <= LINES
    ? events
    : [...events.slice(0, LINES - 1), `and ${events.length - LINES + 1} more`];
}

/** The states at which stands how many calls are in them. */
const COUNTED = ['working.calling', 'working.replaying', 'wave.needStrongAuth'];
/** A number of up to four digits, at the corner of its state. */
const badgeBox = ({ right, top }: Box): Box => ({
  left: right - 23,
  top: top - 9,
  right: right + 15,
  bottom: top + 9,
});

const nameBox = ([x, y]: Point, name: string): Box => ({
  left: x,
  top: y - 10,
  right: x + name.length * 7,
  bottom: y + 3,
});

function drawState(state: AnyStateNode, layout: Layout): DrawnState {
  const path = pathOf(state);
  const shown = {
    path,
    name: state.key,
    description: state.description ?? '',
    tag: tagOf(state) ?? '',
    isHappy: HAPPY_PATH.includes(path),
    isFinal: state.type === 'final',
    isPassedThrough: (state.always ?? []).length > 0,
  };
  if (isLeaf(state)) return { ...shown, box: layout.placeOf(path) };
  return { ...shown, outline: outlinePath(layout.outlineOf(path), 9), title: layout.titleOf(path) };
}

function drawArrow(
  { from, to, labels }: Arrow,
  layout: Layout,
  placed: ReadonlyMap<string, Label>,
): DrawnArrow {
  const ends = { from: pathOf(from), to: pathOf(to) };
  const { points } = layout.routeOf(ends.from, ends.to);
  const { at, anchor, lines } = placed.get(`${ends.from} → ${ends.to}`) ?? {};
  return {
    ...ends,
    labels,
    isHappy: isOnHappyPath({ from, to }),
    ...(at && anchor && lines && { label: { at, anchor, lines } }),
    ...arrowPath(points, { head: 7 }),
  };
}
