import type { AnyStateMachine, AnyStateNode } from 'xstate';
import {
  type Arrow,
  chartOf,
  HAPPY_PATH,
  isLeaf,
  isOnHappyPath,
  pathOf,
  tagOf,
} from '../../../scripts/chart.js';
import { arrowPath, type Layout, layOut, outlinePath, type Point } from '../../../scripts/chart-layout.js';
import type { DrawnArrow, DrawnChart, DrawnState } from './drawn-chart.js';

/** Narrow, so that the happy path fits into the page: what stands on the arrows is told beside the picture. */
const layout = layOut({
  width: (name) => Math.max(48, Math.round(name.length * 7.3) + (name === 'closed' ? 20 : 12)),
  height: 40,
  pad: 8,
  title: 21,
  mark: 13,
  below: 36,
  steps: { started: 15, challenged: 15, given: 26, granted: 15, landed: 15 },
  besideOtp: 2,
  falls: [58, 52],
});

/** Lays the chart of `machine` out. Labels are left to the page, which has better places for them than the middle of an arrow. */
export function drawChart(machine: AnyStateMachine): DrawnChart {
  const chart = chartOf(machine);
  return {
    width: Math.ceil(layout.width),
    height: Math.ceil(layout.height),
    states: chart.states.map((state) => drawState(state, layout)),
    arrows: chart.arrows.map((arrow) => drawArrow(arrow, layout)),
    marks: layout.marks.map(({ points }) => ({ at: points[0] as Point, ...arrowPath(points, { head: 5 }) })),
    everywhere: chart.everywhere.map(({ event, to }) => ({ event, to: pathOf(to) })),
  };
}

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

function drawArrow({ from, to, labels }: Arrow, layout: Layout): DrawnArrow {
  const ends = { from: pathOf(from), to: pathOf(to) };
  const { points } = layout.routeOf(ends.from, ends.to);
  return { ...ends, labels, isHappy: isOnHappyPath({ from, to }), ...arrowPath(points, { head: 7 }) };
}
