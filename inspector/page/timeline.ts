import { byId, setText } from './dom.js';
import { type Actor, indexAt, type LogEntry, type Session } from './session.js';

/** Where the user is in time. */
export interface Timeline {
  /** The number of the message up to which everything is shown. */
  readonly number: number;
  /** The event that led there; nothing while what happens now is shown. */
  readonly event: LogEntry | undefined;
  /** Goes to a message. @param event The event that led there, if the latest one before it did not. */
  goTo(number: number, event?: LogEntry): void;
  /** Plays what happened from here on, or all of it again if nothing comes after. */
  play(): void;
  draw(actor: Actor | undefined): void;
}

/** How long a step is shown when a session is played, in ms: as long as it lasted, within these bounds. */
const SHORTEST_STEP = 350;
const LONGEST_STEP = 1500;
/** What happens within this time is one step. */
const ONE_STEP = 20;

/** Lets the user go back and forward in a session. @param onChange Called when another time is to be shown. */
export function createTimeline(session: Session, onChange: () => void): Timeline {
  const range = byId('time', HTMLInputElement);
  const back = byId('back', HTMLButtonElement);
  const forward = byId('forward', HTMLButtonElement);
  const latest = byId('latest', HTMLButtonElement);
  const playing = byId('play', HTMLButtonElement);
  const position = byId('position', HTMLElement);
  /** Nothing while what arrives is shown at once. */
  let chosen: number | undefined;
  let pointedAt: LogEntry | undefined;
  let shown: Actor | undefined;
  /** The next step of what is played. */
  let nextStep: ReturnType<typeof setTimeout> | undefined;

  const current = () => Math.max(session.first, Math.min(chosen ?? session.last, session.last));
  const goTo = (number: number | undefined, event?: LogEntry) => {
    pause();
    chosen = number;
    pointedAt = event;
    onChange();
  };
  const pause = () => {
    clearTimeout(nextStep);
    nextStep = undefined;
  };
  const play = () => {
    const from = current() < session.last ? current() : session.first;
    const { messages } = session;
    let index = Math.max(0, indexAt(messages, from));
    const timeAt = (place: number) => messages[place]?.at ?? Number.NaN;
    const step = () => {
      // What belongs to the same moment is one step.
      const began = timeAt(index);
      while (timeAt(index + 1) - began < ONE_STEP) index += 1;
      const number = messages[index]?.number ?? session.last;
      const isOver = number >= session.last;
      goTo(isOver ? undefined : number);
      if (isOver) return;
      const lasted = timeAt(index + 1) - timeAt(index);
      const wait = Math.min(Math.max(Number.isNaN(lasted) ? 0 : lasted, SHORTEST_STEP), LONGEST_STEP);
      index += 1;
      nextStep = setTimeout(step, wait);
      onChange();
    };
    step();
  };
  playing.addEventListener('click', () => {
    if (nextStep === undefined) return play();
    pause();
    onChange();
  });
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
    get event() {
      const number = current();
      return pointedAt ?? (number < session.last ? session.log[indexAt(session.log, number)] : undefined);
    },
    goTo,
    play,
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
      setText(playing, nextStep === undefined ? 'Play' : 'Pause');
      latest.setAttribute('aria-pressed', String(chosen === undefined));
      const text = moments.length === 0 ? '' : `state ${index + 1} of ${moments.length}`;
      setText(position, text);
      range.setAttribute('aria-valuetext', text === '' ? 'no state' : text);
    },
  };
}
