/** Commands that take a while and are polled. A token that is too weak is answered 401, and is upgraded with the PIN. */
import { type Clock, createStrongAuth, type EnterPin, systemClock } from 'strong-auth-machine';
import { jsonRequest, type Send, toMessage } from './envelope.js';

export interface PolledOptions {
  readonly url: string;
  readonly send: Send;
  readonly enterPin: EnterPin;
  readonly clock?: Clock;
}

/** Between two polls, in ms. */
const PAUSE_MS = 2000;

export function createPolled({ url, send, enterPin, clock = systemClock }: PolledOptions, token: string) {
  let current = token; // of the sign-in; the server upgrades it, so that it is no `grant` beside another one

  const strongAuth = createStrongAuth({
    transport: {
      async send({ api, parameters = {} }, { signal }) {
        return toMessage(await send(jsonRequest(`${url}/${api}`, parameters, current, signal)));
      },
    },
    enterPin,
    async requestOtp(pin, { signal }) {
      const response = await send(jsonRequest(`${url}/upgrade`, { pin }, current, signal));
      const message = await toMessage(response);
      if (signal.aborted || message.status !== 'SUCCEEDED') return message; // cancelled: the old token stays
      current = (message.result as { token: string }).token;
      return { status: 'SUCCEEDED' };
    },
    classify: {
      call: (message) =>
        message.status === 'FAILED' && message.error.label === 'token_too_weak' ? 'challenge' : 'pass',
      otp(message) {
        if (message.status !== 'FAILED') return 'granted';
        return message.error.code === 403 ? 'pinRejected' : { denied: 'SIGN_IN_REQUIRED' };
      },
    },
    clock,
  });

  const pause = () => new Promise<void>((resolve) => void clock.setTimeout(resolve, PAUSE_MS));

  return {
    strongAuth,
    /**
     * Runs a command to its end. A token that becomes too weak meanwhile is asked for with the poll: the poll is sent again, and the
     * command is not.
     */
    async run(command: string, signal?: AbortSignal): Promise<string> {
      const started = await strongAuth.set<{ id: string }>('start', { command }, { signal });
      for (;;) {
        const { state } = await strongAuth.get<{ state: string }>('look', { id: started?.id }, { signal });
        if (state !== 'running') return state;
        await pause();
      }
    },
  };
}
