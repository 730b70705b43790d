import {
  type AskFault,
  type RecoveryErrorCode,
  type RecoveryFailure,
  type RecoveryFlow,
  type RecoveryRemedy,
  recoveryRemedyOf,
} from '../../machines/recovery/index.js';

// `instanceof` fails when an app bundles two copies; a registered symbol is shared by all of them.
const RECOVERY_ERROR = Symbol.for('strong-auth-machine.RecoveryError');

/** The facts that come with a code; codes that are not listed have none. */
export interface RecoveryErrorFacts {
  /** Asking the user failed. */
  ASK_FAILED: {
    /** `ask` threw or rejected, gave what is no answer to the question, or too often what cannot be right. */
    readonly why?: AskFault;
  };
  /** The app's own limit on SMS is reached. */
  SMS_BUDGET_SPENT: {
    /** Epoch ms from which `policy.smsBudget` leaves room again; missing where the limit of the flow was reached. */
    readonly retryAt?: number;
    /** Always true: the limit is the app's own, not the SDK's. */
    readonly local: true;
  };
  /** Another flow runs. */
  BUSY: {
    /** Which. */
    readonly running: RecoveryFlow;
  };
  /** `reset()` was called. */
  SIGNED_OUT: {
    /** What the app gave to `reset`. */
    readonly reason?: string;
  };
}

/** Facts by code. `apiCode` is the SDK's code, where it gave one. */
export type RecoveryErrorDetails<Code extends RecoveryErrorCode = RecoveryErrorCode> = {
  /** The SDK's code, where it gave one. */
  readonly apiCode?: number;
} & (Code extends keyof RecoveryErrorFacts ? RecoveryErrorFacts[Code] : unknown);

/** A flow ended without an enrolled device. Switch on `code`; offer the user `remedy`; `message` may change in any release. */
export class RecoveryError<Code extends RecoveryErrorCode = RecoveryErrorCode> extends Error {
  /** Always `RecoveryError`. */
  override readonly name = 'RecoveryError';
  /** Why the flow ended. Stable: switch on it. */
  readonly code: Code;
  /** What helps. */
  readonly remedy: RecoveryRemedy;
  /** The facts that come with `code`. */
  readonly details: RecoveryErrorDetails<Code>;
  /** The flow that was asked for. */
  readonly flow: RecoveryFlow;

  constructor(code: Code, details: RecoveryErrorDetails<Code>, flow: RecoveryFlow) {
    super(`${flow} ended with ${code}`);
    this.code = code;
    this.details = details;
    this.flow = flow;
    this.remedy = recoveryRemedyOf(code, details.apiCode);
    Object.defineProperty(this, RECOVERY_ERROR, { value: true });
  }

  /** @returns Everything but the stack, as plain data. */
  toJSON(): RecoveryErrorData {
    const { name, message, code, remedy, details, flow } = this;
    return { name, message, code, remedy, details, flow };
  }
}

/** A `RecoveryError` as JSON. */
export type RecoveryErrorData = Pick<
  RecoveryError,
  'name' | 'message' | 'code' | 'remedy' | 'details' | 'flow'
>;

/** Every `RecoveryError` as a union, so that `switch (error.code)` narrows `details`. */
export type AnyRecoveryError = { [Code in RecoveryErrorCode]: RecoveryError<Code> }[RecoveryErrorCode];

/** @returns Whether `value` is a `RecoveryError`, of this copy of the package or of another. */
export function isRecoveryError(value: unknown): value is AnyRecoveryError {
  try {
    return RECOVERY_ERROR in (value as object);
  } catch {
    return false; // no object, or a proxy that was revoked
  }
}

/** @returns The error of a failure that the machine decided, with the facts of the failure and those of the client. */
export function recoveryErrorOf(
  { code, remedy: _, ...ofFailure }: RecoveryFailure,
  flow: RecoveryFlow,
  facts: object = {},
): RecoveryError {
  const local = code === 'SMS_BUDGET_SPENT' && { local: true };
  return new RecoveryError(code, { ...ofFailure, ...local, ...facts } as RecoveryErrorDetails, flow);
}
