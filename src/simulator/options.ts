import type { Clock } from '../host/clock.js';
import { refuseUnknownNames } from '../host/names.js';
import type { BlockedAs, DeviceRefusal, SmsCodeOnEnroll } from './account.js';
import type { BrandGroup, SdkVersion } from './apis.js';
import { checkKind, type FaultMix } from './faults.js';

/** The initial state of the simulated world. Durations are in milliseconds. */
export interface SimulatorOptions {
  /**
   * The right PIN.
   *
   * @default '1234'
   */
  readonly pin?: string;
  /**
   * The seed of random numbers: the same seed gives the same run.
   *
   * @default 1
   */
  readonly seed?: number;
  /**
   * The source of time.
   *
   * @default the host's
   */
  readonly clock?: Clock;
  /**
   * How long an answer takes, or its bounds.
   *
   * @default 0: it comes in a microtask
   */
  readonly latencyMs?: number | readonly [min: number, max: number];
  /**
   * How long strong access lasts after an OTP.
   *
   * @default 900_000
   */
  readonly sessionTtlMs?: number;
  /**
   * How many wrong PINs in a row block the account.
   *
   * @default 3
   */
  readonly pinTries?: number;
  /**
   * Whether the world starts with strong access.
   *
   * @default false
   */
  readonly strongSession?: boolean;
  /**
   * Whether the device is known at the start, or how it is refused.
   *
   * @default 'known'
   */
  readonly device?: 'known' | DeviceRefusal;
  /**
   * Whether the account is blocked at the start.
   *
   * @default false
   */
  readonly blocked?: boolean;
  /**
   * Whether there is no internet at the start.
   *
   * @default false
   */
  readonly offline?: boolean;
  /**
   * The format in which `pims.authentication.account` answers whether the account is blocked: the SDK's
   * pages show three. Default `'enum'`.
   */
  readonly blockedAs?: BlockedAs;
  /**
   * Whether the account has a PIN. Without one, no device is enrolled, and the next
   * enrolment sets it. Default true.
   */
  readonly hasPin?: boolean;
  /** The trusted phone number; `null` for none. */
  readonly phoneNumber?: string | null;
  /**
   * How `pims.authentication.trustedphonenumber` answers that there is no number: the SDK's pages show two
   * ways. Default `'code'` (2307).
   */
  readonly noPhoneAs?: 'code' | 'null';
  /**
   * Phone numbers of other accounts, which cannot be registered.
   *
   * @default none
   */
  readonly takenPhones?: readonly string[];
  /**
   * How many SMS the account gets in its life; one more blocks it.
   *
   * @default 20
   */
  readonly smsQuota?: number;
  /**
   * How long the code of an SMS is valid.
   *
   * @default 900_000
   */
  readonly smsTtlMs?: number;
  /**
   * How long an SMS takes to arrive.
   *
   * @default 0
   */
  readonly smsLatencyMs?: number;
  /**
   * Whether `enroll` accepts the code that was checked before.
   *
   * @default 'optional'
   */
  readonly smsCodeOnEnroll?: SmsCodeOnEnroll;
  /**
   * Whether the account keeps its PIN when its devices are removed.
   *
   * @default 'kept'
   */
  readonly pinAfterRemoval?: 'kept' | 'gone';
  /**
   * Whether removing the devices lifts a block.
   *
   * @default true
   */
  readonly removalUnblocks?: boolean;
  /**
   * The version of the SDK: versions differ in APIs and parameters.
   *
   * @default '2.3'
   */
  readonly version?: SdkVersion;
  /**
   * The group of brands whose APIs are simulated. FCA and O2X have no OTP. Default: the APIs of all brands.
   */
  readonly brand?: BrandGroup;
  /**
   * Whether error codes are numbers or strings: the SDK's pages show both.
   *
   * @default 'number'
   */
  readonly codes?: 'number' | 'string';
  /**
   * Random faults.
   *
   * @default none
   */
  readonly faults?: FaultMix;
  /** The car's VIN. */
  readonly vin?: string;
}

const NAMES: { readonly [Name in keyof Required<SimulatorOptions>]: true } = {
  ...{ pin: true, seed: true, clock: true, latencyMs: true, sessionTtlMs: true, pinTries: true },
  ...{ strongSession: true, device: true, blocked: true, offline: true, blockedAs: true, hasPin: true },
  ...{ phoneNumber: true, noPhoneAs: true, takenPhones: true, smsQuota: true, smsTtlMs: true },
  ...{ smsLatencyMs: true, smsCodeOnEnroll: true, pinAfterRemoval: true, removalUnblocks: true },
  ...{ version: true, brand: true, codes: true, faults: true, vin: true },
};

/** @throws TypeError for an unknown name, or a value that makes no sense. */
export function checkOptions(options: SimulatorOptions): SimulatorOptions {
  refuseUnknownNames(options, NAMES, (name) => `${name} is no option of createSimulator`);
  const wrong = (name: string, expected: string) => new TypeError(`${name} must be ${expected}`);
  const { pin, seed, latencyMs, sessionTtlMs, pinTries, device, codes, faults = {} } = options;
  if (pin !== undefined && typeof pin !== 'string') throw wrong('pin', 'a string: leading zeros count');
  if (seed !== undefined && !Number.isSafeInteger(seed)) throw wrong('seed', 'a whole number');
  const latencies = typeof latencyMs === 'number' ? [latencyMs] : (latencyMs ?? []);
  if (latencies.some((ms) => !(ms >= 0))) throw wrong('latencyMs', '0 or more, or a pair of them');
  if (sessionTtlMs !== undefined && !(sessionTtlMs >= 0)) throw wrong('sessionTtlMs', '0 or more');
  if (pinTries !== undefined && !(Number.isSafeInteger(pinTries) && pinTries > 0))
    throw wrong('pinTries', 'above 0');
  if (codes !== undefined && codes !== 'number' && codes !== 'string')
    throw wrong('codes', "'number' or 'string'");
  const oneOf = (name: string, value: unknown, values: readonly string[]) => {
    if (value !== undefined && !values.includes(value as string)) throw wrong(name, values.join(' or '));
  };
  oneOf('blockedAs', options.blockedAs, ['enum', 'boolean', 'tutorial']);
  oneOf('version', options.version, ['2.0', '2.1', '2.2', '2.3']);
  oneOf('noPhoneAs', options.noPhoneAs, ['code', 'null']);
  oneOf('smsCodeOnEnroll', options.smsCodeOnEnroll, ['optional', 'required', 'refused']);
  oneOf('pinAfterRemoval', options.pinAfterRemoval, ['kept', 'gone']);
  for (const name of ['smsQuota', 'smsTtlMs', 'smsLatencyMs'] as const) {
    if (options[name] !== undefined && !(options[name] >= 0)) throw wrong(name, '0 or more');
  }
  oneOf('brand', options.brand, ['PSA', 'FCA', 'O2X']);
  if (device !== undefined && device !== 'known' && device?.refuses !== 2312 && device?.refuses !== 2317) {
    throw wrong('device', "'known' or { refuses: 2312 | 2317, until }");
  }
  for (const [kind, probability] of Object.entries(faults)) {
    checkKind(kind);
    if (!(probability >= 0 && probability <= 1)) throw wrong(`faults.${kind}`, 'from 0 to 1');
  }
  return options;
}
