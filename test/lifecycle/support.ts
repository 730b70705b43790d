import { type CallOptions, createStrongAuth, type StrongAuthOptions } from 'strong-auth-machine';
import { createManualClock } from 'strong-auth-machine/simulator';
import { createScriptedTransport, createScriptedUser, settleDown } from 'strong-auth-machine/testing';

export { settleDown };

export const OTP = 'pims.authentication.otp';
export const COMMAND = 'pims.vehicle.command';
export const DOORS = { action: 'doors', doorState: 'lock' } as const;

export const succeeded = (result?: unknown) => ({
  transactionId: 't',
  status: 'SUCCEEDED',
  ...(result !== undefined && { result }),
});
export const failed = (code: number | string, label = 'label') => ({
  transactionId: 't',
  status: 'FAILED',
  error: { code, label },
});
export const CHALLENGE = failed(2302, 'Need Strong Authentication');
export const GRANT = succeeded({ otp: 'o' });

/** Lets the event loop turn: only then is a wave over whose last waiter has left by its own signal. */
export const turn = () => new Promise((resolve) => setTimeout(resolve, 2));

/** Runs `run`, and gives what surfaces as uncaught meanwhile. */
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

/** A client whose transport, user and clock are moved by hand. */
export function stage(options: Partial<StrongAuthOptions> = {}) {
  const transport = createScriptedTransport();
  const user = createScriptedUser();
  const clock = createManualClock(1_700_000_000_000);
  const strongAuth = createStrongAuth({ transport, enterPin: user.enterPin, clock, ...options });

  const at = <T>(list: readonly T[], index: number, what: string): T => {
    const found = list.at(index);
    if (found === undefined) throw new Error(`there is no ${what} ${index}`);
    return found;
  };
  return {
    strongAuth,
    transport,
    user,
    clock,
    get status() {
      return strongAuth.view.getSnapshot().status;
    },
    /** The requests of one API, in order. */
    requestsOf: (api: string) => transport.requests.filter(({ request }) => request.api === api),
    /** Answers the n-th request that was sent; the last by default. */
    async answer(message: unknown, index = -1) {
      at(transport.requests, index, 'request').resolve(message);
      await settleDown();
    },
    async fail(error: unknown, index = -1) {
      at(transport.requests, index, 'request').reject(error);
      await settleDown();
    },
    async type(pin: string | null | undefined, index = -1) {
      at(user.prompts, index, 'prompt').resolve(pin);
      await settleDown();
    },
    async pass(ms: number) {
      clock.advance(ms);
      await settleDown();
    },
    /** Makes a call, and has it challenged. */
    async challenged(options?: CallOptions) {
      const call = watched(strongAuth.set(COMMAND, DOORS, options));
      await settleDown();
      at(transport.requests, -1, 'request').resolve(CHALLENGE);
      await settleDown();
      return call;
    },
  };
}

/** A promise whose fate can be read at any time. */
export interface Watched {
  /** `pending`, `resolved`, or the code (else the name) of what it rejected with. */
  readonly fate: string;
  readonly value: unknown;
  readonly error: unknown;
  readonly settlements: number;
}

export function watched(promise: Promise<unknown>): Watched {
  const state = { fate: 'pending', value: undefined as unknown, error: undefined as unknown, settlements: 0 };
  promise.then(
    (value) => Object.assign(state, { fate: 'resolved', value, settlements: state.settlements + 1 }),
    (error) =>
      Object.assign(state, {
        fate: String(error?.name === 'AbortError' ? error.name : (error?.code ?? error?.name ?? error)),
        error,
        settlements: state.settlements + 1,
      }),
  );
  return state;
}
