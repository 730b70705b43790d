import { createActorsView } from './actors-view.js';
import { byId, setText } from './dom.js';
import { createLogView } from './log-view.js';
import { receive } from './receive.js';
import { createSession } from './session.js';
import { createShownView } from './shown-view.js';

/* The page of `strong-auth-machine inspect`: it shows the machines of any app, live. */

const session = createSession();
let shown: string | undefined;
let isDrawing = false;

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
const logView = createLogView(session, drawSoon);

function draw(): void {
  chooseBest();
  const number = session.last;
  actorsView.draw(shown, number);
  shownView.draw(shown === undefined ? undefined : session.actors.get(shown), number);
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
    session.take(taken, size);
    drawSoon();
  },
  onAgain() {
    session.clear();
    drawSoon();
  },
  onStatus: (text) => setText(connection, text),
});
for (const scroller of document.querySelectorAll<HTMLElement>('.scroller')) scroller.tabIndex = 0;
draw();
