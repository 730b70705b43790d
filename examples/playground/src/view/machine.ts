import { chart } from 'virtual:strong-auth-chart';
import type { SafeInspectionMessage } from 'strong-auth-machine/inspect';
import type { Bank } from '../bank.js';
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
  /**
   * @param past Shown in the place of the present.
   * @returns Whether it is up to date; otherwise it wants to be drawn again: numbers that race are not read by anybody.
   */
  draw(stage: Stage, past: PastMoment | undefined): boolean;
  clear(): void;
  readonly now: Moment;
}

export function createMachineView(): MachineView {
  const picture = createChartView(byId('chart', SVGSVGElement), chart);
  const at = (id: string) => byId(id, HTMLElement);
  const [status, means, lastEdge, lastEvent, waitsFor, failure, remembered, seen, seenBy] = [
    at('status'),
    at('status-means'),
    at('last-edge'),
    at('last-event'),
    at('waits-for'),
    at('failure'),
    at('remembered'),
    at('seen'),
    at('seen-by'),
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
  const drawPast = ({ at: time, calls: made, client }: PastMoment, { bank, journal: { calls } }: Stage) => {
    drawn = { active: [], taken: [], written: 0 };
    const { active, taken, takenBy, edge, event } = client;
    const state = statusOfPath(active[0] ?? '');
    const then = bank && isSigningIn(state) ? 'needStrongAuth' : state;
    const phases = phasesAt(calls.slice(0, made), time);
    setText(status, then);
    setText(means, bank ? meaningForBank(state, meaningOf) : meaningOf(then));
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
    draw(stage, past) {
      const { bank, client, journal, simulator } = stage;
      if (past) {
        drawPast(past, stage);
        return true;
      }
      const { written } = journal;
      const { active, taken, takenBy, edge, event, context } = follower.now;
      const { lasting } = context as { readonly lasting?: { readonly code: string } };
      const isSameState = active === drawn.active && taken === drawn.taken;
      if (isSameState && !isTime(written - drawn.written)) return false;
      drawn = { active, taken, written };
      const view = client.view.getSnapshot();
      const explained = explain(stage);
      const phases = { flight: 0, replay: 0, waiting: explained.ensures };
      for (const { phase, rounds } of explained.calls) {
        if (phase === 'waiting' || phase === 'challenged') phases.waiting += 1;
        else if (rounds > 0) phases.replay += 1;
        else phases.flight += 1;
      }
      setText(status, view.status);
      const state = statusOfPath(active[0] ?? '');
      setText(means, bank ? meaningForBank(state, meaningOf) : meaningOf(view.status));
      setText(inFlight, String(phases.flight + phases.replay));
      setText(waiting, String(view.waiting));
      setText(settled, String(journal.calls.length - explained.calls.length - explained.ensures));
      setText(lastEdge, edge);
      setText(lastEvent, event);
      setText(waitsFor, explained.waitingFor);
      setText(failure, view.failure ? `${view.failure.code}: ${remedies[view.failure.remedy]}` : 'none');
      setText(remembered, lasting ? `${lasting.code}, until recovered() or a sign-out` : 'nothing');
      setText(seenBy, bank ? 'the bank saw' : 'the SDK saw');
      setText(seen, bank ? seenByBank(bank) : seenBySdk(simulator));
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

/** What waits for what, in the words of either client. */
function explain({ bank, strongAuth }: Stage) {
  if (!bank) return strongAuth.explain();
  const { requests } = bank.strongAuth.explain();
  const { waiting, status } = bank.strongAuth.view.getSnapshot();
  const isAsking = status === 'needStrongAuth';
  return {
    calls: requests,
    ensures: waiting - requests.filter(({ phase }) => phase === 'waiting' || phase === 'challenged').length,
    waitingFor: isAsking ? 'authenticate' : requests.length > 0 ? 'the bank' : 'nothing',
  };
}

/** While it signs in, the app is in the states in which the machine enters a PIN and requests an OTP. */
const isSigningIn = (state: string): boolean => state === 'requestingOtp';
const meaningForBank = (state: string, meaningOf: (status: string) => string): string => {
  if (state === 'needStrongAuth')
    return 'The app is asked to authenticate. What is challenged meanwhile joins.';
  if (isSigningIn(state))
    return 'The app authenticates: in the chart, this is requestingOtp. What it is for is fixed by now.';
  return meaningOf(state);
};

const seenBySdk = ({ effects: { requests, challenges, otpRequests, executions } }: Stage['simulator']) =>
  `requests ${requests.length} · challenged ${challenges} · for an OTP ${otpRequests.length} · executed ${executions}`;
const seenByBank = ({ seen: { requests, challenged, amounts, limits } }: Bank) =>
  `requests ${requests} · challenged ${challenged} · executed ${amounts.length + limits.length}`;

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
