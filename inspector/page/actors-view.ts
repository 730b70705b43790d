import { byId, html, setText } from './dom.js';
import { type Actor, momentAt, type Session } from './session.js';

/** How many actors are listed. */
const MOST_LISTED = 400;

/** The actors below those that started them. */
export interface ActorsView {
  draw(shown: string | undefined, number: number): void;
}

/** Lists the actors of a session. @param onChoose Called with the one that the user wants to see. */
export function createActorsView(session: Session, onChoose: (key: string) => void): ActorsView {
  const list = byId('actors', HTMLUListElement);
  const note = byId('actors-note', HTMLElement);
  const showEnded = byId('show-ended', HTMLInputElement);
  let drawn = '';
  let redraw = () => {};
  /** Rows that stay are the same elements: the focus stays in one, and a click that began on one ends on it. */
  let rows = new Map<string, Row>();
  showEnded.addEventListener('change', () => redraw());
  list.addEventListener('click', ({ target }) => {
    const key = target instanceof Element ? target.closest('button')?.dataset.actor : undefined;
    if (key !== undefined) onChoose(key);
  });

  const draw = (shown: string | undefined, number: number) => {
    redraw = () => draw(shown, number);
    const isLive = number >= session.last;
    const signature = JSON.stringify([session.version, shown, showEnded.checked, isLive || number]);
    if (signature === drawn) return;
    drawn = signature;
    const childrenOf = new Map<string, Actor[]>();
    const roots: Actor[] = [];
    let hidden = 0;
    for (const actor of session.actors.values()) {
      const moment = momentAt(actor, number);
      if (!moment) continue;
      // A machine that has ended is what one may have come to see.
      if (moment.status !== 'active' && !showEnded.checked && !actor.chart && actor.key !== shown) {
        hidden++;
        continue;
      }
      const { parent } = actor;
      if (parent === undefined || !session.actors.has(parent) || parent === actor.key) roots.push(actor);
      else {
        const children = childrenOf.get(parent);
        if (children) children.push(actor);
        else childrenOf.set(parent, [actor]);
      }
    }
    const next = new Map<string, Row>();
    const parentOf = ({ parent }: Actor) => (parent === undefined ? undefined : session.actors.get(parent));
    let left = 0;
    const seen = new Set<string>();
    const add = (actor: Actor, depth: number): void => {
      if (seen.has(actor.key)) return;
      seen.add(actor.key);
      if (next.size < MOST_LISTED) {
        const row = rows.get(actor.key) ?? createRow(actor);
        next.set(actor.key, row);
        fill(row, actor, depth, actor.key === shown, momentAt(actor, number)?.status ?? '', parentOf(actor));
      } else left++;
      for (const child of childrenOf.get(actor.key) ?? []) if (depth < 50) add(child, depth + 1);
    };
    for (const actor of roots) add(actor, 0);
    for (const [key, { element }] of rows) if (!next.has(key)) element.remove();
    rows = next;
    [...rows.values()].forEach(({ element }, index) => {
      if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
    });
    const notes = [
      ...(left > 0 ? [`${left} more are not listed.`] : []),
      ...(hidden > 0 ? [`${hidden} have ended.`] : []),
      ...(session.leftOut > 0 ? [`${session.leftOut} were left out: there are too many.`] : []),
    ];
    setText(note, notes.join(' '));
  };
  return { draw };
}

interface Row {
  readonly element: HTMLLIElement;
  readonly button: HTMLButtonElement;
  /** What it was filled with. */
  filled: string;
}

function createRow({ key }: Actor): Row {
  const button = html('button', { type: 'button', 'data-actor': key });
  return { element: html('li', {}, button), button, filled: '' };
}

function fill(
  row: Row,
  actor: Actor,
  depth: number,
  isShown: boolean,
  status: string,
  parent: Actor | undefined,
): void {
  const { button } = row;
  const isActive = status === 'active';
  button.dataset.depth = String(Math.min(depth, 6));
  button.setAttribute('aria-pressed', String(isShown));
  button.classList.toggle('has-chart', actor.chart !== undefined);
  button.classList.toggle('is-ended', !isActive);
  const filled = JSON.stringify([actor.name, status, parent?.name]);
  if (filled === row.filled) return;
  row.filled = filled;
  button.replaceChildren(
    html('span', { class: 'actor-name' }, actor.name),
    ...(isActive ? [] : [html('span', { class: 'quiet' }, status)]),
    // How far it stands to the right is only seen.
    ...(parent ? [html('span', { class: 'visually-hidden' }, `started by ${parent.name}`)] : []),
  );
}
