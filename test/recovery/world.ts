import {
  type AskInput,
  type QuestionKind,
  type RecoveryEvent,
  type RecoveryMachinePolicy,
  type RecoveryRequest,
  recoveryMachine,
  recoveryStatusOf,
  toRecoveryView,
} from 'strong-auth-machine/machine';
import { type AnyStateNode, getStateNodes, initialTransition, type SnapshotFrom, transition } from 'xstate';

/*
 * The recovery machine with everything that users, the SDK and clocks can do to it: its pure transition function decides, nothing
 * runs and nothing waits.
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
  /** How the last flow ended, if it has. */
  readonly outcome: string | undefined;
}

/** Small limits, so that every one of them is reached. */
export const POLICY: RecoveryMachinePolicy = {
  maxPinAttempts: 2,
  maxSmsAttempts: 2,
  maxSms: 2,
  answerTimeoutMs: 600_000,
  requestTimeoutMs: 30_000,
};

const FAILED: readonly RecoveryEvent[] = [
  { type: 'request.failed', code: 'OFFLINE', apiCode: 2202 },
  { type: 'request.failed', code: 'REFUSED', apiCode: 2309 },
];
const BLOCKED: RecoveryEvent = { type: 'account.blocked', apiCode: 2310 };
const UNSUPPORTED: RecoveryEvent = { type: 'request.unsupported', apiCode: 2002 };
const WRONG_CODE: RecoveryEvent = { type: 'code.rejected', isExpired: false, apiCode: 2305 };
const OLD_CODE: RecoveryEvent = { type: 'code.rejected', isExpired: true, apiCode: 2306 };
const WRONG_PIN: RecoveryEvent = { type: 'pin.rejected', apiCode: 2308 };
const NO_PIN: RecoveryEvent = { type: 'pin.malformed' };
const SAME_PIN: RecoveryEvent = { type: 'pin.reused', apiCode: 2315 };
const NO_PHONE: RecoveryEvent = { type: 'phone.malformed' };
const TAKEN: RecoveryEvent = { type: 'phone.taken', apiCode: 2390 };
const UNWANTED: RecoveryEvent = { type: 'code.unwanted', apiCode: 2305 };
const DONE: RecoveryEvent = { type: 'request.done' };

/** What the SDK may answer to each request, written down from its reference and not from the code under test. */
export const ANSWERS: Readonly<Record<RecoveryRequest | 'sendSms', readonly RecoveryEvent[]>> = {
  readSteps: [
    { type: 'steps.read', isTodo: true },
    { type: 'steps.read', isTodo: false },
    { type: 'request.failed', code: 'OFFLINE', apiCode: 2202 },
  ],
  readDevice: [
    { type: 'device.read', isActivated: true },
    { type: 'device.read', isActivated: false },
    UNSUPPORTED,
    ...FAILED,
  ],
  readAccount: [
    { type: 'account.read', blockage: 'clear' },
    { type: 'account.read', blockage: 'blocked' },
    { type: 'account.read', blockage: 'unknown' },
    UNSUPPORTED,
    ...FAILED,
  ],
  readPhone: [
    { type: 'phone.read', isKnown: true },
    { type: 'phone.read', isKnown: false },
    UNSUPPORTED,
    ...FAILED,
  ],
  sendSms: [
    { type: 'sms.sent', at: 0, isCertain: true },
    { type: 'sms.sent', at: 0, isCertain: false },
    NO_PHONE,
    BLOCKED,
    { type: 'request.failed', code: 'SMS_REFUSED', apiCode: 2204 },
  ],
  removeDevices: [DONE, BLOCKED, ...FAILED],
  checkCode: [
    { type: 'code.accepted', hasPin: true },
    { type: 'code.accepted', hasPin: false },
    WRONG_CODE,
    OLD_CODE,
    BLOCKED,
    ...FAILED,
  ],
  addPhone: [DONE, WRONG_CODE, TAKEN, NO_PHONE, ...FAILED],
  enroll: [DONE, WRONG_PIN, NO_PIN, UNWANTED, BLOCKED, ...FAILED],
  enrollWithPhone: [DONE, WRONG_PIN, NO_PIN, WRONG_CODE, TAKEN, NO_PHONE, UNSUPPORTED, BLOCKED, ...FAILED],
  resetPin: [
    DONE,
    SAME_PIN,
    NO_PIN,
    WRONG_CODE,
    BLOCKED,
    { type: 'device.refused', apiCode: 2312 },
    ...FAILED,
  ],
  changePin: [
    DONE,
    WRONG_PIN,
    SAME_PIN,
    NO_PIN,
    BLOCKED,
    { type: 'device.refused', apiCode: 2312 },
    ...FAILED,
  ],
};

const FLOWS = ['enrollDevice', 'unblockAccount', 'resetPin', 'changePin'] as const;

export const statusIn = ({ machine }: RecoveryWorld) => recoveryStatusOf(machine);
export const questionIn = ({ machine }: RecoveryWorld): AskInput | undefined =>
  toRecoveryView(machine).question;
const nodesOf = ({ machine }: RecoveryWorld): AnyStateNode[] =>
  getStateNodes(machine.machine.root, machine.value);

export function begin(): RecoveryWorld {
  const [machine] = initialTransition(recoveryMachine, { policy: POLICY });
  return { machine, questions: [], requests: [], outcome: undefined };
}

/** @returns What may happen next. */
export function happeningsIn(world: RecoveryWorld): Happening[] {
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
export function after(world: RecoveryWorld, happening: Happening): RecoveryWorld {
  const events =
    happening.type === 'timeout'
      ? nodesOf(world).flatMap((node) =>
          node.after
            .filter(({ delay }) => delay === happening.delay)
            .map(({ eventType }) => ({ type: eventType })),
        )
      : [happening];
  let { machine, questions, requests, outcome } = world;
  for (const event of events as RecoveryEvent[]) {
    const [next, actions] = transition(recoveryMachine, machine, event);
    machine = next;
    if (event.type === 'flow.started') outcome = undefined;
    for (const action of actions) {
      const params = (action as { params?: unknown }).params as
        | { src?: string; input?: AskInput & { request: RecoveryRequest }; failure?: { code: string } }
        | undefined;
      if (action.type === 'resolveFlow') outcome = 'done';
      if (action.type === 'rejectFlow' && hasFlow(world)) outcome = params?.failure?.code;
      if (action.type !== 'xstate.spawnChild') continue;
      if (params?.src === 'ask') questions = [...questions, params.input?.kind as QuestionKind];
      if (params?.src === 'request') requests = [...requests, params.input?.request as RecoveryRequest];
      if (params?.src === 'sendSms') requests = [...requests, 'sendSms'];
    }
  }
  return { machine, questions, requests, outcome };
}

const hasFlow = ({ machine }: RecoveryWorld): boolean => machine.matches('running');

/** @returns A text that is the same for worlds that behave the same from here on. */
export function keyOf(world: RecoveryWorld): string {
  const { value, context } = world.machine;
  const { policy: _, failure, smsSentAt: __, smsRetryAt: ___, ...facts } = context;
  const rests = !hasFlow(world);
  return JSON.stringify([value, failure?.code, rests ? 'rests' : facts]);
}

/** A way to a world: what happened, and what became of it after each step. */
export interface Way {
  readonly steps: readonly { readonly happening: Happening; readonly world: RecoveryWorld }[];
  readonly world: RecoveryWorld;
}

/** One edge of the graph. */
export interface Edge {
  readonly from: Way;
  readonly happening: Happening;
  readonly to: RecoveryWorld;
}

/** Yields every edge that can be reached, those of the shortest ways first. */
export function* explore(): Generator<Edge> {
  const start: Way = { steps: [], world: begin() };
  const seen = new Map<string, Way>([[keyOf(start.world), start]]);
  for (const [, from] of seen) {
    for (const happening of happeningsIn(from.world)) {
      const to = after(from.world, happening);
      yield { from, happening, to };
      const key = keyOf(to);
      if (!seen.has(key)) seen.set(key, { steps: [...from.steps, { happening, world: to }], world: to });
    }
  }
}
