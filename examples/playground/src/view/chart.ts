import type { Box, Point } from '../../../../scripts/chart-layout.js';
import type { DrawnArrow, DrawnChart, DrawnState } from '../../build/drawn-chart.js';
import { LABEL_LINE } from '../../build/place-labels.js';
import { inWords, withParents } from './chart-model.js';
import { setText, svg } from './dom.js';

/** What the picture shows at one moment. */
export interface ChartMoment {
  /** The active states, leaves. */
  readonly active: readonly string[];
  /** The arrows of the last step. */
  readonly taken: readonly DrawnArrow[];
  /** The event that took them. */
  readonly event: string;
  /** Numbers to stand at states, by their paths, such as the calls that wait. */
  readonly counts: Readonly<Record<string, number>>;
}

/** The picture of a chart. */
export interface ChartView {
  show(moment: ChartMoment): void;
}

/** Draws `chart` into `picture`, once; what changes later are classes and texts, also the text for those who do not see it. */
export function createChartView(picture: SVGSVGElement, chart: DrawnChart): ChartView {
  const name = picture.getAttribute('aria-label');
  picture.setAttribute('viewBox', `0 0 ${chart.width} ${chart.height}`);
  const states = new Map(chart.states.map((state) => [state.path, drawState(state)]));
  const arrows = new Map(chart.arrows.map((arrow) => [arrow, drawArrow(arrow)]));
  const labels = new Map(
    chart.arrows.flatMap((arrow) => (arrow.label ? [[arrow, drawLabel(arrow.label)] as const] : [])),
  );
  const elementsOf = (shown: readonly DrawnState[]) => shown.flatMap(({ path }) => states.get(path) ?? []);
  picture.replaceChildren(
    svg('g', {}, ...elementsOf(chart.states.filter(({ outline }) => outline !== undefined))),
    svg('g', {}, ...chart.marks.map(drawMark)),
    svg('g', {}, ...arrows.values()),
    svg('g', {}, ...elementsOf(chart.states.filter(({ box }) => box !== undefined))),
    svg('g', {}, ...labels.values()),
  );
  let shown: ChartMoment | undefined;
  /** Known without a look at it: each look would have the page laid out at once. */
  let isScrolled = false;
  onResize(picture.parentElement, (scrolls) => {
    isScrolled = scrolls;
    if (scrolls) keepInSight(picture, states.get(shown?.active[0] ?? ''));
  });

  return {
    show(moment) {
      if (shown && isSame(shown, moment)) return;
      const active = new Set(moment.active.flatMap(withParents));
      for (const [path, element] of states) {
        element.classList.toggle('is-active', active.has(path));
        const badge = element.querySelector('.badge');
        const count = moment.counts[path] ?? 0;
        badge?.classList.toggle('is-shown', count > 0);
        const text = badge?.querySelector('text');
        if (text && count > 0) text.textContent = String(count);
        badge?.classList.toggle('is-wide', count > 99);
      }
      if (isScrolled && moment.active.join() !== shown?.active.join())
        keepInSight(picture, states.get(moment.active[0] ?? ''));
      for (const [arrow, element] of arrows) {
        const isPossible = active.has(arrow.from);
        const isTaken = moment.taken[0] === arrow;
        element.classList.toggle('is-possible', isPossible);
        const label = labels.get(arrow);
        label?.classList.toggle('is-possible', isPossible);
        label?.classList.toggle('is-taken', isTaken);
        if (label && isTaken) setText(label.lastElementChild as Element, moment.event);
      }
      if (moment.active !== shown?.active || moment.taken !== shown.taken)
        picture.setAttribute('aria-label', `${name}. ${inWords(chart, moment)}`);
      if (moment.taken !== shown?.taken) {
        for (const [arrow, element] of arrows) {
          const isTaken = moment.taken.includes(arrow);
          element.classList.toggle('is-taken', isTaken);
          if (isTaken) {
            element.classList.add('was-taken');
            element.parentElement?.append(element); // over the others
          }
        }
      }
      shown = moment;
    },
  };
}

/** Where the picture is wider than its frame, the frame is scrolled: also by keyboard, and also once the window is turned. */
function onResize(frame: HTMLElement | null, tell: (scrolls: boolean) => void): void {
  if (!frame) return;
  new ResizeObserver(() => {
    const scrolls = frame.scrollWidth > frame.clientWidth;
    if (scrolls) frame.tabIndex = 0;
    else frame.removeAttribute('tabindex');
    tell(scrolls);
  }).observe(frame);
}

/** Where the picture is wider than its frame, as on a phone, the active state stays in it. */
function keepInSight(picture: SVGSVGElement, state: SVGGElement | undefined): void {
  const frame = picture.parentElement;
  if (!frame || !state) return;
  const [inner, outer] = [state.getBoundingClientRect(), frame.getBoundingClientRect()];
  frame.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2);
}

function isSame(one: ChartMoment, other: ChartMoment): boolean {
  return (
    one.taken === other.taken &&
    one.event === other.event &&
    one.active.join() === other.active.join() &&
    JSON.stringify(one.counts) === JSON.stringify(other.counts)
  );
}

const RADIUS = '9';

function drawState(state: DrawnState): SVGGElement {
  const { path, name, description, tag, isHappy, isPassedThrough, box, outline, title } = state;
  const classes = [
    'state',
    tag && `tag-${tag}`,
    outline !== undefined && 'is-group',
    isHappy && 'is-happy',
    isPassedThrough && 'is-passed-through',
  ];
  return svg(
    'g',
    { class: classes.filter(Boolean).join(' '), attributes: { 'data-state': path } },
    svg('title', { text: description ? `${name}: ${description}` : name }),
    ...(box ? drawLeaf(state, box) : []),
    ...(outline && title
      ? [svg('path', { class: 'box', attributes: { d: outline } }), drawName(name, title)]
      : []),
  );
}

function drawLeaf({ name, isFinal }: DrawnState, { left, right, top, bottom }: Box): SVGElement[] {
  const frame = (inset: number, kind: string) =>
    svg('rect', {
      class: kind,
      attributes: {
        x: String(left + inset),
        y: String(top + inset),
        width: String(right - left - 2 * inset),
        height: String(bottom - top - 2 * inset),
        rx: RADIUS,
      },
    });
  return [
    frame(0, 'box'),
    ...(isFinal ? [frame(3.5, 'final')] : []),
    drawName(name, [(left + right) / 2, (top + bottom) / 2 + 4.5]),
    drawBadge(right - 4, top),
  ];
}

const drawName = (name: string, [x, y]: Point): SVGTextElement =>
  svg('text', { class: 'state-name', text: name, attributes: { x: String(x), y: String(y) } });

function drawMark({ at: [x, y], line, head }: DrawnChart['marks'][number]): SVGGElement {
  return svg(
    'g',
    { class: 'mark' },
    svg('circle', { attributes: { cx: String(x), cy: String(y), r: '3' } }),
    svg('path', { class: 'line', attributes: { d: line } }),
    svg('path', { class: 'head', attributes: { d: head } }),
  );
}

function drawBadge(x: number, y: number): SVGGElement {
  return svg(
    'g',
    { class: 'badge' },
    svg('rect', {
      attributes: { x: String(x - 11), y: String(y - 9), width: '22', height: '18', rx: '9' },
    }),
    svg('rect', {
      class: 'wide',
      attributes: { x: String(x - 19), y: String(y - 9), width: '38', height: '18', rx: '9' },
    }),
    svg('text', { attributes: { x: String(x), y: String(y + 4) } }),
  );
}

function drawArrow({ from, to, labels, isHappy, line, head }: DrawnArrow): SVGGElement {
  return svg(
    'g',
    { class: `arrow${isHappy ? ' is-happy' : ''}`, attributes: { 'data-from': from, 'data-to': to } },
    svg('title', { text: `${from} → ${to}: ${labels.join(', ')}` }),
    svg('path', { class: 'line', attributes: { d: line } }),
    svg('path', { class: 'head', attributes: { d: head } }),
  );
}

/** The names of the events of an arrow, and below them the one that has taken it: the one or the other is shown. */
function drawLabel({ at: [x, y], anchor, lines }: NonNullable<DrawnArrow['label']>): SVGGElement {
  const line = (text: string, index: number) =>
    svg('text', {
      text,
      attributes: { x: String(x), y: String(y + index * LABEL_LINE), 'text-anchor': anchor },
    });
  return svg('g', { class: 'edge-label' }, svg('g', {}, ...lines.map(line)), line('', 0));
}
