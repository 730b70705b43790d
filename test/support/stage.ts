import { type CallOptions, createStrongAuth, type StrongAuthOptions } from 'strong-auth-machine';
import { createManualClock } from 'strong-auth-machine/simulator';
import {
  createScriptedUser,
  type ScriptedRequest,
  type ScriptedTransport,
  settleDown,
} from 'strong-auth-machine/testing';

export const OTP = 'pims.authentication.otp';
export const COMMAND = 'pims.vehicle.command';
export const PIN = '4821';
export const START = 1_700_000_000_000;

/** @returns The answers of an SDK that gives all of them the same transaction. */
export function answersOf(transactionId: string) {
  return {
    succeeded: (result?: unknown) => ({
      transactionId,
      status: 'SUCCEEDED',
      ...(result !== undefined && { result }),
    }),
    failed: <Code>(code: Code, label: string | undefined = 'label') => ({
      transactionId,
      status: 'FAILED',
      error: { code, label },
    }),
  };
}

/** A promise whose fate can be read at any time. */
export interface Watched {
  /** `pending`, `resolved`, or the code (else the name) of what it rejected with. */
  readonly fate: string;
  readonly value: unknown;
  readonly error: unknown;
  /** How often it settled: never more than once. */
  readonly settlements: number;
}

export function watched(promise: Promise<unknown>): Watched {
  const state = { fate: 'pending', value: undefined as unknown, error: undefined as unknown, settlements: 0 };
  promise.then(
    (value) => Object.assign(state, { fate: 'resolved', value, settlements: state.settlements + 1 }),
    (error) =>
      Object.assign(state, {
        // The code of a DOMException is an old number, which tells less than its name.
        fate: String(error?.name === 'AbortError' ? error.name : (error?.code ?? error?.name ?? error)),
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

/** What is on a stage beside the client: its SDK, and what that is asked and answers. */
export interface Scenery<Transport extends ScriptedTransport> {
  readonly transport: Transport;
  readonly doors: { readonly action: 'doors'; readonly doorState: 'lock' | 'unlock' };
  readonly challenge: unknown;
  readonly grant: unknown;
  readonly success: unknown;
}

/** A client whose SDK, user and clock are moved by hand. */
export function setStage<Transport extends ScriptedTransport>(
  { transport, doors, challenge, grant, success }: Scenery<Transport>,
  options: Partial<StrongAuthOptions>,
) {
  const user = createScriptedUser();
  const clock = createManualClock(START);
  const strongAuth = createStrongAuth({ transport, enterPin: user.enterPin, clock, ...options });
  const { requests } = transport;
  const requestsOf = (api: string) => requests.filter(({ request }) => request.api === api);
  const unanswered = (list: readonly ScriptedRequest[]) => list.filter(({ isAnswered }) => !isAnswered);

  const app = {
    strongAuth,
    transport,
    user,
    clock,
    requests,
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
    /** The requests of one API, in order. */
    requestsOf,
    /** Calls `set pims.vehicle.command`. */
    async command(callOptions?: CallOptions, more: Record<string, unknown> = {}) {
      const call = watched(strongAuth.set(COMMAND, { ...doors, ...more }, callOptions));
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
    answerOtp: (message: unknown = grant) => app.answerNext(OTP, message),
    answerCommand: (message: unknown = success) => app.answerNext(COMMAND, message),
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
      await app.answer(challenge);
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

/** Runs `run`, and gives what surfaces as uncaught meanwhile: the first of it. */
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
