import { assign, type CallbackLogicFunction, fromCallback, setup } from 'xstate';
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

/** How many malformed PINs end a wave. */
const MAX_MALFORMED = 5;
/**
 * How long a cure may take. It is long because an SMS may be late and people read; it ends
 * so that no call waits forever.
 */
export const RECOVER_TIMEOUT_MS = 30 * 60_000;

/** @returns Whether a denial also holds for later waves: a block, or a throttle whose end is known. */
const isLasting = ({ code, retryAt }: Failure): boolean =>
  code === 'ACCOUNT_BLOCKED' || (code === 'THROTTLED' && retryAt !== undefined);

/** @returns The initial context. */
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

/** A placeholder for an effect that the host of the machine provides. It does nothing. */
const unplugged = () => {};

/** The orders to the ledger. All other actions of the chart only record. */
export const ledgerEffects = {
  /**
   * Hold the call back until the wave ends. `pins` counts the PINs that were given in
   * the wave before the call came.
   */
  hold: unplugged as (_: unknown, call: { id: CallId; pins: number }) => void,
  /** Reject this call. */
  refuse: unplugged as (_: unknown, call: { id: CallId; failure: Failure }) => void,
  /** Replay this call: it was sent before the grant. */
  replayStraggler: unplugged as (_: unknown, call: { id: CallId }) => void,
  /**
   * Replay all waiting calls. `wave` counts the waves that have ended, this one
   * included; `pins` the PINs given in it.
   */
  replayWaiting: unplugged as (_: unknown, grant: { wave: number; pins: number }) => void,
  /** Reject all waiting calls. */
  rejectWaiting: unplugged as (_: unknown, denial: { wave: number; failure: Failure }) => void,
  /** Reject all outstanding calls and end every subscription. */
  rejectEverything: unplugged as (_: unknown, end: { code: 'SIGNED_OUT' | 'DISPOSED' }) => void,
};

/** What a port does while it runs. It answers with events. */
export type Port<Input = unknown> = CallbackLogicFunction<StrongAuthEvent, StrongAuthEvent, Input>;

/** The ports of the chart. */
export interface Ports {
  /** Asks the user. Sends one of `pin.*`. */
  readonly enterPin: Port<EnterPinInput>;
  /** Waits for the answer to an OTP request whose wave has ended. Sends `otp.lineFree`. */
  readonly otpLine: Port;
  /** Sends the PIN and waits for the answer. Sends one of `otp.*`. */
  readonly requestOtp: Port<RequestOtpInput>;
  /** Lets the host cure the account or the device. Sends one of `recovery.*`. */
  readonly recover: Port<RecoverInput>;
}

/** The ports of a machine that is started or restored without any. They deny, so nothing is sent. */
export const unpluggedPorts: Ports = {
  enterPin: ({ sendBack }) => sendBack({ type: 'pin.failed', why: 'threw' }),
  otpLine: ({ sendBack }) => sendBack({ type: 'otp.lineFree' }),
  requestOtp: ({ sendBack }) => sendBack({ type: 'otp.denied', code: 'PIN_ENTRY_FAILED' }),
  recover: ({ sendBack }) => sendBack({ type: 'recovery.failed' }),
};

/** The vocabulary of the chart: its ports, guards, actions and delays by name. */
export const strongAuthSetup = setup({
  types: {} as {
    context: StrongAuthContext;
    events: StrongAuthEvent;
    input: StrongAuthInput;
    tags: StrongAuthTag;
  },

  actors: {
    enterPin: fromCallback(unpluggedPorts.enterPin),
    otpLine: fromCallback(unpluggedPorts.otpLine),
    requestOtp: fromCallback(unpluggedPorts.requestOtp),
    recover: fromCallback(unpluggedPorts.recover),
  },

  delays: {
    pinEntryTimeout: ({ context }) => context.policy.pinEntryTimeoutMs,
    otpTimeout: ({ context }) => context.policy.otpTimeoutMs,
    /** The rest of the timeout of an earlier OTP request. Default: the whole timeout, its maximum. */
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
    /** Blocked, or throttled and `retryAt` has not come. */
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
    /**
     * The host can cure this, and has not tried in this wave. `isFinal` is false while
     * the reset step may still help.
     */
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
    // These actions record.
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
    /**
     * Kept for later waves too. 0 has ended this wave and is not kept: in the next one, the back end decides.
     */
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
    /** After a cure the account starts again with all its attempts, and perhaps with another PIN. */
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
