import type { SnapshotFrom } from 'xstate';
import {
  type Failure,
  type MachinePolicy,
  type StrongAuthStatus,
  type strongAuthMachine,
  toView,
} from '../../machines/strong-auth/index.js';
import type { ArmedDelays } from './delays.js';
import type { WorldEvent } from './events.js';

/**
 * The kind of a call: an ordinary one (a `set`), a read (a `get`), one that never opens a prompt, or an
 * `ensure`; or a call or an `ensure` that the PIN entry itself makes when it opens.
 */
export type WorldCallKind = 'call' | 'read' | 'background' | 'ensure' | 'callOfPrompt' | 'ensureOfPrompt';

/** Options of a world. */
export interface WorldOptions {
  /**
   * The calls that may be made, each once.
   *
   * @default one ordinary call
   */
  readonly calls?: readonly WorldCallKind[];
  /** Limits that differ from the default ones, which keep the world small. */
  readonly policy?: Partial<MachinePolicy>;
  /**
   * How many OTP requests the app's own limit allows.
   *
   * @default no limit
   */
  readonly otpBudget?: number;
  /**
   * Whether waiting calls are replayed at once, or the commands among them one
   * after another.
   *
   * @default 'parallel'
   */
  readonly replays?: 'parallel' | 'serial';
  /**
   * Whether calls may be made in the turn of the event loop in which the last waiting call left; the turn
   * then ends by an event of its own. Only for apps that can be driven within one turn.
   *
   * @default false: aborting a call ends the turn
   */
  readonly turns?: boolean;
  /**
   * Whether the app may call `recovered()`.
   *
   * @default false
   */
  readonly recovers?: boolean;
  /**
   * Whether the app was made with `recover`.
   *
   * @default false
   */
  readonly cures?: boolean;
  /**
   * Whether a call that has settled may be made anew, so that there is no last call. For `checkLiveness`; a
   * driver makes each call once.
   *
   * @default false
   */
  readonly renewable?: boolean;
  /**
   * `full` (default) tries every outcome with every payload. `essential` tries one outcome of each kind
   * that the calls can tell apart, which keeps a world with several calls small. A function tries the
   * events for which it returns true.
   */
  readonly alphabet?: 'full' | 'essential' | ((event: WorldEvent) => boolean);
}

/** One call of the world. */
export interface WorldCall {
  /** The kind of the call. */
  readonly kind: WorldCallKind;
  /** Where the call is. */
  readonly phase: 'unmade' | 'inFlight' | 'challenged' | 'waiting' | 'queued' | 'settled';
  /** How many calls were made before it. */
  readonly made: number;
  /** The number of the prompt that made the call, if one did. */
  readonly madeBy: number | undefined;
  /** How often the call was sent. */
  readonly sent: number;
  /** How many replays of the call spent a round. */
  readonly rounds: number;
  /** How many replays spent no round, because the call began to wait after the PIN was given. */
  readonly freeRounds: number;
  /** How many PINs were given in the wave before the call began to wait. */
  readonly pins: number;
  /** Whether the call waited for the last grant and has not settled since. */
  readonly isReplay: boolean;
  /** Whether this replay spends no round. */
  readonly isFree: boolean;
  /** With serial replays: whether it is the call's turn, which ends when the call settles. */
  readonly hasTurn: boolean;
  /** Whether the call was made in the turn in which the last waiting call left, and is not judged yet. */
  readonly isAnew: boolean;
  /** How many waves had ended when the call was last sent. */
  readonly wave: number;
  /**
   * How the call ended: `succeeded`, `failed` (the SDK's error), `aborted`, or a code of `StrongAuthError`.
   */
  readonly outcome: string | undefined;
}

/** The world at one moment: the real machine, and the calls around it. */
export interface World {
  /** For XState: the world never ends. */
  readonly status: 'active';
  /** For XState: there is no output. */
  readonly output: undefined;
  /** For XState: there is no error. */
  readonly error: undefined;
  /** The real machine. */
  readonly machine: SnapshotFrom<typeof strongAuthMachine>;
  /** The calls, by their number. */
  readonly calls: readonly WorldCall[];
  /** The OTP request that the SDK works on: none, one of the running wave, or one whose wave is over. */
  readonly line: 'free' | 'current' | 'abandoned';
  /**
   * Set while no call waits in the running wave: until the turn ends, or until the
   * calls made in that turn are judged.
   */
  readonly emptyWave: 'turn' | 'judging' | undefined;
  /** The OTP request that is held back until a call waits again: whether it has `resetStep`. */
  readonly heldOtp: boolean | undefined;
  /** Whether the time has come that the back end named when it asked to wait. */
  readonly retryDue: boolean;
  /** How many OTP requests the app's own limit allows. */
  readonly otpBudget: number;
  /** How often the user was asked so far. */
  readonly prompts: number;
  /** The OTP requests so far: whether each had `resetStep`. */
  readonly otpRequests: readonly boolean[];
  /** How often each delay of the chart was started, by name: a delay that is started again has not passed. */
  readonly armed: ArmedDelays;
  /** Whether the client was disposed of. */
  readonly ended: boolean;
}

/** What can be observed from outside. Every part can be compared with `===` or by its JSON. */
export interface Observation {
  /** The top-level state. */
  readonly status: StrongAuthStatus;
  /** Whether calls are in flight. */
  readonly inFlight: boolean;
  /** How many calls wait. */
  readonly waiting: number;
  /** The open prompt. */
  readonly prompt:
    | {
        /** The number of this PIN in the wave, from 1. */
        readonly attempt: number;
        /** Attempts left, this one included. */
        readonly attemptsLeft: number;
        /** Why the PIN is asked for. */
        readonly reason: string;
      }
    | undefined;
  /** Why the last wave was denied, while that is remembered. */
  readonly failure: Failure['code'] | undefined;
  /** How often the user was asked so far. */
  readonly prompts: number;
  /** The OTP requests so far: whether each had `resetStep`. */
  readonly otpRequests: readonly boolean[];
  /** How often each call was sent. */
  readonly sent: readonly number[];
  /**
   * How each call ended: `unmade`, `pending`, `succeeded`, `failed`, `aborted`,
   * or a code of `StrongAuthError`.
   */
  readonly outcomes: readonly string[];
}

/** @returns What can be observed of `world`. */
export function observationOf({ machine, calls, prompts, otpRequests }: World): Observation {
  const { status, inFlight, prompt, failure } = toView(machine);
  return {
    status,
    inFlight,
    waiting: calls.filter(({ phase }) => phase === 'waiting').length,
    prompt,
    failure: failure?.code,
    prompts,
    otpRequests,
    sent: calls.map((call) => call.sent),
    outcomes: calls.map((call) => call.outcome ?? (call.phase === 'unmade' ? 'unmade' : 'pending')),
  };
}

/** A call before it is made. */
export const unmade = (kind: WorldCallKind): WorldCall => ({
  kind,
  phase: 'unmade',
  made: 0,
  madeBy: undefined,
  sent: 0,
  rounds: 0,
  freeRounds: 0,
  pins: 0,
  isReplay: false,
  isFree: false,
  hasTurn: false,
  isAnew: false,
  wave: 0,
  outcome: undefined,
});
