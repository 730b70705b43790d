import { assign, fromCallback, setup } from 'xstate';
import {
  type Failure,
  type FailureFacts,
  failureOf,
  remedyOf,
  type StrongAuthErrorCode,
} from './strong-auth.failures.js';
import type {
  CallId,
  EnterPinInput,
  MachinePolicy,
  RecoverInput,
  RequestOtpInput,
  StrongAuthContext,
  StrongAuthEvent,
  StrongAuthInput,
  StrongAuthTag,
} from './strong-auth.types.js';

/** Entries that cannot be a PIN, per wave: the one that reaches this number ends it. */
const MAX_MALFORMED = 5;
/** How long a cure may take; an SMS may be late, and people read. Nothing waits for ever. */
export const RECOVER_TIMEOUT_MS = 30 * 60_000;

/** @returns Whether a denial holds for later waves too: a block, and a throttle whose end is known. */
const isLasting = ({ code, retryAt }: Failure): boolean =>
  code === 'ACCOUNT_BLOCKED' || (code === 'THROTTLED' && retryAt !== undefined);

/** @returns A context with nothing in it but the policy. */
export const freshContext = (policy: MachinePolicy, recovers = false): StrongAuthContext => ({
  policy,
  waves: 0,
  inFlight: false,
  attempt: 1,
  pins: 0,
  malformed: 0,
  reason: 'strongAuthNeeded',
  serverAttemptsLeft: undefined,
  hasReset: false,
  recovers,
  hasRecovered: false,
  lasting: undefined,
  failure: undefined,
  lastGrantAt: undefined,
});

/** @returns What the user is asked in the wave that `context` describes. */
export const promptOf = ({
  attempt,
  policy,
  reason,
  serverAttemptsLeft = Number.POSITIVE_INFINITY,
}: StrongAuthContext): EnterPinInput => ({
  attempt,
  attemptsLeft: Math.min(policy.maxPinAttempts - attempt + 1, serverAttemptsLeft),
  reason,
});

/** An effect that the host of the machine provides; without one nothing is done. */
const unplugged = () => {};

/** What the ledger is told to do. All other actions of the chart only record. */
export const ledgerEffects = {
  /** Keep the call back until the wave ends. `pins` counts the PINs that were given in the wave before it came. */
  hold: unplugged as (_: unknown, call: { id: CallId; pins: number }) => void,
  /** Reject this one. */
  refuse: unplugged as (_: unknown, call: { id: CallId; failure: Failure }) => void,
  /** Send this one again: its challenge is older than the grant. */
  replayStraggler: unplugged as (_: unknown, call: { id: CallId }) => void,
  /** Send again all that wait. `wave` counts the waves that have ended, this one included; `pins` the PINs given in it. */
  replayWaiting: unplugged as (_: unknown, grant: { wave: number; pins: number }) => void,
  /** Reject all that wait. */
  rejectWaiting: unplugged as (_: unknown, denial: { wave: number; failure: Failure }) => void,
  /** Reject everything outstanding and end every subscription. */
  rejectEverything: unplugged as (_: unknown, end: { code: 'SIGNED_OUT' | 'DISPOSED' }) => void,
};

/** The vocabulary of the chart: its ports, guards, actions and delays by name. */
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
      sendBack({ type: 'pin.failed', why: 'threw' }),
    ),
    /** Watches for the answer to an OTP request whose wave has ended. Sends `otp.lineFree`. */
    otpLine: fromCallback<StrongAuthEvent>(({ sendBack }) => sendBack({ type: 'otp.lineFree' })),
    /** Sends the PIN and waits for the verdict. Sends one of `otp.*`. */
    requestOtp: fromCallback<StrongAuthEvent, RequestOtpInput>(({ sendBack }) =>
      sendBack({ type: 'otp.denied', code: 'PIN_ENTRY_FAILED' }),
    ),
    /** Lets the host cure the account or the device. Sends one of `recovery.*`. */
    recover: fromCallback<StrongAuthEvent, RecoverInput>(({ sendBack }) =>
      sendBack({ type: 'recovery.failed' }),
    ),
  },

  delays: {
    pinEntryTimeout: ({ context }) => context.policy.pinEntryTimeoutMs,
    otpTimeout: ({ context }) => context.policy.otpTimeoutMs,
    /** What is left of the timeout of an earlier OTP request: at most all of it. */
    otpLineTimeout: ({ context }) => context.policy.otpTimeoutMs,
    recoverTimeout: RECOVER_TIMEOUT_MS,
  },

  guards: {
    isSpent: ({ context }, call: { rounds: number }) => call.rounds >= context.policy.maxRounds,
    isStraggler: ({ context }, call: { wave: number }) => call.wave < context.waves,
    isStragglerOfDenied: ({ context }, call: { wave: number }) =>
      call.wave < context.waves && context.failure !== undefined,
    isBackground: (_, call: { interactive: boolean }) => !call.interactive,
    isOfPrompt: (_, waiter: { ofPrompt: boolean }) => waiter.ofPrompt,
    isFull: ({ context }, { waiting }: { waiting: number }) => waiting >= context.policy.maxWaiting,
    isOfThisWave: ({ context }, { wave }: { wave: number }) => wave === context.waves,
    /** Blocked, or throttled and too early. */
    isStillDenied: ({ context: { lasting } }, { retryDue }: { retryDue: boolean }) =>
      lasting !== undefined && !(lasting.retryAt !== undefined && retryDue),
    remembersDenial: ({ context: { lasting, serverAttemptsLeft } }) =>
      lasting !== undefined || serverAttemptsLeft !== undefined,
    isDenied: ({ context }) => context.failure !== undefined,
    isCancelled: ({ context }) => context.failure?.code === 'CANCELLED',
    hasCallsInFlight: ({ context }) => context.inFlight,
    hasAttemptsLeft: ({ context }, { attemptsLeft }: { attemptsLeft?: number | undefined }) =>
      context.attempt < context.policy.maxPinAttempts && attemptsLeft !== 0,
    canBeMalformedAgain: ({ context }) => context.malformed + 1 < MAX_MALFORMED,
    hasReset: ({ context }) => context.hasReset,
    /** The host can do something about it, and has not in this wave. `isFinal`: the reset step did not help. */
    canRecover: (
      { context },
      {
        code,
        otpCode,
        isFinal,
      }: { code: StrongAuthErrorCode; otpCode?: number | undefined; isFinal: boolean },
    ) => {
      const remedy = remedyOf(code, { otpCode });
      const isCurable = remedy === 'enrollDevice' || remedy === 'unblockAccount';
      return isFinal && isCurable && context.recovers && !context.hasRecovered;
    },
  },

  actions: {
    // What the machine remembers.
    openWave: assign((_, wave: { inFlight: boolean }) => ({
      inFlight: wave.inFlight,
      attempt: 1,
      pins: 0,
      malformed: 0,
      reason: 'strongAuthNeeded' as const,
      hasReset: false,
      hasRecovered: false,
    })),
    endWave: assign({ waves: ({ context }) => context.waves + 1 }),
    recordTraffic: assign({ inFlight: true }),
    recordNoTraffic: assign({ inFlight: false }),
    recordPin: assign({ pins: ({ context }) => context.pins + 1 }),
    spendAttempt: assign({ attempt: ({ context }) => context.attempt + 1, reason: 'pinRejected' }),
    /** Kept for later waves too. None left has ended this one; the next learns of it from the back end. */
    recordAttemptsLeft: assign((_, { attemptsLeft }: { attemptsLeft?: number | undefined }) => ({
      serverAttemptsLeft: attemptsLeft || undefined,
    })),
    recordMalformed: assign({
      malformed: ({ context }) => context.malformed + 1,
      reason: 'pinMalformed',
    }),
    recordReset: assign({ hasReset: true }),
    recordDenial: assign(({ context }, denial: { code: StrongAuthErrorCode } & FailureFacts) => {
      const failure = failureOf(denial.code, denial);
      return { failure, lasting: isLasting(failure) ? failure : context.lasting };
    }),
    /** The account begins anew: with all its attempts, and perhaps another PIN. */
    recordCure: assign({
      failure: undefined,
      lasting: undefined,
      serverAttemptsLeft: undefined,
      hasRecovered: true,
      attempt: 1,
      reason: 'strongAuthNeeded',
    }),
    recordGrant: assign((_, grant: { at: number }) => ({
      failure: undefined,
      lasting: undefined,
      serverAttemptsLeft: undefined,
      lastGrantAt: grant.at,
    })),
    forgive: assign({ failure: undefined }),
    forgetLasting: assign({ lasting: undefined, serverAttemptsLeft: undefined }),
    forgetEverything: assign(({ context }) => freshContext(context.policy, context.recovers)),

    ...ledgerEffects,
  },
});
