/** What every contender is given, and what it gives back: the same for all, so that they run on the same scripted transport. */

/** The SDK's envelope, as far as the script uses it. */
export interface Message {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly result?: unknown;
  readonly error?: { readonly code: number | string };
}

export interface Request {
  readonly verb: 'get';
  readonly api: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The two things that only the app knows. */
export interface Scene {
  readonly send: (request: Request) => Promise<Message>;
  /** Resolves with the PIN, or with null when the user declines. */
  readonly enterPin: () => Promise<string | null>;
}

/** A running client. */
export interface Client {
  /** Resolves with the result of the SDK's answer; rejects if there is none. */
  get(api: string, parameters: Record<string, unknown>, signal?: AbortSignal): Promise<unknown>;
  /** The app closes the prompt, or gives up on the OTP. */
  cancel(): void;
  /** Stops whatever would keep the process alive. */
  dispose(): void;
}

export interface Contender {
  readonly name: string;
  /** @param timeoutMs For every time limit, if it has any. */
  create(scene: Scene, timeoutMs?: number): Client;
}

export const OTP_API = 'pims.authentication.otp';

/** @returns Whether the message asks for strong authentication. */
export const isChallenge = ({ status, error }: Message): boolean =>
  status === 'FAILED' && Number(error?.code) === 2302;

/** @returns The result of an answer. @throws What the SDK said instead. */
export function resultOf({ status, result, error }: Message): unknown {
  if (status !== 'SUCCEEDED') throw new Error(`failed: ${error?.code}`);
  return result;
}

/** Requests the OTP; on 2312 or 2317 once more with `resetStep`. @throws If it is refused. */
export async function requestOtp({ send }: Scene, pinCode: string): Promise<void> {
  const withPin = { action: 'withPIN', pinCode };
  let answer = await send({ verb: 'get', api: OTP_API, parameters: withPin });
  if (answer.status === 'FAILED' && [2312, 2317].includes(Number(answer.error?.code)))
    answer = await send({ verb: 'get', api: OTP_API, parameters: { ...withPin, resetStep: true } });
  if (answer.status !== 'SUCCEEDED') throw new Error(`OTP refused: ${answer.error?.code}`);
}
