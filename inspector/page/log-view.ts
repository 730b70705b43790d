import { byId, html, setText } from './dom.js';
import type { Found } from './found.js';
import { indexAt, type LogEntry, type Session } from './session.js';
import { createVirtualList } from './virtual-list.js';

/** The height of a row, in pixels: two lines. */
const ROW = 42;

/** The events of a session, newest first. */
export interface LogView {
  /** The events that are listed, oldest first. */
  readonly found: readonly LogEntry[];
  /** @param event The event that the user has gone to. */
  draw(shown: string | undefined, number: number, event: LogEntry | undefined): void;
}

/** Lists the events of a session. @param onChange Called when the user searches. @param onChoose Called with an event to go to. */
export function createLogView(
  session: Session,
  events: Found,
  onChange: () => void,
  onChoose: (entry: LogEntry) => void,
): LogView {
  const list = byId('log', HTMLOListElement);
  const scroller = byId('log-scroller', HTMLElement);
  const note = byId('log-note', HTMLElement);
  const detail = byId('event-detail', HTMLElement);
  const search = byId('search', HTMLInputElement);
  const onlyShown = byId('only-shown', HTMLInputElement);
  let found: readonly LogEntry[] = [];
  let drawn = '';
  /** The event that the user has gone to, and the message up to which everything is shown. */
  let current: LogEntry | undefined;
  let until = Number.POSITIVE_INFINITY;
  search.addEventListener('input', onChange);
  onlyShown.addEventListener('change', onChange);
  list.addEventListener('click', ({ target }) => {
    const number = Number(target instanceof Element ? target.closest('button')?.dataset.number : undefined);
    const entry = session.log[indexAt(session.log, number)];
    if (entry?.number === number) onChoose(entry);
  });
  const rows = createVirtualList<LogEntry>(scroller, list, {
    height: ROW,
    keyOf: ({ number }) => number,
    make: makeRow,
    fill: (row, entry) => fillRow(row, entry, entry.number > until, entry === current),
  });

  return {
    get found() {
      return found;
    },
    draw(shown, number, event) {
      const isLive = number >= session.last;
      const before = found;
      found = events.read({ text: search.value, actor: onlyShown.checked ? shown : undefined });
      const signature = `${isLive || number} ${session.first} ${event?.number}`;
      if (found === before && signature === drawn) return;
      const isMoved = signature !== drawn;
      drawn = signature;
      until = isLive ? Number.POSITIVE_INFINITY : number;
      current = event;
      const { length } = found;
      // Whoever reads further down goes on reading what they read.
      const added = length - before.length;
      if (isLive && !rows.isAtBeginning && added > 0 && before[0] === found[0]) rows.growAbove(added);
      rows.draw(
        length,
        (index) => found[length - 1 - index] as LogEntry,
        current && isMoved ? length - 1 - Math.max(0, indexAt(found, current.number)) : undefined,
      );
      setText(detail, current?.detail ?? '');
      setText(
        note,
        length > 0 ? '' : search.value.trim() === '' ? 'No events yet.' : 'No event has these words.',
      );
    },
  };
}

function makeRow(): HTMLElement {
  return html(
    'li',
    {},
    html('time'),
    html(
      'div',
      {},
      html('button', { type: 'button', class: 'event-type' }),
      ' ',
      html('span', { class: 'quiet' }),
      html('code', { class: 'detail' }),
    ),
  );
}

function fillRow(row: HTMLElement, entry: LogEntry, isLater: boolean, isCurrent: boolean): void {
  const [time, type, name, detail] = row.querySelectorAll('time, button, span, code');
  row.classList.toggle('is-later', isLater);
  row.classList.toggle('is-current', isCurrent);
  if (!time || !type || !name || !detail) return;
  setText(time, timeOf(entry.at));
  setText(type, entry.type);
  type.setAttribute('data-number', String(entry.number));
  setText(name, entry.actorName);
  setText(detail, entry.detail);
}

/** @returns Minutes, seconds and ms of a time; nothing if it is none. */
function timeOf(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(14, 23);
}
