import { isObject, read } from '../host/ask.js';
import type { HostClock, Moment } from '../host/clock.js';
import { type ApiMessage, type ApiRequest, copyMessage } from '../messages/message.js';
import { unbox } from '../messages/plain.js';
import { forget, Secret } from './secret.js';

/** For a back end that answers the OTP request with a token for later requests. */
export interface GrantOption {
  /**
   * Takes the token from the answer to the OTP request.
   *
   * @returns The token and, if it expires, the epoch ms at which it does; or the token alone. Anything else,
   *   `undefined` included, denies the wave with `PROTOCOL`.
   */
  read(message: ApiMessage): GrantedSecret | string | number | undefined;
  /**
   * Puts the token into a request. Called for every sending until the token expires,
   * including the first sending of a call.
   *
   * @returns The request to send. If it throws or rejects, the call is not sent
   *   and rejects `TRANSPORT_FAILED`.
   */
  apply(request: ApiRequest, secret: Secret): ApiRequest | Promise<ApiRequest>;
}

/** A token, and when it expires. */
export interface GrantedSecret {
  /** The token. */
  readonly secret: string | number;
  /**
   * The epoch ms at which the token expires. Without it, the token is kept until `reset()` or `dispose()`.
   */
  readonly expiresAt?: number | undefined;
}

/** When strong authentication was granted last, and the token of that grant. */
export interface Grants {
  /**
   * @returns Whether the last grant is younger than `maxAgeMs` and its token has not expired. False for a
   *   grant in the future, which comes from a clock that was set back.
   */
  isYoungerThan(maxAgeMs: number): boolean;
  /**
   * Reads a grant, and its token if the option `grant` is given.
   *
   * @returns A function that keeps the grant without calling host code; `undefined` if the token is missing.
   */
  read(message: ApiMessage): (() => void) | undefined;
  /** @returns A function that puts the current token into a request; `undefined` without a token. */
  applier(): ((request: ApiRequest) => ApiRequest | Promise<ApiRequest>) | undefined;
  /** Forgets the grant and the token. */
  forget(): void;
}

export function createGrants(option: GrantOption | undefined, clock: HostClock): Grants {
  let last: Moment | undefined;
  let token: Secret | undefined;
  let isOver: (() => boolean) | undefined;

  const forgetToken = () => {
    if (token) forget(token);
    token = undefined;
  };
  const liveToken = (): Secret | undefined => {
    if (isOver?.()) forgetToken();
    return token;
  };

  return {
    isYoungerThan(maxAgeMs) {
      if (!last || clock.now() < last.wall || (option && !liveToken())) return false;
      return clock.ageOf(last) < maxAgeMs;
    },
    read(message) {
      const granted = option && readGrant(option, message);
      if (option && !granted) return undefined;
      const at = clock.moment();
      return () => {
        last = at;
        if (!granted) return;
        forgetToken();
        const livesMs = granted.expiresAt - at.wall;
        isOver = () => clock.ageOf(at) >= livesMs;
        token = new Secret(granted.secret, isOver);
      };
    },
    applier() {
      const secret = liveToken();
      return option && secret && ((request) => option.apply(request, secret));
    },
    forget() {
      last = undefined;
      forgetToken();
    },
  };
}

/** Field names that hosts give the token. Ours is `secret`. */
const NAMES = ['secret', 'token', 'value', 'otp'] as const;

function readGrant(
  option: GrantOption,
  message: ApiMessage,
): { readonly secret: string; readonly expiresAt: number } | undefined {
  let granted: unknown;
  try {
    granted = option.read(copyMessage(message));
  } catch {
    return undefined; // not reported: the error may hold the token
  }
  const secret = textOf(granted) ?? NAMES.map((name) => textOf(read(granted, name))).find((text) => text);
  if (secret === undefined) return undefined;
  const expiresAt = isObject(granted) ? read(granted, 'expiresAt') : undefined;
  return { secret, expiresAt: toMoment(expiresAt) };
}

/** @returns The secret as text, if it is a number or a text that is not empty; it may be boxed. */
export function textOf(given: unknown): string | undefined {
  const value = unbox(given);
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value)))
    return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function toMoment(value: unknown): number {
  const at = value instanceof Date ? value.getTime() : value;
  return typeof at === 'number' && !Number.isNaN(at) ? at : Number.POSITIVE_INFINITY;
}
