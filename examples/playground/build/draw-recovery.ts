import { instance } from '@viz-js/viz';
import type { AnyStateNode } from 'xstate';
import { type Arrow, chartOf, isLeaf, pathOf, tagOf } from '../../../scripts/chart.js';
import { arrowPath, type Box, outlinePath, type Point } from '../../../scripts/chart-layout.js';
import { recoveryMachine } from '../../../src/machine.js';
import { eventsOf, linesOf, passedTo } from './draw-chart.js';
import type { DrawnArrow, DrawnChart, DrawnState } from './drawn-chart.js';
import { type Label, type Labelling, placeLabels } from './place-labels.js';

/*
 * The chart of the recovery. Its flows share most of their states, so that they are placed by hand, in columns and rows: the way of a
 * new device goes straight down. Graphviz only finds ways for the arrows around the boxes. What holds for every step of a flow is drawn
 * once: all denials are one arrow, and a step that can follow from every other has a stub.
 */

/** The columns and rows of the boxes. States inside of others are not drawn: the state around them is. */
const PLACES: Readonly<Record<string, readonly [column: number, row: number]>> = {
  'resting.idle': [1, 0],
  'running.readingSteps': [1, 1],
  'running.readingDevice': [1, 2],
  'running.readingAccount': [1, 3],
  'running.confirmingRemoval': [0, 3],
  'running.removingDevices': [0, 4],
  'running.readingPhone': [1, 4],
  'running.askingPhone': [2, 4],
  'running.addingPhone': [3, 4],
  'running.sendingSms': [1, 5],
  'running.awaitingCode': [1, 6],
  'running.enrollingWithPhone': [3, 6],
  'running.checkingCode': [1, 7],
  'running.askingPin': [1, 8],
  'running.askingNewPin': [2, 8],
  'running.resettingPin': [3, 8],
  'running.changingPin': [0, 9],
  'running.enrolling': [1, 9],
  'running.verifyingDevice': [3, 9],
  'resting.done': [1, 10],
  denied: [2, 10],
  'resting.cancelled': [2, 11],
  'resting.failed': [3, 11],
  closed: [0, 11],
};
/** The way of a new device. */
const STRAIGHT = Object.entries(PLACES)
  .filter(([, [column, row]]) => column === 1 && row <= 10)
  .map(([path]) => path);

const COLUMN = 160;
/** Between two rows there is room for two lines of a label. */
const ROW = 62;
/** Below the steps of a flow there is room for the words of all denials. */
const BELOW = 46;
const SIZE = { width: 138, height: 30 };
const MARGIN = 18;
const FRAME = { left: 6, right: 3 * COLUMN + SIZE.width + 2 * MARGIN - 6 };
const WIDTH = FRAME.right + 6;
const HEIGHT = 11 * ROW + BELOW + SIZE.height + 12;
/** Points to an inch, the unit of sizes in Graphviz. */
const INCH = 72;

const boxAt = ([column, row]: readonly [number, number]): Box => {
  const [left, top] = [MARGIN + column * COLUMN, 6 + row * ROW + (row > 9 ? BELOW : 0)];
  return { left, top, right: left + SIZE.width, bottom: top + SIZE.height };
};
const boxes = new Map(Object.entries(PLACES).map(([path, place]) => [path, boxAt(place)]));
const frame = {
  top: (boxes.get('running.readingSteps')?.top ?? 0) - 14,
  bottom: 6 + 9 * ROW + SIZE.height + 12,
};

/** @returns The box that stands for a state: its own, or that of the state around it. `resting` is left from where it begins. */
function drawnAs(state: AnyStateNode): string | undefined {
  const path = pathOf(state);
  if (path === 'resting') return 'resting.idle';
  if (boxes.has(path)) return path;
  return state.parent && drawnAs(state.parent);
}

/** @returns The path of what is drawn for a state: of a group with boxes in it, its own. */
const standsFor = (state: AnyStateNode): string =>
  state.parent?.parent || isLeaf(state) ? (drawnAs(state) ?? pathOf(state)) : pathOf(state);

/** Lays the chart of the recovery out. */
export async function drawRecovery(): Promise<DrawnChart> {
  const { states, everywhere } = chartOf(recoveryMachine);
  const drawn = states.filter((state) => boxes.has(pathOf(state)) || pathOf(state) === 'running');
  const missing = states.filter((state) => isLeaf(state) && drawnAs(state) === undefined);
  if (missing.length > 0)
    throw new Error(`build/draw-recovery.ts has no place for ${missing.map(pathOf).join()}`);
  const routed = await routedArrows();
  const labels = placeLabels(labellingOf(routed));
  return {
    width: WIDTH,
    height: HEIGHT,
    states: drawn.map(drawState),
    arrows: routed.map(({ arrow, points }, index) => drawArrow(arrow, points, labels[index] as Label)),
    marks: [],
    everywhere: everywhere.map(({ event, to }) => ({ event, to: pathOf(to) })),
  };
}

/** @returns What the labels of the chart are placed by. */
export const recoveryLabelling = async (): Promise<Labelling> => labellingOf(await routedArrows());

async function routedArrows(): Promise<Routed[]> {
  const { arrows } = chartOf(recoveryMachine);
  const ways = await routesOf(arrows);
  return arrows.flatMap((arrow) => {
    const points = ways(arrow);
    return points ? [{ arrow, points }] : [];
  });
}

type Routed = { readonly arrow: Arrow; readonly points: readonly Point[] };

/** All denials are one arrow, which has the words of those that every step shares. */
const isDenial = ({ from, to }: Arrow) => pathOf(to) === 'denied' && pathOf(from) !== 'running';
/** Follows from whatever step has sent the request: which events are possible in a step, its own arrows say. */
const isStub = ({ from, to }: Arrow) => pathOf(from) === 'running' && pathOf(to) !== 'denied';
/** Shown only once it was taken. */
const isSilent = (arrow: Arrow) => isDenial(arrow) || isStub(arrow);

const labellingOf = (routed: readonly Routed[]): Labelling => ({
  arrows: routed.map(({ arrow, points }) => ({
    from: standsFor(arrow.from),
    to: [standsFor(arrow.to), ...passedTo(arrow.to)],
    points,
    lines: isSilent(arrow) ? [] : linesOf(arrow.labels),
    events: eventsOf(arrow.labels),
  })),
  states: boxes,
  others: [],
  width: WIDTH,
  height: HEIGHT,
});

/** @returns How to find the points along an arrow: none of one that stays inside a box. */
async function routesOf(arrows: readonly Arrow[]): Promise<(arrow: Arrow) => readonly Point[] | undefined> {
  const viz = await instance();
  const pairs = new Map<string, readonly [string, string]>();
  for (const { from, to } of arrows) {
    const [tail, head] = [drawnAs(from), drawnAs(to)];
    if (!tail || !head || tail === head || head === 'denied') continue;
    pairs.set(`${tail} → ${head}`, [tail, head]);
  }
  const answer = viz.renderString(
    {
      directed: true,
      graphAttributes: { splines: 'true', esep: '+5' },
      nodeAttributes: {
        shape: 'box',
        fixedsize: true,
        label: '',
        width: SIZE.width / INCH,
        height: SIZE.height / INCH,
      },
      nodes: [...boxes].map(([name, box]) => {
        const [x, y] = [(box.left + box.right) / 2, HEIGHT - (box.top + box.bottom) / 2];
        return { name, attributes: { pos: `${x / INCH},${y / INCH}!` } };
      }),
      edges: [...pairs].map(([id, [tail, head]]) => ({ tail, head, attributes: { id, arrowsize: 0 } })),
    },
    { engine: 'neato', format: 'json0' },
  );
  const { edges, objects } = JSON.parse(answer) as {
    readonly edges: readonly { readonly id: string; readonly pos: string }[];
    readonly objects: readonly { readonly name: string; readonly pos: string }[];
  };
  // Graphviz moves the picture to its own origin, and its y axis points up.
  const [x = 0, y = 0] =
    objects
      .find(({ name }) => name === 'resting.idle')
      ?.pos.split(',')
      .map(Number) ?? [];
  const idle = boxes.get('resting.idle') as Box;
  const [dx, dy] = [(idle.left + idle.right) / 2 - x, (idle.top + idle.bottom) / 2 + y];
  const curves = new Map(edges.map(({ id, pos }) => [id, along(pos, dx, dy)]));

  return ({ from, to }) => {
    if (pathOf(to) === 'denied') return downTo('denied', frame.bottom);
    if (pathOf(from) === 'running') return stubInto(boxes.get(drawnAs(to) ?? '') as Box);
    const [tail, head] = [drawnAs(from), drawnAs(to)];
    if (tail === head) return undefined;
    return curves.get(`${tail} → ${head}`);
  };
}

function downTo(path: string, from: number): readonly Point[] {
  const { left, right, top } = boxes.get(path) as Box;
  return [
    [(left + right) / 2, from],
    [(left + right) / 2, top],
  ];
}

/** From wherever the flow is. */
const stubInto = ({ left, top }: Box): readonly Point[] => [
  [left + 12, top - 15],
  [left + 12, top],
];

/** @returns Points along the curves of `pos`, as Graphviz writes them. */
function along(pos: string, dx: number, dy: number): Point[] {
  const parts = pos.split(' ').filter((part) => part !== '');
  const tip = parts.find((part) => part.startsWith('e,'))?.slice(2);
  const pointOf = (text: string): Point => {
    const [x = 0, y = 0] = text.split(',').map(Number);
    return [x + dx, dy - y];
  };
  const controls = parts.filter((part) => !part.startsWith('e,') && !part.startsWith('s,')).map(pointOf);
  const points: Point[] = [controls[0] as Point];
  for (let index = 0; index + 3 < controls.length; index += 3) {
    const [a, b, c, d] = controls.slice(index, index + 4) as [Point, Point, Point, Point];
    for (const t of [0.2, 0.4, 0.6, 0.8, 1]) {
      const s = 1 - t;
      const at = (axis: 0 | 1) =>
        s * s * s * a[axis] + 3 * s * s * t * b[axis] + 3 * s * t * t * c[axis] + t * t * t * d[axis];
      points.push([at(0), at(1)]);
    }
  }
  const [end, last] = [tip === undefined ? undefined : pointOf(tip), points.at(-1) as Point];
  if (end && Math.hypot(end[0] - last[0], end[1] - last[1]) > 1) points.push(end);
  return points;
}

function drawState(state: AnyStateNode): DrawnState {
  const path = pathOf(state);
  const box = boxes.get(path);
  const corners = [FRAME.left, FRAME.right].flatMap((x): Point[] => [
    [x, x === FRAME.left ? frame.bottom : frame.top],
    [x, x === FRAME.left ? frame.top : frame.bottom],
  ]);
  return {
    path,
    name: state.key,
    description: state.description ?? '',
    tag: box ? (tagOf(state) ?? '') : 'busy',
    isHappy: STRAIGHT.includes(path),
    isFinal: state.type === 'final',
    isPassedThrough: (state.always ?? []).length > 0,
    ...(box
      ? { box }
      : { outline: outlinePath(corners, 9), title: [FRAME.left + 8, frame.top + 16] as const }),
  };
}

function drawArrow(arrow: Arrow, points: readonly Point[], { at, anchor, lines }: Label): DrawnArrow {
  const [from, to] = [drawnAs(arrow.from), drawnAs(arrow.to)];
  const row = (path: string | undefined) => STRAIGHT.indexOf(path ?? '');
  return {
    from: pathOf(arrow.from),
    to: pathOf(arrow.to),
    labels: arrow.labels,
    isHappy: row(from) >= 0 && row(to) === row(from) + 1,
    label: { at, anchor, lines },
    ...curvePath(points),
  };
}

/** @returns A line through `points` with a head in its last direction. */
function curvePath(points: readonly Point[]): { line: string; head: string } {
  const [tip, before] = [points.at(-1) as Point, points.at(-2) as Point];
  if (points.length === 2) return arrowPath(points, { head: 6 });
  const length = Math.hypot(tip[0] - before[0], tip[1] - before[1]) || 1;
  const [ux, uy] = [(tip[0] - before[0]) / length, (tip[1] - before[1]) / length];
  const neck: Point = [tip[0] - ux * 7, tip[1] - uy * 7];
  const text = ([x, y]: Point) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  return {
    line: `M${[...points.slice(0, -1), neck].map(text).join('L')}`,
    head: `M${text(tip)}L${text([neck[0] - uy * 3, neck[1] + ux * 3])}L${text([neck[0] + uy * 3, neck[1] - ux * 3])}Z`,
  };
}
