import { assign, fromCallback, setup } from 'xstate';
import { type Failure, failureOf, type StrongAuthErrorCode } from './strong-auth.failures.js';
import type {
  CallId,
  EnterPinInput,
  MachinePolicy,
  RequestOtpInput,
  StrongAuthContext,
  StrongAuthEvent,
  StrongAuthInput,
  StrongAuthTag,
} from './strong-auth.types.js';

/** Entries that cannot be a PIN, per wave: the one that reaches this number ends it. */
const MAX_MALFORMED = 5;

/** @returns A context with nothing in it but the policy. */
export const freshContext = (policy: MachinePolicy): StrongAuthContext => ({
  policy,
  waves: 0,
  waiting: 0,
  inFlight: false,
  attempt: 1,
  malformed: 0,
  reason: 'strongAuthNeeded',
  hasReset: false,
  blocked: false,
  failure: undefined,
  lastGrantAt: undefined,
});

/** @returns What the user is asked in the wave that `context` counts. */
export const promptOf = ({ attempt, policy, reason }: StrongAuthContext): EnterPinInput => ({
  attempt,
  attemptsLeft: policy.maxPinAttempts - attempt + 1,
  reason,
});

/** An effect that the host of the machine provides; without one nothing is done. */
const unplugged = () => {};

/** The vocabulary of the chart: its ports, questions, deeds and delays by name. */
export const strongAuthSetup = setup({
  types: {} as {
    context: StrongAuthContext;
    events: StrongAuthEvent;
    input: StrongAuthInput;
    tags: StrongAuthTag;
  },

  // The ports answer with events. Unplugged, as in a machine restored or started by itself, they fail closed.
  actors: {
    /** Asks the user. Sends one of `pin.*`. */
    enterPin: fromCallback<StrongAuthEvent, EnterPinInput>(({ sendBack }) =>
      sendBack({ type: 'pin.failed' }),
    ),
    /** Watches for the answer to an OTP request whose wave has ended. Sends `otp.lineFree`. */
    otpLine: fromCallback<StrongAuthEvent>(({ sendBack }) => sendBack({ type: 'otp.lineFree' })),
    /** Sends the PIN and waits for the verdict. Sends one of `otp.*`. */
    requestOtp: fromCallback<StrongAuthEvent, RequestOtpInput>(({ sendBack }) =>
      sendBack({ type: 'otp.denied', code: 'PIN_ENTRY_FAILED' }),
    ),
  },

  delays: {
    pinEntryTimeout: ({ context }) => context.policy.pinEntryTimeoutMs,
    otpTimeout: ({ context }) => context.policy.otpTimeoutMs,
    /** What is left of the timeout of an earlier OTP request: at most all of it. */
    otpLineTimeout: ({ context }) => context.policy.otpTimeoutMs,
  },

  guards: {
    isSpent: ({ context }, call: { rounds: number }) => call.rounds >= context.policy.maxRounds,
    isStraggler: ({ context }, call: { wave: number }) => call.wave < context.waves,
    isBackground: (_, call: { interactive: boolean }) => !call.interactive,
    isFull: ({ context }) => context.waiting >= context.policy.maxWaiting,
    isLastWaiter: ({ context }) => context.waiting <= 1,
    isBlocked: ({ context }) => context.blocked,
    isDenied: ({ context }) => context.failure !== undefined,
    isCancelled: ({ context }) => context.failure?.code === 'CANCELLED',
    hasCallsInFlight: ({ context }) => context.inFlight,
    hasAttemptsLeft: ({ context }) => context.attempt < context.policy.maxPinAttempts,
    hasPatience: ({ context }) => context.malformed + 1 < MAX_MALFORMED,
    hasReset: ({ context }) => context.hasReset,
  },

  actions: {
    // What the machine remembers.
    openWave: assign((_, wave: { inFlight: boolean }) => ({
      waiting: 0,
      inFlight: wave.inFlight,
      attempt: 1,
      malformed: 0,
      reason: 'strongAuthNeeded' as const,
      hasReset: false,
    })),
    endWave: assign({ waves: ({ context }) => context.waves + 1, waiting: 0 }),
    countWaiter: assign({ waiting: ({ context }) => context.waiting + 1 }),
    discountWaiter: assign({ waiting: ({ context }) => context.waiting - 1 }),
    noteTraffic: assign({ inFlight: true }),
    noteSilence: assign({ inFlight: false }),
    spendAttempt: assign({ attempt: ({ context }) => context.attempt + 1, reason: 'pinRejected' }),
    noteMalformed: assign({ malformed: ({ context }) => context.malformed + 1, reason: 'pinMalformed' }),
    noteReset: assign({ hasReset: true }),
    recordDenial: assign(
      (
        { context },
        denial: { code: StrongAuthErrorCode; otpCode?: number | undefined; retryAt?: number | undefined },
      ) => ({
        failure: failureOf(denial.code, denial),
        blocked: context.blocked || denial.code === 'ACCOUNT_BLOCKED',
      }),
    ),
    recordGrant: assign((_, grant: { at: number }) => ({ failure: undefined, lastGrantAt: grant.at })),
    forgive: assign({ failure: undefined }),
    forget: assign(({ context }) => freshContext(context.policy)),

    // What the ledger is told to do.
    /** Keep the call back until the wave ends. */
    hold: unplugged as (_: unknown, call: { id: CallId }) => void,
    /** Reject this one. */
    refuse: unplugged as (_: unknown, call: { id: CallId; failure: Failure }) => void,
    /** Send this one again: its challenge is older than the grant. */
    replayStraggler: unplugged as (_: unknown, call: { id: CallId }) => void,
    /** Send again all that wait. `wave` counts the waves that have ended, this one included. */
    replayWaiting: unplugged as (_: unknown, grant: { wave: number }) => void,
    /** Reject all that wait. */
    rejectWaiting: unplugged as (_: unknown, denial: { wave: number; failure: Failure }) => void,
    /** Reject everything outstanding and end every subscription. */
    rejectEverything: unplugged as (_: unknown, end: { code: 'SIGNED_OUT' | 'DISPOSED' }) => void,
  },
});
