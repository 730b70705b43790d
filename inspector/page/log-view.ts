import { byId, html, setText } from './dom.js';
import type { LogEntry, Session } from './session.js';

/** How many events are listed: more are found by searching. */
const MOST_LISTED = 200;

/** The events of a session, newest first. */
export interface LogView {
  draw(shown: string | undefined, number: number): void;
}

/** Lists the events of a session. @param onChange Called when the user searches. */
export function createLogView(session: Session, onChange: () => void): LogView {
  const list = byId('log', HTMLOListElement);
  const note = byId('log-note', HTMLElement);
  const search = byId('search', HTMLInputElement);
  const onlyShown = byId('only-shown', HTMLInputElement);
  let drawn = '';
  search.addEventListener('input', onChange);
  onlyShown.addEventListener('change', onChange);

  return {
    draw(shown, number) {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const isFound = (entry: LogEntry): boolean => {
        if (entry.number > number || (onlyShown.checked && entry.actor !== shown)) return false;
        if (words.length === 0) return true;
        const text = `${entry.actorName} ${entry.type} ${entry.detail}`.toLowerCase();
        return words.every((word) => text.includes(word));
      };
      const signature = JSON.stringify([
        session.log.at(-1)?.number,
        session.log.length,
        number >= session.last || number,
        words,
        onlyShown.checked && shown,
      ]);
      if (signature === drawn) return;
      drawn = signature;
      const found: LogEntry[] = [];
      let index = session.log.length - 1;
      for (; index >= 0 && found.length < MOST_LISTED; index--) {
        const entry = session.log[index];
        if (entry && isFound(entry)) found.push(entry);
      }
      list.replaceChildren(...found.map(rowOf));
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

function rowOf({ number, at, actorName, type, detail }: LogEntry): Element {
  return html(
    'li',
    { 'data-number': number },
    html('time', {}, timeOf(at)),
    html(
      'div',
      {},
      html('span', { class: 'event-type' }, type),
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
