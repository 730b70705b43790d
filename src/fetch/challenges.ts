import { parseAuthenticate } from './www-authenticate.js';

/** What the answer to a request asks for. */
export interface StepUpChallenge {
  /** The scheme in lower case, such as `bearer` or `dpop`; missing if `challenge` said that it is one. */
  readonly scheme?: string;
  /** `insufficient_user_authentication` (RFC 9470) or `insufficient_scope` (RFC 6750). */
  readonly error?: string;
  /** Authentication context class references, one of which is wanted, in the order of preference (RFC 9470, `acr_values`). */
  readonly acrValues: readonly string[];
  /** How many seconds ago the user may have authenticated at most (RFC 9470, `max_age`). */
  readonly maxAge?: number | undefined;
  /** The scopes that are wanted (RFC 6750, `scope`). */
  readonly scopes: readonly string[];
  /** Epoch ms before which authentication is of no use (`Retry-After`). */
  readonly retryAt?: number | undefined;
  /** Every parameter of the challenge, by its name in lower case: `realm`, `error_description`, `resource_metadata`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A part of a challenge. */
export type SomeChallenge = { readonly [Name in keyof StepUpChallenge]?: StepUpChallenge[Name] | undefined };

/** What several challenges need together. */
export interface StepUpNeeds {
  /** Every authentication context class reference, in the order in which they came. */
  readonly acrValues: readonly string[];
  /** The smallest age, in seconds. */
  readonly maxAge?: number | undefined;
  /** Every scope. */
  readonly scopes: readonly string[];
}

/** @returns The challenge of a response whose status is 400 or above, by RFC 9470 and RFC 6750; `undefined` if it is none. */
export function standardChallengeOf({ status, headers }: Response): SomeChallenge | undefined {
  for (const { scheme, parameters } of parseAuthenticate(headers.get('www-authenticate') ?? '')) {
    const { error, acr_values: acrValues, max_age: maxAge, scope } = parameters;
    if (error !== 'insufficient_user_authentication' && (error !== 'insufficient_scope' || status !== 403))
      continue;
    return {
      ...{ scheme, error, parameters, acrValues: wordsOf(acrValues), scopes: wordsOf(scope) },
      maxAge: /^\d+$/.test(maxAge ?? '') ? Number(maxAge) : undefined,
    };
  }
  return undefined;
}

/** @returns The whole of a challenge that a header or the host gave a part of, or of which it only knows that it is one. */
export function challengeFrom(given: SomeChallenge | true, headers: Headers, now: number): StepUpChallenge {
  const retryAt = momentOf(headers.get('retry-after'), now);
  const whole: Record<string, unknown> = { acrValues: [], scopes: [], parameters: {}, retryAt };
  for (const [name, told] of Object.entries(given)) whole[name] = told ?? whole[name];
  return whole as unknown as StepUpChallenge;
}

/** @returns What the challenges need together. */
export function mergeNeeds(challenges: readonly StepUpChallenge[]): StepUpNeeds {
  const all = <Part>(part: (challenge: StepUpChallenge) => Part | readonly Part[]) => [
    ...new Set(challenges.flatMap(part)),
  ];
  return {
    acrValues: all(({ acrValues }) => acrValues),
    scopes: all(({ scopes }) => scopes),
    maxAge: least(all(({ maxAge }) => maxAge ?? [])),
  };
}

/**
 * @param retryAfter `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date.
 * @returns Epoch ms; `undefined` for what is neither.
 */
export function momentOf(retryAfter: unknown, now: number): number | undefined {
  const text = String(retryAfter);
  // The oldest of the three forms of a date has no time zone, and means UTC.
  const at = /^[\d.]+$/.test(text)
    ? now + Number(text) * 1000
    : Date.parse(text.replace(/ \d{4}$/, '$& GMT'));
  return at || undefined;
}

/** @returns The least of the numbers, of a list of any length. */
export const least = (numbers: number[]): number | undefined => numbers.sort((a, b) => a - b)[0];

const wordsOf = (list = ''): string[] => list.match(/\S+/g) ?? [];
