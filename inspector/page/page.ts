import { createActorsView } from './actors-view.js';
import { byId, setText } from './dom.js';
import { createFound } from './found.js';
import { createLogView } from './log-view.js';
import { receive } from './receive.js';
import { createSequenceView } from './sequence-view.js';
import { createSession, type LogEntry, type Taken } from './session.js';
import { openSession, readSession, saveSession } from './session-file.js';
import { createShownView } from './shown-view.js';
import { createTimeline } from './timeline.js';

/* The page of `strong-auth-machine inspect`: it shows the machines of any app, live. */

const session = createSession();
const help = byId('help', HTMLElement);
const [showChart, showSequence] = [
  byId('show-chart', HTMLButtonElement),
  byId('show-sequence', HTMLButtonElement),
];
const [chart, sequence] = [byId('chart', HTMLElement), byId('sequence', HTMLElement)];
const ofChart = [byId('everywhere', HTMLElement), byId('zoom-label', HTMLElement)];
let drawnAs: 'chart' | 'sequence' = 'chart';
let shown: string | undefined;
let isDrawing = false;
/** A saved session is shown: what arrives is left out. */
let isSaved = false;

/** Draws once before the next picture, however much arrives. */
function drawSoon(): void {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    draw();
  });
}

const choose = (key: string): void => {
  shown = key;
  drawSoon();
};
const actorsView = createActorsView(session, choose);
const shownView = createShownView(drawSoon);
const logView = createLogView(session, createFound(session), drawSoon, goTo);
const sequenceView = createSequenceView(session, goTo);
const timeline = createTimeline(session, drawSoon);

/** Shows the actor of an event as it was once it had reacted. */
function goTo(entry: LogEntry): void {
  const { actor: key, number } = entry;
  const actor = session.actors.get(key);
  if (actor) choose(key);
  const after = actor?.moments.find((moment) => moment.number >= number);
  timeline.goTo(after?.number ?? number, entry);
}

function draw(): void {
  chooseBest();
  const { number } = timeline;
  const actor = shown === undefined ? undefined : session.actors.get(shown);
  const isEmpty = session.actors.size === 0;
  help.hidden = !isEmpty;
  chart.hidden = isEmpty || drawnAs !== 'chart';
  sequence.hidden = isEmpty || drawnAs !== 'sequence';
  timeline.draw(actor);
  actorsView.draw(shown, number);
  shownView.draw(actor, number);
  drawLists(number);
}

/** Nobody reads faster than this, in ms: the chart follows in every frame, the lists of events less often. */
const REST = 100;
let restsUntil = 0;
let nextLists: ReturnType<typeof setTimeout> | undefined;
/** The sequence is drawn in the frame after that of the list: both together may be too much for one. */
let isSequenceNext = false;

function drawLists(number: number): void {
  const now = performance.now();
  const { event } = timeline;
  if (isSequenceNext) sequenceView.draw(logView.found, number, event);
  isSequenceNext = false;
  if (now < restsUntil) {
    nextLists ??= setTimeout(() => {
      nextLists = undefined; // a timer may be early, and then another one is needed
      drawSoon();
    }, restsUntil - now);
    return;
  }
  clearTimeout(nextLists);
  nextLists = undefined;
  restsUntil = now + REST;
  logView.draw(shown, number, event);
  isSequenceNext = sequenceView.isStale(logView.found, number, event);
  if (isSequenceNext) drawSoon();
}

/** Shows the chart of an actor, or the messages between all of them. */
function drawAs(chosen: 'chart' | 'sequence'): void {
  drawnAs = chosen;
  showChart.setAttribute('aria-pressed', String(chosen === 'chart'));
  showSequence.setAttribute('aria-pressed', String(chosen === 'sequence'));
  for (const element of ofChart) element.hidden = chosen !== 'chart';
  drawSoon();
}
showChart.addEventListener('click', () => drawAs('chart'));
showSequence.addEventListener('click', () => drawAs('sequence'));

/** A machine is what one came to see: until the user chooses, the first of them is shown. */
function chooseBest(): void {
  if (shown !== undefined && session.actors.get(shown)?.chart) return;
  if (shown !== undefined && session.actors.has(shown) && document.activeElement?.closest('#actors')) return;
  for (const { key, chart } of session.actors.values()) {
    if (shown === undefined || !session.actors.has(shown)) shown = key;
    if (chart) {
      shown = key;
      return;
    }
  }
}

const connection = byId('connection', HTMLElement);
/** Shows a session that ended before, in the place of what arrives. */
function showSaved(saved: readonly Taken[], text: string): void {
  isSaved = true;
  shown = undefined;
  session.clear();
  for (const taken of saved) session.take(taken, JSON.stringify(taken.message)?.length ?? 0);
  timeline.goTo(session.last);
  setText(connection, text);
}
/** The file of a session beside a page that was made to show it. The inspector's own page has none. */
const recorded = document.querySelector<HTMLMetaElement>('meta[name="recorded-session"]')?.content;
if (recorded !== undefined) {
  const saved = readSession(await (await fetch(recorded)).text());
  showSaved(saved ?? [], 'A recorded session');
  if (!matchMedia('(prefers-reduced-motion: reduce)').matches) timeline.play();
} else
  receive({
    take(taken, size) {
      if (isSaved) return;
      session.take(taken, size);
      drawSoon();
    },
    onAgain() {
      if (isSaved) return;
      session.clear();
      drawSoon();
    },
    onStatus: (text) => isSaved || setText(connection, text),
  });

const file = byId('file', HTMLInputElement);
const live = byId('live', HTMLButtonElement);
byId('save', HTMLButtonElement).addEventListener('click', () => saveSession(session));
byId('open', HTMLButtonElement).addEventListener('click', () => file.click());
live.addEventListener('click', () => location.reload());
file.addEventListener('change', async () => {
  const [chosen] = file.files ?? [];
  if (!chosen) return;
  const saved = await openSession(chosen);
  file.value = '';
  if (!saved) return setText(connection, `${chosen.name} is no session of this inspector`);
  live.hidden = false;
  showSaved(saved, `${chosen.name}, a saved session`);
});

setText(
  byId('help-page', HTMLElement),
  `inspect: createBrowserInspector({ url: '${location.href}' }).inspect`,
);
setText(
  byId('help-socket', HTMLElement),
  `inspect: createWebSocketInspector({ url: 'ws://${location.host}/app${location.search}' }).inspect`,
);
for (const scroller of document.querySelectorAll<HTMLElement>('.scroller')) scroller.tabIndex = 0;
draw();
