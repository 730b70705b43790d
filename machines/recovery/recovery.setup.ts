import { assign, type CallbackLogicFunction, fromCallback, setup } from 'xstate';
import {
  type RecoveryErrorCode,
  type RecoveryFailure,
  type RecoveryFailureFacts,
  recoveryFailureOf,
} from './recovery.failures.js';
import type {
  AskInput,
  QuestionKind,
  QuestionReason,
  RecoveryContext,
  RecoveryEvent,
  RecoveryFlow,
  RecoveryInput,
  RecoveryMachinePolicy,
  RecoveryTag,
  RequestInput,
  SmsInput,
  SmsPurpose,
} from './recovery.types.js';

/** Answers that cannot be right, per flow: the one that reaches this number ends it. */
const MAX_MALFORMED = 5;
/** New PINs that equal the last one, per flow. */
const MAX_NEW_PINS = 3;

const freshFlow = {
  reason: 'needed',
  pinAttempt: 1,
  newPinAttempt: 1,
  smsAttempt: 1,
  malformed: 0,
  sms: 0,
  purpose: undefined,
  smsRetryAt: undefined,
  hasNewPin: false,
  isStepTodo: false,
  hasRemoved: false,
  shortcut: 'untried',
  failure: undefined,
} as const;

/** @returns A context with nothing in it but the policy. */
export const freshRecoveryContext = (policy: RecoveryMachinePolicy): RecoveryContext => ({
  policy,
  flow: undefined,
  ...freshFlow,
});

/** @returns What the user is asked in the flow that `context` describes. */
export function questionOf(context: RecoveryContext, kind: QuestionKind): AskInput {
  const { policy, reason, pinAttempt, newPinAttempt, smsAttempt } = context;
  const [attempt, most] =
    kind === 'pin'
      ? [pinAttempt, policy.maxPinAttempts]
      : kind === 'newPin'
        ? [newPinAttempt, MAX_NEW_PINS]
        : kind === 'smsCode'
          ? [smsAttempt, policy.maxSmsAttempts]
          : [1, 1];
  return { kind, attempt, attemptsLeft: most - attempt + 1, reason };
}

/** An effect that the host of the machine provides; without one nothing is done. */
const unplugged = () => {};

/** What those who wait for the flow are told. All other actions of the chart only record. */
export const recoveryEffects = {
  /** The device is enrolled. */
  resolveFlow: unplugged as () => void,
  /** The flow has ended without. */
  rejectFlow: unplugged as (_: unknown, end: { failure: RecoveryFailure }) => void,
};

/** What a port does while it runs. It answers with events. */
export type Port<Input> = CallbackLogicFunction<RecoveryEvent, RecoveryEvent, Input>;

/** The ports of the chart. */
export interface Ports {
  /** Asks the user. Sends one of `answer.*`; before that perhaps `resend.requested`. */
  readonly ask: Port<AskInput>;
  /** Sends a request and reads its answer. */
  readonly request: Port<RequestInput>;
  /** Has an SMS sent. Sends `sms.*`, `phone.malformed` or `request.*`. */
  readonly sendSms: Port<SmsInput>;
}

/** The ports of a machine that is started or restored without any. They fail, so nothing is sent. */
export const unpluggedPorts: Ports = {
  ask: ({ sendBack }) => sendBack({ type: 'answer.failed', why: 'threw' }),
  request: ({ sendBack }) => sendBack({ type: 'request.failed', code: 'ASK_FAILED' }),
  sendSms: ({ sendBack }) => sendBack({ type: 'request.failed', code: 'ASK_FAILED' }),
};

/** The vocabulary of the chart: its ports, guards, actions and delays by name. */
export const recoverySetup = setup({
  types: {} as {
    context: RecoveryContext;
    events: RecoveryEvent;
    input: RecoveryInput;
    tags: RecoveryTag;
  },

  actors: {
    ask: fromCallback(unpluggedPorts.ask),
    request: fromCallback(unpluggedPorts.request),
    sendSms: fromCallback(unpluggedPorts.sendSms),
  },

  delays: {
    answerTimeout: ({ context }) => context.policy.answerTimeoutMs,
    /** Longer by what an earlier request, of a flow that is over, may still take. */
    requestTimeout: ({ context }) => context.policy.requestTimeoutMs,
  },

  guards: {
    isFlow: ({ context }, { flow }: { flow: RecoveryFlow }) => context.flow === flow,
    startsFlow: (_, { flow, started }: { flow: RecoveryFlow; started: RecoveryFlow }) => flow === started,
    /** The list of steps knows better than the SDK's cache. */
    isEnrolled: ({ context }, { isActivated }: { isActivated: boolean }) =>
      isActivated && !context.isStepTodo,
    isActivatedFor: ({ context }, read: { isActivated: boolean; flow: RecoveryFlow }) =>
      read.isActivated && context.flow === read.flow,
    /** Blocked; or it is to be unblocked, and nobody knows that it is not blocked. */
    mustRemove: ({ context }, { blockage }: { blockage: 'clear' | 'blocked' | 'unknown' }) =>
      blockage === 'blocked' || (blockage === 'unknown' && context.flow === 'unblockAccount'),
    canRemove: ({ context }) => !context.hasRemoved && context.flow !== 'changePin',
    hasRemoved: ({ context }) => context.hasRemoved,
    isKnown: (_, { isKnown }: { isKnown: boolean }) => isKnown,
    isPhoneTaken: ({ context }) => context.shortcut === 'phoneTaken',
    isShortcutRejected: ({ context }) => context.shortcut === 'pinRejected',
    hasSmsLeft: ({ context }) => context.sms < context.policy.maxSms,
    isSmsFor: ({ context }, { purpose }: { purpose: SmsPurpose }) => context.purpose === purpose,
    hasNewPin: ({ context }) => context.hasNewPin,
    hasNewPinFor: ({ context }, { purpose }: { purpose: SmsPurpose }) =>
      context.hasNewPin && context.purpose === purpose,
    accountHasPin: (_, { hasPin }: { hasPin: boolean }) => hasPin,
    hasPinAttemptsLeft: ({ context }) => context.pinAttempt < context.policy.maxPinAttempts,
    hasNewPinAttemptsLeft: ({ context }) => context.newPinAttempt < MAX_NEW_PINS,
    hasSmsAttemptsLeft: ({ context }) => context.smsAttempt < context.policy.maxSmsAttempts,
    isMalformedTooOften: ({ context }) => context.malformed + 1 >= MAX_MALFORMED,
    isCancelled: ({ context }) => context.failure?.code === 'CANCELLED',
  },

  actions: {
    // What the machine remembers.
    beginFlow: assign((_, { flow }: { flow: RecoveryFlow }) => ({ ...freshFlow, flow })),
    recordReason: assign((_, { reason }: { reason: QuestionReason }) => ({ reason })),
    recordSteps: assign((_, { isTodo }: { isTodo: boolean }) => ({ isStepTodo: isTodo })),
    recordPurpose: assign((_, { purpose }: { purpose: SmsPurpose }) => ({ purpose })),
    /** Before it is sent. */
    countSms: assign({ sms: ({ context }) => context.sms + 1, smsRetryAt: undefined }),
    recordNoSms: assign((_, { retryAt }: { retryAt: number }) => ({ smsRetryAt: retryAt })),
    recordNewPin: assign({ hasNewPin: true }),
    forgetNewPin: assign({ hasNewPin: false }),
    recordRemoval: assign({ hasRemoved: true }),
    recordShortcut: assign((_, { shortcut }: { shortcut: 'phoneTaken' | 'pinRejected' }) => ({
      shortcut,
    })),
    recordMalformed: assign({ malformed: ({ context }) => context.malformed + 1, reason: 'malformed' }),
    spendPinAttempt: assign({ pinAttempt: ({ context }) => context.pinAttempt + 1, reason: 'pinRejected' }),
    spendNewPinAttempt: assign({
      newPinAttempt: ({ context }) => context.newPinAttempt + 1,
      reason: 'pinReused',
      hasNewPin: false,
    }),
    spendSmsAttempt: assign(({ context }, { isExpired }: { isExpired: boolean }) => ({
      smsAttempt: context.smsAttempt + 1,
      reason: isExpired ? ('smsExpired' as const) : ('smsRejected' as const),
    })),
    recordFailure: assign((_, failure: { code: RecoveryErrorCode } & RecoveryFailureFacts) => ({
      failure: recoveryFailureOf(failure.code, failure),
    })),
    forgetEverything: assign(({ context }) => freshRecoveryContext(context.policy)),

    ...recoveryEffects,
  },
});
