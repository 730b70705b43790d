import { chart } from 'virtual:strong-auth-chart';
import type { SafeInspectionMessage } from 'strong-auth-machine/inspect';
import type { DrawnArrow } from '../../build/drawn-chart.js';
import type { Stage } from '../stage.js';
import { createChartView } from './chart.js';
import { leavesOf, nameOfEvent, takenArrows, withoutGroup } from './chart-model.js';
import { byId, restful, setText } from './dom.js';

/** What stands where nothing has happened. */
const NONE = 'none yet';

/** The live chart, and what stands around it. */
export interface MachineView {
  /** Takes a message that an inspector is sent: the picture knows no more than an inspector does. */
  hear(message: SafeInspectionMessage): void;
  /** @returns Whether it is up to date; otherwise it wants to be drawn again: numbers that race are not read by anybody. */
  draw(stage: Stage): boolean;
  clear(): void;
  /** The active state, by its path. */
  readonly active: string;
}

export function createMachineView(): MachineView {
  const picture = createChartView(byId('chart', SVGSVGElement), chart);
  const at = (id: string) => byId(id, HTMLElement);
  const [status, means, lastEdge, lastEvent, waitsFor, failure, remembered, seen] = [
    at('status'),
    at('status-means'),
    at('last-edge'),
    at('last-event'),
    at('waits-for'),
    at('failure'),
    at('remembered'),
    at('seen'),
  ];
  const [inFlight, waiting, settled] = [at('count-in-flight'), at('count-waiting'), at('count-settled')];
  let active: readonly string[] = [];
  let taken: readonly DrawnArrow[] = [];
  let takenBy = '';
  let edge = NONE;
  let event = NONE;
  let lasting = '';
  const isTime = restful();
  let drawn = { active, taken, written: 0 };
  const meaningOf = (status: string) => chart.states.find(({ name }) => name === status)?.description ?? '';

  at('everywhere').textContent = chart.everywhere
    .map(({ event, to }) => `${event} → ${withoutGroup(to)}`)
    .join(', ');

  return {
    get active() {
      return active[0] ?? '';
    },
    hear(message) {
      if (message.type !== '@xstate.snapshot' || message.snapshot.value === undefined) return;
      const context = message.snapshot.context as
        | { readonly lasting?: { readonly code: string } }
        | undefined;
      lasting = context?.lasting?.code ?? '';
      const before = active;
      const leaves = leavesOf(message.snapshot.value);
      if (leaves.join() !== active.join()) active = leaves;
      const type = String(message.event.type);
      if (type === 'xstate.init') return;
      const [from = '', to = ''] = [before[0], active[0]];
      const arrows = takenArrows(chart, from, type, to);
      event = `${nameOfEvent(type)}${arrows.length === 0 && from === to ? ', stays' : ''}`;
      if (arrows.length === 0 && from === to) return; // the last edge is still the last
      taken = arrows;
      takenBy = nameOfEvent(type);
      edge = [from, ...arrows.slice(0, -1).map((arrow) => arrow.to), to].map(withoutGroup).join(' → ');
    },
    draw({ strongAuth, journal, simulator }) {
      const { written } = journal;
      const isSameState = active === drawn.active && taken === drawn.taken;
      if (isSameState && !isTime(written - drawn.written)) return false;
      drawn = { active, taken, written };
      const view = strongAuth.view.getSnapshot();
      const explained = strongAuth.explain();
      const phases = { calling: 0, replaying: 0, waiting: explained.ensures };
      for (const { phase, rounds } of explained.calls) {
        if (phase === 'waiting' || phase === 'challenged') phases.waiting += 1;
        else if (rounds > 0) phases.replaying += 1;
        else phases.calling += 1;
      }
      setText(status, view.status);
      setText(means, meaningOf(view.status));
      setText(inFlight, String(phases.calling + phases.replaying));
      setText(waiting, String(view.waiting));
      setText(settled, String(journal.calls.length - explained.calls.length - explained.ensures));
      setText(lastEdge, edge);
      setText(lastEvent, event);
      setText(waitsFor, explained.waitingFor);
      setText(failure, view.failure ? `${view.failure.code}: ${remedies[view.failure.remedy]}` : 'none');
      setText(remembered, lasting ? `${lasting}, until recovered() or a sign-out` : 'nothing');
      const { requests, challenges, otpRequests, executions } = simulator.effects;
      setText(
        seen,
        `requests ${requests.length} · challenged ${challenges} · for an OTP ${otpRequests.length} · executed ${executions}`,
      );
      picture.show({
        active,
        taken,
        event: takenBy,
        counts: {
          'working.calling': phases.calling,
          'working.replaying': phases.replaying,
          'wave.needStrongAuth': phases.waiting,
        },
      });
      return true;
    },
    clear() {
      active = [];
      taken = [];
      takenBy = '';
      edge = NONE;
      event = NONE;
      lasting = '';
      drawn = { active, taken, written: 0 };
    },
  };
}

/** Remedies, in words. */
const remedies = {
  retry: 'try again',
  checkState: 'check whether it was executed',
  authenticate: 'ask from a screen',
  unblockAccount: 'unblock the account',
  enrollDevice: 'enroll the device',
  signIn: 'sign in',
  wait: 'wait',
  none: 'nothing to do here',
} as const;
