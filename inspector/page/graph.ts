import type { Graph, Subgraph } from '@viz-js/viz';
import type { Arrow, Chart, ChartState } from './definition.js';

/*
 * Graphviz is given sizes and numbers only, never a text that was received: it places boxes and arrows, and the page writes into
 * them.
 */

/** Points to an inch, the unit of sizes in Graphviz. */
const INCH = 72;
/** Widths of a character of the page's typeface, in points. */
const NAME_CHARACTER = 7.3;
const LINE_CHARACTER = 5.9;

/** The height of the first line of a state, and of the others. */
export const NAME_HEIGHT = 32;
export const LINE_HEIGHT = 14;

const widthOf = (lines: readonly string[], character: number): number =>
  Math.max(0, ...lines.map((line) => line.length)) * character;

/** A box of a certain size in the place of a label. */
const space = (width: number, height: number) => ({
  html: `<table border="0" cellborder="0" cellspacing="0" cellpadding="0" fixedsize="true" width="${Math.ceil(width)}" height="${Math.ceil(height)}"><tr><td></td></tr></table>`,
});

const isGroup = ({ children }: ChartState): boolean => children.length > 0;
const nodeName = ({ index }: ChartState) => `n${index}`;
const dotName = ({ index }: ChartState) => `i${index}`;
const doorName = ({ index }: ChartState) => `p${index}`;
const clusterName = ({ index }: ChartState) => `cluster_${index}`;

/** @returns Whether a state is `outer` or inside it. */
function isWithin(state: ChartState, outer: ChartState): boolean {
  for (let current: ChartState | undefined = state; current; current = current.parent)
    if (current === outer) return true;
  return false;
}

/** @returns Whether an arrow of a group leads to itself or into it: it begins at a point inside the group. */
const isInward = ({ from, to }: Arrow): boolean => isGroup(from) && isWithin(to, from);

/** @returns The node at which an arrow to a state ends: of a group, the dot that marks where it begins. */
function entryOf(state: ChartState): string {
  if (!isGroup(state)) return nodeName(state);
  return state.initial ? dotName(state) : entryOf(state.children[0] as ChartState);
}

function exitOf(state: ChartState): string {
  return isGroup(state) ? exitOf(state.children.at(-1) as ChartState) : nodeName(state);
}

/** The states inside another, the one that it begins with first: an app may send them in alphabetical order. */
const inOrder = ({ children, initial }: ChartState): readonly ChartState[] =>
  initial ? [initial, ...children.filter((child) => child !== initial)] : children;

/** @returns The chart as Graphviz reads it. */
export function graphOf(chart: Chart): Graph {
  const inward = new Set(chart.arrows.filter(isInward).map(({ from }) => from));
  const contentOf = (state: ChartState): Pick<Subgraph, 'nodes' | 'subgraphs'> => ({
    nodes: [
      ...(state.initial
        ? [
            {
              name: dotName(state),
              attributes: { shape: 'circle', fixedsize: true, width: 0.12, height: 0.12, label: '' },
            },
          ]
        : []),
      ...(inward.has(state)
        ? [
            {
              name: doorName(state),
              attributes: { shape: 'circle', fixedsize: true, width: 0.08, height: 0.08, label: '' },
            },
          ]
        : []),
      ...inOrder(state)
        .filter((child) => !isGroup(child))
        .map((child) => ({ name: nodeName(child), attributes: sizeOf(child) })),
    ],
    subgraphs: inOrder(state)
      .filter(isGroup)
      .map((child) => ({
        name: clusterName(child),
        graphAttributes: {
          margin: 14,
          label: space(titleWidth(child), 16 + child.lines.length * LINE_HEIGHT),
          labeljust: 'l',
        },
        ...contentOf(child),
      })),
  });
  return {
    directed: true,
    graphAttributes: { compound: true, rankdir: 'TB', nodesep: 0.3, ranksep: 0.42, pad: 0.1 },
    edgeAttributes: { arrowsize: 0.8 },
    ...contentOf(chart.root),
    edges: [
      ...chart.states
        .filter((state) => state.initial)
        .map((state) => {
          const initial = state.initial as ChartState;
          return {
            tail: dotName(state),
            head: entryOf(initial),
            attributes: {
              id: `i${state.index}`,
              weight: 4,
              ...(isGroup(initial) && { lhead: clusterName(initial) }),
            },
          };
        }),
      ...chart.arrows.map((arrow) => {
        const { from, to, labels } = arrow;
        const lines = labels.map(({ text }) => text);
        return {
          tail: isInward(arrow) ? doorName(from) : exitOf(from),
          head: entryOf(to),
          attributes: {
            id: `e${arrow.index}`,
            label: space(widthOf(lines, LINE_CHARACTER) + 10, lines.length * LINE_HEIGHT + 2),
            ...(isGroup(from) && !isInward(arrow) && { ltail: clusterName(from) }),
            ...(isGroup(to) && !isWithin(from, to) && { lhead: clusterName(to) }),
          },
        };
      }),
    ],
  };
}

const titleWidth = ({ key, lines }: ChartState): number =>
  Math.max(key.length * NAME_CHARACTER + 60, widthOf(lines, LINE_CHARACTER) + 16);

function sizeOf({ type, key, lines }: ChartState) {
  const isHistory = type === 'history';
  const width = isHistory
    ? 30
    : Math.max(72, key.length * NAME_CHARACTER + 28, widthOf(lines, LINE_CHARACTER) + 22);
  const height = isHistory ? 30 : NAME_HEIGHT + (lines.length > 0 ? lines.length * LINE_HEIGHT + 8 : 0);
  return {
    shape: isHistory ? 'circle' : 'box',
    fixedsize: true,
    width: width / INCH,
    height: height / INCH,
    label: '',
  };
}

/** A rectangle of the picture, from its upper left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A point of the picture. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** An arrow: control points of Bézier curves, its tip, and the middle of its label. */
export interface Curve {
  readonly points: readonly Point[];
  readonly tip: Point;
  readonly label: Point | undefined;
}

/** Where everything is in the picture, by the names that {@link graphOf} gave. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<string, Box>;
  readonly curves: ReadonlyMap<string, Curve>;
}

/** What Graphviz answers in its format `json0`, as far as it is read. */
interface Placed {
  readonly bb?: string;
  readonly objects?: readonly Readonly<Record<string, string>>[];
  readonly edges?: readonly Readonly<Record<string, string>>[];
}

/** Reads what Graphviz answered. Its y axis points up. */
export function layoutOf(answer: string): Layout {
  const { bb = '0,0,1,1', objects = [], edges = [] } = JSON.parse(answer) as Placed;
  const [, , width = 1, height = 1] = bb.split(',').map(Number);
  const pointOf = (text: string): Point => {
    const [x = 0, y = 0] = text.split(',').map(Number);
    return { x, y: height - y };
  };
  const boxes = new Map<string, Box>();
  for (const { name = '', pos, bb: outline, width: wide, height: high } of objects) {
    if (outline !== undefined) {
      const [left = 0, bottom = 0, right = 0, top = 0] = outline.split(',').map(Number);
      boxes.set(name, { x: left, y: height - top, width: right - left, height: top - bottom });
    } else if (pos !== undefined) {
      const size = { width: Number(wide) * INCH, height: Number(high) * INCH };
      const { x, y } = pointOf(pos);
      boxes.set(name, { x: x - size.width / 2, y: y - size.height / 2, ...size });
    }
  }
  const curves = new Map<string, Curve>();
  for (const { id = '', pos = '', lp } of edges) {
    const parts = pos.split(' ').filter((part) => part !== '' && !part.startsWith('s,'));
    const points = parts.filter((part) => !part.startsWith('e,')).map(pointOf);
    const end = parts.find((part) => part.startsWith('e,'));
    const tip = end === undefined ? points.at(-1) : pointOf(end.slice(2));
    if (tip) curves.set(id, { points, tip, label: lp === undefined ? undefined : pointOf(lp) });
  }
  return { width, height, boxes, curves };
}
