/** Remote commands for cars. The PIN gives a token for ten minutes, and a car takes one command at a time. */
import { createStrongAuth, type EnterPin, type StrongAuthOptions } from 'strong-auth-machine';
import { jsonRequest, type Send, toMessage } from './envelope.js';

export interface CarsOptions extends Pick<StrongAuthOptions, 'clock'> {
  readonly url: string;
  readonly send: Send;
  readonly enterPin: EnterPin;
  /** The time, epoch ms. */
  now(): number;
}

export function createCars({ url, send, enterPin, now, clock }: CarsOptions) {
  /** The last command of each car that is on its way. */
  const lines = new Map<unknown, Promise<unknown>>();

  /** The line is in the transport: whoever stands in it was made before a wave that ends meanwhile, and shares its outcome. */
  function inLine<Answer>(car: unknown, command: () => Promise<Answer>): Promise<Answer> {
    const answer = (lines.get(car) ?? Promise.resolve()).then(command, command);
    lines.set(car, answer);
    return answer;
  }

  const strongAuth = createStrongAuth({
    transport: {
      send: ({ api, parameters: { token, ...body } = {} }, { signal }) =>
        inLine(body.car, async () => {
          signal.throwIfAborted(); // given up while it stood in line
          return toMessage(await send(jsonRequest(`${url}/${api}`, body, token as string, signal)));
        }),
    },
    enterPin,
    requestOtp: async (pin, { signal }) =>
      toMessage(await send(jsonRequest(`${url}/pin`, { pin }, undefined, signal))),
    classify: {
      call: (message) => (message.status === 'FAILED' && message.error.code === 401 ? 'challenge' : 'pass'),
      otp(message) {
        if (message.status !== 'FAILED') return 'granted';
        return message.error.code === 403 ? 'pinRejected' : { denied: 'OTP_REFUSED' };
      },
    },
    // In every request while it lives: three commands in ten minutes ask for one PIN.
    grant: {
      read(message) {
        const { token, expiresIn } = (message as { result: { token: string; expiresIn: number } }).result;
        return { secret: token, expiresAt: now() + expiresIn * 1000 };
      },
      apply: (request, secret) => ({
        ...request,
        parameters: { ...request.parameters, token: secret.reveal() },
      }),
    },
    // The time in line is no time on the way; what has to be done soon says so with `timeoutMs`.
    policy: { callTimeoutMs: Number.POSITIVE_INFINITY },
    clock,
  });

  return {
    strongAuth,
    command: (car: string, action: string, options?: { readonly timeoutMs?: number }) =>
      strongAuth.set<unknown>('commands', { car, action }, options),
  };
}
