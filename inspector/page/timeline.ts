import { byId, setText } from './dom.js';
import { type Actor, indexAt, type Session } from './session.js';

/** Where the user is in time. */
export interface Timeline {
  /** The number of the message up to which everything is shown. */
  readonly number: number;
  /** Goes to a message. */
  goTo(number: number): void;
  draw(actor: Actor | undefined): void;
}

/** Lets the user go back and forward in a session. @param onChange Called when another time is to be shown. */
export function createTimeline(session: Session, onChange: () => void): Timeline {
  const range = byId('time', HTMLInputElement);
  const back = byId('back', HTMLButtonElement);
  const forward = byId('forward', HTMLButtonElement);
  const latest = byId('latest', HTMLButtonElement);
  const position = byId('position', HTMLElement);
  /** Nothing while what arrives is shown at once. */
  let chosen: number | undefined;
  let shown: Actor | undefined;

  const current = () => Math.max(session.first, Math.min(chosen ?? session.last, session.last));
  const goTo = (number: number | undefined) => {
    chosen = number;
    onChange();
  };
  range.addEventListener('input', () => {
    const number = Number(range.value);
    goTo(number >= session.last ? undefined : number);
  });
  /** Goes to another state of the actor that is shown. */
  const step = (by: number) => {
    const moments = shown?.moments ?? [];
    const moment = moments[indexAt(moments, current()) + by];
    if (moment) goTo(moment.number);
  };
  back.addEventListener('click', () => step(-1));
  forward.addEventListener('click', () => step(1));
  latest.addEventListener('click', () => goTo(undefined));

  return {
    get number() {
      return current();
    },
    goTo,
    draw(actor) {
      shown = actor;
      const number = current();
      range.min = String(session.first);
      range.max = String(session.last);
      range.value = String(number);
      const moments = actor?.moments ?? [];
      const index = indexAt(moments, number);
      back.setAttribute('aria-disabled', String(index <= 0));
      forward.setAttribute('aria-disabled', String(index >= moments.length - 1));
      latest.setAttribute('aria-pressed', String(chosen === undefined));
      const text = moments.length === 0 ? '' : `state ${index + 1} of ${moments.length}`;
      setText(position, text);
      range.setAttribute('aria-valuetext', text === '' ? 'no state' : text);
    },
  };
}
