import {
  createStepUpFetch,
  isStepUpError,
  type StepUpFetchOptions,
  type StepUpPrompt,
} from 'strong-auth-machine/fetch';
import { createManualClock } from 'strong-auth-machine/simulator';

export const START = 1_700_000_000_000;
export const URL_OF = (path: string) => `https://api.example${path}`;

/** A response that asks for more: RFC 9470 unless `error` says otherwise. */
export const challenged = (parameters: Record<string, string> = {}, headers: Record<string, string> = {}) => {
  const { error = 'insufficient_user_authentication', ...others } = parameters;
  const written = Object.entries({ error, ...others }).map(([name, value]) => `${name}="${value}"`);
  return new Response('challenge', {
    status: error === 'insufficient_scope' ? 403 : 401,
    headers: { 'www-authenticate': `Bearer ${written.join(', ')}`, ...headers },
  });
};

/** Lets everything happen that needs no timer, streams too. */
export async function settle(turns = 12): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A request on its way, which a test answers. */
export interface Arrived {
  readonly request: Request;
  readonly answer: (response: Response) => Promise<void>;
  readonly fail: (error: unknown) => Promise<void>;
}

/** A client whose server and user are moved by hand. */
export function stage(options: Partial<StepUpFetchOptions> = {}) {
  const clock = createManualClock(START);
  const arrived: Arrived[] = [];
  const prompts: {
    readonly prompt: StepUpPrompt;
    readonly answer: (value?: unknown) => Promise<void>;
    readonly fail: (error: unknown) => Promise<void>;
  }[] = [];
  const facts: unknown[] = [];
  const stepUp = createStepUpFetch({
    clock,
    fetch: (request) =>
      new Promise((resolve, reject) => {
        request.signal.addEventListener('abort', () => reject(request.signal.reason));
        arrived.push({
          request,
          answer: (response) => {
            resolve(response);
            return settle();
          },
          fail: (error) => {
            reject(error);
            return settle();
          },
        });
      }),
    authenticate: (prompt) => {
      void prompt.needs; // what most apps do first
      return new Promise((resolve, reject) => {
        prompts.push({
          prompt,
          answer: (value) => {
            resolve(value);
            return settle();
          },
          fail: (error) => {
            reject(error);
            return settle();
          },
        });
      });
    },
    onEvent: (fact) => facts.push(fact),
    ...options,
  });
  const take = <Item>(list: readonly Item[], index: number, what: string): Item => {
    const item = list.at(index);
    if (!item) throw new Error(`there is no ${what} ${index}`);
    return item;
  };
  return {
    ...{ stepUp, clock, arrived, prompts, facts },
    request: (index = -1) => take(arrived, index, 'request'),
    prompt: (index = -1) => take(prompts, index, 'prompt'),
    get status() {
      return stepUp.strongAuth.view.getSnapshot().status;
    },
    /** Sends a request. */
    async send(path: string, init?: RequestInit, more?: Parameters<typeof stepUp.fetch>[2]) {
      const fate = watch(stepUp.fetch(URL_OF(path), init, more));
      await settle();
      return fate;
    },
    /** Sends one, and has it challenged. */
    async sendChallenged(path = '/', parameters?: Record<string, string>, init?: RequestInit) {
      const fate = watch(stepUp.fetch(URL_OF(path), init));
      await settle();
      await take(arrived, -1, 'request').answer(challenged(parameters));
      return fate;
    },
  };
}

/** A promise whose fate can be read at any time. */
export interface Fate {
  /** `pending`, the status of a response, or the code (else the name) of an error. */
  readonly fate: string | number;
  readonly response?: Response;
  readonly error?: unknown;
  readonly settlements: number;
}

export function watch(promise: Promise<unknown>): Fate {
  const state = { fate: 'pending' as string | number, settlements: 0 };
  promise.then(
    (value) =>
      Object.assign(state, {
        fate: value instanceof Response ? value.status : 'resolved',
        response: value,
        settlements: state.settlements + 1,
      }),
    (error) =>
      Object.assign(state, {
        fate: isStepUpError(error) ? error.code : String(error?.name ?? error),
        error,
        settlements: state.settlements + 1,
      }),
  );
  return state;
}
