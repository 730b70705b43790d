import { instance } from '@viz-js/viz';
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { type Arrow, type Chart, chartOf, firstLeaf, idOf, isLeaf, tagOf } from '../../../scripts/chart.js';
import type { DrawnArrow, DrawnChart, DrawnState } from './drawn-chart.js';

/** Room around the picture, in its own units. */
const MARGIN = 6;

/** Lays the chart of `machine` out. Labels are left to the page, which has better places for them than the middle of an arrow. */
export async function drawChart(machine: AnyStateMachine): Promise<DrawnChart> {
  const chart = chartOf(machine);
  const viz = await instance();
  const drawn = viz.renderJSON(writeDot(chart, machine)) as GraphvizJson;
  const [, , right, top] = numbers(drawn.bb) as Box;
  const place = toPlace(top);
  return {
    width: Math.round(right) + 2 * MARGIN,
    height: Math.round(top) + 2 * MARGIN,
    states: chart.states.map((state) => drawState(state, drawn, place)),
    arrows: chart.arrows.map((arrow, index) => drawArrow(arrow, index, drawn, place)),
    everywhere: chart.everywhere.map(({ event, to }) => ({ event, to: pathOf(to) })),
  };
}

type Box = [left: number, bottom: number, right: number, top: number];
type Point = readonly [x: number, y: number];
type Place = (point: Point) => Point;

/** What is read of the answer of the layout program; its drawing operations are described in Graphviz's xdot format. */
interface GraphvizJson {
  readonly bb: string;
  readonly objects: readonly {
    readonly name: string;
    readonly bb?: string;
    readonly pos?: string;
    readonly width?: string;
    readonly height?: string;
  }[];
  readonly edges: readonly {
    readonly id?: string;
    readonly _draw_?: readonly Operation[];
    readonly _hdraw_?: readonly Operation[];
  }[];
}
interface Operation {
  readonly op: string;
  readonly points?: readonly Point[];
}

const POINTS_PER_INCH = 72;
const pathOf = (state: AnyStateNode) => state.path.join('.');
const numbers = (text: string | undefined) => (text ?? '').split(',').map(Number);
const round = (value: number) => Math.round(value * 10) / 10;

/** Graphviz counts from the bottom, SVG from the top. */
const toPlace =
  (top: number): Place =>
  ([x, y]) => [round(x + MARGIN), round(top - y + MARGIN)];

/** The main way runs down the middle; where it comes to rest is one row at the bottom. */
function writeDot({ states, parents, arrows }: Chart, machine: AnyStateMachine): string {
  const isRest = (state: AnyStateNode) =>
    state.type === 'final' || (tagOf(state) === 'settled' && state.key !== machine.config.initial);
  const isPassedThrough = (state: AnyStateNode) => (state.always ?? []).length > 0;
  const box = (state: AnyStateNode) =>
    `"${idOf(state)}" [${isRest(state) || isPassedThrough(state) ? '' : 'group=main'}]`;
  const arrow = ({ from, to }: Arrow, index: number) => {
    const attributes = [
      `id="arrow-${index}"`,
      isLeaf(from) ? '' : `ltail="cluster_${idOf(from)}"`,
      isLeaf(to) ? '' : `lhead="cluster_${idOf(to)}"`,
      states.indexOf(to) <= states.indexOf(from) ? 'constraint=false' : '',
    ];
    return `"${idOf(firstLeaf(from))}" -> "${idOf(firstLeaf(to))}" [${attributes.join(' ')}]`;
  };
  const below = parents.map((parent) => {
    const next = states.find(
      (state) => state.parent === parent.parent && state.order > parent.order && !parent.states[state.key],
    );
    const last = Object.values(parent.states).at(-1);
    return next && last ? `"${idOf(last)}" -> "${idOf(firstLeaf(next))}" [style=invis]` : '';
  });
  return `digraph {
    graph [compound=true rankdir=TB nodesep=0.26 ranksep=0.72]
    node [shape=box fixedsize=true width=1.6 height=0.54]
    edge [arrowsize=0.55]
    ${states
      .filter((state) => state.path.length === 1 && isLeaf(state))
      .map(box)
      .join('\n')}
    ${parents.map((parent) => `subgraph "cluster_${idOf(parent)}" { label="${parent.key}" fontsize=16 margin=10 ${Object.values(parent.states).filter(isLeaf).map(box).join('\n')} }`).join('\n')}
    { rank=same; ${states
      .filter(isRest)
      .map((state) => `"${idOf(state)}"`)
      .join('; ')} }
    ${arrows.map(arrow).join('\n')}
    ${below.join('\n')}
  }`;
}

function drawState(state: AnyStateNode, { objects }: GraphvizJson, place: Place): DrawnState {
  const isParent = !isLeaf(state);
  const name = isParent ? `cluster_${idOf(state)}` : idOf(state);
  const found = objects.find((object) => object.name === name);
  if (!found) throw new Error(`the layout has lost the state ${pathOf(state)}`);
  const [left, bottom, right, top] = isParent ? (numbers(found.bb) as Box) : boxAround(found);
  const [x, y] = place([left, top]);
  return {
    path: pathOf(state),
    name: state.key,
    description: state.description ?? '',
    tag: tagOf(state) ?? '',
    isFinal: state.type === 'final',
    isParent,
    x,
    y,
    width: round(right - left),
    height: round(top - bottom),
  };
}

function boxAround({ pos, width, height }: GraphvizJson['objects'][number]): Box {
  const [x = 0, y = 0] = numbers(pos);
  const [halfWidth, halfHeight] = [width, height].map((inches) => (Number(inches) * POINTS_PER_INCH) / 2) as [
    number,
    number,
  ];
  return [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight];
}

function drawArrow(
  { from, to, labels }: Arrow,
  index: number,
  { edges }: GraphvizJson,
  place: Place,
): DrawnArrow {
  const edge = edges.find(({ id }) => id === `arrow-${index}`);
  const pointsOf = (operations: readonly Operation[] | undefined) =>
    (operations?.find(({ points }) => points)?.points ?? []).map(place);
  const [start, ...curve] = pointsOf(edge?._draw_);
  const head = pointsOf(edge?._hdraw_);
  if (!start || head.length === 0)
    throw new Error(`the layout has lost the arrow from ${pathOf(from)} to ${pathOf(to)}`);
  return {
    from: pathOf(from),
    to: pathOf(to),
    labels,
    line: `M${start.join(' ')}C${curve.map((point) => point.join(' ')).join(' ')}`,
    head: `M${head.map((point) => point.join(' ')).join('L')}Z`,
  };
}
