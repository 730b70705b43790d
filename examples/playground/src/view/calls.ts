import type { PastMoment } from '../history.js';
import { type CallLife, type Journal, phaseAt, type Stretch } from '../journal.js';
import { byId, html, restful, setCode, setText } from './dom.js';
import { createSwarm } from './swarm.js';

/** How many calls have a line of their own. */
const LINES = 24;
/** From how many calls on all of them are also shown as a swarm. */
const SWARM_FROM = 13;
/** How many lines are added in one frame, where there are so many that it would be noticed. */
const LINES_A_FRAME = 6;
/** The least that the width of the timeline stands for, in ms. */
const LEAST_SPAN = 3000;
/** About how many pixels wide a bar is: what is less than one of them is not drawn. */
const BAR_WIDTH = 150;

/** The timeline: one bar for each call's life. */
export interface CallsView {
  /**
   * @param now Where the bars of pending calls end, epoch ms.
   * @param beganAt Where the first can begin.
   * @param past Shown in the place of the present.
   * @returns Whether it is up to date; otherwise it wants to be drawn again.
   */
  draw(journal: Journal, now: number, beganAt: number, past: PastMoment | undefined): boolean;
  clear(): void;
  /** The colours of the page have changed. */
  restyle(): void;
}

interface Line {
  readonly element: HTMLLIElement;
  readonly bar: HTMLElement;
  readonly outcome: HTMLElement;
  readonly sent: HTMLElement;
  readonly giveUp: HTMLButtonElement;
  readonly stretches: HTMLElement[];
  isOver: boolean;
}

export function createCallsView(): CallsView {
  const list = byId('calls', HTMLOListElement);
  const empty = byId('calls-empty', HTMLParagraphElement);
  const news = byId('calls-news', HTMLParagraphElement);
  const swarm = createSwarm(byId('swarm', HTMLCanvasElement));
  const lines = new Map<CallLife, Line>();
  /** Calls whose end was read out. */
  const told = new WeakSet<CallLife>();
  const isTime = restful();
  let lastCount = 0;
  let drawnTo = 0;
  let lastPast: PastMoment | undefined;

  const drawLine = (call: CallLife, line: Line, beganAt: number, past: number | undefined) => {
    if (line.isOver) return;
    // What is shown as it was is drawn anew.
    line.isOver = call.endedAt !== undefined && past === undefined;
    const phase = past === undefined ? undefined : phaseAt(call, past);
    const outcome = past === undefined || phase === 'settled' ? call.outcome : 'pending';
    const sent =
      past === undefined
        ? call.sent
        : 1 + call.stretches.filter(({ kind, from }) => kind === 'replay' && from <= past).length;
    call.stretches.forEach((stretch, index) => {
      line.stretches[index] ??= addStretch(line.bar, stretch, beganAt);
      if (stretch.to === undefined) return;
      line.stretches[index]?.style.setProperty('--to', String(stretch.to - beganAt));
    });
    setCode(line.outcome, outcome);
    setText(line.sent, sent > 1 ? `${sent}×` : '');
    line.element.dataset.outcome = toneOf(outcome);
    // Kept in its place: a button that goes would take the focus with it, and move what is beside it.
    line.giveUp.disabled = call.endedAt !== undefined;
  };

  /** Reads out which call has ended and how, or how many have: one sentence, not one for each. */
  const tell = (shown: readonly CallLife[]) => {
    const ended = shown.filter((call) => call.endedAt !== undefined && !told.has(call));
    const [first] = ended;
    if (!first) return;
    for (const call of ended) told.add(call);
    setText(
      news,
      ended.length === 1
        ? `Call ${first.number}, ${first.label}: ${first.outcome}`
        : `${ended.length} calls settled`,
    );
  };

  return {
    draw({ calls: all }, present, beganAt, past) {
      const calls = past ? all.slice(0, past.calls) : all;
      const now = past?.at ?? present;
      const isOtherTime = past !== lastPast;
      lastPast = past;
      if (isOtherTime) {
        drawnTo = Number.NEGATIVE_INFINITY;
        lines.clear();
        list.replaceChildren();
      }
      empty.hidden = calls.length > 0;
      let isCurrent = isTime(calls.length - lastCount);
      if (isCurrent) lastCount = calls.length;
      const shown = calls.slice(Math.max(0, lastCount - LINES), lastCount);
      for (const [call, { element }] of lines) {
        if (shown[0] && call.number >= shown[0].number) continue;
        element.remove();
        lines.delete(call);
      }
      let room = isOtherTime || calls.length < SWARM_FROM ? LINES : LINES_A_FRAME;
      for (const call of shown) {
        let line = lines.get(call);
        if (!line) {
          if (room === 0) {
            isCurrent = false;
            break;
          }
          room -= 1;
          line = makeLine(call);
          lines.set(call, line);
          list.prepend(line.element);
        }
        drawLine(call, line, beganAt, past?.at);
      }
      const from = Math.min(...shown.map(({ madeAt }) => madeAt), now);
      const span = Math.max(LEAST_SPAN, now - from);
      const isOver = shown.every(({ endedAt }) => endedAt !== undefined);
      if (isOver || now - drawnTo >= span / BAR_WIDTH) {
        drawnTo = now;
        // Counted from the beginning of the stage: styles reckon with few digits.
        list.style.setProperty('--now', String(now - beganAt));
        list.style.setProperty('--from', String(from - beganAt));
        list.style.setProperty('--span', String(span));
      }
      swarm.draw(calls.length >= SWARM_FROM ? calls : []);
      if (!past) tell(shown);
      return isCurrent;
    },
    clear() {
      lines.clear();
      lastCount = 0;
      drawnTo = 0;
      list.replaceChildren();
      setText(news, '');
      swarm.draw([]);
    },
    restyle: swarm.restyle,
  };
}

function makeLine(call: CallLife): Line {
  const bar = html('span', { class: 'bar', attributes: { 'aria-hidden': 'true' } });
  const outcome = html('span', { class: 'outcome' });
  const sent = html('span', { class: 'sent', attributes: { title: 'how often it was sent' } });
  const giveUp = html('button', {
    class: 'give-up',
    text: '×',
    attributes: {
      type: 'button',
      'aria-label': `Give up call ${call.number}, ${call.label}`,
      title: 'Give up',
    },
  });
  giveUp.addEventListener('click', () => call.giveUp());
  const element = html(
    'li',
    { class: 'call', attributes: { 'data-call': String(call.number) } },
    html('span', { class: 'number', text: String(call.number) }),
    html('span', { class: 'label', text: call.label }),
    bar,
    sent,
    outcome,
    giveUp,
  );
  return { element, bar, outcome, sent, giveUp, stretches: [], isOver: false };
}

function addStretch(bar: HTMLElement, { kind, from }: Stretch, beganAt: number): HTMLElement {
  const stretch = html('span', { class: `stretch ${kind}` });
  stretch.style.setProperty('--at', String(from - beganAt));
  bar.append(stretch);
  return stretch;
}

const toneOf = (outcome: string): string =>
  outcome === 'pending' || outcome === 'succeeded' || outcome === 'aborted' ? outcome : 'rejected';
