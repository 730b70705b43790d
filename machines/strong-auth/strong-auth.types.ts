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
  readonly policy: MachinePolicy;
}

/** Facts of one challenged call, as the ledger tells them. */
export interface ChallengeFacts {
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
  | { readonly type: 'calls.started' }
  | { readonly type: 'calls.landed' }
  | ({ readonly type: 'call.challenged' } & ChallengeFacts)
  | { readonly type: 'ensure.requested'; readonly id: CallId }
  | { readonly type: 'waiter.left' }
  // From the PIN entry.
  | { readonly type: 'pin.given' }
  | { readonly type: 'pin.malformed' }
  | { readonly type: 'pin.declined' }
  | { readonly type: 'pin.failed' }
  | { readonly type: 'pin.unaffordable'; readonly retryAt: number }
  // From the OTP request.
  | { readonly type: 'otp.lineFree' }
  | { readonly type: 'otp.granted'; readonly at: number }
  | { readonly type: 'otp.pinRejected'; readonly otpCode?: number }
  | { readonly type: 'otp.pinMalformed' }
  | { readonly type: 'otp.resetNeeded'; readonly otpCode?: number }
  | { readonly type: 'otp.denied'; readonly code: StrongAuthErrorCode; readonly otpCode?: number }
  // From the host.
  | { readonly type: 'cancelled' }
  | { readonly type: 'reset' }
  | { readonly type: 'disposed' };

/** What the PIN entry port is told. */
export interface EnterPinInput {
  readonly attempt: number;
  /** Attempts left in this wave, this one included. */
  readonly attemptsLeft: number;
  readonly reason: PromptReason;
}

/** What the OTP port is told. The PIN is not among it: the port takes it from the vault. */
export interface RequestOtpInput {
  readonly resetStep: boolean;
}

/** What a state means for a screen: nothing outstanding, somebody is asked, or something runs. */
export type StrongAuthTag = 'settled' | 'awaitingUser' | 'busy';
