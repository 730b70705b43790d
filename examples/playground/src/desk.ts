import type { Pims, PimsCallback, Verb } from 'strong-auth-machine';
import type { Fault, Simulator } from 'strong-auth-machine/simulator';

/** A request that waits for somebody to say how it is answered. */
export interface DeskRequest {
  readonly number: number;
  readonly verb: Verb;
  readonly api: string;
  /** What tells requests of one API apart, such as `horn`. */
  readonly action: string;
  readonly isOtp: boolean;
  /** Whether it is an OTP request with `resetStep`. */
  readonly isReset: boolean;
}

/** How a request is answered: it is executed, or refused with a code of the SDK. */
export type DeskAnswer = 'succeed' | number;

/** Where requests lie until the visitor, in the place of the SDK, answers them. */
export interface Desk {
  readonly pims: Required<Pims>;
  readonly requests: readonly DeskRequest[];
  answer(number: number, answer: DeskAnswer): void;
}

const OTP_API = 'pims.authentication.otp';

/**
 * Keeps requests back on their way to the simulator, which judges each when it is let through: what it saw stays the truth.
 *
 * @param onChange Called when a request arrives or leaves.
 */
export function createDesk(simulator: Simulator, onChange: () => void): Desk {
  let waiting: readonly (DeskRequest & { readonly pass: () => void })[] = [];
  let lastNumber = 0;

  const receive = (verb: Verb, api: string, parameters: unknown, pass: () => void) => {
    lastNumber += 1;
    const { action, resetStep } = (parameters ?? {}) as { action?: unknown; resetStep?: unknown };
    const request = {
      number: lastNumber,
      verb,
      api,
      action: typeof action === 'string' ? action : '',
      isOtp: api === OTP_API,
      isReset: resetStep === true,
      pass,
    };
    waiting = [...waiting, request];
    onChange();
  };

  const through =
    (verb: 'get' | 'set' | 'subscribe' | 'unsubscribe'): Pims['get'] =>
    (api, parameters, callback: PimsCallback) =>
      receive(verb, api, parameters, () => simulator[verb](api, parameters, callback));

  return {
    pims: {
      get: through('get'),
      set: through('set'),
      subscribe: through('subscribe'),
      unsubscribe: through('unsubscribe'),
      initialize: (parameters, callback) => simulator.initialize(parameters, callback),
      release: (callback) => simulator.release(callback),
    },
    get requests() {
      return waiting;
    },
    answer(number, answer) {
      const request = waiting.find((other) => other.number === number);
      if (!request) return; // a second press
      waiting = waiting.filter((other) => other !== request);
      if (answer === 'succeed') simulator.grantSession();
      else simulator.script({ verb: request.verb, api: request.api }, refusal(answer));
      request.pass();
      // Whether a call is challenged is for the visitor to say, not for the session.
      simulator.expireSession();
      onChange();
    },
  };
}

const refusal = (code: number): Fault => (code === 2302 ? { kind: 'challenge' } : { kind: 'fail', code });
