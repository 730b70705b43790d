import type { ApiParameters, Verb } from '../messages/message.js';
import type { Account } from './account.js';
import { type SimulatedApiRow, simulatedApiRows } from './apis.generated.js';
import type { Car } from './car.js';
import type { Judgement } from './judgement.js';

/** Documented versions of the SDK. */
export type SdkVersion = '2.0' | '2.1' | '2.2' | '2.3';
/** Groups of brands, which have different APIs. O2X is the small electric vehicles. */
export type BrandGroup = 'PSA' | 'FCA' | 'O2X';

/** The state that the APIs read and change. */
export interface Backend {
  readonly account: Account;
  readonly car: Car;
  readonly now: () => number;
}

/** One variant of an API in the simulator: its entry in the SDK's reference, and its behaviour here. */
export interface SimulatedApi {
  readonly verb: Verb;
  readonly api: string;
  /** Whether 2302 is among its documented errors. */
  readonly canChallenge: boolean;
  readonly parameters: readonly Parameter[];
  /** Parameters that only another variant has. */
  readonly foreign: readonly string[];
  /** A sample of its result. */
  readonly sample: unknown;
  /** Its behaviour; without one, it answers with the sample. */
  readonly run: ((parameters: ApiParameters, backend: Backend) => Judgement) | undefined;
}

interface Parameter {
  readonly name: string;
  readonly isOptional: boolean;
  /** The constants that the parameter may have, as text; `undefined` if `kind` describes it. */
  readonly values: readonly string[] | undefined;
  readonly kind: string;
  /** `[]`: a list. `[?]`: a list, or its only value. */
  readonly list: '' | '[]' | '[?]';
}

const refused = (code: number, label: string): Judgement => ({ code, label });

/**
 * The behaviour of variants, by verb, API and the reference's name of the variant. All
 * others answer with their sample.
 */
const behaviours: Readonly<Record<string, NonNullable<SimulatedApi['run']>>> = {
  'set pims.vehicle.command doors': ({ doorState }, { car }) => {
    const locks = doorState === 'lock';
    if (locks && car.isLocked) return refused(2361, 'All doors are already locked');
    if (!locks && !car.isLocked) return refused(2360, 'All doors are already unlocked');
    car.isLocked = locks;
    return {};
  },
  'set pims.vehicle.command horn': (_, { car }) => {
    car.horns += 1;
    return {};
  },
  'set pims.vehicle.command warning': (_, { car }) => {
    car.flashes += 1;
    return {};
  },
  'set pims.vehicle.command charge': ({ startNow }, { car }) => {
    if (isTrue(startNow) && car.isCharging)
      return refused(2331, 'Immediate charging request discarded: already charging');
    car.isCharging = isTrue(startNow);
    return {};
  },
  'set pims.vehicle.command chargeDeferredTime': ({ deferredTime }, { car }) => {
    car.nextChargeAt = String(deferredTime);
    return {};
  },
  'set pims.vehicle.command preconditioning': ({ startNow }, { car }) => {
    if (isTrue(startNow) && car.isPreconditioning)
      return refused(2333, 'Immediate preconditioning discarded: already running');
    if (!isTrue(startNow) && !car.isPreconditioning)
      return refused(2336, 'Stop preconditioning discarded: not running');
    car.isPreconditioning = isTrue(startNow);
    return {};
  },
  'get pims.vehicle.informations remote': (_, { car, now }) => ({ result: car.status(now()) }),

  'get pims.subscription.step': (_, { account }) => ({ result: account.nextStep() }),
  'get pims.subscription.steps carAssociationID': steps,
  'get pims.subscription.steps stepsId': steps,
  'get pims.subscription.steps vin': steps,

  'get pims.authentication.account isdeviceactivated': (_, { account }) => ({
    result: { isDeviceActivated: account.refusal === undefined },
  }),
  'get pims.authentication.account isaccountblocked': (_, { account }) => ({
    result: { isAccountBlocked: account.blockage() },
  }),
  'get pims.authentication.otp withPin': (parameters, { account, now }) =>
    account.grantOtp(parameters, now()),
  'get pims.authentication.otp withoutPin': (_, { account, now }) => account.grantOtpWithoutPin(now()),
  'set pims.authentication.session': (parameters, { account, now }) => {
    const judgement = account.grantOtp(parameters, now());
    return judgement.code === undefined ? {} : judgement;
  },

  'get pims.authentication.trustedphonenumber': (_, { account }) => account.trustedPhone(),
  'get pims.authentication.smscode enrollment': sms,
  'get pims.authentication.smscode phoneNumberCertification': sms,
  'get pims.authentication.smscode resetPIN': sms,
  'set pims.authentication.smscode enrollment': (parameters, { account, now }) =>
    account.checkCode(parameters, now()),
  'set pims.authentication.smscode addPhoneNumber': changePhone,
  'set pims.authentication.smscode modifyPhoneNumber': changePhone,
  'set pims.authentication.enrollment enroll': (parameters, { account, now }) =>
    account.enroll(parameters, now()),
  'set pims.authentication.enrollment enrollWithPhoneNumber': (parameters, { account, now }) =>
    account.enrollWithPhone(parameters, now()),
  'set pims.authentication.enrollment remove': (_, { account }) => account.removeEnrollments(),
  'set pims.authentication.pincode reset': (parameters, { account, now }) =>
    account.resetPin(parameters, now()),
  'set pims.authentication.pincode update': ({ oldPIN, newPIN }, { account }) =>
    account.judgePin(oldPIN) ?? account.changePin(newPIN),
};

function steps({ resetSteps, stepsStatus }: ApiParameters, { account }: Backend): Judgement {
  if (isTrue(resetSteps)) account.resetSteps();
  return { result: account.steps(String(stepsStatus)) };
}

function sms({ type }: ApiParameters, { account, now }: Backend): Judgement {
  return account.sendSms(type, now());
}

function changePhone(parameters: ApiParameters, { account, now }: Backend): Judgement {
  return account.registerPhone(parameters, now());
}

/**
 * A cache by version and brand: reading takes most of the time of making a
 * simulator, and tests make thousands.
 */
const known = new Map<string, readonly SimulatedApi[]>();

/** @returns The variants of a version of the SDK, for one group of brands or for all. */
export function apisOf(version: SdkVersion, brand: BrandGroup | undefined): readonly SimulatedApi[] {
  const key = `${version} ${brand}`;
  const apis = known.get(key) ?? readApis(version, brand);
  known.set(key, apis);
  return apis;
}

const readApis = (version: SdkVersion, brand: BrandGroup | undefined): readonly SimulatedApi[] =>
  simulatedApiRows
    .filter(([[first, last], , , , brands]) => {
      const isOfBrand = brand === undefined || brands.split(' ').includes(brand);
      return first <= version && version <= last && isOfBrand;
    })
    .map(readRow);

function readRow([, verb, api, variant, , parameters, errors, sample]: SimulatedApiRow): SimulatedApi {
  const words = parameters.split(' ').filter((word) => word !== '');
  return {
    verb: verb as Verb,
    api,
    canChallenge: errors.includes(2302),
    parameters: words.filter((word) => !word.startsWith('!')).map(readParameter),
    foreign: words.filter((word) => word.startsWith('!')).map((word) => word.slice(1)),
    sample,
    run: behaviours[`${verb} ${api} ${variant}`.trim()],
  };
}

/** Reads `name=one|another`, `name?:kind`, and `[]` or `[?]` at the end. */
function readParameter(word: string): Parameter {
  const [, name = '', mark, sign, type = '', list = ''] =
    /^(\w+)(\??)([=:])(.*?)(\[\??\])?$/.exec(word) ?? [];
  return {
    name,
    isOptional: mark === '?',
    values: sign === '=' ? type.split('|') : undefined,
    kind: type,
    list: list as Parameter['list'],
  };
}

/** @returns The variant that matches the parameters, or the refusal if none does. */
export function findApi(
  apis: readonly SimulatedApi[],
  verb: Verb,
  api: string,
  parameters: ApiParameters,
): SimulatedApi | Judgement {
  const named = apis.filter((candidate) => candidate.verb === verb && candidate.api === api);
  const [first] = named;
  if (!first) return refused(2002, 'API not supported');
  if (named.length === 1) return first;

  // Constants tell variants apart. Where they do not, the variant with the
  // fewest missing parameters is taken.
  const fitting = named.filter(({ foreign, parameters: known }) => {
    const contradicts = (parameter: Parameter) =>
      parameters[parameter.name] !== undefined && parameter.values && !isInOrder(parameters, parameter);
    return !known.some(contradicts) && !foreign.some((name) => parameters[name] !== undefined);
  });
  const score = ({ parameters: known }: SimulatedApi) => {
    const told = known.filter(({ name, values }) => values && parameters[name] !== undefined).length;
    const missing = known.filter(
      ({ name, isOptional }) => !isOptional && parameters[name] === undefined,
    ).length;
    return told * 100 - missing;
  };
  const [best] = fitting.sort((one, other) => score(other) - score(one));
  if (best) return best;
  const wrong = named
    .flatMap(({ parameters: known }) => known)
    .find((parameter) => parameter.values && parameters[parameter.name] !== undefined);
  return refused(2102, `Invalid ${wrong?.name ?? 'action'} parameter`);
}

/** @returns Why the parameters are refused; `undefined` if they are valid. */
export function checkParameters(
  { parameters: known }: SimulatedApi,
  parameters: ApiParameters,
): Judgement | undefined {
  for (const parameter of known) {
    const value = parameters[parameter.name];
    if (value === undefined || value === null) {
      if (!parameter.isOptional) return refused(2101, `Missing ${parameter.name} parameter`);
    } else if (!isInOrder(parameters, parameter)) {
      return refused(2102, `Invalid ${parameter.name} parameter`);
    }
  }
  return undefined;
}

function isInOrder(parameters: ApiParameters, { name, values, kind, list }: Parameter): boolean {
  const value = parameters[name];
  if (list === '[]' && !Array.isArray(value)) return false;
  const members = list !== '' && Array.isArray(value) ? value : [value];
  return members.every((member) => (values ? values.includes(String(member)) : isOfKind(member, kind)));
}

/** Numbers and Booleans may be strings, as in the SDK's own samples. */
function isOfKind(value: unknown, kind: string): boolean {
  switch (kind) {
    case 'string':
      return typeof value === 'string';
    case 'text':
      return typeof value === 'string' || typeof value === 'number';
    case 'number':
    case 'numeric':
      return (typeof value === 'number' || typeof value === 'string') && Number.isFinite(Number(value));
    case 'boolean':
    case 'flag':
      return typeof value === 'boolean' || value === 'true' || value === 'false';
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    default:
      return true;
  }
}

const isTrue = (value: unknown): boolean => value === true || value === 'true';
