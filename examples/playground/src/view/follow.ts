import type { SafeInspectionMessage } from 'strong-auth-machine/inspect';
import type { DrawnArrow, DrawnChart } from '../../build/drawn-chart.js';
import { leavesOf, nameOfEvent, takenArrows, withoutGroup } from './chart-model.js';

/** What stands where nothing has happened. */
const NONE = 'none yet';

/** What a machine was like from one step on. */
export interface Moment {
  /** The active states, leaves. */
  readonly active: readonly string[];
  /** The arrows of the last step, and the event that took them. */
  readonly taken: readonly DrawnArrow[];
  readonly takenBy: string;
  /** The states of the last step, in words. */
  readonly edge: string;
  /** The last event, in words; it may have changed nothing. */
  readonly event: string;
  /** Facts of the context. */
  readonly context: Readonly<Record<string, unknown>>;
}

/** Follows a machine by what an inspector is sent of it: a picture knows no more than an inspector does. */
export interface Follower {
  readonly now: Moment;
  hear(message: SafeInspectionMessage): void;
  clear(): void;
}

const BEFORE: Moment = { active: [], taken: [], takenBy: '', edge: NONE, event: NONE, context: {} };

export function follow(chart: DrawnChart): Follower {
  let now = BEFORE;
  return {
    get now() {
      return now;
    },
    hear(message) {
      if (message.type !== '@xstate.snapshot' || message.snapshot.value === undefined) return;
      const context = (message.snapshot.context ?? {}) as Moment['context'];
      const leaves = leavesOf(message.snapshot.value);
      const active = leaves.join() === now.active.join() ? now.active : leaves;
      const type = String(message.event.type);
      if (type === 'xstate.init') {
        now = { ...now, active, context };
        return;
      }
      const [from = '', to = ''] = [now.active[0], active[0]];
      const taken = takenArrows(chart, from, type, to);
      const takenBy = nameOfEvent(type);
      if (taken.length === 0 && from === to) {
        now = { ...now, context, event: `${takenBy}, stays` }; // the last edge is still the last
        return;
      }
      const edge = [from, ...taken.slice(0, -1).map((arrow) => arrow.to), to].map(withoutGroup).join(' → ');
      now = { active, taken, takenBy, edge, event: takenBy, context };
    },
    clear() {
      now = BEFORE;
    },
  };
}
