import { createActorsView } from './actors-view.js';
import { byId, setText } from './dom.js';
import { createLogView } from './log-view.js';
import { receive } from './receive.js';
import { createSession, type LogEntry } from './session.js';
import { openSession, saveSession } from './session-file.js';
import { createShownView } from './shown-view.js';
import { createTimeline } from './timeline.js';

/* The page of `strong-auth-machine inspect`: it shows the machines of any app, live. */

const session = createSession();
const help = byId('help', HTMLElement);
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
const logView = createLogView(session, drawSoon, goTo);
const timeline = createTimeline(session, drawSoon);

/** Shows the actor of an event as it was once it had reacted. */
function goTo({ actor: key, number }: LogEntry): void {
  const actor = session.actors.get(key);
  if (actor) choose(key);
  const after = actor?.moments.find((moment) => moment.number >= number);
  timeline.goTo(after?.number ?? number);
}

function draw(): void {
  chooseBest();
  const { number } = timeline;
  const actor = shown === undefined ? undefined : session.actors.get(shown);
  help.hidden = session.actors.size > 0;
  timeline.draw(actor);
  actorsView.draw(shown, number);
  shownView.draw(actor, number);
  logView.draw(shown, number);
}

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
  isSaved = true;
  live.hidden = false;
  shown = undefined;
  session.clear();
  for (const taken of saved) session.take(taken, JSON.stringify(taken.message)?.length ?? 0);
  timeline.goTo(session.last);
  setText(connection, `${chosen.name}, a saved session`);
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
