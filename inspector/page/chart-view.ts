import type { Arrow, Chart, ChartState } from './definition.js';
import { svg } from './dom.js';
import { type Box, type Curve, type Layout, LINE_HEIGHT, NAME_HEIGHT, type Point } from './graph.js';

/** What is marked in a chart. */
export interface Shown {
  /** The paths of the active states and of those around them. */
  readonly active: ReadonlySet<string>;
  readonly taken: readonly Arrow[];
}

/** A chart that is drawn. */
export interface ChartView {
  readonly element: SVGSVGElement;
  show(shown: Shown): void;
}

const MARGIN = 8;

/** Draws a chart where Graphviz placed it. */
export function createChartView(chart: Chart, layout: Layout): ChartView {
  const states = new Map<ChartState, SVGGElement>();
  const arrows = new Map<Arrow, SVGGElement>();
  const groups: SVGGElement[] = [];
  const leaves: SVGGElement[] = [];
  for (const state of chart.states) {
    const isGroup = state.children.length > 0;
    const box = layout.boxes.get(`${isGroup ? 'cluster_' : 'n'}${state.index}`);
    if (!box) continue;
    const element = isGroup ? drawGroup(state, box) : drawLeaf(state, box);
    states.set(state, element);
    (isGroup ? groups : leaves).push(element);
  }
  const initials = chart.states.flatMap((state) => {
    const dot = layout.boxes.get(`i${state.index}`);
    const curve = layout.curves.get(`i${state.index}`);
    return dot && curve ? [svg('g', { class: 'initial' }, circle(dot, 4.5), ...drawCurve(curve))] : [];
  });
  for (const arrow of chart.arrows) {
    const curve = layout.curves.get(`e${arrow.index}`);
    if (curve) arrows.set(arrow, drawArrow(arrow, curve));
  }
  const doors = chart.states.flatMap((state) => {
    const box = layout.boxes.get(`p${state.index}`);
    return box ? [svg('g', { class: 'door' }, circle(box, 3))] : [];
  });
  const width = Math.ceil(layout.width + 2 * MARGIN);
  const height = Math.ceil(layout.height + 2 * MARGIN);
  const element = svg(
    'svg',
    {
      viewBox: `${-MARGIN} ${-MARGIN} ${width} ${height}`,
      width,
      height,
      role: 'img',
    },
    ...groups,
    ...initials,
    ...doors,
    ...arrows.values(),
    ...leaves,
  );
  return {
    element,
    show({ active, taken }) {
      for (const [{ path }, drawn] of states) drawn.classList.toggle('is-active', active.has(path));
      for (const [arrow, drawn] of arrows) drawn.classList.toggle('is-taken', taken.includes(arrow));
      element.setAttribute('aria-label', inWords(chart, active, taken));
    },
  };
}

/** @returns What the picture says by colours and lines, for those who do not see it. The active states are named above it. */
function inWords({ arrows }: Chart, active: Shown['active'], taken: Shown['taken']): string {
  const say = ({ from, to, labels }: Arrow) =>
    `${labels.map(({ text }) => text).join(' or ')}, from ${from.path} to ${to.path}`;
  const possible = arrows.filter(({ from }) => active.has(from.path)).map(say);
  return [
    'The chart of the machine. Its active states are named above.',
    ...(taken.length > 0 ? [`Taken last: ${taken.map(say).join('; ')}.`] : []),
    ...(possible.length > 0 ? [`Possible now: ${possible.join('; ')}.`] : []),
  ].join(' ');
}

const middleOf = ({ x, y, width, height }: Box): Point => ({ x: x + width / 2, y: y + height / 2 });

function circle(box: Box, r: number): SVGCircleElement {
  const { x, y } = middleOf(box);
  return svg('circle', { cx: x, cy: y, r });
}

function titleOf({ path, type, description }: ChartState): SVGTitleElement {
  return svg('title', {}, `${path}, ${type}${description === '' ? '' : `: ${description}`}`);
}

function drawGroup(state: ChartState, { x, y, width, height }: Box): SVGGElement {
  const isRegion = state.parent?.type === 'parallel';
  return svg(
    'g',
    { class: `state is-group${isRegion ? ' is-region' : ''}`, 'data-state': state.path },
    titleOf(state),
    svg('rect', { x, y, width, height, rx: 10 }),
    svg(
      'text',
      { class: 'name', x: x + 12, y: y + 20 },
      state.type === 'parallel' ? `${state.key} ∥` : state.key,
    ),
    ...state.lines.map((line, index) =>
      svg('text', { class: 'line', x: x + 12, y: y + 36 + index * LINE_HEIGHT }, line),
    ),
  );
}

function drawLeaf(state: ChartState, box: Box): SVGGElement {
  const { x, y, width, height } = box;
  const middle = middleOf(box);
  const attributes = { class: `state is-${state.type}`, 'data-state': state.path };
  if (state.type === 'history')
    return svg(
      'g',
      attributes,
      titleOf(state),
      circle(box, width / 2),
      svg('text', { class: 'name', x: middle.x, y: middle.y + 4.5 }, state.isDeepHistory ? 'H*' : 'H'),
    );
  return svg(
    'g',
    attributes,
    titleOf(state),
    svg('rect', { x, y, width, height, rx: 8 }),
    ...(state.type === 'final'
      ? [svg('rect', { class: 'inner', x: x + 3, y: y + 3, width: width - 6, height: height - 6, rx: 5.5 })]
      : []),
    svg('text', { class: 'name', x: middle.x, y: y + NAME_HEIGHT / 2 + 4.5 }, state.key),
    ...state.lines.map((line, index) =>
      svg('text', { class: 'line', x: x + 11, y: y + NAME_HEIGHT + 10 + index * LINE_HEIGHT }, line),
    ),
  );
}

function drawArrow({ from, to, labels }: Arrow, curve: Curve): SVGGElement {
  const { label } = curve;
  const top = (label?.y ?? 0) - (labels.length * LINE_HEIGHT) / 2;
  return svg(
    'g',
    { class: 'arrow', 'data-from': from.path, 'data-to': to.path },
    ...drawCurve(curve),
    ...(label
      ? labels.map(({ text }, index) =>
          svg('text', { class: 'label', x: label.x, y: top + 10.5 + index * LINE_HEIGHT }, text),
        )
      : []),
  );
}

function drawCurve({ points, tip }: Curve): SVGElement[] {
  const [first, ...rest] = points;
  const before = points.at(-1);
  if (!first || !before) return [];
  const path = `M${first.x},${first.y}C${rest.map(({ x, y }) => `${x},${y}`).join(' ')}`;
  const line = svg('path', { class: 'curve', d: path });
  const length = Math.hypot(tip.x - before.x, tip.y - before.y);
  if (length < 1) return [line];
  const along = { x: (tip.x - before.x) / length, y: (tip.y - before.y) / length };
  const side = (sign: number) => `${before.x - sign * along.y * 3.6},${before.y + sign * along.x * 3.6}`;
  return [line, svg('path', { class: 'tip', d: `M${side(1)}L${tip.x},${tip.y}L${side(-1)}Z` })];
}
