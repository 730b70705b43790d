import type { Failure, PinEntryFault, StrongAuthErrorCode } from './strong-auth.failures.js';

/** Names a call (or an `ensure`) to the ledger. Opaque: it says nothing about the call. */
export type CallId = number;

/** Why the PIN is asked for: the first time, after a wrong one, or after one that could not have been right. */
export type PromptReason = 'strongAuthNeeded' | 'pinRejected' | 'pinMalformed';

/** The limits that the machine enforces. Durations in milliseconds. */
export interface MachinePolicy {
  /** Wrong PINs after which a wave is denied `PIN_REJECTED`. The client's default: 2. */
  readonly maxPinAttempts: number;
  /** Replays of a call after which another challenge rejects it `STILL_CHALLENGED`. The client's default: 1. */
  readonly maxRounds: number;
  /** Calls that may wait at the same time; one more rejects `QUEUE_FULL`. The client's default: 1000. */
  readonly maxWaiting: number;
  /** How long one PIN entry may take. The client's default: 120,000 ms. */
  readonly pinEntryTimeoutMs: number;
  /** How long one OTP request may take. The client's default: 30,000 ms. */
  readonly otpTimeoutMs: number;
}

/** What the machine remembers: facts of waves, never an id, a parameter, a result, a PIN or an OTP. */
export interface StrongAuthContext {
  /** The limits. */
  readonly policy: MachinePolicy;
  /** Waves that have ended. A call that was sent when there were fewer is a straggler. */
  readonly waves: number;
  /** Whether calls are in flight beside the running wave; kept only while one runs, the state says it otherwise. */
  readonly inFlight: boolean;
  /** Which PIN of this wave is asked for or was sent, from 1. */
  readonly attempt: number;
  /** PINs given in this wave. A call that began to wait after the last one waits for the next wave's needs. */
  readonly pins: number;
  /** PINs of this wave that could not have been right. */
  readonly malformed: number;
  /** Why the PIN is asked for, or was last. */
  readonly reason: PromptReason;
  /** Attempts that the back end says are left, where it says so; forgotten at a grant. */
  readonly serverAttemptsLeft: number | undefined;
  /** Whether this wave has had its one `resetStep` request. */
  readonly hasReset: boolean;
  /** Whether the host can cure what a wave is denied for. */
  readonly recovers: boolean;
  /** Whether this wave has had its one cure. */
  readonly hasRecovered: boolean;
  /** The denial that holds for later waves too: `ACCOUNT_BLOCKED` until `reset` or `recovered`, `THROTTLED` until its time. */
  readonly lasting: Failure | undefined;
  /** Why the last wave was denied, until one is granted or a call starts from rest. */
  readonly failure: Failure | undefined;
  /** Epoch ms of the last grant. */
  readonly lastGrantAt: number | undefined;
}

/** What the machine is started with. */
export interface StrongAuthInput {
  /** The limits, all of them: this machine has no defaults. */
  readonly policy: MachinePolicy;
  /** Whether the port `recover` is there. Default false: `recovering` is never entered. */
  readonly recovers?: boolean;
}

/** Facts of whoever wants to wait for strong authentication, as the ledger tells them. */
export interface WaiterFacts {
  /** The call, or the `ensure`. */
  readonly id: CallId;
  /** How many wait already. */
  readonly waiting: number;
  /** Whether the time has come that a lasting denial named (`retryAt`). */
  readonly retryDue: boolean;
  /** Whether the PIN entry itself made it: it cannot wait for the PIN that waits for it. */
  readonly ofPrompt: boolean;
}

/** Facts of one challenged call, as the ledger tells them. */
export interface ChallengeFacts extends WaiterFacts {
  /** How many waves had ended when the call was (last) sent. */
  readonly wave: number;
  /** How often it was replayed already. */
  readonly rounds: number;
  /** Whether it may open a prompt. */
  readonly interactive: boolean;
}

/** Everything that can happen to the machine. Constant in number, and without anything private. */
export type StrongAuthEvent =
  // From the ledger.
  /** The first call left: calls are in flight from now on. */
  | { readonly type: 'calls.started' }
  /** The last call that was in flight has settled, or was challenged and waits. */
  | { readonly type: 'calls.landed' }
  /** The last of the calls that were sent again has settled, or waits again; others are still in flight. */
  | { readonly type: 'replays.landed' }
  /** A call was answered with a challenge. */
  | ({ readonly type: 'call.challenged' } & ChallengeFacts)
  /** Somebody asks for strong authentication before a call needs it. */
  | ({ readonly type: 'ensure.requested' } & WaiterFacts)
  /** Of those that waited for a wave nobody is left: each has given up, or run out of time. */
  | {
      readonly type: 'waiters.gone';
      /** How many waves had ended before the wave that they waited for. */
      readonly wave: number;
    }
  // From the PIN entry.
  /** A PIN was entered that could be right; it is in the vault. */
  | { readonly type: 'pin.given' }
  /** What was entered could not be right; nothing is sent. */
  | { readonly type: 'pin.malformed' }
  /** The user declined. */
  | { readonly type: 'pin.declined' }
  /** The PIN entry itself failed. */
  | {
      readonly type: 'pin.failed';
      /** How. */
      readonly why: PinEntryFault;
    }
  /** The app's own limit on OTPs is reached. */
  | {
      readonly type: 'pin.unaffordable';
      /** Epoch ms from which the limit leaves room again. */
      readonly retryAt: number;
    }
  // From the OTP request.
  /** No earlier OTP request is unanswered any more. */
  | { readonly type: 'otp.lineFree' }
  /** Strong authentication is granted. */
  | {
      readonly type: 'otp.granted';
      /** When, epoch ms. */
      readonly at: number;
    }
  /** The PIN was wrong. */
  | {
      readonly type: 'otp.pinRejected';
      /** The SDK's code. */
      readonly otpCode?: number;
      /** Attempts that the back end says are left. */
      readonly attemptsLeft?: number;
    }
  /** The SDK would not even try the PIN. */
  | { readonly type: 'otp.pinMalformed' }
  /** The SDK's cache of the device is stale. */
  | {
      readonly type: 'otp.resetNeeded';
      /** The SDK's code. */
      readonly otpCode?: number;
    }
  /** The OTP was refused, or nobody knows whether it was granted. */
  | {
      readonly type: 'otp.denied';
      /** Why, in our words. */
      readonly code: StrongAuthErrorCode;
      /** The SDK's code, if it gave one. */
      readonly otpCode?: number;
      /** Epoch ms from which the back end answers again, with `THROTTLED`. */
      readonly retryAt?: number;
    }
  // From the cure.
  /** The host has cured the account or the device. */
  | { readonly type: 'recovery.succeeded' }
  /** It could not, or did not want to. */
  | { readonly type: 'recovery.failed' }
  // From the host.
  /** The host ends the running wave. */
  | { readonly type: 'cancelled' }
  /** The host found the account or the device well again: a lasting denial is forgotten. */
  | { readonly type: 'recovered' }
  /** The user signed out, or the account was switched. */
  | { readonly type: 'reset' }
  /** The client is not wanted any more. */
  | { readonly type: 'disposed' };

/** What the PIN entry port is given. */
export interface EnterPinInput {
  /** Which PIN of this wave is asked for, from 1. */
  readonly attempt: number;
  /** Attempts left in this wave, this one included. */
  readonly attemptsLeft: number;
  /** Why it is asked for. */
  readonly reason: PromptReason;
}

/** What the OTP port is given. The PIN is not among it: the port takes it from the vault. */
export interface RequestOtpInput {
  /** Whether it is the repetition after 2312 or 2317. */
  readonly resetStep: boolean;
}

/** What the port that cures is given. */
export interface RecoverInput {
  /** Why the wave would be denied. */
  readonly failure: Failure;
}

/** What a state means for a screen: nothing outstanding, somebody is asked, or something runs. */
export type StrongAuthTag = 'settled' | 'awaitingUser' | 'busy';
