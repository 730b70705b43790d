import { chart } from 'virtual:strong-auth-chart';
import type { SafeInspectionMessage } from 'strong-auth-machine/inspect';
import type { PastMoment } from '../history.js';
import { phasesAt } from '../journal.js';
import type { Stage } from '../stage.js';
import { createChartView } from './chart.js';
import { statusOfPath, withoutGroup } from './chart-model.js';
import { byId, restful, setText } from './dom.js';
import { follow, type Moment } from './follow.js';

/** The live chart, and what stands around it. */
export interface MachineView {
  /** Takes a message that an inspector is sent: the picture knows no more than an inspector does. */
  hear(message: SafeInspectionMessage): void;
  /** @returns Whether it is up to date; otherwise it wants to be drawn again: numbers that race are not read by anybody. */
  /** @param past Shown in the place of the present. */
  draw(stage: Stage, past: PastMoment | undefined): boolean;
  clear(): void;
  readonly now: Moment;
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
  const follower = follow(chart);
  const isTime = restful();
  let drawn = { active: follower.now.active, taken: follower.now.taken, written: 0 };
  const meaningOf = (status: string) => chart.states.find(({ name }) => name === status)?.description ?? '';

  at('everywhere').textContent = chart.everywhere
    .map(({ event, to }) => `${event} → ${withoutGroup(to)}`)
    .join(', ');

  /** What was not written down has no value. */
  const drawPast = ({ at: time, calls: made, client }: PastMoment, { calls }: Stage['journal']) => {
    drawn = { active: [], taken: [], written: 0 };
    const { active, taken, takenBy, edge, event } = client;
    const then = statusOfPath(active[0] ?? '');
    const phases = phasesAt(calls.slice(0, made), time);
    setText(status, then);
    setText(means, meaningOf(then));
    setText(inFlight, String(phases.flight + phases.replay));
    setText(waiting, String(phases.waiting));
    setText(settled, String(phases.settled));
    setText(lastEdge, edge);
    setText(lastEvent, event);
    for (const part of [waitsFor, failure, remembered, seen]) setText(part, '–');
    picture.show({ active, taken, event: takenBy, counts: countsOf(phases) });
  };

  return {
    get now() {
      return follower.now;
    },
    hear: follower.hear,
    draw({ strongAuth, journal, simulator }, past) {
      if (past) {
        drawPast(past, journal);
        return true;
      }
      const { written } = journal;
      const { active, taken, takenBy, edge, event, context } = follower.now;
      const { lasting } = context as { readonly lasting?: { readonly code: string } };
      const isSameState = active === drawn.active && taken === drawn.taken;
      if (isSameState && !isTime(written - drawn.written)) return false;
      drawn = { active, taken, written };
      const view = strongAuth.view.getSnapshot();
      const explained = strongAuth.explain();
      const phases = { flight: 0, replay: 0, waiting: explained.ensures };
      for (const { phase, rounds } of explained.calls) {
        if (phase === 'waiting' || phase === 'challenged') phases.waiting += 1;
        else if (rounds > 0) phases.replay += 1;
        else phases.flight += 1;
      }
      setText(status, view.status);
      setText(means, meaningOf(view.status));
      setText(inFlight, String(phases.flight + phases.replay));
      setText(waiting, String(view.waiting));
      setText(settled, String(journal.calls.length - explained.calls.length - explained.ensures));
      setText(lastEdge, edge);
      setText(lastEvent, event);
      setText(waitsFor, explained.waitingFor);
      setText(failure, view.failure ? `${view.failure.code}: ${remedies[view.failure.remedy]}` : 'none');
      setText(remembered, lasting ? `${lasting.code}, until recovered() or a sign-out` : 'nothing');
      const { requests, challenges, otpRequests, executions } = simulator.effects;
      setText(
        seen,
        `requests ${requests.length} · challenged ${challenges} · for an OTP ${otpRequests.length} · executed ${executions}`,
      );
      picture.show({
        active,
        taken,
        event: takenBy,
        counts: countsOf(phases),
      });
      return true;
    },
    clear() {
      follower.clear();
      drawn = { active: [], taken: [], written: 0 };
    },
  };
}

/** What stands at the states of the chart. */
const countsOf = ({ flight, waiting, replay }: Record<'flight' | 'waiting' | 'replay', number>) => ({
  'working.calling': flight,
  'working.replaying': replay,
  'wave.needStrongAuth': waiting,
});

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
