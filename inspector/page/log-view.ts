import { byId, html, setText } from './dom.js';
import { indexAt, type LogEntry, type Session } from './session.js';

/** How many events are listed: more are found by searching. */
const MOST_LISTED = 200;

/** The events of a session, newest first. */
export interface LogView {
  draw(shown: string | undefined, number: number): void;
}

/** How many new events at once are more than anybody can read, and how long the list then stays as it is, in ms. */
const MANY = 8;
const REST = 200;
/** How many later events are listed when the user has gone back. */
const LATER_LISTED = 60;

/** Lists the events of a session. @param onChange Called when the user searches. @param onChoose Called with an event to go to. */
export function createLogView(
  session: Session,
  onChange: () => void,
  onChoose: (entry: LogEntry) => void,
): LogView {
  const list = byId('log', HTMLOListElement);
  const note = byId('log-note', HTMLElement);
  const search = byId('search', HTMLInputElement);
  const onlyShown = byId('only-shown', HTMLInputElement);
  let drawn = '';
  let latest = 0;
  let restsUntil = 0;
  let isWaiting = false;
  search.addEventListener('input', onChange);
  onlyShown.addEventListener('change', onChange);
  list.addEventListener('click', ({ target }) => {
    const number = Number(target instanceof Element ? target.closest('button')?.dataset.number : undefined);
    const entry = session.log[indexAt(session.log, number)];
    if (entry?.number === number) onChoose(entry);
  });

  return {
    draw(shown, number) {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const isFound = (entry: LogEntry): boolean => {
        if (onlyShown.checked && entry.actor !== shown) return false;
        if (words.length === 0) return true;
        const text = `${entry.actorName} ${entry.type} ${entry.detail}`.toLowerCase();
        return words.every((word) => text.includes(word));
      };
      const isLive = number >= session.last;
      const signature = JSON.stringify([
        session.log.at(-1)?.number,
        session.log.length,
        isLive || number,
        words,
        onlyShown.checked && shown,
      ]);
      if (signature === drawn) return;
      const now = performance.now();
      const newest = session.log.at(-1)?.number ?? 0;
      if (isLive && newest - latest > MANY && now < restsUntil) {
        if (!isWaiting)
          setTimeout(() => {
            isWaiting = false;
            onChange();
          }, restsUntil - now);
        isWaiting = true;
        return;
      }
      restsUntil = now + REST;
      latest = newest;
      drawn = signature;
      const found: LogEntry[] = [];
      const current = indexAt(session.log, number);
      let index = Math.min(current + LATER_LISTED, session.log.length - 1);
      const focused = document.activeElement?.closest<HTMLElement>('#log button')?.dataset.number;
      for (; index >= 0 && found.length < MOST_LISTED; index--) {
        const entry = session.log[index];
        if (entry && isFound(entry)) found.push(entry);
      }
      list.replaceChildren(
        ...found.map((entry) =>
          rowOf(entry, isLive ? Number.POSITIVE_INFINITY : number, session.log[current]),
        ),
      );
      // The list is made anew: whoever was in it with the keyboard stays there.
      if (focused !== undefined)
        list.querySelector<HTMLElement>(`[data-number="${Number(focused)}"]`)?.focus();
      setText(
        note,
        found.length === MOST_LISTED && index >= 0
          ? `The latest ${MOST_LISTED} are listed. Search for others.`
          : found.length === 0
            ? words.length > 0
              ? 'No event has these words.'
              : 'No events yet.'
            : '',
      );
    },
  };
}

function rowOf(entry: LogEntry, until: number, current: LogEntry | undefined): Element {
  const { number, at, actorName, type, detail } = entry;
  const isCurrent = Number.isFinite(until) && entry === current;
  return html(
    'li',
    { class: `${number > until ? 'is-later' : ''} ${isCurrent ? 'is-current' : ''}` },
    html('time', {}, timeOf(at)),
    html(
      'div',
      {},
      html('button', { type: 'button', class: 'event-type', 'data-number': number }, type),
      ' ',
      html('span', { class: 'quiet' }, actorName),
      ...(detail === '' ? [] : [html('code', { class: 'detail' }, detail)]),
    ),
  );
}

/** @returns Minutes, seconds and ms of a time; nothing if it is none. */
function timeOf(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(14, 23);
}
