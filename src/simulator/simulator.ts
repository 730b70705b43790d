import { systemClock } from '../host/clock.js';
import type { ApiParameters, Verb } from '../messages/message.js';
import { describeError } from '../pims/catalogue.js';
import type { Pims, PimsCallback } from '../pims/pims.js';
import { Account, type AccountState, type DeviceRefusal, type EnrolmentState } from './account.js';
import { apisOf, checkParameters, findApi, type SimulatedApi } from './apis.js';
import { Car } from './car.js';
import { EffectLog, type Effects } from './effects.js';
import {
  checkMatch,
  createFaultScript,
  type Fault,
  type FaultMatch,
  matches,
  type RequestMatch,
} from './faults.js';
import { createHuman, type Human, type HumanPrompt } from './human.js';
import type { Judgement } from './judgement.js';
import { checkOptions, type SimulatorOptions } from './options.js';
import { createRandom } from './random.js';

/** Answers that are held back. */
export interface HeldAnswers {
  /** How many answers were held back so far. */
  readonly arrived: number;
  /** Delivers the answers, and holds back no more. */
  release(): void;
}

/**
 * The SDK in memory, with its own callback surface: pass it to `fromPims`. A request is judged and executed
 * when it arrives; its answer comes after the latency, however long that is.
 */
export interface Simulator extends Required<Pims> {
  /** What the simulator recorded. */
  readonly effects: Effects;
  /** The car. */
  readonly car: Pick<Car, 'isLocked' | 'isCharging' | 'isPreconditioning' | 'horns' | 'flashes' | 'vin'>;
  /** The current state of the account. */
  readonly account: AccountState;
  /** The state of the account's enrolment. */
  readonly enrolment: EnrolmentState;
  /** The simulated human's answers to the questions of a recovery: pass it to `createRecovery` as `ask`. */
  readonly answer: (question: HumanPrompt) => Promise<string | boolean | null>;
  /** The simulated human's answers to prompts: pass it to `createStrongAuth`. */
  readonly enterPin: (prompt: HumanPrompt) => Promise<string | null>;
  /** Orders what the human does at the next prompts. */
  readonly human: Human;
  /** The PIN that the account has now: a recovery may have changed it. */
  readonly pin: string | undefined;
  /** The code of the last SMS, from its arrival until it is used. */
  readonly smsCode: string | undefined;
  /**
   * Orders a fault for the next matching requests.
   *
   * @throws TypeError for a kind of fault, or a field of `match`, that does not exist.
   */
  script(match: FaultMatch, fault: Fault): void;
  /**
   * Holds back the answers to matching requests, for example to make stragglers.
   *
   * @throws TypeError for a field of `match` that does not exist.
   */
  hold(match?: RequestMatch): HeldAnswers;
  /** Delivers an event to the subscriber of `api`. @returns Whether there is one. */
  emit(
    api: string,
    event: { readonly result: unknown } | { readonly error: { code: number; label: string } },
  ): boolean;
  /** Ends strong access. */
  expireSession(): void;
  /** Starts strong access, as if an OTP had been granted elsewhere. */
  grantSession(): void;
  /** Blocks the account: OTP requests are refused with 2310. */
  block(): void;
  /** Lifts the block. */
  unblock(): void;
  /** Takes the internet away: requests are refused with 2202. */
  goOffline(): void;
  /** Restores the internet. */
  goOnline(): void;
  /** Refuses the device from now on. */
  forgetDevice(refusal: DeviceRefusal): void;
  /** Forgets what was recorded, and the ordered faults. */
  clear(): void;
}

const OTP_API = 'pims.authentication.otp';
/** How a remote command reports its progress (SDK: remote commands): accepted, waking, forwarded, done. */
const PROGRESS = [900, 901, 903, 200];
const SIGNAL_API = 'pims.vehicle.signal';
/** The request was executed, and only what the SDK does afterwards has failed (SDK: error catalogue). */
const SUCCEEDED_UNSYNCHRONISED = 2316;
const NOT_ENROLLED: DeviceRefusal = { refuses: 2312, until: 'never' };

/** @throws TypeError for invalid options. */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const {
    pin = '1234',
    seed = 1,
    clock = systemClock,
    latencyMs = 0,
    sessionTtlMs = 15 * 60_000,
    pinTries = 3,
    device = 'known',
    codes = 'number',
    blockedAs = 'enum',
    version = '2.3',
    vin = 'VR1AB12C3D4567890',
  } = checkOptions(options);
  const random = createRandom(seed);
  const effects = new EffectLog();
  const car = new Car(vin);
  const account = new Account(
    {
      pin,
      pinTries,
      sessionTtlMs,
      refusal: device !== 'known' ? device : options.hasPin === false ? NOT_ENROLLED : undefined,
      isBlocked: options.blocked ?? false,
      blockedAs,
      hasPin: options.hasPin ?? true,
      phoneNumber: options.phoneNumber === undefined ? '+33600000000' : (options.phoneNumber ?? undefined),
      noPhoneAs: options.noPhoneAs ?? 'code',
      takenPhones: options.takenPhones ?? [],
      smsQuota: options.smsQuota ?? 20,
      smsTtlMs: options.smsTtlMs ?? 15 * 60_000,
      smsLatencyMs: options.smsLatencyMs ?? 0,
      smsCodeOnEnroll: options.smsCodeOnEnroll ?? 'optional',
      pinAfterRemoval: options.pinAfterRemoval ?? 'kept',
      removalUnblocks: options.removalUnblocks ?? true,
    },
    random,
  );
  const apis = apisOf(version, options.brand);
  const faults = createFaultScript(options.faults ?? {}, random);
  const knowledge = { pin: () => account.knownPin, smsCode: () => account.smsCodeAt(clock.now()) };
  const { human, enterPin, answer } = createHuman(pin, knowledge, clock, () => {
    effects.prompts += 1;
  });
  const subscribers = new Map<string, { callback: PimsCallback; transactionId: string }>();
  let holds: { match: RequestMatch; kept: (() => void)[] }[] = [];
  let isOffline = options.offline ?? false;
  let transactions = 0;
  if (options.strongSession) account.startSession(clock.now());

  const latency = (): number =>
    typeof latencyMs === 'number' ? latencyMs : random.between(latencyMs[0], latencyMs[1]);

  /** Judges a request as the SDK would, and executes it if it is valid and allowed. */
  const judge = (verb: Verb, api: string, parameters: ApiParameters): Judgement & { executed?: boolean } => {
    if (verb === 'unsubscribe')
      return subscribers.delete(api) ? {} : { code: 2365, label: 'No subscription is running' };
    const found = findApi(apis, verb, api, parameters);
    if (!isApi(found)) return found;
    const invalid = checkParameters(found, parameters);
    if (invalid) return invalid;
    if (isOffline) return { code: 2202, label: 'Network problem: no internet' };
    if (found.canChallenge && !account.hasSession(clock.now())) {
      return { code: 2302, label: 'Need Strong Authentication' };
    }
    if (verb === 'subscribe' && subscribers.has(api)) return { code: 2005, label: 'Duplicate command' };
    const judgement = found.run?.(parameters, { account, car, now: clock.now }) ?? { result: found.sample };
    return { ...judgement, executed: judgement.code === undefined };
  };

  const refusedBy = (fault: Fault | undefined): Judgement | undefined => {
    if (fault?.kind === 'fail') {
      const label = fault.label ?? describeError(fault.code)?.label ?? `Ordered: ${fault.code}`;
      return { code: fault.code, label };
    }
    if (fault?.kind === 'challenge') return { code: 2302, label: 'Need Strong Authentication' };
    if (fault?.kind === 'lose') return { code: 0, label: '' };
    return undefined;
  };

  const toMessage = (
    verb: Verb,
    transactionId: string,
    judgement: Judgement,
    fault: Fault | undefined,
  ): unknown => {
    if (fault?.kind === 'malformed') return fault.message;
    if (judgement.code !== undefined) {
      const isString =
        codes === 'string' || fault?.kind === 'stringCode' || (fault?.kind === 'fail' && fault.asString);
      const code = isString ? String(judgement.code) : judgement.code;
      return { transactionId, status: 'FAILED', error: { code, label: judgement.label } };
    }
    // A `get` always has a result, a `set` may have none, and a subscription's acknowledgement
    // never has one (SDK: Get Started).
    const result = judgement.result === undefined && verb === 'get' ? {} : judgement.result;
    const hasResult = result !== undefined && verb !== 'subscribe' && fault?.kind !== 'noResult';
    return { transactionId, status: 'SUCCEEDED', ...(hasResult && { result }) };
  };

  const deliver = (
    request: RequestMatch & { verb: Verb; api: string },
    parameters: ApiParameters,
    extraMs: number,
    answer: () => void,
  ) => {
    const hold = holds.find(({ match }) => matches(match, { ...request, parameters }));
    if (hold) return void hold.kept.push(answer);
    const delay = latency() + extraMs;
    if (delay > 0) clock.setTimeout(answer, delay);
    else queueMicrotask(answer);
  };

  const request = (verb: Verb, api: string, parameters: ApiParameters, callback: PimsCallback): void => {
    const meant = { verb, api, parameters };
    const fault = faults.next(meant);
    if (fault) effects.hit(fault.kind);
    if (fault?.kind === 'throw') throw fault.error ?? new Error('The SDK threw');
    const refusal = refusedBy(fault);
    const isJudged = !refusal || refusal.code === SUCCEEDED_UNSYNCHRONISED;
    const judged: ReturnType<typeof judge> = isJudged ? judge(verb, api, parameters) : refusal;
    const judgement = refusal && judged.code !== undefined ? refusal : { ...judged, ...refusal };
    note(verb, api, parameters, judgement);
    if (fault?.kind === 'lose') return;

    transactions += 1;
    const transactionId = `${(0x953cfefb + transactions).toString(16)}-${transactions.toString(16).padStart(4, '0')}`;
    if (judged.executed) remember(verb, api, parameters, callback, transactionId);
    const isOtp = api === OTP_API;
    if (isOtp) effects.otpLeaves();
    if (fault?.kind === 'drop') return;
    const message = toMessage(verb, transactionId, judgement, fault);
    deliver(meant, parameters, fault?.kind === 'slow' ? fault.ms : 0, () => {
      if (isOtp) effects.otpReturns();
      callback(message);
      if (fault?.kind === 'duplicate') callback(message);
    });
  };

  const note = (
    verb: Verb,
    api: string,
    parameters: ApiParameters,
    judgement: Judgement & { executed?: boolean },
  ) => {
    const outcome = judgement.code ?? 'SUCCEEDED';
    const at = clock.now();
    const { action, type } = parameters;
    const executed = judgement.executed ?? false;
    effects.see({
      ...{ at, verb, api, outcome, executed },
      ...(typeof action === 'string' && { action }),
      ...(typeof type === 'string' && { type }),
    });
    if (api === OTP_API) effects.seeOtp({ at, resetStep: parameters.resetStep === true, outcome });
  };

  /** Keeps what outlives the answer: a registration, its end, and the progress of a command. */
  const remember = (
    verb: Verb,
    api: string,
    parameters: ApiParameters,
    callback: PimsCallback,
    transactionId: string,
  ) => {
    if (verb === 'subscribe') subscribers.set(api, { callback, transactionId });
    if (verb === 'set' && api === 'pims.vehicle.command') {
      PROGRESS.forEach((code, index) => {
        clock.setTimeout(
          () => emit(SIGNAL_API, { result: { code, action: parameters.action } }),
          (index + 1) * 200,
        );
      });
    }
  };

  const emit: Simulator['emit'] = (api, event) => {
    const subscriber = subscribers.get(api);
    subscriber?.callback({ transactionId: subscriber.transactionId, status: 'RESULT', ...event });
    return subscriber !== undefined;
  };

  return {
    get: (api, parameters, callback) => request('get', api, parameters ?? {}, callback),
    set: (api, parameters, callback) => request('set', api, parameters ?? {}, callback),
    subscribe: (api, parameters, callback) => request('subscribe', api, parameters ?? {}, callback),
    unsubscribe: (api, parameters, callback) => request('unsubscribe', api, parameters ?? {}, callback),
    initialize: (_, callback) =>
      queueMicrotask(() => callback({ transactionId: 'initialize', status: 'SUCCEEDED' })),
    release(callback) {
      subscribers.clear();
      account.endSession();
      queueMicrotask(() => callback({ transactionId: 'release', status: 'SUCCEEDED' }));
    },
    effects,
    car,
    get account() {
      return account.state(clock.now());
    },
    get enrolment() {
      return account.enrolment();
    },
    enterPin,
    answer,
    human,
    get pin() {
      return account.knownPin;
    },
    get smsCode() {
      return account.smsCodeAt(clock.now());
    },
    script: faults.order,
    hold(match = {}) {
      checkMatch(match);
      const hold = { match, kept: [] as (() => void)[] };
      holds.push(hold);
      return {
        get arrived() {
          return hold.kept.length;
        },
        release() {
          holds = holds.filter((other) => other !== hold);
          for (const answer of hold.kept.splice(0)) answer();
        },
      };
    },
    emit,
    expireSession: () => account.endSession(),
    grantSession: () => account.startSession(clock.now()),
    block() {
      account.isBlocked = true;
    },
    unblock: () => account.unblock(),
    goOffline() {
      isOffline = true;
    },
    goOnline() {
      isOffline = false;
    },
    forgetDevice(refusal) {
      account.refusal = refusal;
      account.endSession();
    },
    clear() {
      effects.clear();
      faults.clear();
    },
  };
}

const isApi = (value: SimulatedApi | Judgement): value is SimulatedApi => 'verb' in value;
