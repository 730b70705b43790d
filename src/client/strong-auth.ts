import type { ActorRefFrom, InspectionEvent, Observer } from 'xstate';
import type { strongAuthMachine } from '../../machines/strong-auth/index.js';
import type { GrantOption } from '../authentication/grants.js';
import type { RequestOtp } from '../authentication/otp-ports.js';
import type { EnterPin } from '../authentication/prompts.js';
import type { Recover } from '../authentication/recover-port.js';
import type { EnsureOptions } from '../calls/call-options.js';
import type { PrepareReplay } from '../calls/replaying.js';
import type { Clock } from '../host/clock.js';
import type { PolicyOptions } from '../host/policy.js';
import type { Classifier } from '../messages/classify.js';
import type { StrongAuthFact } from '../messages/telemetry.js';
import type { Transport } from '../messages/transport.js';
import type { TypedCalls } from '../pims/api-types.js';
import type { Pims } from '../pims/pims.js';
import type { Explanation } from './explain.js';
import type { ObservableStore } from './store.js';
import type { StrongAuthView } from './view.js';

/** The options of `createStrongAuth`: two are required, the others have defaults. */
export interface StrongAuthOptions {
  /** How a request reaches the SDK; for the callback SDK `fromPims(sdk)`. */
  readonly transport: Transport;
  /** How the user gives the PIN; for a UI `createPinPad().enterPin`. */
  readonly enterPin: EnterPin;
  /**
   * Limits and timeouts.
   *
   * @default {@link defaultPolicy}, for each value that is left out
   */
  readonly policy?: PolicyOptions | undefined;
  /**
   * Receives telemetry events in order, each batch in a microtask of its own. They hold no
   * parameters, results, PINs or OTPs.
   */
  readonly onEvent?: ((fact: StrongAuthFact) => void) | undefined;
  /** An inspector for the XState actor, such as `createSafeInspector(createBrowserInspector())`. */
  readonly inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void) | undefined;
  /**
   * The only source of time. Give a manual clock in tests.
   *
   * @default {@link systemClock}
   */
  readonly clock?: Clock | undefined;
  /**
   * Overrides what an answer to a call, or to the OTP request, means.
   *
   * @default the SDK's codes
   */
  readonly classify?: Classifier | undefined;
  /**
   * Adds the OTP to a request that is replayed, for a back end that expects it there. Without it
   * the OTP is dropped on receipt.
   */
  readonly prepareReplay?: PrepareReplay | undefined;
  /** Keeps the token of a grant, and adds it to later requests. */
  readonly grant?: GrantOption | undefined;
  /** Replaces the SDK's OTP request, for a back end with another second factor. */
  readonly requestOtp?: RequestOtp | undefined;
  /**
   * Cures the account or the device while the calls wait, at most once a wave; for example with
   * `strong-auth-machine/recovery`.
   */
  readonly recover?: Recover | undefined;
}

/**
 * The client of one signed-in account. Its methods need no `this`.
 *
 * Every call settles exactly once. It rejects with an `ApiError` if the SDK answered FAILED, with a
 * `StrongAuthError` if it ended without an answer, with the signal's reason if its own signal aborted, and
 * with a TypeError for invalid arguments.
 */
export interface StrongAuth extends TypedCalls {
  /**
   * @returns A drop-in replacement of the SDK: the same functions, callbacks and messages, with strong
   *   authentication. Our own failures arrive as FAILED messages.
   */
  asPims(): Required<Pims>;
  /**
   * Requests strong authentication before a call needs it. Resolves when it is granted.
   * Rejects with a `StrongAuthError`.
   */
  ensure(options?: EnsureOptions): Promise<void>;
  /** Ends the running wave: the waiting calls reject `CANCELLED`. Without a running wave it does nothing. */
  cancel(): void;
  /**
   * Forgets a remembered block or throttle: call it when the account or the device works again. It
   * sends nothing and ends nothing.
   */
  recovered(): void;
  /**
   * Call it on sign-out and when the account is switched. All outstanding calls reject `SIGNED_OUT`,
   * subscriptions end, and denials and grants are forgotten.
   *
   * @param reason Passed to the rejected calls as `details.reason`.
   */
  reset(reason?: string): void;
  /**
   * Ends the client for good: outstanding and later calls reject `DISPOSED`, and no timer or listener stays.
   */
  dispose(): void;
  /** The same as `dispose`, for `using`. */
  [Symbol.dispose](): void;
  /**
   * @returns What the client waits for: status, since when, which calls, and the next deadline. It holds
   *   nothing private and can be logged.
   */
  explain(): Explanation;
  /** UI state, as a `getSnapshot` / `subscribe` pair. */
  readonly view: ObservableStore<StrongAuthView>;
  /** The running XState actor, for inspectors, `waitFor` and embedding. */
  readonly actor: ActorRefFrom<typeof strongAuthMachine>;
}
