import { type StrongAuthStatus, statusOf, toView } from 'strong-auth-machine/machine';
import type { World, WorldCall, WorldEvent } from 'strong-auth-machine/testing';
import { type AnyStateNode, getStateNodes } from 'xstate';

/** One edge of the world's graph: what it was, what happened, and what it became. */
export interface Edge {
  readonly from: World;
  readonly event: WorldEvent;
  readonly to: World;
}

/** A rule of the design, as a question that every edge of the graph must answer with nothing. */
export interface Law {
  readonly name: string;
  /** @returns What is wrong with the edge; nothing if it keeps the law. */
  readonly breach: (edge: Edge) => string | undefined | false;
}

const AT_REST: readonly StrongAuthStatus[] = ['idle', 'done', 'cancelled', 'failed', 'closed'];
const IN_WAVE: readonly StrongAuthStatus[] = ['needStrongAuth', 'requestingOtp', 'recovering'];
const ENDINGS: readonly WorldEvent['type'][] = ['cancelled', 'reset', 'disposed'];
const endsAll = ({ type }: WorldEvent) => type === 'reset' || type === 'disposed';

const status = (world: World) => statusOf(world.machine);
const isAtRest = (world: World) => AT_REST.includes(status(world));
const isInWave = (world: World) => IN_WAVE.includes(status(world));
const inPhase = (world: World, ...phases: WorldCall['phase'][]) =>
  world.calls.filter(({ phase }) => phases.includes(phase));
const nodesOf = ({ machine }: World): AnyStateNode[] => getStateNodes(machine.machine.root, machine.value);
const isQueued = ({ machine }: World) => machine.matches({ wave: { requestingOtp: 'queued' } });
const childrenOf = (world: World) => Object.keys(world.machine.children);
const isLate = (world: World, call: WorldCall) => call.wave < world.machine.context.waves;
const newOtps = ({ from, to }: Edge) => to.otpRequests.slice(from.otpRequests.length);
const newPrompts = ({ from, to }: Edge) => to.prompts - from.prompts;
const totalSent = ({ calls }: World) => calls.reduce((sum, { sent }) => sum + sent, 0);
const subject = ({ from, event }: Edge) => ('call' in event ? from.calls[event.call] : undefined);
const outcomeOf = ({ to, event }: Edge) => ('call' in event ? to.calls[event.call]?.outcome : undefined);

/**
 * The rules of the design, section 2, by number. Each looks at one edge, so none sees a run that never ends: that every waiting
 * call settles (rules 2 and 7) is checked in liveness.test.ts.
 */
export const laws: readonly Law[] = [
  {
    name: '1: at most one prompt and one OTP request at a time',
    breach: ({ to }) => {
      const ports = childrenOf(to).filter(
        (id) => id === 'enterPin' || id === 'withPin' || id === 'resetStep',
      );
      return ports.length > 1 && `${ports} run together`;
    },
  },
  {
    name: '1: an OTP is requested only in requestingOtp, one at a time, and only when the one before was answered or timed out',
    breach: (edge) => {
      const otps = newOtps(edge);
      if (otps.length === 0) return;
      if (otps.length > 1) return 'two OTP requests in one step';
      if (status(edge.to) !== 'requestingOtp') return `an OTP request in ${status(edge.to)}`;
      const wasAnswered =
        edge.from.line === 'free' || edge.event.type === 'timeout' || edge.event.type.startsWith('otp.');
      return !wasAnswered && 'an OTP request beside an unanswered one';
    },
  },
  {
    name: '1: an OTP is requested with a PIN entered for this attempt; the reset step reuses it, once a wave',
    breach: (edge) => {
      const { from, to } = edge;
      if (from.heldOtp !== undefined) return; // it was requested by an earlier event, and is sent or dropped
      const [resetStep = to.heldOtp] = newOtps(edge);
      if (resetStep === undefined) return;
      const { hasReset } = edge.from.machine.context;
      if (resetStep)
        return (
          (edge.event.type !== 'otp.resetNeeded' || hasReset) && 'a reset step that is not the first answer'
        );
      const wasQueued = isQueued(edge.from);
      return (
        edge.event.type !== 'pin.given' &&
        !wasQueued &&
        `an OTP request on ${edge.event.type}, without a new PIN`
      );
    },
  },
  {
    name: '1: an OTP request is sent only if a call waits for it, or was made anew for one that was given up',
    breach: (edge) =>
      newOtps(edge).length > 0 &&
      edge.to.emptyWave === 'turn' &&
      !edge.to.calls.some(({ isAnew }) => isAnew) &&
      'an OTP request for nobody',
  },
  {
    name: '2: what has settled stays settled, and is not sent again',
    breach: ({ from, to }) =>
      from.calls.some(
        (call, index) =>
          call.phase === 'settled' &&
          (to.calls[index]?.outcome !== call.outcome || to.calls[index]?.sent !== call.sent),
      ) && 'a settled call has changed',
  },
  {
    name: '2: no state waits for ever: a delay, or a call in flight with its own deadline, stands behind it',
    breach: ({ to }) => {
      if (isAtRest(to)) return;
      const hasDelay = nodesOf(to).some(({ after }) => after.length > 0);
      return (
        !hasDelay &&
        inPhase(to, 'inFlight').length === 0 &&
        `${JSON.stringify(to.machine.value)} waits for nothing`
      );
    },
  },
  {
    name: '3: a straggler opens no prompt: after a grant it is sent again, after a denial it shares it, in a wave it joins',
    breach: (edge) => {
      const call = subject(edge);
      if (edge.event.type !== 'call.challenged' || !call || !isLate(edge.from, call)) return;
      if (newPrompts(edge) > 0) return 'a straggler opened a prompt';
      const { context } = edge.from.machine;
      if (call.rounds >= context.policy.maxRounds || isInWave(edge.from)) return;
      // A wave that was cancelled while the app cured a block leaves the block.
      const denial = context.lasting?.code === 'ACCOUNT_BLOCKED' ? context.lasting : context.failure;
      if (denial) return outcomeOf(edge) !== denial.code && `ended as ${outcomeOf(edge)}`;
      const after = edge.to.calls[edge.event.call] as WorldCall;
      if (after.sent !== call.sent + 1) return 'it was not sent again';
      return (
        (after.rounds !== call.rounds + 1 || after.freeRounds !== call.freeRounds) && 'it spent no round'
      );
    },
  },
  {
    name: '4: a call challenged while a wave runs joins it, and nobody else notices',
    breach: (edge) => {
      const call = subject(edge);
      if (edge.event.type !== 'call.challenged' || !call || !isInWave(edge.from)) return;
      const { policy } = edge.from.machine.context;
      const waiting = inPhase(edge.from, 'waiting').length;
      const isOfPrompt = status(edge.from) === 'needStrongAuth' && call.madeBy === edge.from.prompts;
      // In a wave that waits for newcomers, the last of them ends it if it is refused.
      const wasDisturbed = status(edge.to) !== status(edge.from) && !edge.from.emptyWave;
      if (wasDisturbed || newPrompts(edge) > 0) return 'the wave was disturbed';
      if (call.rounds >= policy.maxRounds)
        return outcomeOf(edge) !== 'STILL_CHALLENGED' && `ended as ${outcomeOf(edge)}`;
      if (isOfPrompt) return outcomeOf(edge) !== 'INTERACTION_REQUIRED' && `ended as ${outcomeOf(edge)}`;
      if (waiting >= policy.maxWaiting)
        return outcomeOf(edge) !== 'QUEUE_FULL' && `ended as ${outcomeOf(edge)}`;
      return edge.to.calls[edge.event.call]?.phase !== 'waiting' && 'it does not wait';
    },
  },
  {
    name: '4: calls go on being sent and settled while a wave runs',
    breach: ({ from, event, to }) =>
      isInWave(from) &&
      !from.emptyWave &&
      (event.type === 'call.made' || event.type === 'call.succeeded') &&
      status(to) !== status(from) &&
      `${event.type} changed the status`,
  },
  {
    name: '5: cancel wins: after cancel, reset, dispose, or the last waiter gone, nobody waits and nothing is sent',
    breach: (edge) => {
      const lastGone =
        edge.event.type === 'call.aborted' &&
        isInWave(edge.from) &&
        inPhase(edge.from, 'waiting').length === 1;
      const isLastWaiter = lastGone && subject(edge)?.phase === 'waiting';
      if (!ENDINGS.includes(edge.event.type) && !isLastWaiter) return;
      if (inPhase(edge.to, 'waiting').length > 0) return 'somebody still waits';
      if (newOtps(edge).length > 0) return 'an OTP was requested';
      // Of an earlier grant, with serial replays: those whose turn it is now, since the one before has settled.
      const isGranted = ({ phase }: WorldCall) => phase === 'queued' && !endsAll(edge.event);
      const wasSent = edge.from.calls.some(
        (call, index) => !isGranted(call) && (edge.to.calls[index]?.sent ?? 0) > call.sent,
      );
      if (wasSent) return 'something was sent';
      return !edge.to.emptyWave && childrenOf(edge.to).length > 0 && `${childrenOf(edge.to)} still runs`;
    },
  },
  {
    name: '5: nobody waits in a wave only until the turn ends, or until the calls that were made in it are judged',
    breach: ({ event, to }) => {
      const isEmpty = isInWave(to) && inPhase(to, 'waiting').length === 0;
      if (event.type === 'turn.ended' && to.emptyWave === 'turn') return 'the turn does not end';
      if (!isEmpty) return to.emptyWave && 'an empty wave is waited for that is not empty, or over';
      if (!to.emptyWave) return 'nobody waits, and the wave goes on';
      return (
        to.emptyWave === 'judging' && !to.calls.some(({ isAnew }) => isAnew) && 'nobody is left to judge'
      );
    },
  },
  {
    name: '5: in an empty wave the prompt stays, the same one, whoever comes',
    breach: ({ from, event, to }) =>
      from.emptyWave &&
      isInWave(to) &&
      'call' in event &&
      (to.prompts !== from.prompts || status(to) !== status(from)) &&
      'another prompt',
  },
  {
    name: '5: in an empty wave, one that was made anew and is given up may be made anew once more: the prompt stays for this turn',
    breach: (edge) =>
      edge.event.type === 'call.aborted' &&
      subject(edge)?.isAnew &&
      edge.to.emptyWave !== 'turn' &&
      'the prompt closed within the turn',
  },
  {
    name: '5: a late OTP changes nothing, except that a queued request may go',
    breach: (edge) => {
      if (edge.event.type !== 'otp.answeredLate') return;
      if (totalSent(edge.to) > totalSent(edge.from)) return 'a call was replayed';
      const wasQueued = isQueued(edge.from);
      return !wasQueued &&
        edge.to.machine !== edge.from.machine &&
        statusOf(edge.to.machine) !== status(edge.from)
        ? 'the machine moved'
        : undefined;
    },
  },
  {
    name: '6: a call is replayed at most maxRounds times, and challenged after that it ends and joins no wave',
    breach: (edge) => {
      const { maxRounds } = edge.to.machine.context.policy;
      const isTooOften = ({ sent, freeRounds }: WorldCall) =>
        sent > 1 + maxRounds + freeRounds || freeRounds > 3;
      if (edge.to.calls.some(isTooOften)) return 'it was sent too often';
      const call = subject(edge);
      if (edge.event.type !== 'call.challenged' || !call || call.rounds < maxRounds) return;
      return outcomeOf(edge) !== 'STILL_CHALLENGED' && `it ended as ${outcomeOf(edge)}`;
    },
  },
  {
    name: '7: cancel is accepted wherever anybody waits',
    breach: ({ from }) =>
      inPhase(from, 'waiting').length > 0 &&
      !from.machine.can({ type: 'cancelled' }) &&
      'cancel is not accepted',
  },
  {
    name: '6: who began to wait after the PIN was given spends no round with that wave, everybody else one',
    breach: ({ from, event, to }) => {
      if (event.type !== 'otp.granted') return;
      const { pins } = from.machine.context;
      const hasPaidWrongly = from.calls.some((call, index) => {
        const after = to.calls[index] as WorldCall;
        if (call.phase !== 'waiting' || after.phase !== 'inFlight') return false;
        const isFree = call.pins === pins && call.freeRounds < 3;
        return after.rounds !== call.rounds + (isFree ? 0 : 1);
      });
      return hasPaidWrongly && 'a round too many, or too few';
    },
  },
  {
    name: '6: where commands are sent again one after another, each goes when the one before has settled, in their order',
    breach: ({ from, event, to }) => {
      const queued = inPhase(to, 'queued');
      const underWay = to.calls.filter(
        ({ isReplay, phase, kind }) => isReplay && phase === 'inFlight' && kind !== 'read',
      );
      if (queued.length > 0 && underWay.length > 1) return `${underWay.length} are under way`;
      const [current, ...others] = to.calls.filter(({ hasTurn }) => hasTurn);
      if (others.length > 0) return 'two have a turn';
      if (queued.length === 0) return;
      if (!current || current.sent < 2) return 'nobody has a turn';
      const index = to.calls.indexOf(current);
      const hadTurn = from.calls[index]?.hasTurn;
      const isInLineAgain = event.type === 'otp.granted' && from.calls[index]?.phase === 'waiting';
      if (hadTurn && !isInLineAgain) return;
      const before = from.calls.findIndex(({ hasTurn }) => hasTurn);
      const hasSettled = before < 0 || before === index || to.calls[before]?.phase === 'settled';
      if (event.type !== 'otp.granted' && !hasSettled) return 'the one before was overtaken';
      return queued.some(({ made }) => made < current.made) && 'a later one went first';
    },
  },
  {
    name: '8: a block is remembered until reset or recovered, a throttle until its time: whoever asks is refused with it',
    breach: (edge) => {
      const { lasting, policy } = edge.from.machine.context;
      if (!lasting || edge.event.type === 'reset' || edge.event.type === 'recovered') return;
      if (lasting.code === 'THROTTLED' && edge.from.retryDue) return;
      if (status(edge.from) === 'recovering') return; // it is being cured
      if (isInWave(edge.from)) return 'a wave runs';
      if (newPrompts(edge) > 0 || newOtps(edge).length > 0) return 'somebody was asked';
      const call = subject(edge);
      const asks =
        edge.event.type === 'call.challenged' || (edge.event.type === 'call.made' && call?.kind === 'ensure');
      if (!asks || !call) return;
      const wanted = call.rounds >= policy.maxRounds ? 'STILL_CHALLENGED' : lasting.code;
      return outcomeOf(edge) !== wanted && `ended as ${outcomeOf(edge)}`;
    },
  },
  {
    name: '8: where no denial lasts, or its time has come, whoever asks for the first time is asked for',
    breach: (edge) => {
      const { from, event, to } = edge;
      const call = subject(edge);
      const isEnsure = event.type === 'call.made' && call?.kind === 'ensure';
      const isChallenge =
        event.type === 'call.challenged' && call && !isLate(from, call) && call.rounds === 0;
      if (isInWave(from) || !(isEnsure || isChallenge) || call?.kind === 'background') return;
      const { lasting } = from.machine.context;
      const isDue = lasting?.code === 'THROTTLED' && from.retryDue;
      if (lasting && !isDue) return;
      const isUnaffordable = from.otpRequests.length >= from.otpBudget;
      if (isUnaffordable) return outcomeOf(edge) !== 'OTP_BUDGET_SPENT' && `ended as ${outcomeOf(edge)}`;
      return (newPrompts(edge) !== 1 || status(to) !== 'needStrongAuth') && 'nobody was asked';
    },
  },
  {
    name: '8: the app is asked for a cure once a wave, and while it cures nobody is asked, nothing is sent, and those who wait go on',
    breach: (edge) => {
      const { from, event, to } = edge;
      const before = status(from) === 'recovering';
      if (!before && status(to) === 'recovering') {
        if (from.machine.context.hasRecovered) return 'a second cure';
        if (!event.type.startsWith('otp.')) return `a cure for ${event.type}`;
      }
      if (status(to) === 'recovering') {
        if (newPrompts(edge) > 0 || newOtps(edge).length > 0) return 'somebody was asked';
        return !to.machine.context.failure && 'nothing is to be cured';
      }
      if (before && event.type === 'recovery.succeeded') {
        if (status(to) !== 'needStrongAuth' || newPrompts(edge) !== 1) return 'the PIN is not asked for';
        return inPhase(to, 'waiting').length !== inPhase(from, 'waiting').length && 'somebody has gone';
      }
      return before && newPrompts(edge) > 0 && 'somebody was asked without a cure';
    },
  },
  {
    name: '8: recovered forgets what lasts, and neither ends nor sends anything',
    breach: (edge) => {
      const { from, event, to } = edge;
      if (event.type !== 'recovered') return;
      if (to.machine.context.lasting) return 'it is remembered all the same';
      if (status(to) !== status(from) || totalSent(to) !== totalSent(from)) return 'something has happened';
      if (newPrompts(edge) > 0 || newOtps(edge).length > 0) return 'somebody was asked';
      if (String(childrenOf(to)) !== String(childrenOf(from))) return 'a prompt or a request has ended';
      return to.calls.some(({ phase }, index) => phase !== from.calls[index]?.phase) && 'a call has changed';
    },
  },
  {
    name: '9: replaying is told while one that waited has not settled, and no longer',
    breach: ({ to }) => {
      const isAnyOwed = to.calls.some(({ isReplay }) => isReplay);
      if (status(to) === 'replaying') return !isAnyOwed && 'every replay has settled';
      // A wave that was denied meanwhile leaves the replays of the one before as calls among others.
      const isUndenied = status(to) === 'calling' && !to.machine.context.failure;
      return isUndenied && isAnyOwed && 'a replay has not settled';
    },
  },
  {
    name: '9: the prompt never promises more attempts than the back end has said are left',
    breach: ({ to }) => {
      const { serverAttemptsLeft } = to.machine.context;
      const { prompt } = toView(to.machine);
      if (!prompt) return;
      if (prompt.attemptsLeft < 1) return 'somebody is asked without an attempt left';
      return serverAttemptsLeft !== undefined && prompt.attemptsLeft > serverAttemptsLeft && 'too many';
    },
  },
  {
    name: '9: the view tells the truth about what is in flight',
    breach: ({ to }) => {
      const { inFlight } = toView(to.machine);
      return inFlight !== inPhase(to, 'inFlight', 'queued').length > 0 && `inFlight reported as ${inFlight}`;
    },
  },
  {
    name: '9: at rest there is no call, no prompt and no delay',
    breach: ({ to }) => {
      if (!isAtRest(to)) return;
      if (inPhase(to, 'inFlight', 'waiting', 'challenged', 'queued').length > 0)
        return 'a call is outstanding';
      if (childrenOf(to).length > 0) return `${childrenOf(to)} runs`;
      return nodesOf(to).some(({ after }) => after.length > 0) && 'a delay is set';
    },
  },
];
