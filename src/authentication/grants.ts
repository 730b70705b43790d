import { isObject, read } from '../host/ask.js';
import type { HostClock, Moment } from '../host/clock.js';
import type { ApiMessage, ApiRequest } from '../messages/message.js';
import { forget, Secret } from './secret.js';

/** For a back end whose answer to the OTP request is a token for later requests too. */
export interface GrantOption {
  /**
   * Takes the token from the answer to the OTP request.
   *
   * @returns The token and, if it ends, when (epoch ms); or the token alone. Anything else, `undefined` too, denies the wave with
   *   `PROTOCOL`.
   */
  read(message: ApiMessage): GrantedSecret | string | number | undefined;
  /**
   * Puts the token into a request. Called for every sending while the token lives, the first one of a call too.
   *
   * @returns The request to send. What throws or rejects ends the call with `TRANSPORT_FAILED`, not sent.
   */
  apply(request: ApiRequest, secret: Secret): ApiRequest | Promise<ApiRequest>;
}

/** A token, and how long it lives. */
export interface GrantedSecret {
  /** The token. */
  readonly secret: string | number;
  /** Epoch ms at which it ends. Without it, it lives until `reset()`. */
  readonly expiresAt?: number | undefined;
}

/** When strong authentication was granted last, and the token that came with it. */
export interface Grants {
  /** @returns Whether the last grant is younger than that, and its token lives; a grant from the future is not. */
  isYoungerThan(maxAgeMs: number): boolean;
  /**
   * Reads a grant, with its token if one is wanted.
   *
   * @returns How to keep it, which asks the host nothing any more; `undefined` if the token is missing.
   */
  read(message: ApiMessage): (() => void) | undefined;
  /** @returns How to put the token that lives into a request; nothing without one. */
  applier(): ((request: ApiRequest) => ApiRequest | Promise<ApiRequest>) | undefined;
  /** Forgets everything. */
  forget(): void;
}

export function createGrants(option: GrantOption | undefined, clock: HostClock): Grants {
  let last: Moment | undefined;
  let token: Secret | undefined;
  let keptAt: Moment | undefined;
  let livesMs = Number.POSITIVE_INFINITY;
  let expiresAt = Number.POSITIVE_INFINITY;

  const forgetToken = () => {
    if (token) forget(token);
    token = undefined;
  };
  const isOver = (): boolean => !keptAt || clock.now() >= expiresAt || clock.ageOf(keptAt) >= livesMs;
  const isAlive = (): boolean => {
    if (token && isOver()) forgetToken();
    return token !== undefined;
  };

  return {
    isYoungerThan(maxAgeMs) {
      if (!last || clock.now() < last.wall || (option && !isAlive())) return false;
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
        keptAt = at;
        expiresAt = granted.expiresAt;
        livesMs = granted.expiresAt - at.wall;
        token = new Secret(granted.secret, isOver);
      };
    },
    applier() {
      if (!option || !isAlive()) return undefined;
      const secret = token as Secret;
      return (request) => option.apply(request, secret);
    },
    forget() {
      last = undefined;
      forgetToken();
    },
  };
}

/** What the host calls the token; `secret` in our words. */
const NAMES = ['secret', 'token', 'value', 'otp'] as const;

function readGrant(
  option: GrantOption,
  message: ApiMessage,
): { readonly secret: string; readonly expiresAt: number } | undefined {
  let granted: unknown;
  try {
    granted = option.read(message);
  } catch {
    return undefined; // without a word: what it throws may hold the token
  }
  const secret = textOf(granted) ?? NAMES.map((name) => textOf(read(granted, name))).find((text) => text);
  if (secret === undefined) return undefined;
  const expiresAt = isObject(granted) ? read(granted, 'expiresAt') : undefined;
  return { secret, expiresAt: toMoment(expiresAt) };
}

/** @returns The secret as text, if it is a text or a number, and not empty. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function toMoment(value: unknown): number {
  const at = value instanceof Date ? value.getTime() : value;
  return typeof at === 'number' && !Number.isNaN(at) ? at : Number.POSITIVE_INFINITY;
}
