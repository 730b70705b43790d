import type { ActorRefFrom, InspectionEvent, Observer } from 'xstate';
import type { recoveryMachine } from '../../machines/recovery/index.js';
import type { ObservableStore } from '../client/store.js';
import type { Clock } from '../host/clock.js';
import type { Transport } from '../messages/transport.js';
import type { RecoveryExplanation } from './explain.js';
import type { RecoveryPolicyOptions } from './policy.js';
import type { Ask } from './question.js';
import type { RecoveryFact } from './telemetry.js';
import type { RecoveryView } from './view.js';

/** What only the app knows, and what it may want otherwise. */
export interface RecoveryOptions {
  /** How a request reaches the SDK; for the callback SDK `fromPims(sdk)`. */
  readonly transport: Transport;
  /** How the user answers; for a UI `createRecoveryPad().ask`. */
  readonly ask: Ask;
  /** Limits; what is left out takes its default. */
  readonly policy?: RecoveryPolicyOptions | undefined;
  /** Receives telemetry events, without private data, in order and in microtasks of their own. */
  readonly onEvent?: ((fact: RecoveryFact) => void) | undefined;
  /** Given to XState: the Stately inspector's, for example. */
  readonly inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void) | undefined;
  /**
   * The only source of time.
   *
   * @default the host's own
   */
  readonly clock?: Clock | undefined;
}

/** What can be given to one call of a flow. */
export interface FlowOptions {
  /** Rejects this call with the signal's reason. The flow itself ends, `CANCELLED`, when nobody is left who waits for it. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Enrolment, blocked accounts and PINs of one signed-in account. Its methods need no `this`.
 *
 * Each flow resolves when this device is enrolled, and rejects with a `RecoveryError` otherwise. One flow runs at a time: later
 * callers of the same one share it, another one rejects `BUSY` at once and disturbs nothing.
 */
export interface Recovery {
  /** Makes this device known to the account: the remedy `enrollDevice`. Asks before it removes anything. */
  enrollDevice(options?: FlowOptions): Promise<void>;
  /** Lifts a block: the remedy `unblockAccount`. That removes every device of the account, so the user is asked first. */
  unblockAccount(options?: FlowOptions): Promise<void>;
  /** The PIN was forgotten: an SMS, and a new one. On a device that is not enrolled only a removal helps, after a yes. */
  resetPin(options?: FlowOptions): Promise<void>;
  /** The PIN is known, and another one is wanted. Rejects `NOT_ENROLLED` on a device that is not enrolled. */
  changePin(options?: FlowOptions): Promise<void>;
  /** Ends the running flow: it rejects `CANCELLED`. Nothing happens if none runs. */
  cancel(): void;
  /** Signed out, or the account was switched: the running flow rejects `SIGNED_OUT`, and nothing is remembered. */
  reset(reason?: string): void;
  /** Ends everything for good: running and later flows reject `DISPOSED`. */
  dispose(): void;
  /** The same as `dispose`, for `using`. */
  [Symbol.dispose](): void;
  /** @returns What the flow waits for. It holds nothing private and can be logged. */
  explain(): RecoveryExplanation;
  /** UI state. */
  readonly view: ObservableStore<RecoveryView>;
  /** The running machine, for inspectors, `waitFor` and embedding. */
  readonly actor: ActorRefFrom<typeof recoveryMachine>;
}
