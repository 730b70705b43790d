import type { DrawnArrow, DrawnChart, DrawnState } from '../../build/drawn-chart.js';
import { withParents } from './chart-model.js';
import { svg } from './dom.js';

/** What the picture shows at one moment. */
export interface ChartMoment {
  /** The active states, leaves. */
  readonly active: readonly string[];
  /** The arrows of the last step. */
  readonly taken: readonly DrawnArrow[];
  /** Numbers to stand at states, such as the calls that wait. */
  readonly counts: Readonly<Record<string, number>>;
}

/** The picture of a chart. */
export interface ChartView {
  show(moment: ChartMoment): void;
}

/** Draws `chart` into `picture`, once; what changes later are classes and texts. */
export function createChartView(picture: SVGSVGElement, chart: DrawnChart): ChartView {
  picture.setAttribute('viewBox', `0 0 ${chart.width} ${chart.height}`);
  const states = new Map(chart.states.map((state) => [state.path, drawState(state)]));
  const arrows = new Map(chart.arrows.map((arrow) => [arrow, drawArrow(arrow)]));
  const parents = chart.states.filter(({ isParent }) => isParent).map(({ path }) => path);
  const layer = (paths: readonly (Element | undefined)[]) =>
    svg('g', {}, ...paths.filter((element) => element !== undefined));
  picture.replaceChildren(
    layer(parents.map((path) => states.get(path))),
    layer([...arrows.values()]),
    layer([...states].filter(([path]) => !parents.includes(path)).map(([, element]) => element)),
  );
  let shown: ChartMoment | undefined;

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
      if (moment.active.join() !== shown?.active.join())
        keepInSight(picture, states.get(moment.active[0] ?? ''));
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

/** Where the picture is wider than its frame, as on a phone, the active state stays in it. */
function keepInSight(picture: SVGSVGElement, state: SVGGElement | undefined): void {
  const frame = picture.parentElement;
  if (!frame || !state || frame.scrollWidth <= frame.clientWidth) return;
  const [inner, outer] = [state.getBoundingClientRect(), frame.getBoundingClientRect()];
  frame.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2);
}

function isSame(one: ChartMoment, other: ChartMoment): boolean {
  return (
    one.taken === other.taken &&
    one.active.join() === other.active.join() &&
    JSON.stringify(one.counts) === JSON.stringify(other.counts)
  );
}

const RADIUS = '9';

function drawState({
  path,
  name,
  description,
  tag,
  isFinal,
  isParent,
  x,
  y,
  width,
  height,
}: DrawnState): SVGGElement {
  const at = (inset: number, kind: string) =>
    svg('rect', {
      class: kind,
      attributes: {
        x: String(x + inset),
        y: String(y + inset),
        width: String(width - 2 * inset),
        height: String(height - 2 * inset),
        rx: RADIUS,
      },
    });
  const label = svg('text', {
    class: 'state-name',
    text: name,
    attributes: { x: String(x + width / 2), y: String(isParent ? y + 17 : y + height / 2 + 4.5) },
  });
  return svg(
    'g',
    {
      class: `state ${isParent ? 'is-parent' : ''} ${tag ? `tag-${tag}` : ''}`,
      attributes: { 'data-state': path },
    },
    svg('title', { text: description ? `${name}: ${description}` : name }),
    at(0, 'box'),
    ...(isFinal ? [at(3.5, 'final')] : []),
    label,
    ...(isParent ? [] : [drawBadge(x + width - 2, y + 1)]),
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

function drawArrow({ from, to, labels, line, head }: DrawnArrow): SVGGElement {
  return svg(
    'g',
    { class: 'arrow', attributes: { 'data-from': from, 'data-to': to } },
    svg('title', { text: `${from} → ${to}: ${labels.join(', ')}` }),
    svg('path', { class: 'line', attributes: { d: line } }),
    svg('path', { class: 'head', attributes: { d: head } }),
  );
}
