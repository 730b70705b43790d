import { chart } from 'virtual:strong-auth-chart';
import type { AnyStateNode } from 'xstate';
import { createChartView } from '../view/chart.js';
import { nameOfEvent, withParents } from '../view/chart-model.js';
import { byId, eachFrame, html, setText } from '../view/dom.js';
import { inWords, register, type SeenActor, update } from './actors.js';
import { receive } from './receive.js';

/*
 * A stand-alone page that shows the machines of any app, offline: it speaks the protocol of `@statelyai/inspect`, so that app
 * opens it as it would open Stately's page. Everything it is sent is shown as text.
 */

const actors = new Map<string, SeenActor>();
let chosen: string | undefined;

const list = byId('actors', HTMLOListElement);
const help = byId('help', HTMLElement);
const connection = byId('connection', HTMLElement);
const name = byId('shown-heading', HTMLElement);
const state = byId('shown-state', HTMLElement);
const frame = byId('chart-frame', HTMLElement);
const outline = byId('outline', HTMLElement);
const context = byId('context', HTMLElement);
const events = byId('events', HTMLOListElement);
const picture = createChartView(byId('chart', SVGSVGElement), chart);
let drawnActors = '';
let drawnEvents = '';

function draw(): void {
  help.hidden = actors.size > 0;
  const names = JSON.stringify([[...actors].map(([key, actor]) => [key, actor.name]), chosen]);
  if (names !== drawnActors) drawActors();
  drawnActors = names;
  const actor = chosen === undefined ? undefined : actors.get(chosen);
  if (!actor) return;
  setText(name, actor.name);
  setText(state, actor.active.join(', ') || actor.status);
  frame.hidden = !actor.isKnown;
  if (actor.isKnown) {
    picture.show({ active: actor.active, taken: actor.taken, event: actor.takenBy, counts: {} });
    outline.replaceChildren();
  } else drawOutline(actor);
  drawContext(actor);
  drawEvents(actor);
}
const drawSoon = eachFrame(draw);

function drawActors(): void {
  list.replaceChildren(
    ...[...actors].map(([key, { name }]) => {
      const button = html('button', {
        text: name,
        attributes: { type: 'button', 'aria-pressed': String(key === chosen) },
      });
      button.addEventListener('click', () => {
        chosen = key;
        draw();
      });
      return html('li', {}, button);
    }),
  );
}

/** The states of a machine that this page has no picture of, one inside the other. */
function drawOutline({ machine, active }: SeenActor): void {
  const shown = new Set(active.flatMap(withParents));
  const listOf = (nodes: readonly AnyStateNode[]): Element =>
    html(
      'ul',
      {},
      ...nodes.map((node) => {
        const children = Object.values(node.states);
        return html(
          'li',
          {
            class: shown.has(node.path.join('.')) ? 'is-active' : '',
            attributes: { 'data-state': node.path.join('.') },
          },
          html('p', { text: node.key }),
          ...(children.length > 0 ? [listOf(children)] : []),
        );
      }),
    );
  outline.replaceChildren(
    machine
      ? listOf(Object.values(machine.root.states))
      : html('p', { class: 'empty', text: 'It has no chart.' }),
  );
}

function drawContext(actor: SeenActor): void {
  context.replaceChildren(
    ...Object.entries(actor.context).map(([key, value]) => {
      const isWide = typeof value === 'object' && value !== null;
      const text = isWide ? inWords(value as Record<string, unknown>) : String(value);
      return html('div', { class: isWide ? 'wide' : '' }, html('dt', { text: key }), html('dd', { text }));
    }),
  );
}

function drawEvents({ events: seen }: SeenActor): void {
  const drawn = `${chosen} ${seen[0]?.number ?? 0}`;
  if (drawn === drawnEvents) return;
  drawnEvents = drawn;
  events.replaceChildren(
    ...seen
      .slice(0, 80)
      .map(({ at, type, facts }) =>
        html(
          'li',
          {},
          html('time', { text: Number.isFinite(at) ? new Date(at).toISOString().slice(14, 23) : '' }),
          html(
            'div',
            {},
            html('span', { text: `${nameOfEvent(type)} ` }),
            html('span', { class: 'facts', text: facts }),
          ),
        ),
      ),
  );
}

receive(
  (message, source) => {
    const key = `${source} ${message.sessionId}`;
    if (message.type === '@xstate.actor') {
      const actor = register(message);
      // A machine's ports come and go by the dozen, and have nothing to show.
      if (actor.machine || message.parentId === undefined) actors.set(key, actor);
    }
    const actor = actors.get(key);
    if (!actor) return; // it began before this page listened
    update(actor, message);
    // A machine is what one came to see; an actor without a chart only if there is nothing else.
    const isBetter = chosen === undefined || (!actors.get(chosen)?.isKnown && actor.isKnown);
    if (isBetter || !actors.has(chosen ?? '')) chosen = key;
    setText(connection, `Connected to ${source.length === 36 ? 'a page of this origin' : source}`);
    drawSoon();
  },
  (text) => setText(connection, text),
);
setText(
  byId('snippet', HTMLElement),
  `inspect: createSafeInspector(
  createBrowserInspector({
    url: '${location.href.replace(/[?#].*$/, '')}',
  }),
)`,
);
for (const scroller of document.querySelectorAll<HTMLElement>('.scroller')) scroller.tabIndex = 0;
draw();
