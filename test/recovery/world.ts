import {
  type AskInput,
  type QuestionKind,
  type RecoveryEvent,
  type RecoveryFlow,
  type RecoveryMachinePolicy,
  type RecoveryRequest,
  recoveryMachine,
  recoveryStatusOf,
  toRecoveryView,
} from 'strong-auth-machine/machine';
import type { FiniteLogic } from 'strong-auth-machine/testing';
import { type AnyStateNode, getStateNodes, initialTransition, type SnapshotFrom } from 'xstate';
import { askChart } from '../../src/testing/ask-chart.js';
import { type ArmedDelays, armedBy } from '../../src/testing/delays.js';
import { ANSWERS } from './sdk-answers.js';
import { FLOWS } from './support.js';

/*
 * The recovery machine with everything that users, the SDK and clocks can do to it: its pure transition function decides, nothing
 * runs and nothing waits. The SDK may give every answer that its reference knows to a request, whatever it said before: that
 * includes all that an account, or the simulator, can do.
 */

/** What happens: an event of the machine, or a delay of the chart that passes. */
export type Happening = RecoveryEvent | { readonly type: 'timeout'; readonly delay: string };

/** The machine at one moment, and what it has asked for so far. */
export interface RecoveryWorld {
  readonly machine: SnapshotFrom<typeof recoveryMachine>;
  /** What the user was asked, one after the other. */
  readonly questions: readonly QuestionKind[];
  /** What was asked of the SDK, one after the other; an SMS is `sendSms`. */
  readonly requests: readonly (RecoveryRequest | 'sendSms')[];
  /** How many requests were sent before the flow that runs, or ran last. */
  readonly requestsBefore: number;
  readonly armed: ArmedDelays;
  /** How the last flow ended, if it has. */
  readonly outcome: string | undefined;
  /** How it came to this: nothing in the beginning. */
  readonly last: { readonly happening: Happening; readonly before: RecoveryWorld } | undefined;
}

/** Small limits, so that every one of them is reached. */
export const POLICY: RecoveryMachinePolicy = {
  maxPinAttempts: 2,
  maxSmsAttempts: 2,
  maxSms: 2,
  answerTimeoutMs: 600_000,
  requestTimeoutMs: 30_000,
};

/** The logic of a world, whose graph the test kit can explore. */
export interface RecoveryLogic extends FiniteLogic<RecoveryWorld, Happening> {
  getInitialSnapshot(): RecoveryWorld;
  transition(world: RecoveryWorld, happening: Happening): RecoveryWorld;
}

/**
 * @param isTried Which of the things may happen that can. Default: all.
 * @param chart Another chart than the package's own, to see what a change of it does.
 */
export function createRecoveryWorld(
  isTried: (happening: Happening) => boolean = () => true,
  chart = recoveryMachine,
): RecoveryLogic {
  const [machine] = initialTransition(chart, { policy: POLICY });
  return {
    getInitialSnapshot: () => ({
      ...{ machine, questions: [], requests: [], requestsBefore: 0 },
      ...{ armed: {}, outcome: undefined, last: undefined },
    }),
    transition: after,
    eventsOf: (world) => happeningsIn(world).filter(isTried),
    keyOf,
  };
}

export const statusIn = ({ machine }: RecoveryWorld) => recoveryStatusOf(machine);
export const questionIn = ({ machine }: RecoveryWorld): AskInput | undefined =>
  toRecoveryView(machine).question;

/** @returns What has happened from the beginning to this world, and what became of it after each step. */
export function wayTo(
  world: RecoveryWorld,
): { readonly happening: Happening; readonly world: RecoveryWorld }[] {
  const steps = [];
  for (let at = world; at.last; at = at.last.before) steps.push({ happening: at.last.happening, world: at });
  return steps.reverse();
}

const nodesOf = ({ machine }: RecoveryWorld): AnyStateNode[] =>
  getStateNodes(machine.machine.root, machine.value);

/** @returns What may happen next. */
function happeningsIn(world: RecoveryWorld): Happening[] {
  const { machine } = world;
  if (machine.status !== 'active') return [];
  const ends: Happening[] = [{ type: 'cancelled' }, { type: 'reset' }, { type: 'disposed' }];
  if (machine.hasTag('settled'))
    return [...ends, ...FLOWS.map((flow) => ({ type: 'flow.started', flow }) as const)];
  const happenings = [...ends];
  for (const node of nodesOf(world)) {
    for (const { src } of node.invoke) {
      if (src === 'ask') {
        happenings.push({ type: 'answer.given' }, { type: 'answer.declined' });
        happenings.push({ type: 'answer.failed', why: 'notAnAnswer' });
        if (node.key !== 'confirmingRemoval') happenings.push({ type: 'answer.malformed' });
      } else {
        const last = world.requests[world.requests.length - 1];
        happenings.push(...ANSWERS[last as RecoveryRequest].filter((event) => canAnswer(world, event)));
      }
    }
    for (const { delay } of node.after) happenings.push({ type: 'timeout', delay: String(delay) });
    const { sms, policy } = machine.context;
    if (node.key === 'waiting' && sms < policy.maxSms) happenings.push({ type: 'resend.requested' });
  }
  return happenings;
}

/** A number is judged only where it is sent, and one that was judged well is not refused when another SMS is wanted. */
const canAnswer = ({ machine }: RecoveryWorld, { type }: RecoveryEvent): boolean =>
  type !== 'phone.malformed' || machine.context.purpose === 'phoneNumberCertification';

/** @returns The world after that. */
function after(world: RecoveryWorld, happening: Happening): RecoveryWorld {
  const events =
    happening.type === 'timeout'
      ? nodesOf(world).flatMap((node) =>
          node.after
            .filter(({ delay }) => delay === happening.delay)
            .map(({ eventType }) => ({ type: eventType })),
        )
      : [happening];
  let { machine, questions, requests, requestsBefore, armed, outcome } = world;
  for (const event of events as RecoveryEvent[]) {
    const [next, actions] = askChart<typeof recoveryMachine>(machine, event);
    machine = next;
    if (event.type === 'flow.started') {
      outcome = undefined;
      requestsBefore = requests.length;
    }
    for (const action of actions) {
      const params = action.params as
        | { src?: string; input?: AskInput & { request: RecoveryRequest }; failure?: { code: string } }
        | undefined;
      if (action.type === 'resolveFlow') outcome = 'done';
      if (action.type === 'rejectFlow' && hasFlow(world)) outcome = params?.failure?.code;
      armed = armedBy(action, armed);
      if (action.type !== 'xstate.spawnChild') continue;
      if (params?.src === 'ask') questions = [...questions, params.input?.kind as QuestionKind];
      if (params?.src === 'request') requests = [...requests, params.input?.request as RecoveryRequest];
      if (params?.src === 'sendSms') requests = [...requests, 'sendSms'];
    }
  }
  const last = { happening, before: world };
  return { machine, questions, requests, requestsBefore, armed, outcome, last };
}

const hasFlow = ({ machine }: RecoveryWorld): boolean => machine.matches('running');

/** @returns The flow whose callers wait for its end. */
export const waitingIn = ({ machine, outcome }: RecoveryWorld): RecoveryFlow[] =>
  machine.context.flow !== undefined && outcome === undefined ? [machine.context.flow] : [];

/** Left out is what decides nothing: when another SMS can be had is shown, and so is the reason of a question. */
function keyOf(world: RecoveryWorld): string {
  const { value, context } = world.machine;
  const { policy: _, failure, smsRetryAt: __, reason: ___, ...facts } = context;
  return JSON.stringify([value, failure?.code, hasFlow(world) ? facts : 'rests', waitingIn(world)]);
}
