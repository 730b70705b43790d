import type { SnapshotFrom, StateValueFrom } from 'xstate';
import type { Failure } from './strong-auth.failures.js';
import type { strongAuthMachine } from './strong-auth.machine.js';
import { promptOf } from './strong-auth.setup.js';
import type { EnterPinInput } from './strong-auth.types.js';

/** The top-level states one can observe. `denied` is passed through and never seen. */
export type StrongAuthStatus =
  | 'idle'
  | 'calling'
  | 'needStrongAuth'
  | 'requestingOtp'
  | 'replaying'
  | 'done'
  | 'cancelled'
  | 'failed'
  | 'closed';

type Snapshot = SnapshotFrom<typeof strongAuthMachine>;
type TopLevel =
  StateValueFrom<typeof strongAuthMachine> extends infer Value
    ? Value extends string
      ? Value
      : keyof Value
    : never;

/** What of a snapshot a screen may know, without times and without calls. */
export interface MachineView {
  /** The top-level state. */
  readonly status: StrongAuthStatus;
  /** Whether calls are in flight. */
  readonly inFlight: boolean;
  /** How many calls wait for strong authentication. */
  readonly waiting: number;
  /** What the user is asked, while they are. */
  readonly prompt: EnterPinInput | undefined;
  /** Why the last wave was denied, until one is granted or a call starts from rest. */
  readonly failure: Failure | undefined;
  /** Epoch ms. */
  readonly lastGrantAt: number | undefined;
}

/** @returns The top-level state of `snapshot`. */
export function statusOf(snapshot: Snapshot): StrongAuthStatus {
  const value: unknown = snapshot.value;
  const topLevel = (typeof value === 'string' ? value : Object.keys(value as object)[0]) as Exclude<
    TopLevel,
    'denied'
  >;
  return topLevel satisfies StrongAuthStatus;
}

/** @returns What a screen may know of `snapshot`. */
export function toView(snapshot: Snapshot): MachineView {
  const status = statusOf(snapshot);
  const { context } = snapshot;
  return {
    status,
    inFlight: isInFlight(status, context.inFlight),
    waiting: context.waiting,
    prompt: status === 'needStrongAuth' ? promptOf(context) : undefined,
    failure: context.failure,
    lastGrantAt: context.lastGrantAt,
  };
}

/** The state says it, except while a wave runs beside the calls. */
function isInFlight(status: StrongAuthStatus, besideWave: boolean): boolean {
  switch (status) {
    case 'calling':
    case 'replaying':
      return true;
    case 'needStrongAuth':
    case 'requestingOtp':
      return besideWave;
    case 'idle':
    case 'done':
    case 'cancelled':
    case 'failed':
    case 'closed':
      return false;
    default:
      return status satisfies never;
  }
}
