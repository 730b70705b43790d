import type { ActorRefFrom, InspectionEvent, Observer } from 'xstate';
import type { strongAuthMachine } from '../../machines/strong-auth/index.js';
import type { GrantOption } from '../authentication/grants.js';
import type { RequestOtp } from '../authentication/otp-ports.js';
import type { EnterPin } from '../authentication/prompts.js';
import type { Recover } from '../authentication/recover-port.js';
import type { CallOptions, EnsureOptions } from '../calls/call-options.js';
import type { PrepareReplay } from '../calls/replaying.js';
import type { Clock } from '../host/clock.js';
import type { PolicyOptions } from '../host/policy.js';
import type { Classifier } from '../messages/classify.js';
import type { ApiRequest, SucceededMessage } from '../messages/message.js';
import type { StrongAuthFact } from '../messages/telemetry.js';
import type { Transport } from '../messages/transport.js';
import type { TypedCalls } from '../pims/api-types.js';
import type { Pims } from '../pims/pims.js';
import type { Explanation } from './explain.js';
import type { ObservableStore } from './store.js';
import type { StrongAuthView } from './view.js';

/** What only the app knows, and what it may want otherwise. */
export interface StrongAuthOptions {
  /** How a request reaches the SDK; for the callback SDK `fromPims(sdk)`. */
  readonly transport: Transport;
  /** How the user gives the PIN; for a UI `createPinPad().enterPin`. */
  readonly enterPin: EnterPin;
  /** Limits; what is left out takes its default. */
  readonly policy?: PolicyOptions | undefined;
  /** Receives telemetry events, without private data, in order and in microtasks of their own. */
  readonly onEvent?: ((fact: StrongAuthFact) => void) | undefined;
  /** Given to XState: the Stately inspector's, for example. */
  readonly inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void) | undefined;
  /** The only source of time. Default: the host's own. */
  readonly clock?: Clock | undefined;
  /** For a back end that says it otherwise. */
  readonly classify?: Classifier | undefined;
  /** For a back end that wants the OTP on the replay; without it the OTP is dropped on receipt. */
  readonly prepareReplay?: PrepareReplay | undefined;
  /** For a back end whose answer to the OTP request is a token for later requests too. */
  readonly grant?: GrantOption | undefined;
  /** For a back end with another second factor than the SDK's OTP. */
  readonly requestOtp?: RequestOtp | undefined;
  /** Cures the account or the device while the calls wait, once a wave; with `strong-auth-machine/recovery`, for example. */
  readonly recover?: Recover | undefined;
}

/**
 * The client of one signed-in account. Its methods need no `this`.
 *
 * Every call settles exactly once. It rejects with an `ApiError` if the SDK said FAILED, with a `StrongAuthError` if it ended
 * without an answer, with the signal's reason if its own signal aborted, and with a TypeError for arguments that make no sense.
 */
export interface StrongAuth extends TypedCalls {
  /** Sends a request as data, untyped. Resolves with the whole message. */
  send<Result = unknown>(request: ApiRequest, options?: CallOptions): Promise<SucceededMessage<Result>>;
  /** The SDK's own surface, for code that was written for it: callbacks and envelopes, now with strong authentication. */
  asPims(): Required<Pims>;
  /** Strong authentication before a call needs it. Resolves at the grant. */
  ensure(options?: EnsureOptions): Promise<void>;
  /** Ends the running wave: the calls that wait reject `CANCELLED`. Nothing happens if there is none. */
  cancel(): void;
  /** The account or the device was found well again: a block or a throttle that is remembered is forgotten. Nothing ends, nothing is sent. */
  recovered(): void;
  /** Signed out, or the account was switched: everything outstanding rejects `SIGNED_OUT`, and nothing is remembered. */
  reset(reason?: string): void;
  /** Ends everything for good: outstanding and later calls reject `DISPOSED`. */
  dispose(): void;
  /** The same as `dispose`, for `using`. */
  [Symbol.dispose](): void;
  /** Why nothing moves: status, since when, what it waits for, which calls, and the next deadline. Fit for a log. */
  explain(): Explanation;
  /** UI state. */
  readonly view: ObservableStore<StrongAuthView>;
  /** The running machine, for inspectors, `waitFor` and embedding. */
  readonly actor: ActorRefFrom<typeof strongAuthMachine>;
}
