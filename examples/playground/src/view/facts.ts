import type { Entry, Journal } from '../journal.js';
import { byId, html, restful } from './dom.js';

/** How many entries are shown. */
const SHOWN = 40;

/** The list of facts, newest first. */
export interface FactsView {
  /** @returns Whether it is up to date; otherwise it wants to be drawn again. */
  draw(journal: Journal, beganAt: number): boolean;
  clear(): void;
}

export function createFactsView(): FactsView {
  const list = byId('facts', HTMLOListElement);
  const empty = byId('facts-empty', HTMLParagraphElement);
  const isTime = restful();
  let lastDrawn = 0;

  return {
    draw({ entries, written }, beganAt) {
      if (written === lastDrawn) return true;
      if (!isTime(written - lastDrawn)) return false;
      empty.hidden = written > 0;
      const fresh = entries.filter(({ number }) => number > lastDrawn).slice(-SHOWN);
      list.prepend(...fresh.map((entry) => makeEntry(entry, beganAt)).reverse());
      while (list.childElementCount > SHOWN) list.lastElementChild?.remove();
      lastDrawn = written;
      return true;
    },
    clear() {
      lastDrawn = 0;
      list.replaceChildren();
      empty.hidden = false;
    },
  };
}

function makeEntry({ at, kind, tone, text }: Entry, beganAt: number): HTMLLIElement {
  return html(
    'li',
    { class: `fact ${tone}` },
    html('time', { text: `${((at - beganAt) / 1000).toFixed(2)}` }),
    html('span', { class: 'kind', text: kind }),
    html('span', { class: 'text', text }),
  );
}
