import type { CallLife } from '../journal.js';
import type { Stage } from '../stage.js';
import { byId } from './dom.js';

/** Shows which state a call stands in, and which calls stand in a state, while the one or the other is pointed at. */
export interface Links {
  /** @param active The active state of the machine. */
  draw(stage: Stage, active: string): void;
}

/** What is pointed at: a line of the calls, or a state of the chart. */
type Pointed = { readonly call: number } | { readonly state: string };

export function createLinks(): Links {
  const chart = byId('chart', SVGSVGElement);
  const list = byId('calls', HTMLOListElement);
  let stage: Stage | undefined;
  let active = '';
  let pointed: Pointed | undefined;
  let linked: readonly Element[] = [];

  const callsOf = () => stage?.journal.calls ?? [];
  const lineOf = ({ number }: CallLife) => list.querySelector(`[data-call="${number}"]`) ?? [];
  const counterparts = (): readonly Element[] => {
    if (!pointed) return [];
    if ('call' in pointed) {
      const call = callsOf()[pointed.call - 1];
      const state = call && stateOf(call, active);
      return state === undefined ? [] : [...chart.querySelectorAll(`[data-state="${state}"]`)];
    }
    const { state } = pointed;
    return callsOf()
      .filter((call) => `${stateOf(call, active)}.`.startsWith(`${state}.`))
      .flatMap(lineOf);
  };
  const link = () => {
    const next = counterparts();
    for (const element of linked) if (!next.includes(element)) element.classList.remove('is-linked');
    for (const element of next) element.classList.add('is-linked');
    linked = next;
  };
  const point = (next: Pointed | undefined) => {
    pointed = next;
    link();
  };
  const pointAtCall = ({ target }: Event) => {
    const line = (target as Element).closest<HTMLElement>('[data-call]');
    point(line ? { call: Number(line.dataset.call) } : undefined);
  };
  list.addEventListener('pointerover', pointAtCall);
  list.addEventListener('focusin', pointAtCall);
  list.addEventListener('focusout', () => point(undefined));
  list.addEventListener('pointerleave', () => point(undefined));
  chart.addEventListener('pointerover', ({ target }) => {
    const state = (target as Element).closest<SVGGElement>('[data-state]')?.dataset.state;
    point(state === undefined ? undefined : { state });
  });
  chart.addEventListener('pointerleave', () => point(undefined));

  return {
    draw(current, now) {
      stage = current;
      active = now;
      if (pointed) link();
    },
  };
}

/** @returns The state of the chart that says what a call does, or what became of it. */
function stateOf({ outcome, stretches }: CallLife, active: string): string | undefined {
  switch (outcome) {
    case 'pending': {
      const kind = stretches.at(-1)?.kind;
      if (kind === 'waiting') return active.startsWith('wave.') ? active : 'wave.needStrongAuth';
      return kind === 'replay' ? 'working.replaying' : 'working.calling';
    }
    case 'succeeded':
      return 'resting.done';
    case 'CANCELLED':
      return 'resting.cancelled';
    case 'aborted':
      return undefined;
    default:
      return 'resting.failed';
  }
}
