import type { Failure, StrongAuthErrorCode } from './strong-auth.failures.js';

/** Names a call (or an `ensure`) to the ledger. Opaque: it says nothing about the call. */
export type CallId = number;

/** Why the PIN is asked for: the first time, after a wrong one, or after one that could not have been right. */
export type PromptReason = 'strongAuthNeeded' | 'pinRejected' | 'pinMalformed';

/** The limits that the machine enforces. Durations in milliseconds. */
export interface MachinePolicy {
  /** Wrong PINs per wave before it is denied. */
  readonly maxPinAttempts: number;
  /** Replays per call before it is refused. */
  readonly maxRounds: number;
  /** Calls that may wait at the same time. */
  readonly maxWaiting: number;
  /** How long one PIN entry may take. */
  readonly pinEntryTimeoutMs: number;
  /** How long one OTP request may take. */
  readonly otpTimeoutMs: number;
}

/** What the machine remembers: counts and facts, never an id, a parameter, a result, a PIN or an OTP. */
export interface StrongAuthContext {
  /** The limits. */
  readonly policy: MachinePolicy;
  /** Waves that have ended. A call that was sent when there were fewer is a straggler. */
  readonly waves: number;
  /** Calls that wait for the running wave. */
  readonly waiting: number;
  /** Whether calls are in flight beside the running wave; kept only while one runs, the state says it otherwise. */
  readonly inFlight: boolean;
  /** Which PIN of this wave is asked for or was sent, from 1. */
  readonly attempt: number;
  /** PINs of this wave that could not have been right. */
  readonly malformed: number;
  /** Why the PIN is asked for, or was last. */
  readonly reason: PromptReason;
  /** Whether this wave has had its one `resetStep` request. */
  readonly hasReset: boolean;
  /** Whether the account was found blocked (2310) since the last `reset`. */
  readonly blocked: boolean;
  /** Why the last wave was denied, until one is granted or a call starts from rest. */
  readonly failure: Failure | undefined;
  /** Epoch ms of the last grant. */
  readonly lastGrantAt: number | undefined;
}

/** What the machine is started with. */
export interface StrongAuthInput {
  /** The limits, all of them: this machine has no defaults. */
  readonly policy: MachinePolicy;
}

/** Facts of one challenged call, as the ledger tells them. */
export interface ChallengeFacts {
  /** The call. */
  readonly id: CallId;
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
  /** A call was answered with a challenge. */
  | ({ readonly type: 'call.challenged' } & ChallengeFacts)
  /** Somebody wants strong authentication ahead of need. */
  | {
      readonly type: 'ensure.requested';
      /** Whoever waits for it. */
      readonly id: CallId;
    }
  /** One of those that wait has given up, or run out of time. */
  | { readonly type: 'waiter.left' }
  // From the PIN entry.
  /** A PIN was entered that could be right; it is in the vault. */
  | { readonly type: 'pin.given' }
  /** What was entered could not be right; nothing is sent. */
  | { readonly type: 'pin.malformed' }
  /** The user declined. */
  | { readonly type: 'pin.declined' }
  /** The PIN entry itself broke. */
  | { readonly type: 'pin.failed' }
  /** The app's own limit on OTPs is reached. */
  | {
      readonly type: 'pin.unaffordable';
      /** Epoch ms from which the limit leaves room again. */
      readonly retryAt: number;
    }
  // From the OTP request.
  /** No earlier OTP request is unanswered any more. */
  | { readonly type: 'otp.lineFree' }
  /** Strong authentication is there. */
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
    }
  // From the host.
  /** The host ends the running wave. */
  | { readonly type: 'cancelled' }
  /** The user signed out, or the account was switched. */
  | { readonly type: 'reset' }
  /** The client is not wanted any more. */
  | { readonly type: 'disposed' };

/** What the PIN entry port is told. */
export interface EnterPinInput {
  /** Which PIN of this wave is asked for, from 1. */
  readonly attempt: number;
  /** Attempts left in this wave, this one included. */
  readonly attemptsLeft: number;
  /** Why it is asked for. */
  readonly reason: PromptReason;
}

/** What the OTP port is told. The PIN is not among it: the port takes it from the vault. */
export interface RequestOtpInput {
  /** Whether it is the repetition after 2312 or 2317. */
  readonly resetStep: boolean;
}

/** What a state means for a screen: nothing outstanding, somebody is asked, or something runs. */
export type StrongAuthTag = 'settled' | 'awaitingUser' | 'busy';
