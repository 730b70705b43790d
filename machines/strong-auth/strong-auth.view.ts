import type { SnapshotFrom, StateValueFrom } from 'xstate';
import type { Failure } from './strong-auth.failures.js';
import type { strongAuthMachine } from './strong-auth.machine.js';
import { promptOf } from './strong-auth.setup.js';
import type { EnterPinInput } from './strong-auth.types.js';

type Snapshot = SnapshotFrom<typeof strongAuthMachine>;
type Value = StateValueFrom<typeof strongAuthMachine>;

/** The names of states, without their substates. */
type NameOf<State> = State extends string ? State : State extends object ? keyof State : never;
type Group = 'resting' | 'working' | 'wave';
type InGroup =
  Extract<Value, object> extends infer Groups
    ? Groups extends object
      ? NameOf<Groups[keyof Groups]>
      : never
    : never;

/** The observable states by name, without their groups. `denied` is transient and never observed. */
export type StrongAuthStatus = Exclude<Extract<Value, string> | InGroup, Group | 'denied'>;

/** UI state that follows from a snapshot alone, without times and calls. */
export interface MachineView {
  /** The name of the state. */
  readonly status: StrongAuthStatus;
  /** Whether calls are in flight. */
  readonly inFlight: boolean;
  /** The open prompt. */
  readonly prompt: EnterPinInput | undefined;
  /** Why the last wave was denied, until a wave is granted or a call starts from rest. */
  readonly failure: Failure | undefined;
  /** When strong authentication was granted last, in epoch ms. */
  readonly lastGrantAt: number | undefined;
}

/**
 * @returns The name of the state that `snapshot` is in: `needStrongAuth`, not `{ wave: 'needStrongAuth' }`;
 *   `closed` for an actor that was stopped.
 */
export function statusOf({ status, value }: Pick<Snapshot, 'status' | 'value'>): StrongAuthStatus {
  if (status !== 'active') return 'closed';
  const [inGroup = value] = typeof value === 'string' ? [] : Object.values(value);
  const [name = inGroup] = typeof inGroup === 'string' ? [] : Object.keys(inGroup);
  return name as StrongAuthStatus;
}

/** @returns The UI state of `snapshot`. */
export function toView(snapshot: Snapshot): MachineView {
  const status = statusOf(snapshot);
  const { context } = snapshot;
  return {
    status,
    inFlight: isInFlight(status, context.inFlight),
    prompt: status === 'needStrongAuth' ? promptOf(context) : undefined,
    failure: context.failure,
    lastGrantAt: context.lastGrantAt,
  };
}

/** The state tells, except while a wave runs beside other calls. */
function isInFlight(status: StrongAuthStatus, besideWave: boolean): boolean {
  switch (status) {
    case 'calling':
    case 'replaying':
      return true;
    case 'needStrongAuth':
    case 'requestingOtp':
    case 'recovering':
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
