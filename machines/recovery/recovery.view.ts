import type { SnapshotFrom, StateValueFrom } from 'xstate';
import type { RecoveryFailure } from './recovery.failures.js';
import type { recoveryMachine } from './recovery.machine.js';
import { questionOf } from './recovery.setup.js';
import type { AskInput, QuestionKind, RecoveryFlow } from './recovery.types.js';

type Snapshot = SnapshotFrom<typeof recoveryMachine>;
type Value = StateValueFrom<typeof recoveryMachine>;

/** The names of the steps of a group, without what is inside them. */
type StepOf<Steps> = Steps extends string ? Steps : Steps extends object ? keyof Steps : never;
type InGroup =
  Extract<Value, object> extends infer Groups
    ? Groups extends object
      ? StepOf<Groups[keyof Groups]>
      : never
    : never;

/** The states that one can observe, by name, without their groups. `denied` is passed through and never seen. */
export type RecoveryStatus = Exclude<Extract<Value, string> | InGroup, 'resting' | 'running' | 'denied'>;

/** The states in which nobody is asked. */
type SilentStatus =
  | 'idle'
  | 'done'
  | 'cancelled'
  | 'failed'
  | 'closed'
  | 'readingSteps'
  | 'readingDevice'
  | 'readingAccount'
  | 'removingDevices'
  | 'readingPhone'
  | 'sendingSms'
  | 'checkingCode'
  | 'enrolling'
  | 'enrollingWithPhone'
  | 'addingPhone'
  | 'resettingPin'
  | 'verifyingDevice'
  | 'changingPin';

/** What is asked in the others. A new state does not compile until it is listed here or there. */
const QUESTIONS: { readonly [Status in Exclude<RecoveryStatus, SilentStatus>]: QuestionKind } = {
  askingPin: 'pin',
  askingNewPin: 'newPin',
  awaitingCode: 'smsCode',
  askingPhone: 'phoneNumber',
  confirmingRemoval: 'confirmRemoval',
};

/** UI state that follows from a snapshot alone. */
export interface RecoveryMachineView {
  /** The state, by name. */
  readonly status: RecoveryStatus;
  /** The flow that runs, or ran last. */
  readonly flow: RecoveryFlow | undefined;
  /** What the user is asked, while they are. */
  readonly question: AskInput | undefined;
  /** Why the last flow ended without an enrolled device. */
  readonly failure: RecoveryFailure | undefined;
}

/** @returns The name of the step that `snapshot` is in; `closed` for an actor that was stopped. */
export function recoveryStatusOf({ status, value }: Pick<Snapshot, 'status' | 'value'>): RecoveryStatus {
  if (status !== 'active') return 'closed';
  const [inGroup = value] = typeof value === 'string' ? [] : Object.values(value);
  const [name = inGroup] = typeof inGroup === 'string' ? [] : Object.keys(inGroup);
  return name as RecoveryStatus;
}

/** @returns The UI state of `snapshot`. */
export function toRecoveryView(snapshot: Snapshot): RecoveryMachineView {
  const status = recoveryStatusOf(snapshot);
  const { context } = snapshot;
  const kind: QuestionKind | undefined = QUESTIONS[status as keyof typeof QUESTIONS];
  return {
    status,
    flow: context.flow,
    question: kind && questionOf(context, kind),
    failure: context.failure,
  };
}
