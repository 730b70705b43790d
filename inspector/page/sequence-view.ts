import { byId, html, setText } from './dom.js';
import { type Actor, indexAt, type LogEntry, type Session } from './session.js';
import { createVirtualList } from './virtual-list.js';

/** The height of a message and the distance of two lifelines, in pixels. */
const ROW = 30;
const LANE = 150;
/** How many lifelines are drawn. What other actors send and receive is drawn at the last of them. */
const MOST_LANES = 24;
/** How many of the latest messages are drawn. */
const MOST_MESSAGES = 5000;

/** What is outside of all actors: code of the app that sends an event. */
const OUTSIDE = '';
const OTHERS = 'others';

/** Messages between actors in the order of their time, as a sequence diagram. */
export interface SequenceView {
  /** @returns Whether what is drawn is not these messages at this time. */
  isStale(found: readonly LogEntry[], number: number, event: LogEntry | undefined): boolean;
  /** @param found The messages, oldest first. @param event The one that the user has gone to. */
  draw(found: readonly LogEntry[], number: number, event: LogEntry | undefined): void;
}

/** A vertical line for one actor. */
interface Lane {
  readonly key: string;
  readonly name: string;
  readonly actor: Actor | undefined;
}

/** Draws the messages of a session. @param onChoose Called with a message to go to. */
export function createSequenceView(session: Session, onChoose: (entry: LogEntry) => void): SequenceView {
  const scroller = byId('sequence', HTMLElement);
  const heads = byId('sequence-heads', HTMLOListElement);
  const lines = byId('sequence-lines', HTMLElement);
  const list = byId('sequence-messages', HTMLOListElement);
  const note = byId('sequence-note', HTMLElement);
  let messages: readonly LogEntry[] = [];
  let places: ReadonlyMap<string, number> = new Map();
  let drawnOf: readonly LogEntry[] | undefined;
  let drawnAt = -1;
  let drawnEvent: LogEntry | undefined;
  let until = Number.POSITIVE_INFINITY;
  let current: LogEntry | undefined;
  list.addEventListener('click', ({ target }) => {
    const number = Number(target instanceof Element ? target.closest('button')?.dataset.number : undefined);
    const entry = messages[indexAt(messages, number)];
    if (entry?.number === number) onChoose(entry);
  });
  const placeOf = (key: string | undefined) => places.get(key ?? OUTSIDE) ?? places.get(OTHERS) ?? 0;
  const rows = createVirtualList<LogEntry>(scroller, list, {
    height: ROW,
    keyOf: ({ number }) => number,
    make: () => html('li', {}, html('button', { type: 'button' }, html('span'))),
    fill: (row, entry) => {
      const button = row.firstElementChild as HTMLElement;
      const [from, to] = [placeOf(entry.from), placeOf(entry.actor)];
      const isOwn = from === to;
      button.dataset.number = String(entry.number);
      button.className = isOwn ? 'is-own' : from < to ? 'is-right' : 'is-left';
      button.style.left = `${(Math.min(from, to) + 0.5) * LANE}px`;
      button.style.width = `${isOwn ? LANE - 20 : Math.abs(to - from) * LANE}px`;
      row.classList.toggle('is-later', entry.number > until);
      row.classList.toggle('is-current', entry === current);
      setText(button.firstElementChild as Element, entry.type);
      button.setAttribute(
        'aria-label',
        `${entry.fromName || 'outside'} to ${entry.actorName}: ${entry.type}`,
      );
    },
  });

  /** Draws each lifeline from the message that its actor begins with to that with which it ends. */
  const drawLines = (lanes: readonly Lane[]): void => {
    const bottom = messages.length * ROW;
    const yOf = (number: number) => (indexAt(messages, number) + 1) * ROW;
    while (lines.childElementCount > lanes.length) lines.lastElementChild?.remove();
    while (lines.childElementCount < lanes.length) lines.append(html('div', { class: 'lifeline' }));
    lanes.forEach(({ actor }, index) => {
      const line = lines.children[index] as HTMLElement;
      const begin = actor?.moments[0];
      const end = actor?.moments.at(-1);
      const top = begin ? Math.max(0, yOf(begin.number - 1)) : 0;
      line.style.left = `${(index + 0.5) * LANE}px`;
      line.style.top = `${top}px`;
      line.style.height = `${(end && end.status !== 'active' ? yOf(end.number) : bottom) - top}px`;
    });
    const width = `${lanes.length * LANE}px`;
    for (const element of [heads, lines, list]) element.style.width = width;
  };

  const isStale: SequenceView['isStale'] = (found, number, event) =>
    !scroller.hidden && (found !== drawnOf || number !== drawnAt || event !== drawnEvent);

  return {
    isStale,
    draw(found, number, event) {
      if (!isStale(found, number, event)) return;
      const isLive = number >= session.last;
      const { isAtEnd } = rows;
      const isMoved = event !== undefined && (number !== drawnAt || event !== drawnEvent);
      if (found !== drawnOf) {
        messages = found.slice(-MOST_MESSAGES);
        const lanes = lanesOf(messages, session);
        places = new Map(lanes.map(({ key }, index) => [key, index]));
        const names = JSON.stringify(lanes.map(({ name }) => name));
        if (heads.dataset.names !== names) {
          heads.dataset.names = names;
          heads.replaceChildren(...lanes.map(({ name }) => html('li', {}, html('span', {}, name))));
        }
        drawLines(lanes);
        setText(
          note,
          messages.length === 0
            ? 'No messages.'
            : found.length > messages.length
              ? `The latest ${messages.length} messages are drawn.`
              : '',
        );
      }
      drawnOf = found;
      drawnAt = number;
      drawnEvent = event;
      until = isLive ? Number.POSITIVE_INFINITY : number;
      const place = event ? indexAt(messages, event.number) : -1;
      current = messages[place];
      // What happens now stays in view, unless the user has scrolled away from it.
      const follows = isLive && isAtEnd ? messages.length - 1 : undefined;
      rows.draw(
        messages.length,
        (index) => messages[index] as LogEntry,
        isMoved ? Math.max(0, place) : follows,
      );
    },
  };
}

/** @returns The actors that take part, in the order of their first message; the outside first, if it does. */
function lanesOf(messages: readonly LogEntry[], { actors }: Session): Lane[] {
  const names = new Map<string, string>();
  for (const { from, fromName, actor, actorName } of messages) {
    if (!names.has(from ?? OUTSIDE)) names.set(from ?? OUTSIDE, from === undefined ? 'outside' : fromName);
    if (!names.has(actor)) names.set(actor, actorName);
  }
  const lanes = [...names].map(([key, name]): Lane => ({ key, name, actor: actors.get(key) }));
  lanes.sort((one, other) => Number(other.key === OUTSIDE) - Number(one.key === OUTSIDE));
  if (lanes.length <= MOST_LANES) return lanes;
  const left = lanes.length - MOST_LANES + 1;
  return [...lanes.slice(0, MOST_LANES - 1), { key: OTHERS, name: `${left} others`, actor: undefined }];
}
