import { type ChartView, createChartView } from './chart-view.js';
import type { Arrow, Chart } from './definition.js';
import { byId, html, setText } from './dom.js';
import { layOut } from './lay-out.js';
import { jsonOf } from './read.js';
import { type Actor, momentAt } from './session.js';
import { withParents } from './taken.js';

const LONGEST_CONTEXT = 20_000;
const LONGEST_STATES = 1000;
/** How small a chart is drawn that is to stay readable: one that is still too large is scrolled. How large one is drawn to fill the place. */
const SMALLEST = 0.7;
const LARGEST = 1.25;
/** How many drawings are kept. */
const MOST_DRAWINGS = 12;

/** The actor that the user looks at: its chart, its state and its context. */
export interface ShownView {
  draw(actor: Actor | undefined, number: number): void;
}

/** Shows an actor. @param onDrawn Called when a chart has been laid out. */
export function createShownView(onDrawn: () => void): ShownView {
  const name = byId('shown-name', HTMLElement);
  const state = byId('shown-state', HTMLElement);
  const place = byId('chart', HTMLElement);
  const everywhere = byId('everywhere', HTMLElement);
  const context = byId('context', HTMLElement);
  const contextPanel = byId('context-panel', HTMLDetailsElement);
  const zoom = byId('zoom', HTMLSelectElement);
  /** `undefined` while it is laid out, `null` if that failed. */
  const drawings = new Map<Chart, ChartView | null | undefined>();
  let drawn: ChartView | undefined;
  let active = '';
  const resize = () => {
    if (!drawn) return;
    const { width, height } = drawn.element.viewBox.baseVal;
    const fitting = Math.min(place.clientWidth / width, place.clientHeight / height, LARGEST);
    const scale = { whole: fitting, readable: Math.max(fitting, SMALLEST) }[zoom.value] ?? 1;
    drawn.element.setAttribute('width', String(Math.floor(width * scale)));
    drawn.element.setAttribute('height', String(Math.floor(height * scale)));
  };
  zoom.addEventListener('change', () => {
    resize();
    scrollToActive(place);
  });
  new ResizeObserver(() => {
    resize();
    scrollToActive(place);
  }).observe(place);
  contextPanel.addEventListener('toggle', onDrawn);

  const drawingOf = (chart: Chart): ChartView | null | undefined => {
    if (!drawings.has(chart)) {
      for (const oldest of drawings.keys()) {
        if (drawings.size < MOST_DRAWINGS) break;
        drawings.delete(oldest);
      }
      drawings.set(chart, undefined);
      void layOut(chart).then((layout) => {
        drawings.set(chart, layout ? createChartView(chart, layout) : null);
        onDrawn();
      });
    }
    return drawings.get(chart);
  };

  return {
    draw(actor, number) {
      const moment = actor && momentAt(actor, number);
      setText(name, actor?.name ?? 'No actor yet');
      const states = (moment?.active.join(', ') ?? '').slice(0, LONGEST_STATES);
      const status = moment?.status ?? '';
      setText(
        state,
        status === 'active' || status === '' ? states : [states, status].filter(Boolean).join(' · '),
      );
      const isKept = contextPanel.open && moment !== undefined;
      setText(context, isKept ? jsonOf(moment.context, LONGEST_CONTEXT, 2) : '');
      if (place.hidden) return;
      if (!actor || !moment) return place.replaceChildren();
      const { chart } = actor;
      setText(everywhere, chart ? noteOf(chart) : '');
      if (!chart) return say(place, 'This actor has no chart.');
      const drawing = drawingOf(chart);
      if (drawing === undefined) return say(place, 'The chart is being drawn.');
      if (drawing === null) return say(place, 'The chart is too large to be drawn.');
      if (place.firstChild !== drawing.element) {
        place.replaceChildren(drawing.element);
        drawn = drawing;
        active = '';
        resize();
      }
      drawing.show({ active: withParents(moment.active), taken: moment.taken });
      if (active === states) return;
      active = states;
      scrollToActive(place);
    },
  };
}

/** Brings the first active state into view, if it is out of it. */
function scrollToActive(place: Element): void {
  const state = place.querySelector('.state.is-active:not(.is-group)');
  if (!state) return;
  const inner = state.getBoundingClientRect();
  const outer = place.getBoundingClientRect();
  const isIn =
    inner.left >= outer.left &&
    inner.right <= outer.right &&
    inner.top >= outer.top &&
    inner.bottom <= outer.bottom;
  if (isIn) return;
  place.scrollBy(
    (inner.left + inner.right - outer.left - outer.right) / 2,
    (inner.top + inner.bottom - outer.top - outer.bottom) / 2,
  );
}

const say = (place: Element, text: string): void => {
  if (place.textContent !== text || place.firstElementChild?.tagName !== 'P')
    place.replaceChildren(html('p', { class: 'quiet' }, text));
};

function noteOf({ everywhere, isCut }: Chart): string {
  const arrows = everywhere.map(({ to, labels: [label] }: Arrow) => `${label?.text ?? ''} → ${to.path}`);
  return [
    ...(arrows.length > 0 ? [`From every state: ${arrows.join(', ')}.`] : []),
    ...(isCut ? ['The chart is too large: a part of it is drawn.'] : []),
  ].join(' ');
}
