import type { History, PastMoment } from '../history.js';
import { statusOfPath } from './chart-model.js';
import { byId, setText } from './dom.js';

/** Lets the visitor go back in time: the charts, the calls and the facts are shown as they were. Nothing is undone. */
export interface TimeView {
  /** What is shown in the place of the present. */
  readonly past: PastMoment | undefined;
  draw(): void;
  clear(): void;
}

/** @param onChange Called when another time is to be shown. */
export function createTimeView(history: History, onChange: () => void): TimeView {
  const range = byId('time', HTMLInputElement);
  const [back, forward, present] = [
    byId('time-back', HTMLButtonElement),
    byId('time-forward', HTMLButtonElement),
    byId('time-now', HTMLButtonElement),
  ];
  const position = byId('time-position', HTMLElement);
  let past: PastMoment | undefined;

  const indexOfShown = () => {
    const { moments } = history;
    const index = past ? moments.indexOf(past) : -1;
    return index < 0 ? moments.length - 1 : index;
  };
  const goTo = (index: number) => {
    const { moments } = history;
    past = index >= moments.length - 1 ? undefined : moments[Math.max(0, index)];
    onChange();
  };
  range.addEventListener('input', () => goTo(Number(range.value)));
  back.addEventListener('click', () => goTo(indexOfShown() - 1));
  forward.addEventListener('click', () => goTo(indexOfShown() + 1));
  present.addEventListener('click', () => goTo(Number.POSITIVE_INFINITY));

  return {
    get past() {
      return past;
    },
    draw() {
      const { moments } = history;
      const index = indexOfShown();
      const last = moments.length - 1;
      range.max = String(Math.max(0, last));
      range.value = String(index);
      back.setAttribute('aria-disabled', String(index <= 0));
      forward.setAttribute('aria-disabled', String(index >= last));
      present.setAttribute('aria-pressed', String(past === undefined));
      const status = statusOfPath(moments[index]?.client.active[0] ?? '');
      const text = last < 0 ? 'nothing yet' : `step ${index + 1} of ${moments.length}`;
      setText(position, text);
      range.setAttribute('aria-valuetext', `${text}${status && `, ${status}`}`);
    },
    clear() {
      past = undefined;
    },
  };
}
