import { type Failure, failureOf } from './strong-auth.failures.js';
import { freshContext, promptOf, strongAuthSetup } from './strong-auth.setup.js';
import type { StrongAuthEvent } from './strong-auth.types.js';

/*
 * The chart: nothing but names. What they mean is in strong-auth.setup.ts, who does it is in src/.
 *
 * Calls are data in a ledger outside. It tells the machine when the first one leaves (`calls.started`), when the last one
 * has landed (`calls.landed`), and when one was challenged. A *wave* runs from entering `needStrongAuth` to its grant or
 * denial. Where a list of transitions answers one event, their order is their precedence.
 */

type Challenged = { readonly event: Extract<StrongAuthEvent, { type: 'call.challenged' }> };
type Waits = { readonly event: Extract<StrongAuthEvent, { type: 'call.challenged' | 'ensure.requested' }> };

const BLOCKED = failureOf('ACCOUNT_BLOCKED', { otpCode: 2310 });

const SPENT = {
  description: 'Replayed as often as the policy allows: this challenge is final.',
  guard: { type: 'isSpent', params: ({ event }: Challenged) => event },
  actions: {
    type: 'refuse',
    params: ({ event }: Challenged) => ({ id: event.id, failure: failureOf('STILL_CHALLENGED') }),
  },
} as const;

const BACKGROUND = {
  description: 'A background call never opens a prompt.',
  guard: { type: 'isBackground', params: ({ event }: Challenged) => event },
  actions: {
    type: 'refuse',
    params: ({ event }: Challenged) => ({ id: event.id, failure: failureOf('INTERACTION_REQUIRED') }),
  },
} as const;

const OPENS_WAVE = {
  description: 'Opens a wave.',
  target: 'needStrongAuth',
  actions: [
    { type: 'openWave', params: { inFlight: true } },
    'countWaiter',
    { type: 'hold', params: ({ event }: Waits) => ({ id: event.id }) },
  ],
} as const;

/** At rest nothing is in flight beside the wave that an `ensure` opens. */
const OPENS_LONE_WAVE = {
  ...OPENS_WAVE,
  actions: [{ type: 'openWave', params: { inFlight: false } }, OPENS_WAVE.actions[1], OPENS_WAVE.actions[2]],
} as const;

const STAYS_BLOCKED = {
  description: 'A blocked account stays blocked until reset: no prompt.',
  guard: 'isBlocked',
  actions: [
    { type: 'recordDenial', params: BLOCKED },
    { type: 'refuse', params: ({ event }: Waits) => ({ id: event.id, failure: BLOCKED }) },
  ],
} as const;

/** While a wave runs: who joins it, who leaves it, and that cancel ends it. */
const duringWave = strongAuthSetup.createStateConfig({
  on: {
    'call.challenged': [
      SPENT,
      {
        description: 'Too many wait already: this one is refused, the others are not.',
        guard: 'isFull',
        actions: {
          type: 'refuse',
          params: ({ event }) => ({ id: event.id, failure: failureOf('QUEUE_FULL') }),
        },
      },
      {
        description: 'Joins the wave, straggler and background call too.',
        actions: ['countWaiter', { type: 'hold', params: ({ event }) => ({ id: event.id }) }],
      },
    ],
    'ensure.requested': [
      {
        guard: 'isFull',
        actions: {
          type: 'refuse',
          params: ({ event }) => ({ id: event.id, failure: failureOf('QUEUE_FULL') }),
        },
      },
      { actions: ['countWaiter', { type: 'hold', params: ({ event }) => ({ id: event.id }) }] },
    ],
    'waiter.left': [
      {
        description: 'Nobody waits any more.',
        guard: 'isLastWaiter',
        target: 'denied',
        actions: { type: 'recordDenial', params: { code: 'CANCELLED' } },
      },
      { actions: 'discountWaiter' },
    ],
    cancelled: { target: 'denied', actions: { type: 'recordDenial', params: { code: 'CANCELLED' } } },
    'calls.started': { actions: 'noteTraffic' },
    'calls.landed': { actions: 'noteSilence' },
  },
});

/** Strong authentication for the calls of one signed-in account. */
export const strongAuthMachine = strongAuthSetup.createMachine({
  id: 'strongAuth',
  description: 'One prompt and one OTP for any number of calls; each call settles exactly once.',
  context: ({ input }) => freshContext(input.policy),
  initial: 'idle',
  on: {
    reset: {
      description: 'Signed out, or the account was switched.',
      target: '.idle',
      actions: [{ type: 'rejectEverything', params: { code: 'SIGNED_OUT' } }, 'forget'],
    },
    disposed: {
      target: '.closed',
      actions: [{ type: 'rejectEverything', params: { code: 'DISPOSED' } }, 'forget'],
    },
  },
  states: {
    idle: {
      description: 'Nothing outstanding, and nothing has happened yet.',
      tags: 'settled',
      on: { 'calls.started': 'calling', 'ensure.requested': OPENS_LONE_WAVE },
    },

    calling: {
      description: 'Calls are in flight; none waits for strong authentication.',
      tags: 'busy',
      on: {
        'call.challenged': [
          SPENT,
          STAYS_BLOCKED,
          {
            description: 'Sent before the last wave ended, which was denied: shares the denial.',
            guard: { type: 'isStraggler', params: ({ event }) => event },
            actions: {
              type: 'refuse',
              params: ({ event, context }) => ({ id: event.id, failure: context.failure as Failure }),
            },
          },
          BACKGROUND,
          OPENS_WAVE,
        ],
        'ensure.requested': [STAYS_BLOCKED, OPENS_WAVE],
        'calls.landed': [
          { guard: 'isCancelled', target: 'cancelled' },
          { guard: 'isDenied', target: 'failed' },
          { target: 'done' },
        ],
      },
    },

    needStrongAuth: {
      description: 'At least one call waits, and the user is asked for the PIN.',
      tags: 'awaitingUser',
      invoke: {
        id: 'enterPin',
        src: 'enterPin',
        input: ({ context }) => promptOf(context),
      },
      on: {
        ...duringWave.on,
        'pin.given': 'requestingOtp',
        'pin.malformed': [
          {
            description: 'It could not have been right: nothing was sent, no attempt is spent.',
            guard: 'hasPatience',
            target: 'needStrongAuth',
            reenter: true,
            actions: 'noteMalformed',
          },
          { target: 'denied', actions: { type: 'recordDenial', params: { code: 'PIN_ENTRY_FAILED' } } },
        ],
        'pin.declined': {
          target: 'denied',
          actions: { type: 'recordDenial', params: { code: 'CANCELLED' } },
        },
        'pin.failed': {
          target: 'denied',
          actions: { type: 'recordDenial', params: { code: 'PIN_ENTRY_FAILED' } },
        },
        'pin.unaffordable': {
          description: "The app's own limit on OTPs is reached: nobody is asked.",
          target: 'denied',
          actions: {
            type: 'recordDenial',
            params: ({ event }) => ({ code: 'OTP_BUDGET_SPENT', retryAt: event.retryAt }),
          },
        },
      },
      after: {
        pinEntryTimeout: {
          target: 'denied',
          actions: { type: 'recordDenial', params: { code: 'PIN_ENTRY_TIMED_OUT' } },
        },
      },
    },

    requestingOtp: {
      description: 'The OTP is requested with the PIN that was just entered.',
      tags: 'busy',
      initial: 'queued',
      on: {
        ...duringWave.on,
        'otp.granted': {
          target: 'replaying',
          actions: [
            { type: 'recordGrant', params: ({ event }) => ({ at: event.at }) },
            'endWave',
            { type: 'replayWaiting', params: ({ context }) => ({ wave: context.waves }) },
          ],
        },
        'otp.pinRejected': [
          { guard: 'hasAttemptsLeft', target: 'needStrongAuth', actions: 'spendAttempt' },
          {
            target: 'denied',
            actions: {
              type: 'recordDenial',
              params: ({ event }) => ({ code: 'PIN_REJECTED', otpCode: event.otpCode }),
            },
          },
        ],
        'otp.pinMalformed': [
          {
            description: 'The SDK would not even try it: no attempt is spent.',
            guard: 'hasPatience',
            target: 'needStrongAuth',
            actions: 'noteMalformed',
          },
          { target: 'denied', actions: { type: 'recordDenial', params: { code: 'PIN_ENTRY_FAILED' } } },
        ],
        'otp.denied': {
          target: 'denied',
          actions: {
            type: 'recordDenial',
            params: ({ event }) => ({ code: event.code, otpCode: event.otpCode }),
          },
        },
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
          on: {
            'otp.resetNeeded': [
              {
                description: 'This wave has had its reset step.',
                guard: 'hasReset',
                target: '#strongAuth.denied',
                actions: {
                  type: 'recordDenial',
                  params: ({ event }) => ({ code: codeAfterReset(event.otpCode), otpCode: event.otpCode }),
                },
              },
              {
                description: '2312 or 2317: once more, with the same PIN.',
                target: 'resetStep',
                actions: 'noteReset',
              },
            ],
          },
          after: {
            otpTimeout: {
              target: '#strongAuth.denied',
              actions: { type: 'recordDenial', params: { code: 'OUTCOME_UNKNOWN' } },
            },
          },
        },
        resetStep: {
          description:
            "The OTP is requested again with `resetStep`, which refreshes the SDK's cache of the device.",
          invoke: { id: 'resetStep', src: 'requestOtp', input: { resetStep: true } },
          on: {
            'otp.resetNeeded': {
              target: '#strongAuth.denied',
              actions: {
                type: 'recordDenial',
                params: ({ event }) => ({ code: codeAfterReset(event.otpCode), otpCode: event.otpCode }),
              },
            },
          },
          after: {
            otpTimeout: {
              target: '#strongAuth.denied',
              actions: { type: 'recordDenial', params: { code: 'OUTCOME_UNKNOWN' } },
            },
          },
        },
      },
    },

    replaying: {
      description: 'Granted: the waiting calls were sent again.',
      tags: 'busy',
      on: {
        'call.challenged': [
          SPENT,
          {
            description: 'Sent before the last wave ended, which was granted: sent again without a prompt.',
            guard: { type: 'isStraggler', params: ({ event }) => event },
            actions: { type: 'replayStraggler', params: ({ event }) => ({ id: event.id }) },
          },
          BACKGROUND,
          OPENS_WAVE,
        ],
        'ensure.requested': OPENS_WAVE,
        'calls.landed': 'done',
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
        { guard: 'hasCallsInFlight', target: 'calling' },
        { guard: 'isCancelled', target: 'cancelled' },
        { target: 'failed' },
      ],
    },

    done: {
      description: 'At rest: everything has settled, and no wave was denied since work began.',
      tags: 'settled',
      on: {
        'calls.started': 'calling',
        'ensure.requested': [{ ...STAYS_BLOCKED, target: 'failed' }, OPENS_LONE_WAVE],
      },
    },

    cancelled: {
      description:
        'At rest: the last denied wave was declined by the user or the host, or nobody was left waiting.',
      tags: 'settled',
      on: { 'calls.started': { target: 'calling', actions: 'forgive' }, 'ensure.requested': OPENS_LONE_WAVE },
    },

    failed: {
      description: 'At rest: the last denied wave ended in a failure, which says what helps.',
      tags: 'settled',
      on: {
        'calls.started': { target: 'calling', actions: 'forgive' },
        'ensure.requested': [STAYS_BLOCKED, OPENS_LONE_WAVE],
      },
    },

    closed: {
      description: 'Disposed of: every call is settled, and no later one is taken.',
      type: 'final',
    },
  },
});

/** @returns What it means that the device is refused even after the reset step. */
function codeAfterReset(otpCode: number | undefined) {
  return otpCode === 2312 ? 'DEVICE_UNKNOWN' : 'FORBIDDEN';
}
