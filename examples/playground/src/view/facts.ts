import type { Entry, Journal } from '../journal.js';
import { byId, html, restful } from './dom.js';

/** How many entries are shown. */
const SHOWN = 40;
/** How many of them are added in one frame. */
const ENTRIES_A_FRAME = 10;

/** The list of facts, newest first. */
export interface FactsView {
  /** @returns Whether it is up to date; otherwise it wants to be drawn again. */
  draw(journal: Journal, beganAt: number): boolean;
  /** Shows only what had happened by a time, epoch ms; all of it without one. */
  showUntil(time: number | undefined): void;
  clear(): void;
}

export function createFactsView(): FactsView {
  const list = byId('facts', HTMLOListElement);
  const empty = byId('facts-empty', HTMLParagraphElement);
  const isTime = restful();
  let lastDrawn = 0;
  /** How many may still be added before it is time to rest. */
  let left = 0;

  return {
    draw({ entries, written }, beganAt) {
      if (written === lastDrawn) return true;
      if (left === 0) {
        if (!isTime(written - lastDrawn)) return false;
        left = SHOWN;
      }
      empty.hidden = written > 0;
      const fresh = entries
        .filter(({ number }) => number > lastDrawn)
        .slice(-left)
        .slice(0, ENTRIES_A_FRAME);
      list.prepend(...fresh.map((entry) => makeEntry(entry, beganAt)).reverse());
      while (list.childElementCount > SHOWN) list.lastElementChild?.remove();
      lastDrawn = fresh.at(-1)?.number ?? written;
      left = lastDrawn === written ? 0 : left - fresh.length;
      return lastDrawn === written;
    },
    showUntil(time = Number.POSITIVE_INFINITY) {
      for (const element of list.children)
        element.classList.toggle('is-later', Number((element as HTMLElement).dataset.at) > time);
    },
    clear() {
      lastDrawn = 0;
      left = 0;
      list.replaceChildren();
      empty.hidden = false;
    },
  };
}

function makeEntry({ at, kind, tone, text }: Entry, beganAt: number): HTMLLIElement {
  return html(
    'li',
    { class: `fact ${tone}`, attributes: { 'data-at': String(at) } },
    html('time', { text: `${((at - beganAt) / 1000).toFixed(2)}` }),
    html('span', { class: 'kind', text: kind }),
    html('span', { class: 'text', text }),
  );
}
