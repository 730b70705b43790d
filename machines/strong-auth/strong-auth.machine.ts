import { type Failure, failureOf, type StrongAuthErrorCode } from './strong-auth.failures.js';
import { freshContext, promptOf, strongAuthSetup } from './strong-auth.setup.js';
import type { StrongAuthContext, StrongAuthEvent } from './strong-auth.types.js';

/*
 * The chart holds only names. strong-auth.setup.ts defines them, src/ provides the ports and effects.
 *
 * The states form groups: `resting` (nothing outstanding), `working` (calls in flight, none waits) and `wave`
 * (at least one call waits). A transition of a whole group is defined on the group. Where an event has a list
 * of transitions, the first one whose guard is true is taken.
 *
 * Calls are data in a ledger outside the machine. The ledger tells the machine when the first call is sent
 * (`calls.started`), when the last one has landed (`calls.landed`), and when a call was challenged. A *wave*
 * runs from entering `needStrongAuth` to its grant or denial. A *straggler* is a call that was sent before a
 * wave ended and is challenged after it.
 */

type Given<Type extends StrongAuthEvent['type']> = {
  readonly context: StrongAuthContext;
  readonly event: Extract<StrongAuthEvent, { readonly type: Type }>;
};
type Challenge = Given<'call.challenged'>;
type Waiter = Given<'call.challenged' | 'ensure.requested'>;

/** Denies the wave. */
const denies = (code: StrongAuthErrorCode) =>
  ({ target: '#strongAuth.denied', actions: { type: 'recordDenial', params: { code } } }) as const;

/** The denial of a device that 2312 or 2317 refused; the code tells which. */
const refusalOf = (otpCode: number | undefined) =>
  ({ code: otpCode === 2312 ? 'DEVICE_UNKNOWN' : 'FORBIDDEN', otpCode }) as const;

/** Rejects this call only. */
const refuses = (code: StrongAuthErrorCode) =>
  ({
    type: 'refuse',
    params: ({ event }: Waiter) => ({ id: event.id, failure: failureOf(code) }),
  }) as const;

/** The call waits. `pins` counts the PINs that were given in the wave before it came. */
const holds = {
  type: 'hold',
  params: ({ context, event }: Waiter) => ({ id: event.id, pins: context.pins }),
} as const;

const opensWave = (inFlight: boolean) =>
  ({
    description: 'Opens a wave.',
    target: '#strongAuth.wave',
    actions: [{ type: 'openWave', params: { inFlight } }, holds],
  }) as const;

const REPLAYED_TOO_OFTEN = {
  description: 'Replayed as often as the policy allows: this challenge is final.',
  guard: { type: 'isSpent', params: ({ event }: Challenge) => event },
  actions: refuses('STILL_CHALLENGED'),
} as const;

const STILL_DENIED = {
  description: 'Blocked, until `reset` or `recovered`; or throttled, until its time. Nobody is asked.',
  guard: { type: 'isStillDenied', params: ({ event }: Waiter) => event },
  actions: [
    { type: 'recordDenial', params: ({ context }: Waiter) => context.lasting as Failure },
    {
      type: 'refuse',
      params: ({ context, event }: Waiter) => ({ id: event.id, failure: context.lasting as Failure }),
    },
  ],
} as const;

const MADE_BY_THE_PROMPT = {
  description: 'The PIN entry itself made it: it would wait for the PIN that waits for it.',
  guard: { type: 'isOfPrompt', params: ({ event }: Waiter) => event },
  actions: refuses('INTERACTION_REQUIRED'),
} as const;

const TOO_MANY_WAIT = {
  description: 'Too many wait already: this one is refused, the others are not.',
  guard: { type: 'isFull', params: ({ event }: Waiter) => event },
  actions: refuses('QUEUE_FULL'),
} as const;

const JOINS = {
  description: 'Joins the wave, a straggler and a background call too.',
  actions: holds,
} as const;

/** Strong authentication for the calls of one signed-in account. */
export const strongAuthMachine = strongAuthSetup.createMachine({
  id: 'strongAuth',
  description: 'One prompt and one OTP for any number of calls; each call settles exactly once.',
  // By this, an inspector tells this package's machine from the machines of an app.
  meta: { package: 'strong-auth-machine' },
  context: ({ input }) => freshContext(input.policy, input.recovers),
  initial: 'resting',
  on: {
    recovered: [
      {
        description: 'The host found the account well again: nothing ends, and nothing is sent.',
        guard: 'remembersDenial',
        actions: 'forgetLasting',
      },
      { description: 'Nothing is remembered.' },
    ],
    reset: {
      description: 'Signed out, or the account was switched.',
      target: '.resting.idle',
      actions: [{ type: 'rejectEverything', params: { code: 'SIGNED_OUT' } }, 'forgetEverything'],
    },
    disposed: {
      target: '.closed',
      actions: [{ type: 'rejectEverything', params: { code: 'DISPOSED' } }, 'forgetEverything'],
    },
  },
  states: {
    resting: {
      description: 'Nothing is outstanding: no call, no prompt, no timer.',
      tags: 'settled',
      initial: 'idle',
      on: {
        'calls.started': [
          {
            description: 'A call that starts from rest starts with a clean slate.',
            guard: 'isDenied',
            target: 'working',
            actions: 'forgive',
          },
          { target: 'working' },
        ],
        'ensure.requested': [{ ...STILL_DENIED, target: '.failed' }, opensWave(false)],
      },
      states: {
        idle: { description: 'Nothing has happened yet.' },
        done: { description: 'Everything has settled, and no wave was denied since work began.' },
        cancelled: {
          description:
            'The last denied wave was declined by the user or the host, or nobody was left waiting.',
        },
        failed: { description: 'The last denied wave ended in a failure, which says what helps.' },
      },
    },

    working: {
      description: 'Calls are in flight; none waits for strong authentication.',
      tags: 'busy',
      initial: 'calling',
      on: {
        'call.challenged': [
          REPLAYED_TOO_OFTEN,
          STILL_DENIED,
          {
            description: 'A straggler of a wave that was denied: shares the denial.',
            guard: { type: 'isStragglerOfDenied', params: ({ event }) => event },
            actions: {
              type: 'refuse',
              params: ({ event, context }) => ({ id: event.id, failure: context.failure as Failure }),
            },
          },
          {
            description: 'A straggler of a wave that was granted: sent again without a prompt.',
            guard: { type: 'isStraggler', params: ({ event }) => event },
            actions: { type: 'replayStraggler', params: ({ event }) => ({ id: event.id }) },
          },
          {
            description: 'A background call never opens a prompt.',
            guard: { type: 'isBackground', params: ({ event }) => event },
            actions: refuses('INTERACTION_REQUIRED'),
          },
          opensWave(true),
        ],
        'ensure.requested': [STILL_DENIED, opensWave(true)],
        'calls.landed': [
          { guard: 'isCancelled', target: 'resting.cancelled' },
          { guard: 'isDenied', target: 'resting.failed' },
          { target: 'resting.done' },
        ],
      },
      states: {
        calling: { description: 'None of them was kept waiting by the last wave.' },
        replaying: {
          description:
            'Granted: those that waited were sent again, and at least one of them has not settled.',
          on: { 'replays.landed': 'calling' },
        },
      },
    },

    wave: {
      description: 'At least one call, or one `ensure`, waits for strong authentication.',
      initial: 'needStrongAuth',
      on: {
        'call.challenged': [REPLAYED_TOO_OFTEN, MADE_BY_THE_PROMPT, TOO_MANY_WAIT, JOINS],
        'ensure.requested': [MADE_BY_THE_PROMPT, TOO_MANY_WAIT, JOINS],
        'waiters.gone': [
          {
            description: 'Nobody is left waiting.',
            guard: { type: 'isOfThisWave', params: ({ event }) => event },
            ...denies('CANCELLED'),
          },
          { description: 'They left a wave that is over by now: this one goes on.' },
        ],
        cancelled: denies('CANCELLED'),
        'calls.started': { actions: 'recordTraffic' },
        'calls.landed': { actions: 'recordNoTraffic' },
      },
      states: {
        needStrongAuth: {
          description: 'The user is asked for the PIN.',
          tags: 'awaitingUser',
          invoke: { id: 'enterPin', src: 'enterPin', input: ({ context }) => promptOf(context) },
          on: {
            'pin.given': { target: 'requestingOtp', actions: 'recordPin' },
            'pin.malformed': [
              {
                description: 'It could not have been right: nothing was sent, no attempt is spent.',
                guard: 'canBeMalformedAgain',
                target: 'needStrongAuth',
                reenter: true,
                actions: 'recordMalformed',
              },
              {
                target: '#strongAuth.denied',
                actions: { type: 'recordDenial', params: { code: 'PIN_ENTRY_FAILED', why: 'malformed' } },
              },
            ],
            'pin.declined': denies('CANCELLED'),
            'pin.failed': {
              target: '#strongAuth.denied',
              actions: {
                type: 'recordDenial',
                params: ({ event }) => ({ code: 'PIN_ENTRY_FAILED', why: event.why }),
              },
            },
            'pin.unaffordable': {
              description: "The app's own limit on OTPs is reached: nobody is asked.",
              target: '#strongAuth.denied',
              actions: {
                type: 'recordDenial',
                params: ({ event }) => ({ code: 'OTP_BUDGET_SPENT', retryAt: event.retryAt }),
              },
            },
          },
          after: { pinEntryTimeout: denies('PIN_ENTRY_TIMED_OUT') },
        },

        requestingOtp: {
          description: 'The OTP is requested with the PIN that was just entered.',
          tags: 'busy',
          initial: 'queued',
          on: {
            'otp.granted': {
              target: '#strongAuth.working.replaying',
              actions: [
                { type: 'recordGrant', params: ({ event }) => ({ at: event.at }) },
                'endWave',
                {
                  type: 'replayWaiting',
                  params: ({ context }) => ({ wave: context.waves, pins: context.pins }),
                },
              ],
            },
            'otp.pinRejected': [
              {
                guard: { type: 'hasAttemptsLeft', params: ({ event }) => event },
                target: 'needStrongAuth',
                actions: ['spendAttempt', { type: 'recordAttemptsLeft', params: ({ event }) => event }],
              },
              {
                target: '#strongAuth.denied',
                actions: [
                  {
                    type: 'recordDenial',
                    params: ({ event }) => ({ code: 'PIN_REJECTED', otpCode: event.otpCode }),
                  },
                  { type: 'recordAttemptsLeft', params: ({ event }) => event },
                ],
              },
            ],
            'otp.pinMalformed': [
              {
                description: 'The SDK would not even try it: no attempt is spent.',
                guard: 'canBeMalformedAgain',
                target: 'needStrongAuth',
                actions: 'recordMalformed',
              },
              {
                target: '#strongAuth.denied',
                actions: { type: 'recordDenial', params: { code: 'PIN_ENTRY_FAILED', why: 'malformed' } },
              },
            ],
            'otp.resetNeeded': [
              {
                description: 'The reset step did not help: the host may.',
                guard: {
                  type: 'canRecover',
                  params: ({ context, event }) => ({
                    ...refusalOf(event.otpCode),
                    isFinal: context.hasReset,
                  }),
                },
                target: 'recovering',
                actions: { type: 'recordDenial', params: ({ event }) => refusalOf(event.otpCode) },
              },
              {
                description: 'This wave has had its reset step.',
                guard: 'hasReset',
                target: '#strongAuth.denied',
                actions: { type: 'recordDenial', params: ({ event }) => refusalOf(event.otpCode) },
              },
              {
                description: '2312 or 2317: once more, with the same PIN.',
                target: '.resetStep',
                actions: 'recordReset',
              },
            ],
            'otp.denied': [
              {
                description: 'Blocked, or the device is not enrolled: the host may help.',
                guard: { type: 'canRecover', params: ({ event }) => ({ ...event, isFinal: true }) },
                target: 'recovering',
                actions: { type: 'recordDenial', params: ({ event }) => event },
              },
              {
                target: '#strongAuth.denied',
                actions: { type: 'recordDenial', params: ({ event }) => event },
              },
            ],
          },
          states: {
            queued: {
              description:
                'The SDK cannot abort: an OTP request of an earlier wave is answered, or timed out, first.',
              invoke: { id: 'otpLine', src: 'otpLine' },
              on: { 'otp.lineFree': 'withPin' },
              after: { otpLineTimeout: 'withPin' },
            },
            withPin: {
              description: 'The OTP is requested with the PIN.',
              invoke: { id: 'withPin', src: 'requestOtp', input: { resetStep: false } },
              after: { otpTimeout: denies('OUTCOME_UNKNOWN') },
            },
            resetStep: {
              description:
                "The OTP is requested again with `resetStep`, which refreshes the SDK's cache of the device.",
              invoke: { id: 'resetStep', src: 'requestOtp', input: { resetStep: true } },
              after: { otpTimeout: denies('OUTCOME_UNKNOWN') },
            },
          },
        },

        recovering: {
          description: 'The host cures the account or the device, while those who wait go on waiting.',
          tags: 'busy',
          invoke: {
            id: 'recover',
            src: 'recover',
            input: ({ context }) => ({ failure: context.failure as Failure }),
          },
          on: {
            'recovery.succeeded': {
              description: 'The PIN is asked for again; it may be another one.',
              target: 'needStrongAuth',
              actions: 'recordCure',
            },
            'recovery.failed': {
              description: 'The wave is denied for what it would have been denied for.',
              target: '#strongAuth.denied',
            },
          },
          after: { recoverTimeout: '#strongAuth.denied' },
        },
      },
    },

    denied: {
      description:
        'The wave has ended without a grant; passed through on the way to where that leaves the others.',
      entry: [
        'endWave',
        {
          type: 'rejectWaiting',
          params: ({ context }) => ({ wave: context.waves, failure: context.failure as Failure }),
        },
      ],
      always: [
        { guard: 'hasCallsInFlight', target: 'working' },
        { guard: 'isCancelled', target: 'resting.cancelled' },
        { target: 'resting.failed' },
      ],
    },

    closed: {
      description: 'Disposed of: every call is settled, and no later one is taken.',
      type: 'final',
    },
  },
});
