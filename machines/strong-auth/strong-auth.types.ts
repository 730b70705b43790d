import type { Failure, PinEntryFault, StrongAuthErrorCode } from './strong-auth.failures.js';

/** The ledger's id of a call (or an `ensure`). Opaque: it reveals nothing about the call. */
export type CallId = number;

/** Why the PIN is asked for: for the first time, after a wrong PIN, or after a malformed one. */
export type PromptReason = 'strongAuthNeeded' | 'pinRejected' | 'pinMalformed';

/** The limits that the machine enforces. Durations are in milliseconds. */
export interface MachinePolicy {
  /**
   * How many wrong PINs a wave allows; the last one denies it with `PIN_REJECTED`.
   *
   * @default 2, in the client: this machine has no defaults
   */
  readonly maxPinAttempts: number;
  /**
   * How often a call is replayed; challenged again after that, it rejects
   * `STILL_CHALLENGED`.
   *
   * @default 1, in the client: this machine has no defaults
   */
  readonly maxRounds: number;
  /**
   * How many calls may wait at the same time; one more rejects `QUEUE_FULL`.
   *
   * @default 1000, in the client: this machine has no defaults
   */
  readonly maxWaiting: number;
  /**
   * How long one PIN entry may take.
   *
   * @default 120_000, in the client: this machine has no defaults
   */
  readonly pinEntryTimeoutMs: number;
  /**
   * How long one OTP request may take.
   *
   * @default 30_000, in the client: this machine has no defaults
   */
  readonly otpTimeoutMs: number;
}

/** What the machine remembers: facts of waves. No id, parameter, result, PIN or OTP. */
export interface StrongAuthContext {
  /** The limits. */
  readonly policy: MachinePolicy;
  /** How many waves have ended. A call that was sent when there were fewer is a straggler. */
  readonly waves: number;
  /**
   * Whether calls are in flight beside the running wave. Only up to date while a wave
   * runs; otherwise the state tells.
   */
  readonly inFlight: boolean;
  /** The number of the PIN in this wave that is asked for or was sent, from 1. */
  readonly attempt: number;
  /**
   * How many PINs were given in this wave. A call that began to wait after the last PIN may need another grant.
   */
  readonly pins: number;
  /** How many malformed PINs were entered in this wave. */
  readonly malformed: number;
  /** Why the PIN is asked for, or was asked for last. */
  readonly reason: PromptReason;
  /** How many attempts are left according to the back end, if it said so; forgotten at a grant. */
  readonly serverAttemptsLeft: number | undefined;
  /** Whether this wave has had its one `resetStep` request. */
  readonly hasReset: boolean;
  /** Whether the host can cure the account or the device (`recover`). */
  readonly recovers: boolean;
  /** Whether this wave has had its one cure. */
  readonly hasRecovered: boolean;
  /**
   * A denial that also holds for later waves: `ACCOUNT_BLOCKED` until `reset` or
   * `recovered`, `THROTTLED` until its time.
   */
  readonly lasting: Failure | undefined;
  /** Why the last wave was denied, until a wave is granted or a call starts from rest. */
  readonly failure: Failure | undefined;
  /** Epoch ms of the last grant. */
  readonly lastGrantAt: number | undefined;
}

/** What the machine is started with. */
export interface StrongAuthInput {
  /** All limits: this machine has no defaults. */
  readonly policy: MachinePolicy;
  /**
   * Whether the port `recover` is provided.
   *
   * @default false: `recovering` is never entered
   */
  readonly recovers?: boolean;
}

/** Facts about a call or an `ensure` that may wait for strong authentication, from the ledger. */
export interface WaiterFacts {
  /** The id of the call or the `ensure`. */
  readonly id: CallId;
  /** How many calls wait already. */
  readonly waiting: number;
  /** Whether the `retryAt` of a lasting denial has come. */
  readonly retryDue: boolean;
  /**
   * Whether the PIN entry itself made the call. Such a call cannot wait for the PIN,
   * because the PIN entry waits for it.
   */
  readonly ofPrompt: boolean;
}

/** Facts about one challenged call, from the ledger. */
export interface ChallengeFacts extends WaiterFacts {
  /** How many waves had ended when the call was last sent. */
  readonly wave: number;
  /** How often the call was replayed. */
  readonly rounds: number;
  /** Whether the call may open a prompt. */
  readonly interactive: boolean;
}

/** Every event of the machine. None holds anything private. */
export type StrongAuthEvent =
  // From the ledger.
  /** The first call was sent: calls are in flight from now on. */
  | { readonly type: 'calls.started' }
  /** The last call that was in flight has settled, or was challenged and waits. */
  | { readonly type: 'calls.landed' }
  /** The last replay has settled, or waits again; other calls are still in flight. */
  | { readonly type: 'replays.landed' }
  /** A call was answered with a challenge. */
  | ({ readonly type: 'call.challenged' } & ChallengeFacts)
  /** The app asks for strong authentication before a call needs it. */
  | ({ readonly type: 'ensure.requested' } & WaiterFacts)
  /** No call waits for the wave any more: each was aborted or has timed out. */
  | {
      readonly type: 'waiters.gone';
      /** How many waves had ended before the wave that the calls waited for. */
      readonly wave: number;
    }
  // From the PIN entry.
  /** A PIN that matches the pattern was entered; it is in the vault. */
  | { readonly type: 'pin.given' }
  /** A malformed PIN was entered; nothing is sent. */
  | { readonly type: 'pin.malformed' }
  /** The user declined. */
  | { readonly type: 'pin.declined' }
  /** The PIN entry itself failed. */
  | {
      readonly type: 'pin.failed';
      /** How the PIN entry failed. */
      readonly why: PinEntryFault;
    }
  /** The app's own limit on OTP requests is reached. */
  | {
      readonly type: 'pin.unaffordable';
      /** Epoch ms from which the limit allows another request. */
      readonly retryAt: number;
    }
  // From the OTP request.
  /** All earlier OTP requests were answered or have timed out. */
  | { readonly type: 'otp.lineFree' }
  /** Strong authentication is granted. */
  | {
      readonly type: 'otp.granted';
      /** When, in epoch ms. */
      readonly at: number;
    }
  /** The PIN was wrong. */
  | {
      readonly type: 'otp.pinRejected';
      /** The SDK's code. */
      readonly otpCode?: number;
      /** How many attempts are left according to the back end. */
      readonly attemptsLeft?: number;
    }
  /** The SDK rejected the PIN as malformed, without trying it. */
  | { readonly type: 'otp.pinMalformed' }
  /** The SDK's cache of the device is stale. */
  | {
      readonly type: 'otp.resetNeeded';
      /** The SDK's code. */
      readonly otpCode?: number;
    }
  /** The OTP was refused, or whether it was granted is unknown. */
  | {
      readonly type: 'otp.denied';
      /** The reason, as a code of this package. */
      readonly code: StrongAuthErrorCode;
      /** The SDK's code, if it sent one. */
      readonly otpCode?: number;
      /** Epoch ms from which the back end answers again, with `THROTTLED`. */
      readonly retryAt?: number;
    }
  // From the port `recover`.
  /** The host has cured the account or the device. */
  | { readonly type: 'recovery.succeeded' }
  /** The host could not cure it, or did not want to. */
  | { readonly type: 'recovery.failed' }
  // From the host.
  /** The host ends the running wave. */
  | { readonly type: 'cancelled' }
  /** The account or the device works again according to the host: a lasting denial is forgotten. */
  | { readonly type: 'recovered' }
  /** The user signed out, or the account was switched. */
  | { readonly type: 'reset' }
  /** The client is disposed of. */
  | { readonly type: 'disposed' };

/** The input of the PIN entry port. */
export interface EnterPinInput {
  /** The number of the PIN in this wave that is asked for, from 1. */
  readonly attempt: number;
  /** Attempts left in this wave, this one included. */
  readonly attemptsLeft: number;
  /** Why the PIN is asked for. */
  readonly reason: PromptReason;
}

/** The input of the OTP port. It has no PIN: the port takes it from the vault. */
export interface RequestOtpInput {
  /** Whether the request repeats one that was answered 2312 or 2317. */
  readonly resetStep: boolean;
}

/** The input of the port `recover`. */
export interface RecoverInput {
  /** The failure that would deny the wave. */
  readonly failure: Failure;
}

/** What a state means for a UI: nothing is outstanding, the user is asked, or something runs. */
export type StrongAuthTag = 'settled' | 'awaitingUser' | 'busy';
