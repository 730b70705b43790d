import { type StrongAuthStatus, statusOf, toView } from 'strong-auth-machine/machine';
import type { World, WorldCall, WorldEvent } from 'strong-auth-machine/testing';

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
const IN_WAVE: readonly StrongAuthStatus[] = ['needStrongAuth', 'requestingOtp'];
const ENDINGS: readonly WorldEvent['type'][] = ['cancelled', 'reset', 'disposed'];

const status = (world: World) => statusOf(world.machine);
const isAtRest = (world: World) => AT_REST.includes(status(world));
const isInWave = (world: World) => IN_WAVE.includes(status(world));
const inPhase = (world: World, ...phases: WorldCall['phase'][]) =>
  world.calls.filter(({ phase }) => phases.includes(phase));
const childrenOf = (world: World) => Object.keys(world.machine.children);
const isLate = (world: World, call: WorldCall) => call.wave < world.machine.context.waves;
const newOtps = ({ from, to }: Edge) => to.otpRequests.slice(from.otpRequests.length);
const newPrompts = ({ from, to }: Edge) => to.prompts - from.prompts;
const totalSent = ({ calls }: World) => calls.reduce((sum, { sent }) => sum + sent, 0);
const subject = ({ from, event }: Edge) => ('call' in event ? from.calls[event.call] : undefined);
const outcomeOf = ({ to, event }: Edge) => ('call' in event ? to.calls[event.call]?.outcome : undefined);

/** The rules of the design, section 2, by number. */
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
      const [resetStep] = newOtps(edge);
      if (resetStep === undefined) return;
      const { hasReset } = edge.from.machine.context;
      if (resetStep)
        return (
          (edge.event.type !== 'otp.resetNeeded' || hasReset) && 'a reset step that is not the first answer'
        );
      const wasQueued = edge.from.machine.matches({ requestingOtp: 'queued' });
      return (
        edge.event.type !== 'pin.given' &&
        !wasQueued &&
        `an OTP request on ${edge.event.type}, without a new PIN`
      );
    },
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
      const hasDelay = to.machine._nodes.some(({ after }) => after.length > 0);
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
      if (context.failure) return outcomeOf(edge) !== context.failure.code && `ended as ${outcomeOf(edge)}`;
      return edge.to.calls[edge.event.call]?.sent !== call.sent + 1 && 'it was not sent again';
    },
  },
  {
    name: '4: a call challenged while a wave runs joins it, and nobody else notices',
    breach: (edge) => {
      const call = subject(edge);
      if (edge.event.type !== 'call.challenged' || !call || !isInWave(edge.from)) return;
      const { policy, waiting } = edge.from.machine.context;
      if (status(edge.to) !== status(edge.from) || newPrompts(edge) > 0) return 'the wave was disturbed';
      if (call.rounds >= policy.maxRounds)
        return outcomeOf(edge) !== 'STILL_CHALLENGED' && `ended as ${outcomeOf(edge)}`;
      if (waiting >= policy.maxWaiting)
        return outcomeOf(edge) !== 'QUEUE_FULL' && `ended as ${outcomeOf(edge)}`;
      return edge.to.calls[edge.event.call]?.phase !== 'waiting' && 'it does not wait';
    },
  },
  {
    name: '4: calls go on being sent and settled while a wave runs',
    breach: ({ from, event, to }) =>
      isInWave(from) &&
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
      if (totalSent(edge.to) > totalSent(edge.from) || newOtps(edge).length > 0) return 'something was sent';
      return childrenOf(edge.to).length > 0 && `${childrenOf(edge.to)} still runs`;
    },
  },
  {
    name: '5: a late OTP changes nothing, except that a queued request may go',
    breach: (edge) => {
      if (edge.event.type !== 'otp.answeredLate') return;
      if (totalSent(edge.to) > totalSent(edge.from)) return 'a call was replayed';
      const wasQueued = edge.from.machine.matches({ requestingOtp: 'queued' });
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
      if (edge.to.calls.some(({ sent }) => sent > 1 + maxRounds)) return 'it was sent too often';
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
    name: '8: a blocked account is remembered until reset: no prompt, no OTP, and whoever asks is refused with it',
    breach: (edge) => {
      if (!edge.from.machine.context.blocked || edge.event.type === 'reset') return;
      if (newPrompts(edge) > 0 || newOtps(edge).length > 0) return 'somebody was asked';
      const call = subject(edge);
      const asks =
        edge.event.type === 'call.challenged' || (edge.event.type === 'call.made' && call?.kind === 'ensure');
      if (!asks || !call) return;
      const wanted =
        call.rounds >= edge.from.machine.context.policy.maxRounds ? 'STILL_CHALLENGED' : 'ACCOUNT_BLOCKED';
      return outcomeOf(edge) !== wanted && `ended as ${outcomeOf(edge)}`;
    },
  },
  {
    name: '9: the view tells the truth about who waits and what is in flight',
    breach: ({ to }) => {
      const view = toView(to.machine);
      if (view.waiting !== inPhase(to, 'waiting').length) return `${view.waiting} reported as waiting`;
      return view.inFlight !== inPhase(to, 'inFlight').length > 0 && `inFlight reported as ${view.inFlight}`;
    },
  },
  {
    name: '9: at rest there is no call, no prompt and no delay',
    breach: ({ to }) => {
      if (!isAtRest(to)) return;
      if (inPhase(to, 'inFlight', 'waiting', 'challenged').length > 0) return 'a call is outstanding';
      if (childrenOf(to).length > 0) return `${childrenOf(to)} runs`;
      return to.machine._nodes.some(({ after }) => after.length > 0) && 'a delay is set';
    },
  },
];
