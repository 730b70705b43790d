import type { Entry, Journal } from '../journal.js';
import { byId, html } from './dom.js';

/** How many entries are shown. */
const SHOWN = 60;

/** The list of facts, newest first. */
export interface FactsView {
  draw(journal: Journal, beganAt: number): void;
  clear(): void;
}

export function createFactsView(): FactsView {
  const list = byId('facts', HTMLOListElement);
  const empty = byId('facts-empty', HTMLParagraphElement);
  let lastDrawn = 0;

  return {
    draw({ entries, written }, beganAt) {
      if (written === lastDrawn) return;
      empty.hidden = written > 0;
      const fresh = entries.filter(({ number }) => number > lastDrawn).slice(-SHOWN);
      list.prepend(...fresh.map((entry) => makeEntry(entry, beganAt)).reverse());
      while (list.childElementCount > SHOWN) list.lastElementChild?.remove();
      lastDrawn = written;
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
