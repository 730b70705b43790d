import {
  type CallOptions,
  createStrongAuth,
  type StrongAuth,
  type StrongAuthOptions,
} from 'strong-auth-machine';
import {
  createScriptedTransport,
  createScriptedUser,
  type ScriptedRequest,
  settleDown,
} from 'strong-auth-machine/testing';
import { createManualClock } from '../../src/simulator/manual-clock.js';

export { createManualClock, createScriptedTransport, createScriptedUser, settleDown };

export const OTP = 'pims.authentication.otp';
export const COMMAND = 'pims.vehicle.command';
export const EVENTS = 'pims.vehicle.event';
export const DOORS = { action: 'doors', doorState: 'unlock' } as const;
export const PIN = '4821';
export const START = 1_700_000_000_000;

export const succeeded = (result?: unknown) => ({
  transactionId: '953cfefb-bc72',
  status: 'SUCCEEDED',
  ...(result !== undefined && { result }),
});
export const failed = (code: unknown, label: string | undefined = 'label') => ({
  transactionId: '953cfefb-bc72',
  status: 'FAILED',
  error: { code, label },
});
export const event = (result: unknown) => ({ transactionId: '953cfefb-bc72', status: 'RESULT', result });
export const eventError = (code: number) => ({
  transactionId: '953cfefb-bc72',
  status: 'RESULT',
  error: { code, label: 'label' },
});
export const challenge = () => failed(2302, 'Need Strong Authentication');
export const GRANT = succeeded({ otp: '918273' });

/** A promise whose fate can be read at any time. */
export interface Watched {
  /** `pending`, `resolved`, or the code (else the name) of what it rejected with. */
  readonly fate: string;
  readonly value: unknown;
  readonly error: unknown;
  /** How often it settled: never more than once. */
  readonly settlements: number;
}

export function watch(promise: Promise<unknown>): Watched {
  const state = { fate: 'pending', value: undefined as unknown, error: undefined as unknown, settlements: 0 };
  promise.then(
    (value) => Object.assign(state, { fate: 'resolved', value, settlements: state.settlements + 1 }),
    (error) =>
      Object.assign(state, {
        fate: String(error?.code ?? error?.name ?? error),
        error,
        settlements: state.settlements + 1,
      }),
  );
  return state;
}

export function at<T>(list: readonly T[], index: number, what = 'item'): T {
  const found = list.at(index);
  if (found === undefined) throw new Error(`there is no ${what} ${index}: there are ${list.length}`);
  return found;
}

/** One registration that a scripted transport was asked for. */
export interface ScriptedRegistration {
  readonly api: string;
  readonly parameters: unknown;
  readonly signal: AbortSignal;
  emit(message: unknown): void;
}

/** The scripted transport, which can subscribe too. */
export function createTransport() {
  const scripted = createScriptedTransport();
  const registrations: ScriptedRegistration[] = [];
  return {
    ...scripted,
    registrations,
    subscribe(
      request: { api: string; parameters?: unknown },
      emit: (message: unknown) => void,
      options: { signal: AbortSignal },
    ) {
      registrations.push({
        api: request.api,
        parameters: request.parameters,
        signal: options.signal,
        emit,
      });
    },
  };
}

/** What the app of a test stands on: a client whose SDK, user and clock are moved by hand. */
export function stage(options: Partial<StrongAuthOptions> = {}) {
  const transport = createTransport();
  const user = createScriptedUser();
  const clock = createManualClock(START);
  const strongAuth: StrongAuth = createStrongAuth({ transport, enterPin: user.enterPin, clock, ...options });
  const { requests, registrations } = transport;
  const requestsOf = (api: string) => requests.filter(({ request }) => request.api === api);
  const unanswered = (list: readonly ScriptedRequest[]) => list.filter(({ isAnswered }) => !isAnswered);

  const app = {
    strongAuth,
    transport,
    user,
    clock,
    requests,
    registrations,
    get status() {
      return strongAuth.view.getSnapshot().status;
    },
    get view() {
      return strongAuth.view.getSnapshot();
    },
    get prompts() {
      return user.prompts.map(({ prompt }) => prompt);
    },
    /** The OTP requests the SDK was sent. */
    get otps() {
      return requestsOf(OTP);
    },
    /** The commands the SDK was sent. */
    get commands() {
      return requestsOf(COMMAND);
    },
    requestsOf,
    /** Calls `set pims.vehicle.command`. */
    async command(callOptions?: CallOptions, more: Record<string, unknown> = {}) {
      const call = watch(strongAuth.set(COMMAND, { ...DOORS, ...more }, callOptions));
      await settleDown();
      return call;
    },
    /** Answers the n-th request that was sent; the last by default. */
    async answer(message: unknown, index = -1) {
      at(requests, index, 'request').resolve(message);
      await settleDown();
    },
    /** Lets the n-th request fail; the last by default. */
    async fail(error: unknown, index = -1) {
      at(requests, index, 'request').reject(error);
      await settleDown();
    },
    /** Answers the oldest request of an API that has no answer yet. */
    async answerNext(api: string, message: unknown) {
      at(unanswered(requestsOf(api)), 0, `unanswered ${api}`).resolve(message);
      await settleDown();
    },
    answerOtp: (message: unknown = GRANT) => app.answerNext(OTP, message),
    answerCommand: (message: unknown = succeeded()) => app.answerNext(COMMAND, message),
    async type(pin: string | null | undefined, index = -1) {
      at(user.prompts, index, 'prompt').resolve(pin);
      await settleDown();
    },
    async pass(ms: number) {
      clock.advance(ms);
      await settleDown();
    },
    /** Makes a command, and has it challenged. */
    async challenged(callOptions?: CallOptions, more: Record<string, unknown> = {}) {
      const call = await app.command(callOptions, more);
      await app.answer(challenge());
      return call;
    },
    /** Types the PIN and grants the OTP. */
    async grant(pin = PIN) {
      await app.type(pin);
      await app.answerOtp();
    },
    async cancel() {
      strongAuth.cancel();
      await settleDown();
    },
  };
  return app;
}

/** Lets the event loop turn: only then is a wave over whose last waiter has left by its own signal. */
export const turn = () => new Promise((resolve) => setTimeout(resolve, 2));

/** Runs `run` and collects what surfaces as uncaught meanwhile, one at a time. */
export async function surfaced(run: () => unknown): Promise<unknown> {
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  try {
    const error = new Promise<unknown>((resolve) => process.once('uncaughtException', resolve));
    await run();
    return await error;
  } finally {
    for (const other of others) process.on('uncaughtException', other);
  }
}

/** What the OTP requests carried. */
export const pinsSent = (app: ReturnType<typeof stage>) => app.otps.map(({ request }) => request.parameters);
