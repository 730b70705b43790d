import type { Remedy } from '../../machines/strong-auth/index.js';
import type { ApiErrorCategory } from '../messages/errors.js';
import type { ApiParameters, Verb } from '../messages/message.js';
import {
  apiRows,
  challengeRows,
  componentRows,
  disagreementRows,
  errorLists,
  errorRows,
} from './catalogue.generated.js';

/** One parameter of an API. */
export interface ParameterDescription {
  /** As the call takes it. */
  readonly name: string;
  /** Whether it may be left out. */
  readonly isOptional: boolean;
  /** What it may be, if that is a choice of constants. Booleans and numbers stand as strings. */
  readonly values?: readonly string[];
}

/** One variant of an API, after the SDK's reference (2.3). */
export interface ApiDescription {
  /** How it is called. */
  readonly verb: Exclude<Verb, 'unsubscribe'>;
  /** Its name, for example `pims.vehicle.command`. */
  readonly api: string;
  /** The reference's name for the variant; empty if the API has only one. */
  readonly variant: string;
  /** The SDK's component that it belongs to. */
  readonly component: string;
  /** PSA and FCA are groups of brands; O2X are the small electric vehicles. */
  readonly brands: readonly string[];
  /** How the vehicle is reached, if it is. */
  readonly connectivity?: 'bluetooth' | 'internet';
  /** The first version of the SDK that has it. */
  readonly since: '2.0' | '2.1' | '2.3';
  /** What it takes. */
  readonly parameters: readonly ParameterDescription[];
  /** The codes that the reference lists. Others may arrive all the same. */
  readonly errors: readonly number[];
  /** Whether it lists 2302, strong authentication needed. */
  readonly canBeChallenged: boolean;
}

/**
 * What a code has to do with strong authentication: `core` belongs to it, `enrolment` to the registration of device, PIN and
 * phone number before it, `otp` is general but may also answer an OTP request.
 */
export type StrongAuthRole = 'core' | 'enrolment' | 'otp';

/** One code of the SDK's error catalogue. */
export interface ErrorDescription {
  /** The number. */
  readonly code: number;
  /** Its group in the SDK's catalogue. */
  readonly category: ApiErrorCategory;
  /** A few words, not the SDK's own label. For developers; not translated. */
  readonly label: string;
  /** Missing if the code has nothing to do with strong authentication. */
  readonly strongAuth?: StrongAuthRole;
  /** What to offer the user when a call ends with it. */
  readonly remedy: Remedy;
  /** The first version of the SDK that has it. */
  readonly since: '2.0' | '2.3';
  /** The API variants that list it; none for a good third of the codes. */
  readonly listedBy: readonly ApiDescription[];
}

/** Something on which the SDK's pages contradict each other. */
export interface Disagreement {
  /** What it is about. */
  readonly about: string;
  /** What is said, by who says it. */
  readonly found: Readonly<Record<string, string>>;
  /** What this package makes of it. */
  readonly here: string;
}

const NEED_STRONG_AUTH = 2302;

/** Every variant of every API of SDK 2.3. */
export const apis: readonly ApiDescription[] = /* @__PURE__ */ describeApis();

/** Every code of the SDK's error catalogue. Codes beyond it exist: 2022 pages show some without a meaning. */
export const errors: readonly ErrorDescription[] = /* @__PURE__ */ describeErrors();

/** Where the SDK's pages contradict each other, and what this package makes of it. */
export const disagreements: readonly Disagreement[] = /* @__PURE__ */ disagreementRows.map(
  ([about, found, here]) => ({ about, found, here }),
);

/** @returns What the catalogue says of a code, as an `ApiError` has it; `undefined` if it does not know the code. */
export function describeError(code: number | string): ErrorDescription | undefined {
  return errors.find((error) => error.code === Number(code));
}

/**
 * Whether the reference says that a call may be answered with 2302, strong authentication needed. True for nine API variants.
 *
 * A call belongs to a variant if at least one of its `action`, `type` and `actionType` is that variant's, and none another's.
 */
export function canChallenge(verb: Verb, api: string, parameters?: ApiParameters): boolean {
  return challengeRows.some(
    ([ofVerb, ofApi, discriminators]) =>
      ofVerb === verb && ofApi === api && isTold(readParameters(discriminators), parameters ?? {}),
  );
}

function isTold(discriminators: readonly ParameterDescription[], parameters: ApiParameters): boolean {
  const given = discriminators.filter(({ name }) => parameters[name] !== undefined);
  const isOwn = ({ name, values = [] }: ParameterDescription) =>
    [parameters[name]].flat().every((value) => values.includes(String(value)));
  return given.length > 0 && given.every(isOwn);
}

function describeApis(): ApiDescription[] {
  return apiRows.map(([verb, api, variant, component, since, list, parameters]) => {
    const [name, brands, connectivity] = componentRows[component] as (typeof componentRows)[number];
    const listed = errorLists[list] as readonly number[];
    return {
      verb: verb as ApiDescription['verb'],
      api,
      variant,
      component: name,
      brands: brands.split(' '),
      ...(connectivity && { connectivity: connectivity as 'bluetooth' }),
      since: since as ApiDescription['since'],
      parameters: readParameters(parameters),
      errors: listed,
      canBeChallenged: listed.includes(NEED_STRONG_AUTH),
    };
  });
}

function describeErrors(): ErrorDescription[] {
  return errorRows.map(([code, category, label, remedy, strongAuth, since = '2.0']) => ({
    code,
    category: category as ApiErrorCategory,
    label,
    ...(strongAuth && { strongAuth: strongAuth as StrongAuthRole }),
    remedy: remedy as Remedy,
    since: since as ErrorDescription['since'],
    listedBy: apis.filter((api) => api.errors.includes(code)),
  }));
}

/** Reads `name`, `name?` and `name=one|another`. */
function readParameters(text: string): ParameterDescription[] {
  return text.split(' ').flatMap((word) => {
    const [, name, mark, values] = /^(\w+)(\?)?(?:=(.*))?$/.exec(word) ?? [];
    return name ? { name, isOptional: mark === '?', ...(values && { values: values.split('|') }) } : [];
  });
}
