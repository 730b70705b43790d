import { type Message, OTP_API, type Request, type Scene } from './contender.js';

export const API = 'pims.vehicle.informations';
export const PARAMETERS = { action: 'get' } as const;
export const OK: Message = { status: 'SUCCEEDED', result: { done: true } };
export const failed = (code: number | string): Message => ({ status: 'FAILED', error: { code } });
const CHALLENGE = failed(2302);

const enterPin = () => Promise.resolve('1234');

/** Answers every call at once. */
export const ready: Scene = { send: () => Promise.resolve(OK), enterPin };
/** Never answers. */
export const silent: Scene = { send: () => new Promise<Message>(() => {}), enterPin };
/** Challenges every call; the user never enters a PIN. */
export const unattended: Scene = {
  send: () => Promise.resolve(CHALLENGE),
  enterPin: () => new Promise<never>(() => {}),
};

/** Challenges every call until an OTP was requested. Its user types when all who were challenged at once wait already. */
export function stepUp(): Scene & {
  /** From now on every call is challenged again. */
  expire(): void;
} {
  let isStrong = false;
  return {
    expire() {
      isStrong = false;
    },
    send({ api }) {
      if (api === OTP_API) isStrong = true;
      return Promise.resolve(isStrong ? OK : CHALLENGE);
    },
    enterPin: () => new Promise((resolve) => setImmediate(resolve, '1234')),
  };
}

/** An SDK and a user by hand: everything is written down, and each answer can be scripted. */
export class Stage implements Scene {
  prompts = 0;
  otps = 0;
  /** The requests of calls, in the order they came. */
  readonly sent: Request[] = [];
  isStrong = false;
  onCall: (request: Request) => Message | Promise<Message> = () => (this.isStrong ? OK : CHALLENGE);
  onOtp: (request: Request) => Message | Promise<Message> = () => this.grant();
  onPrompt: () => string | null | Promise<string | null> = () => '1234';

  grant(): Message {
    this.isStrong = true;
    return OK;
  }

  send = async (request: Request): Promise<Message> => {
    if (request.api === OTP_API) {
      this.otps += 1;
      return this.onOtp(request);
    }
    this.sent.push({ ...request, parameters: { ...request.parameters } });
    return this.onCall(request);
  };

  enterPin = async (): Promise<string | null> => {
    this.prompts += 1;
    return this.onPrompt();
  };
}
