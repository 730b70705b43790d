import { type ActorRefFrom, createActor, type InspectionEvent, type Observer } from 'xstate';
import { strongAuthMachine } from '../../machines/strong-auth/index.js';
import { createFacade } from './facade.js';
import { type CallOptions, checkOptions, checkRequest, type EnsureOptions } from '../calls/call-options.js';
import type { Classifier } from '../messages/classify.js';
import { type Clock, systemClock } from '../host/clock.js';
import { ApiError, StrongAuthError } from '../messages/errors.js';
import { type Explanation, explain } from './explain.js';
import { answerInPlace } from '../in-place.js';
import { Ledger, type PrepareReplay } from '../calls/ledger.js';
import { createBudgetCounter } from '../authentication/otp-budget.js';
import { createOtpLine } from '../authentication/otp-line.js';
import type { TypedCalls } from '../pims/api-types.js';
import type { Pims } from '../pims/pims.js';
import { type PolicyOptions, resolvePolicy } from '../host/policy.js';
import { createEnterPinPort, createOtpLinePort, createRequestOtpPort, type EnterPin } from '../authentication/ports.js';
import type { ApiMessage, ApiParameters, ApiRequest, FailedMessage, SucceededMessage } from '../messages/message.js';
import { rememberTraffic } from './remember.js';
import type { ObservableStore } from './store.js';
import { createTelling, type StrongAuthFact, surface } from '../host/telemetry.js';
import type { Transport } from '../host/transport.js';
import { createVault } from '../authentication/vault.js';
import { createView, type StrongAuthView } from './view.js';

/** What only the app knows, and what it may want otherwise. */
export interface StrongAuthOptions {
  /** How a request reaches the SDK; for the callback SDK `fromPims(sdk)`. */
  readonly transport: Transport;
  /** How the user gives the PIN; for a UI `createPinPad().enterPin`. */
  readonly enterPin: EnterPin;
  /** Limits; what is left out takes its default. */
  readonly policy?: PolicyOptions | undefined;
  /** Told what happens, without private data, in order and in microtasks of its own. */
  readonly onEvent?: ((fact: StrongAuthFact) => void) | undefined;
  /** Given to XState: the Stately inspector's, for example. */
  readonly inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void) | undefined;
  /** The only source of time; the host's own unless given. */
  readonly clock?: Clock | undefined;
  /** For a back end that says it otherwise. */
  readonly classify?: Classifier | undefined;
  /** For a back end that wants the OTP on the replay; without it the OTP is dropped on receipt. */
  readonly prepareReplay?: PrepareReplay | undefined;
}

/** What a subscription brings: a result, or an error that does not end it. */
export type SubscriptionEvent<Result = unknown> =
  | {
      /** What the event brought. */
      readonly result: Result;
      /** Missing: it is no error. */
      readonly error?: undefined;
    }
  | {
      /** What the SDK said went wrong. The subscription goes on. */
      readonly error: ApiError;
      /** Missing: it is an error. */
      readonly result?: undefined;
    };

/** A running subscription. */
export interface Subscription {
  /**
   * Ends it: no event comes after this call. Resolves when the SDK has confirmed, the same promise each time; rejects like a
   * call if it does not.
   */
  unsubscribe(): Promise<void>;
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
  /** Strong authentication ahead of need. Resolves at the grant. */
  ensure(options?: EnsureOptions): Promise<void>;
  /** Ends the running wave: the calls that wait reject `CANCELLED`. Nothing happens if there is none. */
  cancel(): void;
  /** Signed out, or the account was switched: everything outstanding rejects `SIGNED_OUT`, and nothing is remembered. */
  reset(reason?: string): void;
  /** Ends everything for good: outstanding and later calls reject `DISPOSED`. */
  dispose(): void;
  /** The same as `dispose`, for `using`. */
  [Symbol.dispose](): void;
  /** Why nothing moves: status, since when, what it waits for, which calls, and the next deadline. Fit for a log. */
  explain(): Explanation;
  /** What a screen may know. */
  readonly view: ObservableStore<StrongAuthView>;
  /** The running machine, for inspectors, `waitFor` and embedding. */
  readonly actor: ActorRefFrom<typeof strongAuthMachine>;
}

/**
 * Starts the client of one signed-in account.
 *
 * @throws TypeError for options that make no sense.
 */
export function createStrongAuth(options: StrongAuthOptions): StrongAuth {
  const {
    transport,
    enterPin,
    onEvent,
    inspect,
    clock = systemClock,
    classify,
    prepareReplay,
  } = checkParts(options);
  const policy = resolvePolicy(options.policy);
  const tell = createTelling(onEvent, () => clock.now());
  const vault = createVault();
  const line = createOtpLine(clock, policy.otpTimeoutMs);
  const ledger = new Ledger({ transport, policy, clock, classifier: classify, prepareReplay, vault, tell });
  let portDeadline: number | undefined;
  const ports = {
    transport,
    enterPin,
    pinPattern: policy.pinPattern,
    classifier: classify,
    clock,
    vault,
    line,
    budget: createBudgetCounter(policy.otpBudget, clock, () => tell?.({ type: 'budgetStoreFailed' })),
    keepsOtp: prepareReplay !== undefined,
    waiting: () => ledger.waiting(),
    tell,
    timeouts: policy,
    onDeadline: (at: number | undefined) => {
      portDeadline = at;
    },
  };

  const machine = strongAuthMachine.provide({
    actors: {
      enterPin: createEnterPinPort(ports),
      otpLine: createOtpLinePort(ports),
      requestOtp: createRequestOtpPort(ports),
    },
    delays: { otpLineTimeout: () => line.busyFor() },
    actions: {
      hold: (_, call) => ledger.hold(call),
      refuse: (_, call) => ledger.refuse(call),
      replayStraggler: (_, call) => ledger.replayStraggler(call),
      replayWaiting: (_, grant) => ledger.replayWaiting(grant),
      rejectWaiting: (_, denial) => {
        vault.forgetPin();
        ledger.rejectWaiting(denial);
      },
      rejectEverything: (_, end) => {
        vault.forgetPin();
        ledger.rejectEverything(end);
      },
    },
  });
  const { maxPinAttempts, maxRounds, maxWaiting, pinEntryTimeoutMs, otpTimeoutMs } = policy;
  // An inspector is shown every step that the chart takes.
  const actor = createActor(inspect ? machine : rememberTraffic(answerInPlace(machine)), {
    input: { policy: { maxPinAttempts, maxRounds, maxWaiting, pinEntryTimeoutMs, otpTimeoutMs } },
    clock,
    ...(inspect && { inspect: shielded(inspect) }),
  });
  const { store: view, duringOne } = createView(actor, ledger, clock);
  ledger.send = (event) => duringOne(() => actor.send(event));
  actor.start();

  let isDisposed = false;
  /** The checks that every call begins with. @returns What is wrong, as a promise. */
  const refusal = (check: () => void): Promise<never> | undefined => {
    if (isDisposed) return Promise.reject(new StrongAuthError('DISPOSED', {}));
    try {
      check();
    } catch (error) {
      return Promise.reject(error);
    }
    return undefined;
  };

  const call = (
    request: ApiRequest,
    options: CallOptions | undefined,
    wantsMessage: boolean,
  ): Promise<unknown> =>
    refusal(() => {
      checkRequest(request, SENT_VERBS);
      checkOptions(options);
    }) ?? ledger.call(request, options, wantsMessage);

  const listen = (
    request: ApiRequest,
    onMessage: (message: ApiMessage) => void,
    options?: CallOptions,
  ): Promise<() => boolean> =>
    refusal(() => {
      checkRequest(request, ['subscribe']);
      checkOptions(options);
    }) ?? ledger.subscribe(request, options, onMessage);

  const unsubscriber = (api: string, end: () => boolean): Subscription => {
    let ended: Promise<void> | undefined;
    return {
      unsubscribe() {
        // Already over by reset, dispose, its signal or another unsubscribe of the same API: there is nothing to tell the SDK.
        ended ??= end()
          ? call({ verb: 'unsubscribe', api }, undefined, true).then(() => {})
          : Promise.resolve();
        return ended;
      },
    };
  };

  const dispose = () => {
    if (isDisposed) return;
    isDisposed = true;
    ledger.announceEnd();
    actor.send({ type: 'disposed' });
  };

  const strongAuth: UntypedStrongAuth = {
    get: (api, parameters, options) => call({ verb: 'get', api, parameters }, options, false),
    set: (api, parameters, options) => call({ verb: 'set', api, parameters }, options, false),
    send: (request, options) => call(asRequest(request), options, true) as Promise<never>,
    async subscribe(api, parameters, onResult, options) {
      const request: ApiRequest = { verb: 'subscribe', api, parameters };
      if (typeof onResult !== 'function') throw new TypeError('onResult must be a function');
      const onMessage = (message: ApiMessage) => {
        if (message.status !== 'RESULT') return;
        if (message.error) onResult({ error: new ApiError(request, message as unknown as FailedMessage) });
        else onResult({ result: message.result });
      };
      return unsubscriber(api, await listen(request, onMessage, options));
    },
    asPims: () =>
      createFacade({
        send: (request) => call(request, undefined, true) as Promise<ApiMessage>,
        subscribe: (request, onMessage) => listen(request, onMessage),
        lifecycle: transport.lifecycle?.bind(transport),
      }),
    ensure(options) {
      const refused = refusal(() => checkOptions(options));
      if (refused) return refused;
      const { lastGrantAt } = actor.getSnapshot().context;
      const isFresh =
        options?.maxAgeMs !== undefined &&
        lastGrantAt !== undefined &&
        clock.now() - lastGrantAt < options.maxAgeMs;
      return isFresh && !options.signal?.aborted ? Promise.resolve() : ledger.ensure(options);
    },
    cancel() {
      if (!isDisposed) actor.send({ type: 'cancelled' });
    },
    reset(reason) {
      if (isDisposed) return;
      ledger.announceEnd(reason);
      actor.send({ type: 'reset' });
    },
    explain() {
      const snapshot = actor.getSnapshot();
      const calls = ledger.outstanding();
      return explain({
        view: view.getSnapshot(),
        calls,
        attempt: snapshot.context.attempt,
        isQueued: snapshot.matches({ requestingOtp: 'queued' }),
        deadlines: [portDeadline, ...calls.map((call) => ledger.deadlineOf(call))],
        now: clock.now(),
      });
    },
    dispose,
    [Symbol.dispose ?? Symbol.for('Symbol.dispose')]: dispose,
    view,
    actor: actor as unknown as ActorRefFrom<typeof strongAuthMachine>,
  };
  // Types of parameters and results are a promise of the SDK's reference; nothing here depends on them.
  return strongAuth as unknown as StrongAuth;
}

/** The client as it is inside: it passes parameters and results on, whatever they are. */
interface UntypedStrongAuth extends Omit<StrongAuth, keyof TypedCalls | typeof Symbol.dispose> {
  get(api: string, parameters?: ApiParameters, options?: CallOptions): Promise<unknown>;
  set(api: string, parameters?: ApiParameters, options?: CallOptions): Promise<unknown>;
  subscribe(
    api: string,
    parameters: ApiParameters | undefined,
    onResult: (event: SubscriptionEvent) => void,
    options?: CallOptions,
  ): Promise<Subscription>;
  readonly [dispose: symbol]: () => void;
}

const SENT_VERBS = ['get', 'set', 'unsubscribe'] as const;

function checkParts(options: StrongAuthOptions): StrongAuthOptions {
  if (typeof options !== 'object' || options === null)
    throw new TypeError('createStrongAuth takes an options object');
  const { transport, enterPin, onEvent, clock, classify, prepareReplay, inspect } = options;
  if (typeof transport?.send !== 'function') throw new TypeError('transport must have a send()');
  if (transport.subscribe !== undefined && typeof transport.subscribe !== 'function') {
    throw new TypeError('transport.subscribe must be a function');
  }
  if (typeof enterPin !== 'function') throw new TypeError('enterPin must be a function');
  for (const [name, value] of Object.entries({ onEvent, prepareReplay })) {
    if (value !== undefined && typeof value !== 'function') throw new TypeError(`${name} must be a function`);
  }
  if (classify !== undefined && (typeof classify !== 'object' || classify === null)) {
    throw new TypeError('classify must be an object');
  }
  if (inspect !== undefined && typeof inspect !== 'function' && typeof inspect !== 'object') {
    throw new TypeError('inspect must be a function or an observer');
  }
  if (clock !== undefined) {
    for (const method of ['setTimeout', 'clearTimeout', 'now'] as const) {
      if (typeof clock?.[method] !== 'function') throw new TypeError(`clock must have ${method}()`);
    }
  }
  return options;
}

/** Takes a request from a caller, who may be JavaScript. */
function asRequest(request: ApiRequest): ApiRequest {
  const { verb, api, parameters } = request ?? {};
  return { verb, api, parameters };
}

/** An inspector that throws must not take the machine with it. */
function shielded(inspect: NonNullable<StrongAuthOptions['inspect']>): (event: InspectionEvent) => void {
  return (event) => {
    try {
      if (typeof inspect === 'function') inspect(event);
      else inspect.next?.(event);
    } catch (error) {
      surface(error);
    }
  };
}
