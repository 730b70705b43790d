import { type RecoveryErrorCode, type RecoveryFailure, recoveryFailureOf } from './recovery.failures.js';
import { freshRecoveryContext, questionOf, recoverySetup } from './recovery.setup.js';
import type {
  QuestionKind,
  QuestionReason,
  RecoveryContext,
  RecoveryEvent,
  RecoveryFlow,
  RecoveryRequest,
  SmsPurpose,
} from './recovery.types.js';

/*
 * The chart: nothing but names. What they mean is in recovery.setup.ts, who does it is in src/recovery.
 *
 * A flow runs from `flow.started` to one of the states of `resting`. What holds for every step is said once, on `running`; a step
 * says only what it does otherwise. Where a list of transitions answers one event, their order is their precedence.
 *
 * Every way back is counted: wrong PINs, wrong codes, new PINs that equal the last, answers that cannot be right, and one removal.
 * So a flow ends whatever the SDK answers.
 */

type Given<Type extends RecoveryEvent['type']> = {
  readonly context: RecoveryContext;
  readonly event: Extract<RecoveryEvent, { readonly type: Type }>;
};
interface OfContext {
  readonly context: RecoveryContext;
}

/** The flow ends without an enrolled device; the facts of the event, like the SDK's code, go with it. */
const denies = <Code extends RecoveryErrorCode>(code: Code) =>
  ({
    target: '#recovery.denied',
    actions: {
      type: 'recordFailure',
      params: ({ event }: { event: RecoveryEvent }) => ({ ...event, code }),
    },
  }) as const;

const asks = <Reason extends QuestionReason>(reason: Reason) =>
  ({ type: 'recordReason', params: { reason } }) as const;

const sends = <Purpose extends SmsPurpose>(purpose: Purpose) =>
  ({
    target: '#recovery.running.sendingSms',
    actions: { type: 'recordPurpose', params: { purpose } },
  }) as const;

const ofFlow = <Flow extends RecoveryFlow>(flow: Flow) => ({ type: 'isFlow', params: { flow } }) as const;

const smsFor = <Purpose extends SmsPurpose>(purpose: Purpose) =>
  ({ type: 'isSmsFor', params: { purpose } }) as const;

const startsWith = <Flow extends RecoveryFlow>(flow: Flow) =>
  ({
    type: 'startsFlow',
    params: ({ event }: Given<'flow.started'>) => ({ flow, started: event.flow }),
  }) as const;

const begins = {
  type: 'beginFlow',
  params: ({ event }: Given<'flow.started'>) => ({ flow: event.flow }),
} as const;

/** The user is asked, under a constant id. */
const asking = <Kind extends QuestionKind>(kind: Kind) =>
  ({
    tags: 'awaitingUser',
    invoke: {
      id: 'ask',
      src: 'ask',
      input: ({ context }: OfContext) => questionOf(context, kind),
    },
    after: { answerTimeout: denies('ASK_TIMED_OUT') },
  }) as const;

/** A request is under way, under a constant id. */
const requesting = <Request extends RecoveryRequest>(request: Request) =>
  ({
    tags: 'busy',
    invoke: {
      id: 'request',
      src: 'request',
      input: ({ context }: OfContext) => ({
        request,
        pin: context.hasNewPin ? ('newPin' as const) : ('pin' as const),
        withCode: true,
      }),
    },
    after: { requestTimeout: denies('OUTCOME_UNKNOWN') },
  }) as const;

/** An SMS is asked for, under a constant id. It is counted before. */
const sendingSms = <Id extends string>(id: Id) =>
  ({
    entry: 'countSms',
    invoke: {
      id,
      src: 'sendSms',
      input: ({ context }: OfContext) => ({ purpose: context.purpose as SmsPurpose }),
    },
  }) as const;

const MALFORMED_TOO_OFTEN = {
  guard: 'isMalformedTooOften',
  target: '#recovery.denied',
  actions: { type: 'recordFailure', params: { code: 'ASK_FAILED', why: 'malformed' } },
} as const;

/** The same question again. Nothing was sent. */
const asksAgain = <State extends string>(state: State) =>
  [
    MALFORMED_TOO_OFTEN,
    { target: `#recovery.running.${state}`, reenter: true, actions: 'recordMalformed' },
  ] as const;

const ENROLLED = '#recovery.resting.done';

/** Enrolment, blocked accounts and PINs, for one signed-in account. */
export const recoveryMachine = recoverySetup.createMachine({
  id: 'recovery',
  description: 'One flow at a time, which ends with an enrolled device or with a reason.',
  // By this an inspector tells the machine of this package from an app's own.
  meta: { package: 'strong-auth-machine' },
  context: ({ input }) => freshRecoveryContext(input.policy),
  initial: 'resting',
  on: {
    reset: {
      description: 'Signed out, or the account was switched.',
      target: '.resting.idle',
      actions: [
        { type: 'rejectFlow', params: { failure: recoveryFailureOf('SIGNED_OUT') } },
        'forgetEverything',
      ],
    },
    disposed: {
      target: '.closed',
      actions: [
        { type: 'rejectFlow', params: { failure: recoveryFailureOf('DISPOSED') } },
        'forgetEverything',
      ],
    },
  },
  states: {
    resting: {
      description: 'No flow runs: no question, no request, no timer.',
      tags: 'settled',
      initial: 'idle',
      on: {
        'flow.started': [
          {
            description: 'The SDK may take the device for enrolled when the server does not.',
            guard: startsWith('enrollDevice'),
            target: 'running.readingSteps',
            actions: begins,
          },
          { guard: startsWith('unblockAccount'), target: 'running.readingAccount', actions: begins },
          { target: 'running.readingDevice', actions: begins },
        ],
      },
      states: {
        idle: { description: 'Nothing has happened yet.' },
        done: { description: 'The device is enrolled.', entry: 'resolveFlow' },
        cancelled: { description: 'The last flow was declined by the user or the host.' },
        failed: { description: 'The last flow ended in a failure, which says what helps.' },
      },
    },

    running: {
      description: 'A flow runs.',
      initial: 'readingSteps',
      on: {
        cancelled: denies('CANCELLED'),
        'answer.declined': denies('CANCELLED'),
        'answer.failed': denies('ASK_FAILED'),
        'request.failed': {
          target: '#recovery.denied',
          actions: { type: 'recordFailure', params: ({ event }: Given<'request.failed'>) => event },
        },
        'request.unsupported': denies('NOT_SUPPORTED'),
        'device.refused': denies('NOT_ENROLLED'),
        'account.blocked': [
          {
            description: 'Only removing every device helps, and only the user may decide that.',
            guard: 'canRemove',
            target: '.confirmingRemoval',
            actions: asks('accountBlocked'),
          },
          { guard: 'hasRemoved', ...denies('STILL_BLOCKED') },
          denies('ACCOUNT_BLOCKED'),
        ],
        'code.rejected': [
          {
            guard: 'hasSmsAttemptsLeft',
            target: '.awaitingCode',
            actions: { type: 'spendSmsAttempt', params: ({ event }: Given<'code.rejected'>) => event },
          },
          denies('SMS_REJECTED'),
        ],
        'pin.reused': [
          { guard: 'hasNewPinAttemptsLeft', target: '.askingNewPin', actions: 'spendNewPinAttempt' },
          denies('PIN_REUSED'),
        ],
        'pin.malformed': [
          MALFORMED_TOO_OFTEN,
          {
            description: 'The SDK would not even try it: no attempt is spent.',
            guard: 'hasNewPin',
            target: '.askingNewPin',
            actions: ['recordMalformed', 'forgetNewPin'],
          },
          { target: '.askingPin', actions: 'recordMalformed' },
        ],
        'phone.malformed': asksAgain('askingPhone'),
      },
      states: {
        readingSteps: {
          description: 'The steps are read anew, which refreshes what the SDK remembers of the device.',
          ...requesting('readSteps'),
          after: { requestTimeout: 'readingDevice' },
          on: {
            'steps.read': {
              target: 'readingDevice',
              actions: { type: 'recordSteps', params: ({ event }) => event },
            },
          },
        },
        readingDevice: {
          description: 'Is this device enrolled?',
          ...requesting('readDevice'),
          on: {
            'device.read': [
              {
                guard: {
                  type: 'isActivatedFor',
                  params: ({ event }) => ({ ...event, flow: 'changePin' }),
                },
                target: 'askingPin',
                actions: asks('needed'),
              },
              {
                guard: { type: 'isActivatedFor', params: ({ event }) => ({ ...event, flow: 'resetPin' }) },
                ...sends('resetPIN'),
              },
              {
                guard: { type: 'isEnrolled', params: ({ event }) => event },
                target: ENROLLED,
              },
              {
                description: 'Only an enrolled device can change the PIN.',
                guard: ofFlow('changePin'),
                ...denies('NOT_ENROLLED'),
              },
              {
                description:
                  'Only an enrolled device can reset the PIN; without the PIN it is enrolled only after a removal.',
                guard: ofFlow('resetPin'),
                target: 'confirmingRemoval',
                actions: asks('notEnrolled'),
              },
              { guard: ofFlow('unblockAccount'), target: 'readingPhone' },
              { target: 'readingAccount' },
            ],
            'request.unsupported': [
              {
                description: 'Some brands have no enrolment, and a PIN that can be changed.',
                guard: ofFlow('changePin'),
                target: 'askingPin',
                actions: asks('needed'),
              },
              denies('NOT_SUPPORTED'),
            ],
          },
        },
        readingAccount: {
          description: 'Is the account blocked?',
          ...requesting('readAccount'),
          on: {
            'account.read': [
              {
                guard: { type: 'mustRemove', params: ({ event }) => event },
                target: 'confirmingRemoval',
                actions: asks('accountBlocked'),
              },
              {
                description: 'It is not blocked any more.',
                guard: ofFlow('unblockAccount'),
                target: 'readingDevice',
              },
              { target: 'readingPhone' },
            ],
          },
        },
        confirmingRemoval: {
          description: 'Every device of the account is about to be removed. The user has to say yes.',
          ...asking('confirmRemoval'),
          on: { 'answer.given': 'removingDevices' },
        },
        removingDevices: {
          description: 'Every device of the account is removed, which also lifts a block.',
          ...requesting('removeDevices'),
          on: {
            'request.done': { target: 'readingPhone', actions: 'recordRemoval' },
            'account.blocked': denies('STILL_BLOCKED'),
          },
        },
        readingPhone: {
          description: 'Does the account have a trusted phone number?',
          ...requesting('readPhone'),
          on: {
            'phone.read': [
              { guard: { type: 'isKnown', params: ({ event }) => event }, ...sends('enrollment') },
              { guard: 'isPhoneTaken', ...denies('PHONE_TAKEN') },
              { guard: 'isShortcutRejected', ...denies('PIN_REJECTED') },
              { target: 'askingPhone', actions: asks('needed') },
            ],
          },
        },
        askingPhone: {
          description: 'The user is asked for the phone number.',
          ...asking('phoneNumber'),
          on: {
            'answer.given': sends('phoneNumberCertification'),
            'answer.malformed': asksAgain('askingPhone'),
          },
        },
        sendingSms: {
          description: 'An SMS is sent. The account has few in its life.',
          tags: 'busy',
          initial: 'counting',
          states: {
            counting: {
              description: 'It is counted before it is sent.',
              always: [{ guard: 'hasSmsLeft', target: 'sending' }, denies('SMS_BUDGET_SPENT')],
            },
            sending: {
              description: 'The SDK is asked to send it.',
              ...sendingSms('sendSms'),
              after: {
                requestTimeout: {
                  target: '#recovery.running.awaitingCode',
                  actions: asks('smsUncertain'),
                },
              },
            },
          },
          on: {
            'sms.sent': {
              target: 'awaitingCode',
              actions: {
                type: 'recordReason',
                params: ({ event }) => ({ reason: event.isCertain ? 'needed' : 'smsUncertain' }),
              },
            },
            'sms.unaffordable': {
              description: "The app's own limit on SMS is reached: none is sent.",
              ...denies('SMS_BUDGET_SPENT'),
            },
          },
        },
        awaitingCode: {
          description: 'The user is asked for the code of the SMS.',
          ...asking('smsCode'),
          initial: 'waiting',
          on: {
            'answer.given': [
              { guard: smsFor('enrollment'), target: 'checkingCode' },
              {
                description: 'The new PIN is there already: only the code was wrong.',
                guard: { type: 'hasNewPinFor', params: { purpose: 'resetPIN' } },
                target: 'resettingPin',
              },
              { guard: 'hasNewPin', target: 'enrollingWithPhone' },
              { target: 'askingNewPin', actions: asks('needed') },
            ],
            'answer.malformed': asksAgain('awaitingCode'),
          },
          states: {
            waiting: {
              description: 'The SMS may take its time.',
              on: { 'resend.requested': { guard: 'hasSmsLeft', target: 'resending' } },
            },
            resending: {
              description: 'Another one is sent, since the user wants it. The code can be entered meanwhile.',
              ...sendingSms('resendSms'),
              on: {
                'sms.sent': 'waiting',
                'sms.unaffordable': {
                  target: 'waiting',
                  actions: { type: 'recordNoSms', params: ({ event }) => event },
                },
                'request.failed': {
                  description: 'The one before may still arrive.',
                  target: 'waiting',
                },
              },
              after: { requestTimeout: 'waiting' },
            },
          },
        },
        checkingCode: {
          description: 'The SDK judges the code, and says whether the account has a PIN.',
          ...requesting('checkCode'),
          on: {
            'code.accepted': [
              {
                guard: { type: 'accountHasPin', params: ({ event }) => event },
                target: 'askingPin',
                actions: [asks('needed'), 'forgetNewPin'],
              },
              { guard: 'hasNewPin', target: 'enrolling' },
              { target: 'askingNewPin', actions: asks('needed') },
            ],
          },
        },
        askingPin: {
          description: 'The user is asked for the PIN of the account.',
          ...asking('pin'),
          on: {
            'answer.given': [
              {
                description: 'The new PIN is there already: only the old one was wrong.',
                guard: 'hasNewPin',
                target: 'changingPin',
              },
              { guard: ofFlow('changePin'), target: 'askingNewPin', actions: asks('needed') },
              { target: 'enrolling' },
            ],
            'answer.malformed': asksAgain('askingPin'),
          },
        },
        askingNewPin: {
          description: 'The user is asked for a new PIN.',
          ...asking('newPin'),
          on: {
            'answer.given': [
              { guard: ofFlow('changePin'), target: 'changingPin', actions: 'recordNewPin' },
              { guard: smsFor('resetPIN'), target: 'resettingPin', actions: 'recordNewPin' },
              {
                guard: smsFor('phoneNumberCertification'),
                target: 'enrollingWithPhone',
                actions: 'recordNewPin',
              },
              { target: 'enrolling', actions: 'recordNewPin' },
            ],
            'answer.malformed': asksAgain('askingNewPin'),
          },
        },
        enrolling: {
          description: 'The device is enrolled with the PIN.',
          tags: 'busy',
          initial: 'withCode',
          on: {
            'request.done': ENROLLED,
            'pin.rejected': [
              {
                description: 'A new PIN, too: then the account has one already.',
                guard: 'hasPinAttemptsLeft',
                target: 'askingPin',
                actions: ['spendPinAttempt', 'forgetNewPin'],
              },
              {
                description:
                  'The account has kept its PIN over the removal: resetting it would lead here again.',
                guard: 'hasRemoved',
                ...denies('PIN_UNKNOWN'),
              },
              denies('PIN_REJECTED'),
            ],
          },
          states: {
            withCode: {
              description: 'With the code of the SMS, which some platforms want.',
              ...requesting('enroll'),
              on: { 'code.unwanted': 'withoutCode' },
            },
            withoutCode: {
              description: 'Without it: it was used up when it was checked.',
              ...requesting('enroll'),
              invoke: {
                id: 'enrollWithoutCode',
                src: 'request',
                input: ({ context }) => ({
                  request: 'enroll',
                  pin: context.hasNewPin ? 'newPin' : 'pin',
                  withCode: false,
                }),
              },
              on: {
                'code.unwanted': [
                  {
                    description: 'It wants one after all.',
                    guard: 'hasSmsAttemptsLeft',
                    target: '#recovery.running.awaitingCode',
                    actions: { type: 'spendSmsAttempt', params: { isExpired: false } },
                  },
                  denies('SMS_REJECTED'),
                ],
              },
            },
          },
        },
        enrollingWithPhone: {
          description: 'The phone number is registered and the device enrolled, with one code.',
          ...requesting('enrollWithPhone'),
          on: {
            'request.done': ENROLLED,
            'request.unsupported': {
              description: 'Before SDK 2.1 it takes two steps, and two SMS.',
              target: 'addingPhone',
            },
            'phone.taken': {
              description: 'By another account, or by this one.',
              target: 'readingPhone',
              actions: { type: 'recordShortcut', params: { shortcut: 'phoneTaken' } },
            },
            'pin.rejected': {
              description: 'The account has a PIN already: it has to be asked for.',
              target: 'readingPhone',
              actions: [{ type: 'recordShortcut', params: { shortcut: 'pinRejected' } }, 'forgetNewPin'],
            },
          },
        },
        addingPhone: {
          description: 'The phone number is registered.',
          ...requesting('addPhone'),
          on: {
            'request.done': sends('enrollment'),
            'phone.taken': denies('PHONE_TAKEN'),
          },
        },
        resettingPin: {
          description: 'The PIN is replaced by the new one.',
          ...requesting('resetPin'),
          on: {
            'request.done': 'verifyingDevice',
            'device.refused': {
              description: 'It seemed to be enrolled.',
              target: 'confirmingRemoval',
              actions: [asks('notEnrolled'), 'forgetNewPin'],
            },
          },
        },
        verifyingDevice: {
          description: 'Is this device still enrolled?',
          ...requesting('readDevice'),
          on: {
            'device.read': [
              { guard: { type: 'isEnrolled', params: ({ event }) => event }, target: ENROLLED },
              { target: 'enrolling' },
            ],
          },
        },
        changingPin: {
          description: 'The PIN is replaced by the new one.',
          ...requesting('changePin'),
          on: {
            'request.done': ENROLLED,
            'pin.rejected': [
              { guard: 'hasPinAttemptsLeft', target: 'askingPin', actions: 'spendPinAttempt' },
              denies('PIN_REJECTED'),
            ],
          },
        },
      },
    },

    denied: {
      description: 'The flow has ended; passed through on the way to where that leaves the user.',
      entry: {
        type: 'rejectFlow',
        params: ({ context }) => ({ failure: context.failure as RecoveryFailure }),
      },
      always: [{ guard: 'isCancelled', target: 'resting.cancelled' }, { target: 'resting.failed' }],
    },

    closed: {
      description: 'Disposed of: no flow starts any more.',
      type: 'final',
    },
  },
});
