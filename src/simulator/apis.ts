import type { ApiParameters, Verb } from '../protocol.js';
import type { Account } from './account.js';
import type { Car } from './car.js';

/** How a request is answered: with a result, or refused. */
export type Judgement =
  | { readonly result?: unknown; readonly code?: undefined }
  | { readonly code: number; readonly label: string };

/** What the APIs work on. */
export interface Backend {
  readonly account: Account;
  readonly car: Car;
  readonly now: () => number;
}

/** One API variant of the SDK, as the simulator knows it. */
export interface SimulatedApi {
  readonly verb: Verb;
  readonly api: string;
  /** Whether it can answer 2302 (SDK 2.3, the error list of the variant). */
  readonly canChallenge?: boolean;
  /** Parameters that make it this variant. */
  readonly variant?: Readonly<Record<string, string>>;
  /** Required parameters: the values they may have, or what they are. */
  readonly required?: Readonly<Record<string, readonly unknown[] | 'string' | 'boolean' | 'list'>>;
  readonly run?: (parameters: ApiParameters, backend: Backend) => Judgement;
}

const refused = (code: number, label: string): Judgement => ({ code, label });
const command = (
  action: string,
  required: NonNullable<SimulatedApi['required']>,
  run: NonNullable<SimulatedApi['run']>,
): SimulatedApi => ({
  verb: 'set',
  api: 'pims.vehicle.command',
  canChallenge: true,
  variant: { action },
  required,
  run,
});

/** The APIs, in the order in which a request is tried on them. */
export const simulatedApis: readonly SimulatedApi[] = [
  command('doors', { doorState: ['lock', 'unlock'] }, ({ doorState }, { car }) => {
    const locks = doorState === 'lock';
    if (locks && car.isLocked) return refused(2361, 'All doors are already locked');
    if (!locks && !car.isLocked) return refused(2360, 'All doors are already unlocked');
    car.isLocked = locks;
    return {};
  }),
  command('horn', {}, (_, { car }) => {
    car.horns += 1;
    return {};
  }),
  command('warning', {}, (_, { car }) => {
    car.flashes += 1;
    return {};
  }),
  command('charge', { startNow: 'boolean' }, ({ startNow }, { car }) => {
    if (startNow && car.isCharging)
      return refused(2331, 'Immediate charging request discarded: already charging');
    car.isCharging = startNow === true;
    return {};
  }),
  command(
    'chargeDeferredTime',
    { startNow: 'boolean', deferredTime: 'string', checkStartCharge: 'boolean' },
    ({ deferredTime }, { car }) => {
      car.nextChargeAt = String(deferredTime);
      return {};
    },
  ),
  command('preconditioning', { startNow: 'boolean', programs: 'list' }, ({ startNow }, { car }) => {
    if (startNow && car.isPreconditioning)
      return refused(2333, 'Immediate preconditioning discarded: already running');
    if (!startNow && !car.isPreconditioning)
      return refused(2336, 'Stop preconditioning discarded: not running');
    car.isPreconditioning = startNow === true;
    return {};
  }),
  {
    verb: 'get',
    api: 'pims.vehicle.informations',
    canChallenge: true,
    required: { action: ['get', 'refresh', 'refreshWithWakeUp'] },
    run: (_, { car, now }) => ({ result: car.status(now()) }),
  },
  {
    verb: 'subscribe',
    api: 'pims.vehicle.event',
    canChallenge: true,
    required: { type: 'list' },
  },
  {
    verb: 'set',
    api: 'pims.subscription.vehicle',
    canChallenge: true,
    required: { action: ['removeProperty'], vin: 'string' },
  },
  { verb: 'set', api: 'pims.vehicle.vin', required: { vin: 'string' } },
  { verb: 'subscribe', api: 'pims.vehicle.signal' },
  {
    verb: 'get',
    api: 'pims.subscription.steps',
    required: { resetSteps: 'boolean' },
    run({ resetSteps, stepsStatus = 'all' }, { account }) {
      if (resetSteps === true) account.resetSteps();
      return { result: account.steps(String(stepsStatus)) };
    },
  },
  {
    verb: 'get',
    api: 'pims.subscription.step',
    required: { stepsID: 'string' },
    run: (_, { account }) => ({ result: account.nextStep() }),
  },
  {
    verb: 'get',
    api: 'pims.authentication.account',
    variant: { type: 'isDeviceActivated' },
    run: (_, { account }) => ({ result: { isDeviceActivated: account.refusal === undefined } }),
  },
  {
    verb: 'get',
    api: 'pims.authentication.account',
    variant: { type: 'isAccountBlocked' },
    run: (_, { account }) => ({
      result: { isAccountBlocked: account.isBlocked ? 'PinBlocked' : 'NotBlocked' },
    }),
  },
  {
    verb: 'get',
    api: 'pims.authentication.otp',
    variant: { action: 'withPIN' },
    run: (parameters, { account, now }) => account.grantOtp(parameters, now()),
  },
  {
    verb: 'get',
    api: 'pims.authentication.otp',
    variant: { action: 'withoutPIN' },
    run: (_, { account, now }) => account.grantOtpWithoutPin(now()),
  },
];

/** @returns The variant that is meant, or why there is none. */
export function findApi(verb: Verb, api: string, parameters: ApiParameters): SimulatedApi | Judgement {
  const named = simulatedApis.filter((candidate) => candidate.verb === verb && candidate.api === api);
  if (named.length === 0) return refused(2002, 'API not supported');
  const found = named.find(({ variant = {} }) =>
    Object.entries(variant).every(([name, value]) => parameters[name] === value),
  );
  if (found) return found;
  const [discriminator = 'action'] = Object.keys(named[0]?.variant ?? {});
  return parameters[discriminator] === undefined
    ? refused(2101, `Missing ${discriminator} parameter`)
    : refused(2102, `Invalid ${discriminator} parameter`);
}

/** @returns Why the parameters are refused; nothing if they are in order. */
export function checkParameters(
  { required = {} }: SimulatedApi,
  parameters: ApiParameters,
): Judgement | undefined {
  for (const [name, kind] of Object.entries(required)) {
    const value = parameters[name];
    if (value === undefined || value === null) return refused(2101, `Missing ${name} parameter`);
    if (!isOfKind(value, kind)) return refused(2102, `Invalid ${name} parameter`);
  }
  return undefined;
}

function isOfKind(value: unknown, kind: readonly unknown[] | 'string' | 'boolean' | 'list'): boolean {
  if (kind === 'list') return Array.isArray(value);
  if (typeof kind === 'string') return typeof value === kind;
  return kind.includes(value);
}
