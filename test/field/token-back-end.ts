import { createStrongAuth, type GrantOption, type StrongAuthOptions } from 'strong-auth-machine';
import { createManualClock } from 'strong-auth-machine/simulator';
import { CHALLENGE, settleDown, succeeded } from '../lifecycle/support.js';

export const MINUTE = 60_000;
const START = 1_700_000_000_000;

/** A back end whose PIN gives a token for ten minutes, by its own clock, which every request has to carry. */
export function tokenBackEnd(change: Partial<GrantOption> = {}, options: Partial<StrongAuthOptions> = {}) {
  const clock = createManualClock(START);
  const car = {
    asked: 0,
    executed: [] as unknown[],
    refused: 0,
    issued: [] as string[],
    outlives: 0,
  };
  const held: (() => void)[] = [];
  let isHolding = false;
  const strongAuth = createStrongAuth({
    clock,
    enterPin: async () => {
      car.asked += 1;
      return '1234';
    },
    requestOtp: async () => {
      car.issued.push(`token-${car.issued.length + 1}`);
      car.outlives = clock.monotonic() + 10 * MINUTE;
      return succeeded({ token: car.issued.at(-1) });
    },
    grant: {
      read: (message) => ({
        secret: (message as { result: { token: string } }).result.token,
        expiresAt: clock.now() + 10 * MINUTE,
      }),
      apply: (request, secret) => ({
        ...request,
        parameters: { ...request.parameters, token: secret.reveal() },
      }),
      ...change,
    },
    transport: {
      async send({ parameters }) {
        if (isHolding) await new Promise<void>((resolve) => held.push(resolve));
        const isValid = car.issued.at(-1) === parameters?.token && clock.monotonic() < car.outlives;
        if (!isValid) {
          car.refused += 1;
          return CHALLENGE;
        }
        car.executed.push(parameters?.n);
        return succeeded(parameters?.n);
      },
    },
    ...options,
  });
  return {
    ...{ car, clock, strongAuth },
    command: (n: number) => strongAuth.set<unknown>('car', { n }),
    /** Requests stay on their way until `arrive`. */
    hold() {
      isHolding = true;
    },
    async arrive() {
      isHolding = false;
      for (const each of held.splice(0)) each();
      await settleDown(40);
    },
  };
}
