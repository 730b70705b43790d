import type { EnterPin, PinPrompt } from '../authentication/prompts.js';
import {
  type CallOptions,
  createStrongAuth,
  isStrongAuthError,
  type StrongAuth,
  type StrongAuthOptions,
} from '../index.js';
import type { ApiMessage, ApiParameters, ApiRequest } from '../messages/message.js';
import type { Transport } from '../messages/transport.js';
import { createManualClock, type ManualClock } from '../simulator/manual-clock.js';
import { driverPolicy, type PinEntry, pinEntries, type StrongAuthDriver } from './driver.js';
import type { Observation, WorldCallKind, WorldOptions } from './world-state.js';

/** One request that a scripted transport received. */
export interface ScriptedRequest {
  /** The request. */
  readonly request: ApiRequest;
  /** Aborted when the answer is no longer wanted. */
  readonly signal: AbortSignal;
  /** Answers the request. A second answer is ignored, as by any promise. */
  resolve(message: unknown): void;
  /** Rejects the request. */
  reject(error: unknown): void;
  /** Whether the request was answered or rejected. */
  readonly isAnswered: boolean;
}

/** A transport that answers on command and records its requests. */
export interface ScriptedTransport extends Transport {
  /** Every request, in order. */
  readonly requests: readonly ScriptedRequest[];
  /**
   * @param isMeant Which requests match. Default: all.
   * @returns The last matching request that has not been answered. Throws if there is none.
   */
  unanswered(isMeant?: (request: ApiRequest) => boolean): ScriptedRequest;
}

/** A user who answers on command. */
export interface ScriptedUser {
  /** For `createStrongAuth`. */
  readonly enterPin: EnterPin;
  /** Every prompt, in order, with functions to answer it. */
  readonly prompts: readonly {
    /** The prompt. */
    readonly prompt: PinPrompt;
    /** Enters a PIN, or declines with `null`. */
    resolve(pin: string | null | undefined): void;
    /** Makes the PIN entry fail. */
    reject(error: unknown): void;
  }[];
  /** Answers the last prompt with one of the entries of a path. Throws if there was no prompt. */
  answer(entry: PinEntry): void;
}

/** @returns A transport that holds its answers back until a test gives them. */
export function createScriptedTransport(): ScriptedTransport {
  const requests: ScriptedRequest[] = [];
  return {
    requests,
    unanswered(isMeant = () => true) {
      const left = requests.filter(({ request, isAnswered }) => !isAnswered && isMeant(request));
      const last = left[left.length - 1];
      if (!last) throw new Error('there is no such request that has not been answered');
      return last;
    },
    send: (request, options) =>
      new Promise((resolve, reject) => {
        let isAnswered = false;
        requests.push({
          request,
          get signal() {
            return options.signal;
          },
          resolve(message) {
            isAnswered = true;
            resolve(message);
          },
          reject(error) {
            isAnswered = true;
            reject(error);
          },
          get isAnswered() {
            return isAnswered;
          },
        });
      }),
  };
}

/** @returns A user who holds answers back until a test gives them. */
export function createScriptedUser(): ScriptedUser {
  const prompts: ScriptedUser['prompts'][number][] = [];
  return {
    prompts,
    enterPin: (prompt) => new Promise((resolve, reject) => prompts.push({ prompt, resolve, reject })),
    answer(entry) {
      const last = prompts[prompts.length - 1];
      if (!last) throw new Error('nobody was asked for a PIN');
      last.resolve(pinEntries[entry] as string | null);
    },
  };
}

/** Lets pending promises settle, through several turns of the microtask queue. */
export async function settleDown(turns = 12): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
}

/** The driver of the package itself, with access to all its parts. */
export interface ScriptedDriver extends StrongAuthDriver {
  /** The client under test. */
  readonly strongAuth: StrongAuth;
  /** Its transport. */
  readonly transport: ScriptedTransport;
  /** Its user. */
  readonly user: ScriptedUser;
  /** Its clock. */
  readonly clock: ManualClock;
  /** The PIN that the scripted user types. */
  readonly pin: string;
  /** The errors with which the client's calls rejected. */
  readonly errors: readonly unknown[];
  observe(): Observation;
}

/** Options of a scripted driver beside its world. */
export interface ScriptedDriverOptions {
  /** Makes the client. For wrapping or replacing it. */
  readonly create?: (options: StrongAuthOptions) => StrongAuth;
  /** Other options of the client. */
  readonly options?: Partial<Omit<StrongAuthOptions, 'transport' | 'enterPin' | 'clock' | 'policy'>>;
  /** The PIN that the user types. */
  readonly pin?: string;
  /** Other parameters of every call. */
  readonly parameters?: ApiParameters;
}

/** The API that the scripted driver calls; the parameter `call` is the number of the call. */
const API = 'pims.vehicle.command';

/** @returns The package's client in the given world, driven through its public surface. */
export function createScriptedDriver(
  world: WorldOptions = {},
  more: ScriptedDriverOptions = {},
): ScriptedDriver {
  const { create = createStrongAuth, options, pin = '70416253', parameters } = more;
  const transport = createScriptedTransport();
  const user = createScriptedUser();
  const clock = createManualClock(1_700_000_000_000);
  const kinds = world.calls ?? ['call'];
  const strongAuth = create({
    transport,
    enterPin(prompt) {
      kinds.forEach((kind, call) => {
        if (kind.endsWith('OfPrompt') && outcomes[call] === 'unmade') begin(call, kind);
      });
      return user.enterPin(prompt);
    },
    clock,
    policy: driverPolicy(world),
    ...(world.cures && {
      recover: () =>
        new Promise<boolean>((resolve) => {
          cures.push(resolve);
        }),
    }),
    ...options,
  });

  const cures: ((isCured: boolean) => void)[] = [];
  const outcomes: string[] = kinds.map(() => 'unmade');
  const controllers = kinds.map(() => new AbortController());
  const settlements = kinds.map(() => 0);
  const errors: unknown[] = [];
  const ofCall = (call: number) =>
    transport.requests.filter(({ request }) => request.parameters?.call === call);
  const otpRequests = () =>
    transport.requests.filter(({ request }) => request.api === 'pims.authentication.otp');

  const settle = (call: number, outcome: string) => {
    settlements[call] = (settlements[call] ?? 0) + 1;
    outcomes[call] = settlements[call] === 1 ? outcome : `settled ${settlements[call]} times`;
  };
  const make = (call: number, kind: WorldCallKind, callOptions: CallOptions): Promise<unknown> =>
    kind.startsWith('ensure')
      ? strongAuth.ensure({ signal: callOptions.signal })
      : strongAuth.send<unknown>(
          {
            verb: kind === 'read' ? 'get' : 'set',
            api: API,
            parameters: { action: 'doors', ...parameters, call },
          },
          callOptions,
        );
  const begin = (call: number, kind: WorldCallKind): void => {
    outcomes[call] = 'pending';
    const signal = (controllers[call] as AbortController).signal;
    make(call, kind, { signal, interactive: kind !== 'background' }).then(
      () => settle(call, 'succeeded'),
      (error) => {
        errors.push(error);
        const isAbort = isReasonOf(signal, error);
        settle(call, isAbort ? 'aborted' : isStrongAuthError(error) ? error.code : 'failed');
      },
    );
  };

  return {
    strongAuth,
    transport,
    user,
    clock,
    pin,
    errors,
    async makeCall(call, kind) {
      begin(call, kind);
      await settleDown();
    },
    async answerCall(call, message) {
      const unanswered = ofCall(call).find(({ isAnswered }) => !isAnswered);
      if (!unanswered) throw new Error(`call ${call} is not on its way`);
      unanswered.resolve(message);
      await settleDown();
    },
    async abortCall(call) {
      controllers[call]?.abort();
      await settleDown();
      if (!world.turns) await this.endTurn?.();
    },
    async endTurn() {
      clock.advance(0);
      await settleDown();
    },
    async enterPin(entry) {
      const { prompts } = user;
      const last = prompts[prompts.length - 1];
      if (!last) throw new Error('nobody is asked for a PIN');
      if (entry === 'fail') last.resolve(false as never);
      else
        last.resolve(
          ({ pin, malformed: `${pin}x`, decline: null } as const)[entry as Exclude<PinEntry, 'fail'>],
        );
      await settleDown();
    },
    async answerOtp(message: ApiMessage) {
      const requests = otpRequests();
      const last = requests[requests.length - 1];
      if (!last || last.isAnswered) throw new Error('no OTP request is on its way');
      last.resolve(message);
      await settleDown();
    },
    async advance(ms) {
      clock.advance(ms);
      await settleDown();
    },
    async cancel() {
      strongAuth.cancel();
      await settleDown();
    },
    async recovered() {
      strongAuth.recovered();
      await settleDown();
    },
    async recover(isCured) {
      const last = cures[cures.length - 1];
      if (!last) throw new Error('the app is not asked to cure anything');
      last(isCured);
      await settleDown();
    },
    async reset() {
      strongAuth.reset();
      await settleDown();
    },
    async dispose() {
      strongAuth.dispose();
      await settleDown();
    },
    observe() {
      const { status, inFlight, waiting, prompt, failure } = strongAuth.view.getSnapshot();
      return {
        status,
        inFlight,
        waiting,
        prompt: prompt && {
          attempt: prompt.attempt,
          attemptsLeft: prompt.attemptsLeft,
          reason: prompt.reason,
        },
        failure: failure?.code,
        prompts: user.prompts.length,
        otpRequests: otpRequests().map(({ request }) => request.parameters?.resetStep === true),
        sent: kinds.map((_, call) => ofCall(call).length),
        outcomes: [...outcomes],
      };
    },
  };
}

/** React Native's signals have no reason: what the client rejects with instead is an `AbortError`. */
const isReasonOf = (signal: AbortSignal, error: unknown): boolean =>
  signal.aborted &&
  (signal.reason === undefined ? (error as Error).name === 'AbortError' : error === signal.reason);
